//! The protocol's counters, kept in clear in store `meta`.

use crate::{
    id::{AreaId, DeviceId, Inc},
    rev::Rev,
    wire::{AreaNode, Divergence, Fields, Incident, KeyInfo, Purged, Witness},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Who the vault is: made by the client before enrolment, confirmed by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The device.
    pub device: DeviceId,
    /// Account id of the vault's user.
    pub author: Uuid,
}

/// Everything the engine remembers across restarts besides outbox, drafts, blobs and records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// Grows with every commit. A commit made on an older one is refused by the store ([`crate::replica::CommitFailure::Stale`]): another tab wrote.
    pub generation: u64,
    /// Who the vault is.
    pub identity: Identity,
    /// The incarnation.
    pub inc: Inc,
    /// Earlier incarnations of this database.
    pub prev_inc: Vec<Inc>,
    /// Number of the next changeset.
    pub next_seq: u64,
    /// The server has judged every number up to here.
    pub acked: u64,
    /// A verified backup contains every number up to here.
    pub durable: u64,
    /// Numbers up to here may be missing in the outbox.
    pub pruned: u64,
    /// Changesets pruned so far that are at the office: the outbox knows the rest.
    pub delivered: u64,
    /// The server's epoch.
    pub epoch: u16,
    /// The scope that the areas below are of.
    pub scope_rev: u64,
    /// The areas of the scope with how far each was pulled; [`AreaId::OWN`] is among them.
    pub areas: BTreeMap<AreaId, AreaState>,
    /// The nodes of the scope as the server named them.
    pub nodes: Vec<AreaNode>,
    /// Time of the last answer by the server's clock; 0 before the first.
    pub t_contact: i64,
    /// Time of the last answer by the device's clock.
    pub t_contact_device: i64,
    /// What happened to the storage and was not yet reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
    /// Where the device and the office differed: what was not yet reported, and what was within a day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diverged: Vec<Diverged>,
    /// A purge that was done and not yet reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purged: Option<Purged>,
    /// Newest head of the audit chain seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Witness>,
    /// The server's public keys.
    pub keys: Vec<KeyInfo>,
    /// The office's settings for phones, as it last said them; empty for the defaults.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub settings: Fields,
    /// The office ordered a wipe.
    #[serde(default)]
    pub wiping: bool,
    /// The device was revoked: keys are gone, the outbox stays.
    #[serde(default)]
    pub revoked: bool,
    /// Whether the server has backups (it named a `durable` above 0).
    #[serde(default)]
    pub backed_up: bool,
    /// Schema of the database.
    pub schema: u32,
}

/// A difference that was noticed, and whether the office knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diverged {
    /// What the office is told.
    pub what: Divergence,
    /// It was told.
    pub told: bool,
}

/// How far an area was pulled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaState {
    /// Of the records in `rep`.
    pub live: Position,
    /// Of those in `stage`, while the area is pulled again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Position>,
}

/// A place in an area's history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Everything up to here is here.
    pub cur: Rev,
    /// The cursor at which the area was last held whole.
    pub since: Rev,
    /// Number of confirmed records.
    pub rows: u64,
}

/// What lies outside the database and tells whether that went back in time. It may be late, never ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentinel {
    /// The incarnation.
    pub inc: Inc,
    /// The last number committed.
    pub last_seq: u64,
}

impl Meta {
    /// The counters of a new database.
    pub fn new(identity: Identity, inc: Inc) -> Meta {
        Meta {
            generation: 0,
            identity,
            inc,
            prev_inc: Vec::new(),
            next_seq: 1,
            acked: 0,
            durable: 0,
            pruned: 0,
            delivered: 0,
            epoch: 0,
            scope_rev: 0,
            areas: BTreeMap::new(),
            nodes: Vec::new(),
            t_contact: 0,
            t_contact_device: 0,
            incident: None,
            diverged: Vec::new(),
            purged: None,
            seen: None,
            keys: Vec::new(),
            settings: Fields::new(),
            wiping: false,
            revoked: false,
            backed_up: false,
            schema: crate::wire::SCHEMA,
        }
    }

    /// What the sentinel is to say.
    pub fn sentinel(&self) -> Sentinel {
        Sentinel { inc: self.inc, last_seq: self.next_seq - 1 }
    }
}

impl AreaState {
    /// The position that the next pull continues.
    pub fn pulling(&self) -> &Position {
        self.stage.as_ref().unwrap_or(&self.live)
    }
}
