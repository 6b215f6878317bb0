-- Dated standards of stipends and rewards (domain.md §6). One that was published is never changed or deleted: what corrects it is a row of its own
-- that names it. Of an item one published row at most holds on a day, but for those that were corrected.
CREATE TABLE standard (
    id TEXT COLLATE "C" PRIMARY KEY,
    -- domain::stipend::Standard, as JSON.
    body TEXT NOT NULL,
    supersedes TEXT COLLATE "C" REFERENCES standard (id),
    entered_by TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    entered_at BIGINT NOT NULL,
    published_by TEXT COLLATE "C" REFERENCES account (id),
    published_at BIGINT
);
-- A row is corrected once; what corrects it is corrected in turn.
CREATE UNIQUE INDEX standard_corrected ON standard (supersedes) WHERE published_at IS NOT NULL;
