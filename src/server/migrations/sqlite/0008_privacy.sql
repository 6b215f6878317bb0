-- Every version of the notice that people are given before something about them is written down. None is changed or deleted: visits name the version
-- that was shown. The one that was approved last is in force.
CREATE TABLE notice (
    version TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    -- Nobody: the command line.
    written_by TEXT REFERENCES account (id),
    written_at INTEGER NOT NULL,
    approved_by TEXT REFERENCES account (id),
    approved_at INTEGER
) STRICT;

-- Lists that hang in public for a time. Names stand in them until the last day is over, and nowhere in this row after it.
CREATE TABLE publication (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    area TEXT NOT NULL REFERENCES area (id),
    made_at INTEGER NOT NULL,
    -- ISO days, both included.
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    -- Where objections go.
    objections TEXT NOT NULL,
    lines INTEGER NOT NULL,
    -- Taken down before its time, and why.
    withdrawn_at INTEGER,
    reason TEXT,
    -- The lines; nothing after the last day.
    body TEXT
) STRICT;
CREATE INDEX publication_by_area ON publication (area, made_at);
