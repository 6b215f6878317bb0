-- Every list that was written: what it did, and under which numbers its saves stand in the log.
CREATE TABLE imported (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL,
    area TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    file TEXT NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    inc TEXT COLLATE "C" NOT NULL,
    tally TEXT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT COLLATE "C",
    undone TEXT
);
CREATE INDEX imported_by_area ON imported (area, at);

-- The records that a list made or changed, with what stood in the fields that it changed. A row leaves with the values of its record, and when the
-- list is undone.
CREATE TABLE import_file (
    import TEXT COLLATE "C" NOT NULL,
    e TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (import, e)
);
CREATE INDEX import_file_by_record ON import_file (e);

-- What a person said of the columns of lists with this header, for the next of the same area: headings, and never a value.
CREATE TABLE list_columns (
    area TEXT COLLATE "C" NOT NULL,
    header TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (area, header)
);

CREATE POLICY in_scope ON imported USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR area IN (SELECT unnest(string_to_array(current_setting('huifang.areas', true), ' ')))
);
CREATE POLICY in_scope ON import_file USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR EXISTS (SELECT 1 FROM record WHERE record.e = import_file.e)
);
ALTER TABLE imported ENABLE ROW LEVEL SECURITY;
ALTER TABLE imported FORCE ROW LEVEL SECURITY;
ALTER TABLE import_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_file FORCE ROW LEVEL SECURITY;
