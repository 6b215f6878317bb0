-- The second layer of scope: a transaction sees and writes the rows of families that lie in its caller's areas, whatever its statement asks.
-- db/fence.rs tells PostgreSQL whose transaction it is; before that it sees none. `huifang.beyond` names why one looks past it.
-- Not of families, and therefore without: accounts, areas, devices, numbers, the audit chain (it has one head, and never a value of a file).
-- FORCE: the owner is bound too, so that a later migration that touches rows begins with SELECT set_config('huifang.beyond', 'migration', true).

-- What the policy asks of a record is in the index, so that a pull still walks along it alone.
DROP INDEX record_by_area;
CREATE INDEX record_by_area ON record (area, rev) INCLUDE (rowid, held_by);
DROP INDEX record_by_author;
CREATE INDEX record_by_author ON record (held_by, rev) INCLUDE (rowid, area) WHERE held_by IS NOT NULL;

-- Each setting is read once in a statement and not once for each row: hence the SELECT around it.
CREATE POLICY in_scope ON record USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR area IN (SELECT unnest(string_to_array(current_setting('huifang.areas', true), ' ')))
    -- What is kept for a person goes to its author wherever it lies.
    OR held_by = (SELECT current_setting('huifang.account', true))
);
CREATE POLICY in_scope ON area_exit USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR area IN (SELECT unnest(string_to_array(current_setting('huifang.areas', true), ' ')))
);
-- One's own, and those that made the file whose history is read.
CREATE POLICY in_scope ON changeset USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR author = (SELECT current_setting('huifang.account', true))
    OR op_id IN (
        SELECT made.value ->> 1 FROM record, json_array_elements(record.body::json -> 'c') AS made
        WHERE record.e = (SELECT current_setting('huifang.file', true)))
);
CREATE POLICY in_scope ON blind_index USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR EXISTS (SELECT 1 FROM record WHERE record.e = blind_index.e)
);
CREATE POLICY in_scope ON attachment USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR EXISTS (SELECT 1 FROM record WHERE record.e = attachment.e)
);
CREATE POLICY in_scope ON blob USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR EXISTS (SELECT 1 FROM attachment WHERE attachment.blob = blob.hash)
);
CREATE POLICY in_scope ON import USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR account = (SELECT current_setting('huifang.account', true))
);
CREATE POLICY in_scope ON handover USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR area IN (SELECT unnest(string_to_array(current_setting('huifang.areas', true), ' ')))
    OR (SELECT current_setting('huifang.account', true)) IN (from_account, to_account)
);
CREATE POLICY in_scope ON publication USING (
    (SELECT current_setting('huifang.beyond', true)) <> ''
    OR area IN (SELECT unnest(string_to_array(current_setting('huifang.areas', true), ' ')))
);

ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE record FORCE ROW LEVEL SECURITY;
ALTER TABLE area_exit ENABLE ROW LEVEL SECURITY;
ALTER TABLE area_exit FORCE ROW LEVEL SECURITY;
ALTER TABLE changeset ENABLE ROW LEVEL SECURITY;
ALTER TABLE changeset FORCE ROW LEVEL SECURITY;
ALTER TABLE blind_index ENABLE ROW LEVEL SECURITY;
ALTER TABLE blind_index FORCE ROW LEVEL SECURITY;
ALTER TABLE attachment ENABLE ROW LEVEL SECURITY;
ALTER TABLE attachment FORCE ROW LEVEL SECURITY;
ALTER TABLE blob ENABLE ROW LEVEL SECURITY;
ALTER TABLE blob FORCE ROW LEVEL SECURITY;
ALTER TABLE import ENABLE ROW LEVEL SECURITY;
ALTER TABLE import FORCE ROW LEVEL SECURITY;
ALTER TABLE handover ENABLE ROW LEVEL SECURITY;
ALTER TABLE handover FORCE ROW LEVEL SECURITY;
ALTER TABLE publication ENABLE ROW LEVEL SECURITY;
ALTER TABLE publication FORCE ROW LEVEL SECURITY;
