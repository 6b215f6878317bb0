//! Every limit of the protocol, and what happens when it is reached.

/// JSON text of one changeset as sent, or its plaintext when sealed. The server rejects more (`too_large`).
pub const CHANGESET_BYTES_MAX: usize = 32 * 1024;
/// The phone stops here, checked at each answer, so that 完成 never meets [`CHANGESET_BYTES_MAX`].
pub const CHANGESET_BYTES_CLIENT_MAX: usize = 31 * 1024;
/// A push as sent; the server answers 413 `too_large`.
pub const PUSH_COMPRESSED_BYTES_MAX: usize = 256 * 1024;
/// A push after inflating; the server answers 413 `too_large`.
pub const PUSH_INFLATED_BYTES_MAX: usize = 1024 * 1024;
/// First batch of a push; it doubles after a success under [`BATCH_FAST_MS`] and halves after a failure.
pub const BATCH_BYTES_START: usize = 8 * 1024;
/// A batch that was answered within this time doubles the next one.
pub const BATCH_FAST_MS: i64 = 10_000;
/// First page of a pull; it doubles while pages arrive within [`PAGE_FAST_MS`].
pub const PAGE_BYTES_START: usize = 64 * 1024;
/// Largest page of a pull.
pub const PAGE_BYTES_MAX: usize = 1024 * 1024;
/// A page that arrived within this time doubles the next one.
pub const PAGE_FAST_MS: i64 = 2_000;
/// One piece of a photo, and one row of the `blob` store.
pub const BLOB_CHUNK_BYTES: usize = 48 * 1024;
/// A photo.
pub const PHOTO_BYTES_MAX: usize = 300 * 1024;
/// A paper or receipt, kept large enough to be read; also the largest blob of any kind.
pub const BLOB_BYTES_MAX: usize = 1024 * 1024;
/// A blob that nothing attaches, and a partial upload, lapse after this time.
pub const BLOB_LAPSE_MS: i64 = 30 * DAY_MS;
/// How long a tombstone is kept; an older cursor makes the phone pull its area again.
pub const TOMBSTONE_MS: i64 = 400 * DAY_MS;
/// Without backups, acknowledged work is kept this long on the phone.
pub const ACKED_KEPT_MS: i64 = 30 * DAY_MS;
/// Without backups, acknowledged work is kept on the phone up to this size.
pub const ACKED_KEPT_BYTES: usize = 20 * 1024 * 1024;
/// A second request of one device waits this long, then 429.
pub const DEVICE_WAIT_MS: i64 = 5_000;
/// A device's clock that is further off than this at the receipt is doubtful, and the office is told.
pub const CLOCK_DOUBT_MS: i64 = 10 * 60_000;
/// A difference of the same kind in the same area is told again only after so long.
pub const DIVERGED_AGAIN_MS: i64 = DAY_MS;
/// After a save, the next sync starts this long afterwards.
pub const SYNC_AFTER_SAVE_MS: i64 = 20_000;
/// While the page is visible and something waits, the next try is never further away.
pub const RETRY_VISIBLE_MS_MAX: i64 = 12_000;
/// While the page is hidden, the next try is never further away.
pub const RETRY_HIDDEN_MS_MAX: i64 = 15 * 60_000;
/// First back-off delay; doubles with full jitter.
pub const RETRY_MS_START: i64 = 2_000;
/// A step that made no progress for this long is aborted.
pub const STEP_STALL_MS: i64 = 30_000;
/// A step is aborted after this long whatever it does.
pub const STEP_MS_MAX: i64 = 10 * 60_000;
/// Records in one bundle of a first sync weigh at most this much.
pub const BUNDLE_BYTES_MAX: usize = 48 * 1024;

/// A record remembers this many of its changes; a deletion based on an older state is held (`changed`).
pub const RECORD_CHANGES_KEPT: usize = 256;
/// A value remembers this many changesets that set it: the one that wrote it and the latest that repeated it.
pub const VALUE_OPS_KEPT: usize = 64;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
