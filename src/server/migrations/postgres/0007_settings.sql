-- What the office decides about the phones of its workers, one row for each setting that is not as it is by default.
CREATE TABLE setting (
    name TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
);
