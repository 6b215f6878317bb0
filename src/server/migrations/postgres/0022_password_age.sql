-- Since when a password is the present one, for offices that have passwords changed after a time. Of those from before this it is not known: they count from
-- when the account was made.
ALTER TABLE account ADD COLUMN password_at BIGINT;
UPDATE account SET password_at = made_at;
