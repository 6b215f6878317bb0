-- The tables of SQLite, in the words of PostgreSQL. Text sorts by its bytes, as it does there.
-- A rev is one number: epoch * 2^48 + n. Ids are lower-case text. Times are milliseconds since 1970 UTC.

CREATE TABLE sync_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    epoch BIGINT NOT NULL,
    n BIGINT NOT NULL,
    -- Version of the area tree.
    tree BIGINT NOT NULL
);
INSERT INTO sync_head (id, epoch, n, tree) VALUES (1, 1, 0, 1);

CREATE TABLE area (
    id TEXT COLLATE "C" PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C" REFERENCES area (id),
    -- Of an archive: the area whose old visits lie in it.
    archive_of TEXT COLLATE "C" REFERENCES area (id)
);
CREATE UNIQUE INDEX area_by_code ON area (code) WHERE code <> '' AND archive_of IS NULL;

-- Every area with itself and with all above it.
CREATE TABLE area_closure (
    ancestor TEXT COLLATE "C" NOT NULL REFERENCES area (id),
    area TEXT COLLATE "C" NOT NULL REFERENCES area (id),
    PRIMARY KEY (ancestor, area)
);

CREATE TABLE account (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    role TEXT COLLATE "C" NOT NULL,
    password TEXT NOT NULL,
    scope_rev BIGINT NOT NULL,
    view_rev BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);

CREATE TABLE assignment (
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    area TEXT COLLATE "C" NOT NULL REFERENCES area (id),
    PRIMARY KEY (account, area)
);

-- Wrong passwords in a row, by the hash of the name that was tried: unknown names wait as known ones do.
CREATE TABLE login_delay (
    name_hash TEXT COLLATE "C" PRIMARY KEY,
    failed BIGINT NOT NULL,
    until BIGINT NOT NULL
);

CREATE TABLE device (
    id TEXT COLLATE "C" PRIMARY KEY,
    vault TEXT COLLATE "C" NOT NULL UNIQUE,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    state TEXT COLLATE "C" NOT NULL,
    shared BIGINT NOT NULL,
    grant_hash TEXT COLLATE "C",
    grant_until BIGINT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    synced_at BIGINT,
    seen_at BIGINT,
    hello TEXT
);

CREATE TABLE session (
    hash TEXT COLLATE "C" PRIMARY KEY,
    device TEXT COLLATE "C" NOT NULL REFERENCES device (id),
    until BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX session_by_device ON session (device);

CREATE TABLE enrol_code (
    hash TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    until BIGINT NOT NULL,
    device TEXT COLLATE "C"
);

CREATE TABLE device_seq (
    device TEXT COLLATE "C" NOT NULL,
    inc TEXT COLLATE "C" NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (device, inc)
);

-- Every accepted number, those of duplicates and of rejected changesets too.
CREATE TABLE seq_id (
    device TEXT COLLATE "C" NOT NULL,
    inc TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    op_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (device, inc, seq)
);

CREATE TABLE changeset (
    op_id TEXT COLLATE "C" PRIMARY KEY,
    device TEXT COLLATE "C" NOT NULL,
    inc TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    t_dev BIGINT NOT NULL,
    t_contact BIGINT NOT NULL,
    t_eff BIGINT NOT NULL,
    t_recv BIGINT NOT NULL,
    st TEXT COLLATE "C" NOT NULL,
    rev BIGINT,
    why TEXT,
    made TEXT NOT NULL,
    body TEXT NOT NULL
);

-- One row holds a record with the version of each field, so that a page of a pull is one walk along an index.
CREATE TABLE record (
    -- SQLite has such a number by itself.
    rowid BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
    e TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    area TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C",
    rev BIGINT NOT NULL,
    del BIGINT NOT NULL,
    -- Of a held record: its author, who pulls it wherever it lies.
    held_by TEXT COLLATE "C",
    -- Of a proposal or conflict: the record it is about.
    about TEXT COLLATE "C",
    body TEXT NOT NULL
);
CREATE INDEX record_by_area ON record (area, rev) INCLUDE (rowid);
CREATE INDEX record_by_author ON record (held_by, rev) INCLUDE (rowid) WHERE held_by IS NOT NULL;
CREATE INDEX record_by_subject ON record (about) WHERE about IS NOT NULL;
CREATE INDEX record_by_parent ON record (parent) WHERE parent IS NOT NULL;

CREATE TABLE area_exit (
    area TEXT COLLATE "C" NOT NULL,
    rev BIGINT NOT NULL,
    e TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (area, rev, e)
);

-- Equality of sealed values without their text.
CREATE TABLE blind_index (
    field TEXT COLLATE "C" NOT NULL,
    idx TEXT COLLATE "C" NOT NULL,
    e TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (field, idx, e)
);
CREATE INDEX blind_index_by_record ON blind_index (e);

CREATE TABLE blob (
    hash TEXT COLLATE "C" PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    e TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    "offset" BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    why TEXT,
    blob_key TEXT,
    seal TEXT,
    device TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL
);

CREATE TABLE attachment (
    blob TEXT COLLATE "C" NOT NULL,
    e TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (blob, e)
);
CREATE INDEX attachment_by_record ON attachment (e);

-- hash = SHA-256(hash of the entry before, body).
CREATE TABLE audit (
    n BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    account TEXT COLLATE "C",
    action TEXT COLLATE "C" NOT NULL,
    body TEXT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_by_action ON audit (action, account, at);

CREATE TABLE import (
    id TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL,
    area TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    committed_at BIGINT,
    body TEXT NOT NULL
);

-- The key to which values here are sealed: a process with another key file is refused.
CREATE TABLE server_key (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    kid TEXT NOT NULL
);
