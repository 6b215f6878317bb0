-- The days on which an area's code began and ceased to be valid, as text; nothing where it is not known.
ALTER TABLE area ADD COLUMN valid_from TEXT;
ALTER TABLE area ADD COLUMN valid_to TEXT;

-- The office to which somebody without a village belongs: the last in which he had one.
ALTER TABLE account ADD COLUMN home TEXT REFERENCES area (id);
-- Since when the account of somebody who left opens nothing.
ALTER TABLE account ADD COLUMN ended_at INTEGER;
-- Of a one-time password: until when it is good. It opens nothing but its own change.
ALTER TABLE account ADD COLUMN password_until INTEGER;

-- Somebody stands in for a worker on leave: he works in the other's areas too, from one moment up to another.
CREATE TABLE deputy (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    absent TEXT NOT NULL REFERENCES account (id),
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    -- planned running over
    state TEXT NOT NULL
) STRICT;
CREATE INDEX deputy_by_account ON deputy (account, state);
CREATE INDEX deputy_by_absent ON deputy (absent, state);

-- Where an account works: its own areas, and those lent to it.
CREATE VIEW reach AS
    SELECT account, area, 0 AS lent FROM assignment
    UNION ALL
    SELECT deputy.account, assignment.area, 1 AS lent FROM deputy JOIN assignment ON assignment.account = deputy.absent
    WHERE deputy.state = 'running';

-- The second factor of RFC 6238. The secret is sealed to the server's key.
CREATE TABLE second_factor (
    account TEXT PRIMARY KEY REFERENCES account (id),
    secret TEXT NOT NULL,
    -- Since the first right code; before that it protects nothing.
    confirmed_at INTEGER,
    -- The last step whose code was taken: none is taken twice.
    last_step INTEGER NOT NULL
) STRICT;
CREATE TABLE recovery_code (
    account TEXT NOT NULL REFERENCES account (id),
    hash TEXT NOT NULL,
    PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;
