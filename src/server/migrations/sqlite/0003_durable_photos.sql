-- Whether a verified backup contains the photo: until then phones keep their own copy.
ALTER TABLE blob ADD COLUMN durable INTEGER NOT NULL DEFAULT 0;
