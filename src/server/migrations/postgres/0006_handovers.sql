-- Families of one village that went from one worker to another. Who answers for a family is a field of its file; this is what both are told.
CREATE TABLE handover (
    id TEXT COLLATE "C" PRIMARY KEY,
    at BIGINT NOT NULL,
    -- Who decided it.
    account TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    -- Nobody, where the families had nobody.
    from_account TEXT COLLATE "C" REFERENCES account (id),
    to_account TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    area TEXT COLLATE "C" NOT NULL REFERENCES area (id),
    families BIGINT NOT NULL,
    -- Whether the village itself left the one and came to the other.
    village_left BIGINT NOT NULL,
    village_came BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL
);
CREATE INDEX handover_by_area ON handover (area, at);
