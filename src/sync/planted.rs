//! Bugs planted on purpose: a simulation that does not find them proves nothing (F2).
//!
//! Without the feature `planted-bugs` [`planted`] is constantly false and vanishes from the build.

/// A rule that looks dispensable and is not. Each is asked for at the place where the rule is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bug {
    /// The server applies what it has already.
    NoDedupe,
    /// The server takes an equal number for an equal changeset.
    SeqOnlyDedupe,
    /// The phone's clock is believed.
    RawClock,
    /// Deleted records are not sent.
    NoTombstone,
    /// Records leave an area silently.
    NoExits,
    /// A write over an unseen value leaves no conflict.
    SilentOverwrite,
    /// A record that moved in is sent as if the client had it.
    TornRow,
    /// The answer acknowledges the highest number of the server.
    AckBeyondRequest,
    /// A rev becomes visible later than a higher one.
    CommitGap,
    /// A restore keeps the epoch.
    NoEpoch,
    /// The phone does not compare its storage with the sentinel.
    NoSentinel,
    /// The phone stores the cursor before the rows.
    CursorFirst,
    /// The phone prunes what is acknowledged but not durable.
    PruneAtAck,
    /// The phone checks its storage after the first write of a session.
    CheckLate,
    /// The phone purges an area before its outbox is empty.
    PurgeFirst,
    /// The phone falls back to the field version once its write is acknowledged.
    OwnChain,
    /// The phone goes on believing that a restored office has its photos.
    PhotoTrusted,
    /// A merge that is taken back takes along what was never brought by it.
    UnmergeAll,
    /// The parts of one save take one number.
    SharedNumber,
    /// A push is judged by the role that its user has now, whichever its grant was given to.
    LaterRole,
    /// The SQL store calls durable what no backup contains.
    DurableEarly,
    /// A window of rows that was cut off is taken for all there is.
    WindowCut,
    /// A digest is kept although its area changed.
    StaleDigest,
}

impl Bug {
    /// Every bug that can be planted whatever the store.
    pub const ALL: [Bug; 20] = [
        Bug::NoDedupe,
        Bug::SeqOnlyDedupe,
        Bug::RawClock,
        Bug::NoTombstone,
        Bug::NoExits,
        Bug::SilentOverwrite,
        Bug::TornRow,
        Bug::AckBeyondRequest,
        Bug::CommitGap,
        Bug::NoEpoch,
        Bug::NoSentinel,
        Bug::CursorFirst,
        Bug::PruneAtAck,
        Bug::CheckLate,
        Bug::PurgeFirst,
        Bug::OwnChain,
        Bug::PhotoTrusted,
        Bug::UnmergeAll,
        Bug::SharedNumber,
        Bug::LaterRole,
    ];

    /// The bugs whose rule is kept in the SQL store, alone or as well.
    pub const OF_SQL: [Bug; 8] = [
        Bug::CommitGap,
        Bug::NoEpoch,
        Bug::NoDedupe,
        Bug::NoTombstone,
        Bug::NoExits,
        Bug::DurableEarly,
        Bug::WindowCut,
        Bug::StaleDigest,
    ];

    /// The name in sync.md §6 and on the simulator's command line.
    pub fn name(self) -> &'static str {
        match self {
            Bug::NoDedupe => "no_dedupe",
            Bug::SeqOnlyDedupe => "seq_only_dedupe",
            Bug::RawClock => "raw_clock",
            Bug::NoTombstone => "no_tombstone",
            Bug::NoExits => "no_exits",
            Bug::SilentOverwrite => "silent_overwrite",
            Bug::TornRow => "torn_row",
            Bug::AckBeyondRequest => "ack_beyond_request",
            Bug::CommitGap => "commit_gap",
            Bug::NoEpoch => "no_epoch",
            Bug::NoSentinel => "no_sentinel",
            Bug::CursorFirst => "cursor_first",
            Bug::PruneAtAck => "prune_at_ack",
            Bug::CheckLate => "check_late",
            Bug::PurgeFirst => "purge_first",
            Bug::OwnChain => "own_chain",
            Bug::PhotoTrusted => "photo_trusted",
            Bug::UnmergeAll => "unmerge_all",
            Bug::SharedNumber => "shared_number",
            Bug::LaterRole => "later_role",
            Bug::DurableEarly => "durable_early",
            Bug::WindowCut => "window_cut",
            Bug::StaleDigest => "stale_digest",
        }
    }
}

#[cfg(feature = "planted-bugs")]
mod chosen {
    use super::Bug;
    use std::cell::Cell;

    thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// Plants one bug in this thread, or none.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.set(bug);
    }

    /// Whether `bug` is planted in this thread.
    pub fn planted(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }
}

#[cfg(feature = "planted-bugs")]
pub use chosen::{plant, planted};

/// Whether `bug` is planted: never, in a build that ships.
#[cfg(not(feature = "planted-bugs"))]
pub const fn planted(_: Bug) -> bool {
    false
}
