//! What the engine asks of the driver.

use super::{Batch, Sentinel, Status};
use crate::{
    id::{AreaId, BlobHash, DeviceId, Inc},
    wire::{Hello, Incident, PullRequest, Purged, Verdict},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What the driver is to do. Those with an `id` are answered by an event that repeats it.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Write a batch, all or nothing and strictly durable → `Committed`, `CommitFailed`.
    #[expect(missing_docs, reason = "said above")]
    Commit { id: u64, batch: Box<Batch> },
    /// Read records from `rep`, and from `stage` too → `Loaded`, `LoadFailed`.
    #[expect(missing_docs, reason = "said above")]
    Load { id: u64, entities: Vec<Uuid> },
    /// Compute the digests of areas in `rep` → `Digested`.
    #[expect(missing_docs, reason = "said above")]
    Digest { id: u64, areas: Vec<AreaId> },
    /// Send a request → `Answered`, `RequestFailed`, `Progress`.
    #[expect(missing_docs, reason = "said above")]
    Send { id: u64, request: Box<RequestPlan> },
    /// Ask `/healthz` with HEAD → `Probed`, `RequestFailed`.
    #[expect(missing_docs, reason = "said above")]
    Probe { id: u64 },
    /// Give up a request, probe or upload; its answer would be ignored.
    #[expect(missing_docs, reason = "said above")]
    Abort { id: u64 },
    /// Upload a blob from `offset` on → `BlobStepped`, `Progress`.
    #[expect(missing_docs, reason = "said above")]
    Upload { id: u64, hash: BlobHash, offset: u64 },
    /// Set a timer, in place of one of the same name.
    #[expect(missing_docs, reason = "said above")]
    SetTimer { timer: Timer, after_ms: i64 },
    /// Stop a timer.
    ClearTimer(Timer),
    /// Write the sentinel outside the database.
    Sentinel(Sentinel),
    /// The save is on disk: only now may the page say so. Of what lies behind it each changeset is named after it.
    #[expect(missing_docs, reason = "said above")]
    Saved { token: u64, id: Uuid, seq: u64 },
    /// The save is not on disk; the form stays.
    #[expect(missing_docs, reason = "said above")]
    SaveFailed { token: u64, problem: SaveProblem },
    /// What was written, for the pages that show it.
    #[expect(missing_docs, reason = "said above")]
    Changed { areas: BTreeSet<AreaId>, kinds: BTreeSet<String>, records: BTreeSet<Uuid> },
    /// The outbox, the counters or the state changed.
    Status(Box<Status>),
    /// A person should know.
    Attention(Attention),
    /// Drop the database handle, open it again, read it → `Opened` (and `Unlocked`, if it is).
    Reload,
    /// Free what can be fetched again: caches, and photos that are [`super::BlobPhase::Durable`] → `SpaceFreed`. The room that is kept for
    /// text is for somebody's own words alone.
    #[expect(missing_docs, reason = "said above")]
    FreeSpace { id: u64, for_words: bool },
    /// Destroy the wrapped keys of these areas; their rows were removed by a commit.
    DestroyAreaKeys(Vec<AreaId>),
    /// Destroy every key that opens anything here. `out`, `draft` and `blob` stay as ciphertext.
    DestroyKeys,
    /// The outbox, drafts and photos are with the office: destroy the keys, remove everything, send the page to its end.
    Wipe,
}

/// A timer of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// The next sync.
    Sync,
    /// The running request made no progress.
    Request,
    /// The running request lasted too long.
    RequestEnd,
    /// The store did not answer.
    Storage,
    /// The photo lane.
    Blob,
}

/// A request in sections; the driver fills in bodies from `out` and `draft`.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestPlan {
    /// The device.
    pub device: DeviceId,
    /// The incarnation.
    pub inc: Inc,
    /// Section `hello`.
    pub hello: Option<Hello>,
    /// Section `push`.
    pub push: Option<PushPlan>,
    /// Section `pull`.
    pub pull: Option<PullRequest>,
    /// Section `purged`.
    pub purged: Option<Purged>,
}

/// Which rows of `out` and `draft` a push carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushPlan {
    /// Number of the first changeset.
    pub first_seq: u64,
    /// Id of the changeset before it, if it is still known.
    pub prev_id: Option<Uuid>,
    /// Id of the key under which the bodies are sealed; the driver adds it sealed to the server.
    pub key: Option<Uuid>,
    /// Ids of the changesets in order of their numbers, which are dense.
    pub changesets: Vec<Uuid>,
    /// Drafts handed over.
    pub drafts: Vec<Uuid>,
}

/// Why a save is not on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveProblem {
    /// The device is locked, wiped, revoked, or not open yet.
    NotOpen,
    /// It is larger than a changeset may be.
    #[expect(missing_docs, reason = "said above")]
    TooLarge { bytes: usize },
    /// A record that it writes is not here.
    #[expect(missing_docs, reason = "said above")]
    MissingRecord { e: Uuid },
    /// It names a field of a record twice, or writes nothing.
    Malformed,
    /// The storage is full.
    Full,
    /// The storage does not answer: offer the rescue file.
    Broken,
}

/// What a person should know.
#[derive(Clone, Debug, PartialEq)]
pub enum Attention {
    /// The storage lost something; the office is told.
    StorageLost(Incident),
    /// The office holds or rejected a changeset.
    Refused(Box<Verdict>),
    /// A purge would remove more than half of the records, or came without a new assignment: it waits for a confirmation.
    #[expect(missing_docs, reason = "said above")]
    PurgeRefused { areas: Vec<AreaId>, rows: u64, of: u64 },
    /// An area differed from the office's and is pulled again.
    DigestDiffers(AreaId),
    /// A row in `stage` or a torn answer made an area start again.
    AreaTorn(AreaId),
    /// The office has no backups: acknowledged work, or photos, were removed after their time.
    PrunedWithoutBackup,
    /// Space ran out while rows from the office were written.
    StorageFull,
    /// The storage does not answer.
    StorageBroken,
    /// The server could not open the outbox key.
    KeyRefused,
}
