//! What a page shows of the engine.

/// The three numbers and what stands in the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// What the engine is at.
    pub phase: Phase,
    /// Changesets on this phone that the office has not judged.
    pub on_phone: u64,
    /// Changesets of this device that are at the office.
    pub at_office: u64,
    /// Photos that are not wholly at the office.
    pub photos_waiting: u64,
    /// Drafts, which are never sent as they are.
    pub drafts: u64,
    /// Rejected changesets with which nobody has dealt.
    pub rejected: u64,
    /// When the oldest changeset in `on_phone` was saved, by the device's clock.
    pub oldest: Option<i64>,
    /// The last answer, by the device's clock; none before the first.
    pub last_contact: Option<i64>,
    /// Whether every area was pulled to the end at least once.
    pub complete: bool,
    /// Whether pulling waits for a login.
    pub needs_login: bool,
    /// What stands in the way.
    pub problem: Option<Problem>,
}

/// What the engine is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The storage is not open.
    #[default]
    Closed,
    /// Nothing runs. A locked vault may still push.
    Idle,
    /// A request with only `hello` or a probe is under way.
    Hello,
    /// Changesets are under way.
    Push,
    /// Rows are under way or being stored.
    Pull,
    /// Digests are compared.
    Digest,
    /// A new incarnation is being taken.
    Fork,
    /// The server was restored; everything is pulled again.
    Reset,
    /// Areas that were taken away are leaving.
    Purge,
    /// The device empties itself.
    Wipe,
    /// See [`Status::problem`].
    Blocked,
}

/// What stands in the way of a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// No network.
    Offline,
    /// The office does not answer, or says that it is busy.
    NoAnswer,
    /// The device's date seems wrong, so that the connection is refused.
    Clock,
    /// The grant is not accepted: log in or enrol again.
    Auth,
    /// The device is revoked.
    Revoked,
    /// The server's disk is full.
    ServerFull,
    /// This phone's storage is full.
    StorageFull,
    /// This phone's storage does not answer.
    StorageBroken,
    /// The server does not understand this app: update.
    BadRequest,
    /// A purge waits for a confirmation.
    PurgeRefused,
}
