//! The smaller pieces: sessions, drafts, dismissed refusals, digests, revocation and wipe.

use super::{
    Attention, Batch, BlobPhase, DraftHead, Effect, OutMove, OutboxHead, Replica, Turn,
    disk::record_divergence,
    job::{Decision, Job, Plan},
};
use crate::{
    id::AreaId,
    wire::{AreaDigest, DivergenceKind},
};
use std::collections::BTreeMap;
use uuid::Uuid;

impl Replica {
    pub(super) fn on_locked(&mut self) {
        self.unlocked = false;
        self.session = false;
        self.key = None;
    }

    pub(super) fn on_session(&mut self, turn: &mut Turn<'_, '_>, open: bool) {
        self.session = open;
        if open {
            self.line.logged_in_after = self.last_id;
            self.line.pulled = false;
            self.start_round(turn);
        }
    }

    pub(super) fn on_draft_saved(&mut self, draft: DraftHead) {
        self.line.dirty_drafts.insert(draft.id);
        if let Some(disk) = &mut self.disk {
            disk.drafts.insert(draft.id, draft);
        }
    }

    pub(super) fn on_draft_removed(&mut self, id: Uuid) {
        if let Some(disk) = &mut self.disk {
            disk.drafts.remove(&id);
        }
    }

    pub(super) fn on_hand_over(&mut self, turn: &mut Turn<'_, '_>) {
        self.line.hand_over_all = true;
        self.start_round(turn);
    }

    pub(super) fn on_purge_confirmed(&mut self, turn: &mut Turn<'_, '_>) {
        self.line.purge_confirmed = true;
        self.line.purge_refused = false;
        self.line.pulled = false;
        self.start_round(turn);
    }

    pub(super) fn after_commit(&mut self, turn: &mut Turn<'_, '_>, job: &Job) {
        match job {
            Job::Reply(reply) => {
                self.after_reply(turn, reply);
                self.expire_photos(turn);
            }
            Job::Restart(_) => self.line.pulled = false,
            Job::Save { .. } => self.sync_after_save(turn),
            _ => {}
        }
        if self.has_lost_next() && !matches!(job, Job::Renew { .. }) {
            let of = self.inc();
            self.jobs.push_front(Job::Renew { of, incident: None, damaged: Vec::new() });
        }
    }

    /// A rejected changeset leaves its list; its number stays used.
    pub(super) fn dismiss(&self, id: Uuid) -> Decision {
        let Some(disk) = &self.disk else { return Decision::Nothing(Vec::new()) };
        let Some(head) = disk.outbox.values().find(|head| head.id == id && head.is_refused()) else {
            return Decision::Nothing(Vec::new());
        };
        let mut batch = Batch::of(disk.meta.clone());
        let from = (head.inc, head.seq);
        if head.seq <= disk.meta.pruned && head.settled {
            batch.out_del.push(from);
        } else {
            batch.out_move.push(OutMove { from, head: OutboxHead { dismissed: true, ..head.clone() } });
        }
        Decision::Write(Box::new(Plan::of(batch)))
    }

    /// Areas that differ start again, in `stage`; so do those whose count of rows is not what lies there.
    pub(super) fn compare_digests(
        &mut self,
        turn: &mut Turn<'_, '_>,
        named: &BTreeMap<AreaId, AreaDigest>,
        own: &BTreeMap<AreaId, AreaDigest>,
    ) {
        let mut differing = Vec::new();
        for (area, digest) in named {
            let counted =
                self.disk.as_ref().and_then(|disk| disk.meta.areas.get(area)).map(|state| state.live.rows);
            if own.get(area) == Some(digest) && counted == Some(digest.n) {
                self.line.equal.insert(*area, digest.clone());
            } else {
                self.line.equal.remove(area);
                turn.effects.push(Effect::Attention(Attention::DigestDiffers(*area)));
                differing.push(*area);
            }
        }
        if !differing.is_empty() {
            self.jobs.push_back(Job::Restart(differing));
        }
    }

    pub(super) fn restart(&self, areas: &[AreaId], now: i64) -> Decision {
        let Some(disk) = &self.disk else { return Decision::Nothing(Vec::new()) };
        let mut batch = Batch::of(disk.meta.clone());
        record_divergence(&mut batch.meta, DivergenceKind::Digest, areas, now);
        for area in areas {
            if let Some(state) = batch.meta.areas.get_mut(area) {
                state.stage = Some(super::Position::default());
                batch.stage_clear.push(*area);
            }
        }
        Decision::Write(Box::new(Plan::of(batch)))
    }

    /// Revoked: the keys go, the outbox stays as ciphertext.
    pub(super) fn revoke(&self) -> Decision {
        let Some(disk) = &self.disk else { return Decision::Nothing(Vec::new()) };
        let mut batch = Batch::of(disk.meta.clone());
        batch.meta.revoked = true;
        let mut plan = Plan::of(batch);
        plan.after.push(Effect::DestroyKeys);
        Decision::Write(Box::new(plan))
    }

    /// A wipe ends when outbox, drafts and photos are with the office.
    pub(super) fn finish_wipe(&self, turn: &mut Turn<'_, '_>) {
        let Some(disk) = self.disk.as_ref().filter(|disk| disk.meta.wiping) else { return };
        // All bytes sent is not enough: the office may find them damaged, or have lost them.
        let is_waiting = |phase: &BlobPhase| matches!(phase, BlobPhase::Waiting | BlobPhase::Sent);
        let is_empty = disk.unsent().next().is_none()
            && disk.drafts.is_empty()
            && !disk.blobs.values().any(|blob| is_waiting(&blob.phase));
        if is_empty {
            turn.effects.push(Effect::Wipe);
        }
    }
}
