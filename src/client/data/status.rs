//! The truth about sending and receiving.

use super::Counted;

/// Three numbers and what stands in the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SyncStatus {
    /// Saves on this phone that the office has not acknowledged.
    pub(crate) on_phone: u32,
    /// Saves of this phone that the office has acknowledged.
    pub(crate) at_office: u32,
    /// Photos and signatures that the office lacks.
    pub(crate) photos_waiting: u32,
    pub(crate) last_contact: Option<i64>,
    /// Unfinished visits on this phone.
    pub(crate) drafts: u32,
    /// When the oldest unsent save was made.
    pub(crate) not_sent_since: Option<i64>,
    pub(crate) running: bool,
    pub(crate) progress: Option<SyncProgress>,
    pub(crate) problem: Option<SyncProblem>,
    pub(crate) next_try: Option<i64>,
    pub(crate) attention: u32,
    pub(crate) readiness: Readiness,
    pub(crate) storage: StorageStatus,
    /// The device's storage lost something since the app was started; the office is told.
    pub(crate) storage_lost: bool,
    /// Records were not what the office has, since the app was started; they are pulled again, and the office is told.
    pub(crate) diverged: bool,
}

/// How far a first or long sync is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SyncProgress {
    /// Records stored in this sync.
    pub(crate) records: u32,
    /// 0–100 where the end is known.
    pub(crate) percent: Option<u8>,
}

/// Why nothing moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SyncProblem {
    Offline,
    /// The phone's date may be wrong.
    Clock,
    /// The session lapsed: the password is asked.
    Login,
    Revoked,
    /// The device's storage is full.
    Quota,
    /// The device's storage failed.
    Storage,
    /// Another version of the app is open.
    OtherBuild,
    /// The office is busy or failed; tried again by itself.
    Server,
    /// The office would take more of the records away than usual: somebody is asked.
    Purge(PurgeAsked),
}

/// How much the office would take away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PurgeAsked {
    /// Records that would leave the device.
    pub(crate) rows: u64,
    /// Records on the device.
    pub(crate) of: u64,
}

/// The line on 今日: may one leave for the village?
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Readiness {
    pub(crate) villages: usize,
    /// Who is on this device.
    pub(crate) counted: Counted,
    /// When everything was last here.
    pub(crate) prepared_at: Option<i64>,
    pub(crate) photos_left: Option<u64>,
    pub(crate) lacks: Vec<Lack>,
}

/// What is missing before leaving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// Nothing was synced yet.
    NeverSynced,
    /// Some villages are not whole.
    AreasIncomplete { areas: usize },
    /// The last contact is older than a day.
    Stale,
    /// There is room for few photos only.
    Space,
    /// The app itself is not stored for use without signal.
    AppNotStored,
}

/// The device's storage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StorageStatus {
    /// Whether the browser promised to keep it; nothing before it was asked.
    pub(crate) persisted: Option<bool>,
    pub(crate) free_bytes: Option<u64>,
    pub(crate) used_bytes: Option<u64>,
}
