//! What happens to a replica.

use super::{BlobHead, DraftHead, Identity, Meta, OutboxHead, Sentinel};
use crate::{
    id::{AreaId, BlobHash, Inc},
    local::LocalRecord,
    wire::{AreaDigest, Base, Op, SyncAnswer},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the driver tells the engine. An `id` repeats that of the effect which asked; an answer to an older question is ignored.
#[derive(Clone, Debug)]
pub enum Event {
    /// The storage was read: at the start of a session, and after [`super::Effect::Reload`].
    Opened(Box<Opened>),
    /// The vault's keys are in memory, and every row of `out` was authenticated.
    Unlocked(UnlockedFacts),
    /// The vault's keys left memory.
    Locked,
    /// A login opened a session, or it ended (`false`).
    #[expect(missing_docs, reason = "said above")]
    Session { open: bool },
    /// The worker saved.
    Save(Save),
    /// The store wrote a draft.
    DraftSaved(DraftHead),
    /// The store removed a draft that became nothing (a visit cancelled before 完成).
    DraftRemoved(Uuid),
    /// All drafts are to be handed over to the office: the device code is forgotten.
    HandOverDrafts,
    /// The worker has dealt with a rejected changeset.
    Dismissed(Uuid),
    /// The worker lets a purge of more than half of the records pass.
    PurgeConfirmed,
    /// The batch is on disk (`complete` of its transaction).
    #[expect(missing_docs, reason = "said above")]
    Committed { id: u64 },
    /// The batch is not on disk.
    #[expect(missing_docs, reason = "said above")]
    CommitFailed { id: u64, failure: CommitFailure },
    /// The store freed what can be fetched again.
    #[expect(missing_docs, reason = "said above")]
    SpaceFreed { id: u64 },
    /// The records that were asked for; one that is absent is not there.
    #[expect(missing_docs, reason = "said above")]
    Loaded { id: u64, loaded: Loaded },
    /// The records could not be read.
    #[expect(missing_docs, reason = "said above")]
    LoadFailed { id: u64 },
    /// The digests of the areas that were asked for, over the confirmed records ([`LocalRecord::is_counted`]).
    #[expect(missing_docs, reason = "said above")]
    Digested { id: u64, digests: BTreeMap<AreaId, AreaDigest> },
    /// The request was answered with 200.
    Answered {
        /// Of the effect.
        id: u64,
        /// The parsed body.
        answer: Box<SyncAnswer>,
        /// From sending to the last byte, by a clock that does not jump.
        took_ms: i64,
    },
    /// The request was not answered, or refused.
    #[expect(missing_docs, reason = "said above")]
    RequestFailed { id: u64, failure: RequestFailure },
    /// `/healthz` answered.
    #[expect(missing_docs, reason = "said above")]
    Probed { id: u64 },
    /// Bytes moved in either direction.
    #[expect(missing_docs, reason = "said above")]
    Progress { id: u64 },
    /// The browser says that there is a network.
    Online,
    /// The browser says that there is none.
    Offline,
    /// The page came to the front.
    Visible,
    /// The page went to the back.
    Hidden,
    /// The worker asked to sync now.
    Tapped,
    /// The worker opened a page that shows what others sent.
    Looked,
    /// A timer set by [`super::Effect::SetTimer`] ran out.
    TimerFired(super::Timer),
    /// This tab got (`true`) or lost the lock of the one that syncs.
    #[expect(missing_docs, reason = "said above")]
    SyncLock { held: bool },
    /// A photo was stored, with its head in `blob`.
    BlobSaved(BlobHead),
    /// How the upload of a blob goes.
    #[expect(missing_docs, reason = "said above")]
    BlobStepped { id: u64, step: BlobStep },
}

/// What the storage says at the start of a session, before the first write.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Whose vault it is.
    pub identity: Identity,
    /// The counters; none when the database is empty.
    pub meta: Option<Meta>,
    /// Every row of `out`, in any order.
    pub outbox: Vec<OutboxHead>,
    /// Every row of `draft`.
    pub drafts: Vec<DraftHead>,
    /// Every head of `blob`.
    pub blobs: Vec<BlobHead>,
    /// What lay outside the database.
    pub sentinel: Option<Sentinel>,
    /// What the browser says of the storage.
    pub storage: StorageFacts,
    /// Version of the app, sent in `hello`.
    pub build: String,
    /// When the app was built, milliseconds since 1970 UTC: a device's clock before it is wrong.
    pub build_t: i64,
    /// Whether the browser says that there is a network.
    pub online: bool,
    /// Whether the page is in front.
    pub visible: bool,
}

/// What the browser says of the storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StorageFacts {
    /// `persist()` was granted.
    pub persisted: bool,
    /// Bytes left.
    pub free: Option<u64>,
}

/// What unlocking found.
#[derive(Clone, Debug, Default)]
pub struct UnlockedFacts {
    /// Id of the `K_out` under which new changesets are sealed; none where the store keeps them plain.
    pub key: Option<Uuid>,
    /// Rows of `out` that do not authenticate.
    pub damaged: Vec<(Inc, u64)>,
    /// The drafts, now with their areas.
    pub drafts: Vec<DraftHead>,
    /// Whether a session is open: reading needs one.
    pub session: bool,
}

/// One save of the worker. The engine numbers it and fills in every `base`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Save {
    /// Chosen by the caller; the outcome repeats it.
    pub token: u64,
    /// What is written; the bases in it are ignored.
    pub ops: Vec<Op>,
    /// What the form had read, by record and field ([`LocalRecord::base`], for a move under `area` [`LocalRecord::base_of_area`]):
    /// rows may have come in while it was open. What is not named counts as seen as it stands at the save.
    pub seen: BTreeMap<(Uuid, String), Base>,
    /// What follows from it, each a changeset of its own behind it: saved in the same transaction, and judged alone.
    pub behind: Vec<Vec<Op>>,
    /// The draft that becomes this changeset: removed in the same transaction.
    pub draft: Option<Uuid>,
}

/// Records from the store, by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// From `rep`.
    pub rep: BTreeMap<Uuid, LocalRecord>,
    /// From `stage`.
    pub stage: BTreeMap<Uuid, LocalRecord>,
}

/// Why a batch is not on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFailure {
    /// Another tab wrote since.
    Stale,
    /// `QuotaExceededError`.
    Full,
    /// `InvalidStateError`, `UnknownError`, `AbortError`: the handle is to be dropped and the database opened again.
    Broken,
}

/// Why a request brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestFailure {
    /// No answer came, or one cut short.
    Network {
        /// It failed at once, as a refused certificate does.
        at_once: bool,
    },
    /// An answer other than 200.
    Refused {
        /// The status.
        status: u16,
        /// `err` of the body.
        err: String,
        /// `wait_ms` of the body, or `Retry-After`.
        wait_ms: Option<i64>,
    },
}

/// How the upload of a blob goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlobStep {
    /// The server has the bytes up to here.
    #[expect(missing_docs, reason = "said above")]
    Offset { hash: BlobHash, offset: u64 },
    /// The server named a state.
    #[expect(missing_docs, reason = "said above")]
    State { hash: BlobHash, state: crate::wire::BlobState },
    /// The upload stopped.
    #[expect(missing_docs, reason = "said above")]
    Failed { hash: BlobHash, failure: RequestFailure },
}
