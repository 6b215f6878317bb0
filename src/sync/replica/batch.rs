//! One all-or-nothing write to the device's stores, in plain terms. The store seals at its edge.

use super::{BlobHead, Meta, OutboxHead};
use crate::{
    id::{AreaId, BlobHash, Inc},
    local::LocalRecord,
    wire::Changeset,
};
use uuid::Uuid;

/// Puts and deletes over the stores of `sync.md` §4, written in one strict transaction and in the order of the members.
///
/// Inside the transaction the store compares its `meta.generation` with `meta.generation − 1` and refuses the batch as
/// [`super::CommitFailure::Stale`] when they differ. An empty database counts as generation 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The whole `meta` of the engine; rows that the store keeps for itself (salts, key wraps) stay.
    pub meta: Meta,
    /// Rows of `out` to remove.
    pub out_del: Vec<(Inc, u64)>,
    /// Rows of `out` that get another number or head and keep their body, bytes unchanged. All old keys are removed before any new one is written.
    pub out_move: Vec<OutMove>,
    /// New changesets.
    pub out_put: Vec<OutPut>,
    /// Drafts to remove.
    pub draft_del: Vec<Uuid>,
    /// Areas whose `rep`, `idx` and `stage` rows go.
    pub area_del: Vec<AreaId>,
    /// Areas whose `stage` rows go.
    pub stage_clear: Vec<AreaId>,
    /// Records for `stage`.
    pub stage_put: Vec<LocalRecord>,
    /// Records to remove from `stage`.
    pub stage_del: Vec<Uuid>,
    /// Records to remove from `rep` and `idx`. A staged record of the same id may be swapped in after it.
    pub rep_del: Vec<Uuid>,
    /// Areas whose staged records take the place of those in `rep`: every row of the area in `rep` and `idx` goes, every staged row of it moves over,
    /// in place of a row of the same id in any other area.
    pub swap: Vec<AreaId>,
    /// Records for `rep`, and their columns for `idx` ([`LocalRecord::view`]).
    pub rep_put: Vec<LocalRecord>,
    /// Blob heads; chunks are written by the store when a photo is taken.
    pub blob_put: Vec<BlobHead>,
    /// Blobs to remove with their chunks.
    pub blob_del: Vec<BlobHash>,
}

/// A row of `out` under a new number or head.
#[derive(Clone, Debug, PartialEq)]
pub struct OutMove {
    /// Where it lies.
    pub from: (Inc, u64),
    /// What its head becomes, number included.
    pub head: OutboxHead,
}

/// A new row of `out`.
#[derive(Clone, Debug, PartialEq)]
pub struct OutPut {
    /// The head.
    pub head: OutboxHead,
    /// The changeset; sealed at the store's edge under the vault's `K_out` with its id as AAD.
    pub changeset: Changeset,
}

impl Batch {
    /// A batch that writes only the counters.
    pub fn of(meta: Meta) -> Batch {
        Batch {
            meta,
            out_del: Vec::new(),
            out_move: Vec::new(),
            out_put: Vec::new(),
            draft_del: Vec::new(),
            area_del: Vec::new(),
            stage_clear: Vec::new(),
            stage_put: Vec::new(),
            stage_del: Vec::new(),
            rep_del: Vec::new(),
            swap: Vec::new(),
            rep_put: Vec::new(),
            blob_put: Vec::new(),
            blob_del: Vec::new(),
        }
    }
}
