-- The highest number of an incarnation that a verified backup contains.
ALTER TABLE device_seq ADD COLUMN durable INTEGER NOT NULL DEFAULT 0;

-- Backups that were restored on trial and found whole.
CREATE TABLE backup (
    name TEXT PRIMARY KEY,
    made_at INTEGER NOT NULL,
    verified_at INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    n INTEGER NOT NULL
) STRICT;
