-- The highest number of an incarnation that a verified backup contains.
ALTER TABLE device_seq ADD COLUMN durable BIGINT NOT NULL DEFAULT 0;

-- Backups that were restored on trial and found whole.
CREATE TABLE backup (
    name TEXT COLLATE "C" PRIMARY KEY,
    made_at BIGINT NOT NULL,
    verified_at BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    n BIGINT NOT NULL
);
