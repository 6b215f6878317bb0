//! What the workers were told and what was taken from them: the truth that the checkers hold the system to.

use std::collections::{BTreeMap, BTreeSet};
use sync::{rev::Rev, wire::Changeset};
use uuid::Uuid;

/// What the author of a `set` saw in the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// An own changeset's value.
    Own(Uuid),
    /// The server's value of this version.
    Server(Rev),
}

/// What happened as the people around the system know it.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Every changeset that reached a disk, as it was made.
    pub changesets: BTreeMap<Uuid, Changeset>,
    /// Changesets that the page called saved, with their device.
    pub saved: BTreeMap<Uuid, usize>,
    /// Changesets that a storage loss destroyed, with their device.
    pub destroyed: BTreeMap<Uuid, usize>,
    /// Those of them that went with the sentinel, or whose report did: only the office's count of the last hello tells.
    pub evicted: BTreeSet<Uuid>,
    /// Devices that reported an incident.
    pub reported: BTreeSet<usize>,
    /// What the author saw of (changeset, record, field).
    pub seen: BTreeMap<(Uuid, Uuid, String), Seen>,
    /// Drafts begun, and whether each was finished, handed over or destroyed.
    pub drafts: BTreeMap<Uuid, bool>,
}
