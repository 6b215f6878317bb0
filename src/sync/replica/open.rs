//! The start of a session: the storage is checked before the first write, and takes a new incarnation when it lost something.

use super::{
    Batch, Effect, Meta, Opened, OutMove, OutboxHead, Position, Replica, Sentinel, Turn, UnlockedFacts,
    disk::{Disk, record_incident},
    job::{Decision, Job, Plan},
};
use crate::{
    id::Inc,
    planted::{Bug, planted},
    wire::{Incident, IncidentKind},
};
use domain::order::{Gather, Order};
use std::collections::BTreeSet;

impl Replica {
    pub(super) fn on_opened(&mut self, turn: &mut Turn<'_, '_>, opened: Opened) {
        let is_reopened = self.disk.is_some();
        let is_new = opened.meta.is_none();
        let meta = opened.meta.unwrap_or_else(|| Meta::new(opened.identity, Inc([0; 8])));
        let incident = lost(&meta, is_new, &opened.outbox, opened.sentinel);
        let strays = opened.outbox.iter().any(|head| head.inc != meta.inc);
        self.sentinel = opened.sentinel;
        let mut outbox = opened.outbox;
        outbox.order_by_key(|head| (head.inc, head.seq));
        self.strays = outbox.iter().filter(|head| head.inc != meta.inc).cloned().collect();
        self.disk = Some(Disk {
            outbox: outbox
                .into_iter()
                .filter(|head| head.inc == meta.inc)
                .map(|head| (head.seq, head))
                .gather(),
            drafts: opened.drafts.into_iter().map(|draft| (draft.id, draft)).gather(),
            blobs: opened.blobs.into_iter().map(|blob| (blob.hash, blob)).gather(),
            meta,
        });
        self.storage = opened.storage;
        self.build = opened.build;
        self.build_t = opened.build_t;
        self.line.online = opened.online;
        self.line.visible = opened.visible;
        if is_new || strays || incident.is_some() {
            let of = self.inc();
            self.jobs.push_front(Job::Renew { of, incident, damaged: Vec::new() });
        } else if let Some(disk) = &self.disk {
            // A crash may have left it behind; what is whole now must not be lost unseen later.
            turn.effects.push(Effect::Sentinel(disk.meta.sentinel()));
        }
        if is_reopened {
            self.resume(turn);
        } else {
            self.start_round(turn);
        }
    }

    pub(super) fn on_unlocked(&mut self, turn: &mut Turn<'_, '_>, facts: UnlockedFacts) {
        self.unlocked = true;
        self.session = facts.session;
        self.key = facts.key;
        let Some(disk) = &mut self.disk else { return };
        for draft in facts.drafts {
            disk.drafts.insert(draft.id, draft);
        }
        if !facts.damaged.is_empty() {
            let seqs: Vec<u64> = facts.damaged.iter().map(|(_, seq)| *seq).collect();
            let lost = seqs.iter().min().copied().zip(seqs.iter().max().copied());
            let incident = Incident { kind: IncidentKind::Damaged, inc: disk.meta.inc, lost };
            let of = disk.meta.inc;
            self.jobs.push_front(Job::Renew { of, incident: Some(incident), damaged: facts.damaged });
        }
        self.jobs.push_back(Job::Settle);
        self.start_round(turn);
    }

