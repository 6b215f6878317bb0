//! What is committed, as far as the engine remembers it.

use super::{Batch, BlobHead, Diverged, DraftHead, Meta, OutboxHead};
use crate::{
    id::{AreaId, BlobHash},
    limits::DIVERGED_AGAIN_MS,
    wire::{Divergence, DivergenceKind, Incident, VerdictState},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Counters and heads; records stay in the store. Changed only by a committed batch and by drafts, which the store writes itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Disk {
    pub(super) meta: Meta,
    pub(super) outbox: BTreeMap<u64, OutboxHead>,
    pub(super) drafts: BTreeMap<Uuid, DraftHead>,
    pub(super) blobs: BTreeMap<BlobHash, BlobHead>,
}

impl Disk {
    /// Repeats a committed batch; what concerns records is the store's.
    pub(super) fn repeat(&mut self, batch: &Batch) {
        self.meta.clone_from(&batch.meta);
        for (_, seq) in &batch.out_del {
            self.outbox.remove(seq);
        }
        for moved in &batch.out_move {
            self.outbox.remove(&moved.from.1);
        }
        let heads = batch.out_move.iter().map(|moved| &moved.head);
        for head in heads.chain(batch.out_put.iter().map(|put| &put.head)) {
            self.outbox.insert(head.seq, head.clone());
        }
        for id in &batch.draft_del {
            self.drafts.remove(id);
        }
        for blob in &batch.blob_put {
            self.blobs.insert(blob.hash, blob.clone());
        }
        for hash in &batch.blob_del {
            self.blobs.remove(hash);
        }
    }

    /// Changesets the server has yet to judge, in order.
    pub(super) fn unsent(&self) -> impl Iterator<Item = &OutboxHead> {
        self.outbox.range(self.meta.acked + 1..).map(|(_, head)| head)
    }

    /// Changesets whose verdict the records do not fully show.
    pub(super) fn unsettled(&self) -> impl Iterator<Item = &OutboxHead> {
        self.outbox.values().filter(|head| head.verdict.is_some() && !head.settled)
    }

    /// Whether records may show the changeset as own work: it lies in the outbox, and they did not yet show its verdict.
    pub(super) fn is_shown(&self, id: Uuid) -> bool {
        self.outbox.values().any(|head| head.id == id && !head.settled)
    }
}

impl OutboxHead {
    /// Whether it is with the office: judged, and not rejected.
    pub(super) fn is_delivered(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.st != VerdictState::Rejected)
    }

    /// Whether a person has yet to deal with its rejection.
    pub(super) fn is_refused(&self) -> bool {
        !self.dismissed && self.verdict.as_ref().is_some_and(|verdict| verdict.st == VerdictState::Rejected)
    }
}

/// A newer incident does not hide one that was not yet reported; the lost range grows.
pub(super) fn record_incident(meta: &mut Meta, incident: Incident) {
    match &mut meta.incident {
        Some(known) if known.inc == incident.inc => {
            known.lost = match (known.lost, incident.lost) {
                (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
                (known, new) => known.or(new),
            };
        }
        Some(_) => {}
        none => *none = Some(incident),
    }
}

/// Notes areas that differ, but those that are noted already: a fault that comes back with every pull is told once a day (R16).
pub(super) fn record_divergence(meta: &mut Meta, kind: DivergenceKind, areas: &[AreaId], now: i64) {
    meta.diverged.retain(|one| !one.told || (0..DIVERGED_AGAIN_MS).contains(&(now - one.what.t)));
    let is_noted = |area: &AreaId| {
        meta.diverged.iter().any(|one| one.what.kind == kind && one.what.areas.contains(area))
    };
    let areas: Vec<AreaId> = areas.iter().filter(|area| !is_noted(area)).copied().collect();
    if !areas.is_empty() {
        meta.diverged.push(Diverged { what: Divergence { kind, areas, t: now }, told: false });
    }
}
