SELECT set_config('huifang.beyond', 'migration', true);

-- Which saves of the log speak of which record, so that all of them are found when its values go. A pair leaves with what the save said of the record.
-- Numbers of records and saves, and never a value: without a policy, as a save may speak of what lies elsewhere.
CREATE TABLE mention (
    e TEXT COLLATE "C" NOT NULL,
    op_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (e, op_id)
);
-- Of what took no effect every id: nothing else tells what it would have been about.
INSERT INTO mention (e, op_id)
    SELECT lower(named[1]), op_id
    FROM changeset, regexp_matches(body, '"(?:e|from|into)"\s*:\s*"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"', 'gi') AS named
    UNION
    SELECT lower(named[1]), op_id
    FROM changeset, regexp_matches(body, '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', 'gi') AS named
    WHERE st IN ('held', 'rejected');

-- Of a record that was merged away: into which.
ALTER TABLE record ADD COLUMN merged_into TEXT COLLATE "C";
UPDATE record SET merged_into = body::json -> 'del' ->> 'into' WHERE del = 1;
CREATE INDEX record_by_target ON record (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX record_deleted ON record (e) WHERE del = 1;
-- What hangs below nothing, and may name people.
CREATE INDEX record_standing ON record (kind) WHERE parent IS NULL;
