-- A rev is one number: epoch * 2^48 + n. Ids are lower-case text. Times are milliseconds since 1970 UTC.

CREATE TABLE sync_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    n INTEGER NOT NULL,
    -- Version of the area tree.
    tree INTEGER NOT NULL
) STRICT;
INSERT INTO sync_head (id, epoch, n, tree) VALUES (1, 1, 0, 1);

CREATE TABLE area (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent TEXT REFERENCES area (id),
    -- Of an archive: the area whose old visits lie in it.
    archive_of TEXT REFERENCES area (id)
) STRICT;
CREATE UNIQUE INDEX area_by_code ON area (code) WHERE code <> '' AND archive_of IS NULL;

-- Every area with itself and with all above it.
CREATE TABLE area_closure (
    ancestor TEXT NOT NULL REFERENCES area (id),
    area TEXT NOT NULL REFERENCES area (id),
    PRIMARY KEY (ancestor, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    scope_rev INTEGER NOT NULL,
    view_rev INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE assignment (
    account TEXT NOT NULL REFERENCES account (id),
    area TEXT NOT NULL REFERENCES area (id),
    PRIMARY KEY (account, area)
) STRICT, WITHOUT ROWID;

-- Wrong passwords in a row, by the hash of the name that was tried: unknown names wait as known ones do.
CREATE TABLE login_delay (
    name_hash TEXT PRIMARY KEY,
    failed INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE device (
    id TEXT PRIMARY KEY,
    vault TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account (id),
    state TEXT NOT NULL,
    shared INTEGER NOT NULL,
    grant_hash TEXT,
    grant_until INTEGER NOT NULL,
    enrolled_at INTEGER NOT NULL,
    synced_at INTEGER,
    seen_at INTEGER,
    hello TEXT
) STRICT;

CREATE TABLE session (
    hash TEXT PRIMARY KEY,
    device TEXT NOT NULL REFERENCES device (id),
    until INTEGER NOT NULL,
    idle_until INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_device ON session (device);

CREATE TABLE enrol_code (
    hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    until INTEGER NOT NULL,
    device TEXT
) STRICT;

CREATE TABLE device_seq (
    device TEXT NOT NULL,
    inc TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (device, inc)
) STRICT, WITHOUT ROWID;

-- Every accepted number, those of duplicates and of rejected changesets too.
CREATE TABLE seq_id (
    device TEXT NOT NULL,
    inc TEXT NOT NULL,
    seq INTEGER NOT NULL,
    op_id TEXT NOT NULL,
    PRIMARY KEY (device, inc, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE changeset (
    op_id TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    inc TEXT NOT NULL,
    seq INTEGER NOT NULL,
    author TEXT NOT NULL,
    t_dev INTEGER NOT NULL,
    t_contact INTEGER NOT NULL,
    t_eff INTEGER NOT NULL,
    t_recv INTEGER NOT NULL,
    st TEXT NOT NULL,
    rev INTEGER,
    why TEXT,
    made TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- One row holds a record with the version of each field, so that a page of a pull is one walk along an index.
CREATE TABLE record (
    e TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    area TEXT NOT NULL,
    parent TEXT,
    rev INTEGER NOT NULL,
    del INTEGER NOT NULL,
    -- Of a held record: its author, who pulls it wherever it lies.
    held_by TEXT,
    -- Of a proposal or conflict: the record it is about.
    about TEXT,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX record_by_area ON record (area, rev);
CREATE INDEX record_by_author ON record (held_by, rev) WHERE held_by IS NOT NULL;
CREATE INDEX record_by_subject ON record (about) WHERE about IS NOT NULL;
CREATE INDEX record_by_parent ON record (parent) WHERE parent IS NOT NULL;

CREATE TABLE area_exit (
    area TEXT NOT NULL,
    rev INTEGER NOT NULL,
    e TEXT NOT NULL,
    PRIMARY KEY (area, rev, e)
) STRICT, WITHOUT ROWID;

-- Equality of sealed values without their text.
CREATE TABLE blind_index (
    field TEXT NOT NULL,
    idx TEXT NOT NULL,
    e TEXT NOT NULL,
    PRIMARY KEY (field, idx, e)
) STRICT, WITHOUT ROWID;
CREATE INDEX blind_index_by_record ON blind_index (e);

CREATE TABLE blob (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    e TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    state TEXT NOT NULL,
    why TEXT,
    blob_key TEXT,
    seal TEXT,
    device TEXT NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;

CREATE TABLE attachment (
    blob TEXT NOT NULL,
    e TEXT NOT NULL,
    PRIMARY KEY (blob, e)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_record ON attachment (e);

-- hash = SHA-256(hash of the entry before, body).
CREATE TABLE audit (
    n INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account TEXT,
    action TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_action ON audit (action, account, at);

CREATE TABLE import (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    area TEXT NOT NULL,
    at INTEGER NOT NULL,
    committed_at INTEGER,
    body TEXT NOT NULL
) STRICT;
