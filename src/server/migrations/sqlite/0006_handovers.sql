-- Families of one village that went from one worker to another. Who answers for a family is a field of its file; this is what both are told.
CREATE TABLE handover (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    -- Who decided it.
    account TEXT NOT NULL REFERENCES account (id),
    -- Nobody, where the families had nobody.
    from_account TEXT REFERENCES account (id),
    to_account TEXT NOT NULL REFERENCES account (id),
    area TEXT NOT NULL REFERENCES area (id),
    families INTEGER NOT NULL,
    -- Whether the village itself left the one and came to the other.
    village_left INTEGER NOT NULL,
    village_came INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX handover_by_area ON handover (area, at);
