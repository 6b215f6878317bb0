-- Since its person was given another role, a device's grant hands in what is unsent and is no second factor: until the office gives it a fresh code.
ALTER TABLE device ADD COLUMN push_only BIGINT NOT NULL DEFAULT 0;
