-- The role that a device's grant was given to, while the grant hands in only what is unsent (push_only): what the device pushes is judged by it and by the
-- account's role. Of grants from before this nobody remembers the role: theirs is the one that may do least.
ALTER TABLE device ADD COLUMN granted TEXT NOT NULL DEFAULT 'village_worker';
