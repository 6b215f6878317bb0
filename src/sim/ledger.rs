//! What the workers were told and what was taken from them: the truth that the checkers hold the system to.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use sync::{id::BlobHash, rev::Rev, wire::Changeset};
use uuid::Uuid;

/// What the author of a `set` saw in the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// An own changeset's value.
    Own(Uuid),
    /// The server's value of this version.
    Server(Rev),
}

/// A photo as it was taken.
#[derive(Clone, Debug)]
pub struct Photo {
    /// The device that took it.
    pub n: usize,
    /// What it shows.
    pub bytes: Rc<Vec<u8>>,
    /// Went with a disk.
    pub is_lost: bool,
    /// Bytes that went over the line since the office last began from nothing.
    pub sent: u64,
    /// How often the line was cut meanwhile.
    pub cuts: u64,
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
    /// A device that is to be revoked in the midst of its next request.
    pub to_revoke: Option<usize>,
    /// Devices that were wiped, with the epoch of the office that they knew.
    pub wiped: BTreeMap<usize, u16>,
    /// Photos taken.
    pub photos: BTreeMap<BlobHash, Photo>,
    /// Drafts begun, and whether each was finished, handed over or destroyed.
    pub drafts: BTreeMap<Uuid, bool>,
}
