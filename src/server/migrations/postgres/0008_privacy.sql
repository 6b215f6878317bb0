-- Every version of the notice that people are given before something about them is written down. None is changed or deleted: visits name the version
-- that was shown. The one that was approved last is in force.
CREATE TABLE notice (
    version TEXT COLLATE "C" PRIMARY KEY,
    text TEXT COLLATE "C" NOT NULL,
    -- Nobody: the command line.
    written_by TEXT COLLATE "C" REFERENCES account (id),
    written_at BIGINT NOT NULL,
    approved_by TEXT COLLATE "C" REFERENCES account (id),
    approved_at BIGINT
);

-- Lists that hang in public for a time. Names stand in them until the last day is over, and nowhere in this row after it.
CREATE TABLE publication (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    area TEXT COLLATE "C" NOT NULL REFERENCES area (id),
    made_at BIGINT NOT NULL,
    -- ISO days, both included.
    from_day TEXT COLLATE "C" NOT NULL,
    to_day TEXT COLLATE "C" NOT NULL,
    -- Where objections go.
    objections TEXT COLLATE "C" NOT NULL,
    lines BIGINT NOT NULL,
    -- Taken down before its time, and why.
    withdrawn_at BIGINT,
    reason TEXT COLLATE "C",
    -- The lines; nothing after the last day.
    body TEXT COLLATE "C"
);
CREATE INDEX publication_by_area ON publication (area, made_at);
