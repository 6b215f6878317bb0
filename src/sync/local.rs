//! A record as the device keeps it: what the server confirmed, and the own writes that wait beside it.

mod base;
mod overlay;
mod pulled;
mod settle;
#[cfg(test)]
mod tests;

pub use overlay::View;
pub use pulled::Applied;
pub(crate) use pulled::{apply_exit, apply_row};

use crate::{
    id::AreaId,
    rev::Rev,
    wire::{Fields, Op, VerdictState},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One record of store `rep` or `stage`.
///
/// The confirmed body and the waiting ops together give the visible record ([`LocalRecord::view`]), so an overlay needs nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalRecord {
    /// The entity's id.
    pub id: Uuid,
    /// The area whose key seals the row: the confirmed one, before that the one the author named.
    pub area: AreaId,
    /// Name of the kind, as in the table of kinds.
    pub kind: String,
    /// The record this one belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Uuid>,
    /// What the server sent; `None` while the record is an own creation that has not come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmed>,
    /// Set when the record was deleted, merged away or left the area while own work on it still waited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
    /// Per field, own changesets that wrote it last, oldest first; [`LocalRecord::base`] reads them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub own: BTreeMap<String, Vec<OwnWrite>>,
    /// The same for the record's area (`create`, `move`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_area: Vec<OwnWrite>,
    /// Own changesets on this record that a pull has not yet passed, in the order saved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<Pending>,
}

/// The body that the server sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// The row's version.
    pub rev: Rev,
    /// When the record came into its area.
    pub entered: Rev,
    /// Values by field; one that the caller's role sees in part is `{show, idx?}`.
    pub f: Fields,
    /// Version of the fields that `fv` does not name.
    pub fv0: Rev,
    /// Versions of single fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fv: BTreeMap<String, Rev>,
}

/// Why the confirmed record no longer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Version of the tombstone or exit.
    pub rev: Rev,
    /// Whether it was deleted; otherwise it left the area.
    pub deleted: bool,
    /// Of a merged record, the one it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<Uuid>,
}

/// An own changeset that wrote a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnWrite {
    /// The changeset.
    pub op: Uuid,
    /// Its verdict, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Settled>,
}

/// The part of a verdict that records need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Never `duplicate`: a duplicate counts as what it was.
    pub st: VerdictState,
    /// The rev the changeset took.
    pub rev: Rev,
}

/// The ops of one own changeset on one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// The changeset.
    pub changeset: Uuid,
    /// Who saved it.
    pub author: Uuid,
    /// When, by the device's clock.
    pub t: i64,
    /// The ops with their place in the changeset.
    pub ops: Vec<(u32, Op)>,
    /// The verdict, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Settled>,
}

impl Confirmed {
    /// Version of a field; `0.0` if it was never written.
    pub fn version(&self, field: &str) -> Rev {
        match self.fv.get(field) {
            Some(rev) => *rev,
            None if self.f.contains_key(field) => self.fv0,
            None => Rev::ZERO,
        }
    }
}

impl LocalRecord {
    /// A record of which the device knows nothing but an own write.
    pub fn unseen(id: Uuid, area: AreaId, kind: &str) -> LocalRecord {
        LocalRecord {
            id,
            area,
            kind: kind.to_owned(),
            parent: None,
            confirmed: None,
            gone: None,
            own: BTreeMap::new(),
            own_area: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// The version against which pulled rows are compared.
    pub fn rev(&self) -> Rev {
        let confirmed = self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.rev);
        self.gone.map_or(confirmed, |gone| gone.rev.max(confirmed))
    }

    /// Whether the record counts in its area's digest: confirmed, and neither deleted nor gone.
    pub fn is_counted(&self) -> bool {
        self.confirmed.is_some() && self.gone.is_none()
    }

    /// Whether own work on the record waits for its verdict.
    pub fn is_waiting(&self) -> bool {
        self.pending.iter().any(|pending| pending.verdict.is_none())
    }

    /// Whether the record is confirmed under an id that two sides make alike: creating it again changes nothing.
    pub(crate) fn is_made_alike(&self) -> bool {
        self.confirmed.is_some() && self.id.get_version_num() == 8
    }

    /// Whether nothing is left worth a row: not confirmed, or gone without an alias, and no own work.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
            && match self.gone {
                Some(gone) => gone.into.is_none(),
                None => self.confirmed.is_none(),
            }
    }
}
