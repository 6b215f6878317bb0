-- When somebody first logged in with the device since its grant was given: before, the grant opens nothing, for a code that was read over a shoulder is no
-- password. Of devices from before this it is not known; they are in use.
ALTER TABLE device ADD COLUMN logged_in_at BIGINT;
UPDATE device SET logged_in_at = enrolled_at;