    /// A new incarnation: what is left keeps its ids and gets dense numbers from 1.
    pub(super) fn renew(
        &mut self,
        turn: &mut Turn<'_, '_>,
        of: Inc,
        incident: Option<&Incident>,
        damaged: &[(Inc, u64)],
    ) -> Decision {
        let Some(disk) = self.disk.as_ref().filter(|disk| disk.meta.inc == of) else {
            return Decision::Nothing(Vec::new());
        };
        let mut meta = disk.meta.clone();
        let is_new = meta.inc == Inc([0; 8]);
        if !is_new {
            meta.prev_inc.push(meta.inc);
        }
        meta.inc = Inc(turn.env.rng.bytes());
        if let Some(incident) = incident {
            record_incident(&mut meta, incident.clone());
        }
        let lost: BTreeSet<(Inc, u64)> = damaged.iter().copied().gather();
        let mut batch_del: Vec<(Inc, u64)> = damaged.to_vec();
        let mut moves = Vec::new();
        let mut ids = BTreeSet::new();
        for head in self.strays.iter().chain(disk.outbox.values()) {
            let from = (head.inc, head.seq);
            if lost.contains(&from) {
                continue;
            }
            if !ids.insert(head.id) {
                batch_del.push(from);
                continue;
            }
            let seq = moves.len() as u64 + 1;
            moves.push(OutMove { from, head: OutboxHead { inc: meta.inc, seq, ..head.clone() } });
        }
        self.strays.clear();
        meta.next_seq = moves.len() as u64 + 1;
        (meta.acked, meta.durable, meta.pruned) = (0, 0, 0);
        let mut cleared = Vec::new();
        let is_damaged = incident.is_some_and(|incident| incident.kind == IncidentKind::Damaged);
        if is_damaged || hole(&disk.meta, disk.outbox.values()).is_some() {
            // What the lost rows wrote stands in the overlay of records unknown: every area is pulled again. A database that went back may
            // have a hole too.
            for (area, state) in &mut meta.areas {
                state.stage = Some(Position::default());
                cleared.push(*area);
            }
        }
        let mut batch = Batch::of(meta);
        batch.stage_clear = cleared;
        batch.out_del = batch_del;
        batch.out_move = moves;
        let mut plan = Plan::of(batch);
        if let Some(incident) = incident {
            plan.after.push(Effect::Attention(super::Attention::StorageLost(incident.clone())));
        }
        Decision::Write(Box::new(plan))
    }

    /// The incarnation on disk; zeros when there is none.
    pub(super) fn inc(&self) -> Inc {
        self.disk.as_ref().map_or(Inc([0; 8]), |disk| disk.meta.inc)
    }
}

/// Whether the storage lost something: what it holds is compared with the sentinel and with itself.
fn lost(meta: &Meta, is_new: bool, outbox: &[OutboxHead], sentinel: Option<Sentinel>) -> Option<Incident> {
    let is_blind = planted(Bug::NoSentinel) || planted(Bug::CheckLate) || planted(Bug::SeqOnlyDedupe);
    match sentinel.filter(|_| !is_blind) {
        Some(sentinel) if sentinel.inc == meta.inc && !is_new => {
            let last = meta.next_seq - 1;
            if last < sentinel.last_seq {
                let lost = Some((last + 1, sentinel.last_seq));
                return Some(Incident { kind: IncidentKind::WentBack, inc: meta.inc, lost });
            }
        }
        Some(sentinel) if is_new || !meta.prev_inc.contains(&sentinel.inc) => {
            let kind = if is_new { IncidentKind::Empty } else { IncidentKind::WentBack };
            let lost = (sentinel.last_seq > 0).then_some((1, sentinel.last_seq));
            return Some(Incident { kind, inc: sentinel.inc, lost });
        }
        _ => {}
    }
    if is_new {
        let orphan = outbox.first()?;
        return Some(Incident { kind: IncidentKind::Damaged, inc: orphan.inc, lost: None });
    }
    hole(meta, outbox.iter())
}

fn hole<'h>(meta: &Meta, outbox: impl Iterator<Item = &'h OutboxHead>) -> Option<Incident> {
    let here: BTreeSet<u64> = outbox.filter(|head| head.inc == meta.inc).map(|head| head.seq).gather();
    let missing: Vec<u64> = (meta.pruned + 1..meta.next_seq).filter(|seq| !here.contains(seq)).collect();
    let beyond = here.last().is_some_and(|last| *last >= meta.next_seq);
    if missing.is_empty() && !beyond {
        return None;
    }
    let lost = missing.first().copied().zip(missing.last().copied());
    Some(Incident { kind: IncidentKind::Hole, inc: meta.inc, lost })
}
