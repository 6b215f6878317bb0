-- Every list that was written: what it did, and under which numbers its saves stand in the log.
CREATE TABLE imported (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    area TEXT NOT NULL,
    at INTEGER NOT NULL,
    file TEXT NOT NULL,
    device TEXT NOT NULL,
    inc TEXT NOT NULL,
    tally TEXT NOT NULL,
    undone_at INTEGER,
    undone_by TEXT,
    undone TEXT
);
CREATE INDEX imported_by_area ON imported (area, at);

-- The records that a list made or changed, with what stood in the fields that it changed. A row leaves with the values of its record, and when the
-- list is undone.
CREATE TABLE import_file (
    import TEXT NOT NULL,
    e TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (import, e)
);
CREATE INDEX import_file_by_record ON import_file (e);

-- What a person said of the columns of lists with this header, for the next of the same area: headings, and never a value.
CREATE TABLE list_columns (
    area TEXT NOT NULL,
    header TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (area, header)
);
