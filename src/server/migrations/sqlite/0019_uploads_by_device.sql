-- What the devices of an account began to send in a day is counted at each upload.
CREATE INDEX blob_by_device ON blob (device, started_at);
