//! The record as the server keeps it, and the parts of it that no wire row shows.

mod packed;

#[cfg(test)]
mod tests;

use crate::{id::AreaId, rev::Rev, wire::SealedValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The field that holds what is attached to a record.
pub const BLOBS: &str = "blobs";
/// The name under which conflicts and proposals speak of a record's place.
pub const AREA: &str = "area";
/// Kind of the record that keeps two values of one field.
pub const CONFLICT: &str = "conflict";
/// Kind of the record that keeps a changeset for a person.
pub const HELD: &str = "held";
/// Kind of the record that keeps a value which the office decides on.
pub const PROPOSAL: &str = "proposal";
/// Kind of the record whose drafts are handed over.
pub const VISIT: &str = "visit";

/// One record with the version and origin of every field.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id, never reused.
    pub id: Uuid,
    /// Wire name of its kind.
    pub kind: String,
    /// Where it lies: for a child its parent's area, or the archive of it.
    pub area: AreaId,
    /// The record it belongs to.
    pub parent: Option<Uuid>,
    /// Version of the last change.
    pub rev: Rev,
    /// When it came into its area.
    pub entered: Rev,
    /// Who put it into its area, when, and by which changesets.
    pub placed: Origin,
    /// Set when it is deleted or merged away.
    pub del: Option<Tombstone>,
    /// Its fields by wire name. A name that is absent was never written.
    pub fields: BTreeMap<String, FieldState>,
    /// Changesets that changed it, oldest first, at most [`crate::limits::RECORD_CHANGES_KEPT`].
    pub changes: Vec<Change>,
    /// Of a conflict, held record or proposal: the kinds of the records whose values it repeats, so that they are masked alike.
    pub about: BTreeMap<Uuid, String>,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The changeset that wrote the value, then every later one that set it to the same value.
    pub ops: Vec<Uuid>,
    /// When it was written, bounded by the last contact and the receipt.
    pub t_eff: i64,
    /// Account id of the author.
    pub author: Uuid,
}

/// One field with its version.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldState {
    /// What it holds.
    pub value: Stored,
    /// The rev that wrote it.
    pub fv: Rev,
    /// Where the value came from.
    pub origin: Origin,
}

/// A value at rest.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// As it came.
    Plain(Value),
    /// Readable with the server's key only.
    Sealed(SealedStored),
}

/// A sealed text with its keyed index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedStored {
    /// The value as the author sealed it; its AAD stays the `e/f` of the record it was written for.
    pub s: SealedValue,
    /// Keyed hash of the text: equal texts have equal indexes.
    pub idx: String,
}

/// A deleted record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The record it was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<Uuid>,
    /// The children that the merge took along, but for those that were given back since. Unknown of what an earlier build merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought: Option<BTreeSet<Uuid>>,
}

/// One change in a record's past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its version.
    pub rev: Rev,
    /// The changeset.
    pub op: Uuid,
}

/// A record left an area with this rev.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exit {
    /// The area it left.
    pub area: AreaId,
    /// The rev of the move.
    pub rev: Rev,
    /// The record.
    pub e: Uuid,
}

impl Record {
    /// The plain value of a field; none if it is absent or sealed.
    pub fn plain(&self, field: &str) -> Option<&Value> {
        match &self.fields.get(field)?.value {
            Stored::Plain(value) => Some(value),
            Stored::Sealed(_) => None,
        }
    }

    /// The text of a plain field.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.plain(field)?.as_str()
    }

    /// The record id in a plain field.
    pub fn id_in(&self, field: &str) -> Option<Uuid> {
        Uuid::try_parse(self.text(field)?).ok()
    }

    /// Whether it waits for a person: an open conflict, held record or proposal.
    pub fn is_open(&self) -> bool {
        self.del.is_none() && self.text("state") == Some("open")
    }
}

impl Stored {
    /// Equal as values: sealed ones by index, others as JSON whatever the order of keys.
    pub fn is_same(&self, other: &Stored) -> bool {
        match (self, other) {
            (Stored::Plain(a), Stored::Plain(b)) => a == b,
            (Stored::Sealed(a), Stored::Sealed(b)) => a.idx == b.idx,
            _ => false,
        }
    }
}
