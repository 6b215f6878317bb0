-- Which saves of the log speak of which record, so that all of them are found when its values go. A pair leaves with what the save said of the record.
CREATE TABLE mention (
    e TEXT NOT NULL,
    op_id TEXT NOT NULL,
    PRIMARY KEY (e, op_id)
) STRICT, WITHOUT ROWID;
-- Of what took no effect every value that is an id: nothing else tells what it would have been about.
INSERT INTO mention (e, op_id)
    SELECT DISTINCT lower(named.atom), changeset.op_id
    FROM changeset, json_tree(CASE WHEN json_valid(changeset.body) THEN changeset.body ELSE '{}' END) AS named
    WHERE named.type = 'text' AND named.atom LIKE '________-____-____-____-____________' AND named.atom NOT GLOB '*[^0-9A-Fa-f-]*'
        AND (named.key IN ('e', 'from', 'into') OR changeset.st IN ('held', 'rejected'));

-- Of a record that was merged away: into which.
ALTER TABLE record ADD COLUMN merged_into TEXT;
UPDATE record SET merged_into = json_extract(body, '$.del.into') WHERE del = 1;
CREATE INDEX record_by_target ON record (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX record_deleted ON record (e) WHERE del = 1;
-- What hangs below nothing, and may name people.
CREATE INDEX record_standing ON record (kind) WHERE parent IS NULL;
