-- Dated standards of stipends and rewards (domain.md §6). One that was published is never changed or deleted: what corrects it is a row of its own
-- that names it. Of an item one published row at most holds on a day, but for those that were corrected.
CREATE TABLE standard (
    id TEXT PRIMARY KEY,
    -- domain::stipend::Standard, as JSON.
    body TEXT NOT NULL,
    supersedes TEXT REFERENCES standard (id),
    entered_by TEXT NOT NULL REFERENCES account (id),
    entered_at INTEGER NOT NULL,
    published_by TEXT REFERENCES account (id),
    published_at INTEGER
) STRICT;
-- A row is corrected once; what corrects it is corrected in turn.
CREATE UNIQUE INDEX standard_corrected ON standard (supersedes) WHERE published_at IS NOT NULL;
