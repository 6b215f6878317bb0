//! An answer of the office, applied section by section in one commit: verdicts, rows and cursors together.

mod hello;
mod page;
mod push;
mod scope;

use super::{
    Attention, Batch, Effect, Loaded, Meta, OutMove, OutboxHead, Replica, RequestPlan, Turn,
    changed::Changed,
    disk::Disk,
    job::{Decision, Job, Plan},
    shelf::{Place, Shelves},
};
use crate::{
    id::AreaId,
    limits::{ACKED_KEPT_BYTES, ACKED_KEPT_MS},
    local::{LocalRecord, Settled},
    planted::{Bug, planted},
    rev::Rev,
    wire::{AreaDigest, Incident, PullAnswer, SyncAnswer, Verdict, VerdictState},
};
use domain::order::Gather;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An answer beside the request it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) id: u64,
    pub(super) request: RequestPlan,
    pub(super) answer: SyncAnswer,
}

/// The answer while it is being applied.
pub(super) struct Applying<'a> {
    pub(super) now: i64,
    pub(super) disk: &'a Disk,
    /// A locked vault reads no records: verdicts reach them at the next unlock.
    pub(super) unlocked: bool,
    pub(super) meta: Meta,
    /// Heads whose verdict, or whether it is settled, changes.
    pub(super) heads: BTreeMap<u64, OutboxHead>,
    pub(super) shelves: Shelves<'a>,
    pub(super) batch: Batch,
    pub(super) changed: Changed,
    pub(super) after: Vec<Effect>,
    pub(super) digests: BTreeMap<AreaId, AreaDigest>,
    pub(super) swap: BTreeSet<AreaId>,
    /// Whether the page said that nothing is left.
    pub(super) is_complete: bool,
    /// A new incarnation is needed.
    pub(super) renew: Option<Option<Incident>>,
    pub(super) news: News,
}

/// What the line learns from an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    pub(super) more: bool,
    pub(super) session_ended: bool,
    pub(super) scope_waits: bool,
    pub(super) purge_refused: bool,
    pub(super) key_refused: bool,
    pub(super) hand_over: BTreeSet<Uuid>,
    pub(super) progress: bool,
}

impl Replica {
    pub(super) fn apply(&mut self, turn: &mut Turn<'_, '_>, reply: &Reply, loaded: &Loaded) -> Decision {
        let Some(disk) = &self.disk else { return Decision::Nothing(Vec::new()) };
        let wanted = self.wanted_by(disk, reply);
        if !wanted.is_empty() && !wanted.is_subset(&self.asked) {
            self.asked.clone_from(&wanted);
            return Decision::Load(wanted.into_iter().collect());
        }
        self.asked.clear();
        let mut applying = Applying::new(turn.env.now, disk, loaded, self.unlocked);
        applying.contact(reply);
        applying.hello(reply);
        if applying.renew.is_none() {
            applying.push(reply, &self.line.dirty_drafts);
        }
        if applying.renew.is_none() {
            applying.pull(reply, self.line.purge_confirmed, &self.line.equal);
        }
        if let (Some(sent), Some(answer)) = (&reply.request.purged, &reply.answer.purged)
            && answer.ok
            && applying.meta.purged.as_ref() == Some(sent)
        {
            applying.meta.purged = None;
        }
        applying.pass();
        applying.prune();
        self.line.news = applying.news.clone();
        if let Some(incident) = applying.renew.take() {
            let of = disk.meta.inc;
            self.jobs.push_front(Job::Renew { of, incident, damaged: Vec::new() });
        }
        Decision::Write(Box::new(applying.finish()))
    }

    /// Verdicts that came while the vault was locked reach the records.
    pub(super) fn settle_all(&mut self, loaded: &Loaded) -> Decision {
        let Some(disk) = self.disk.as_ref().filter(|_| self.unlocked) else {
            return Decision::Nothing(Vec::new());
        };
        let wanted: BTreeSet<Uuid> = disk.unsettled().flat_map(|head| head.touched.iter().copied()).gather();
        if wanted.is_empty() {
            return Decision::Nothing(Vec::new());
        }
        if !wanted.is_subset(&self.asked) {
            self.asked.clone_from(&wanted);
            return Decision::Load(wanted.into_iter().collect());
        }
        self.asked.clear();
        let mut applying = Applying::new(0, disk, loaded, true);
        let unsettled: Vec<OutboxHead> = disk.unsettled().cloned().collect();
        for head in unsettled {
            applying.settle(&head);
        }
        applying.pass();
        Decision::Write(Box::new(applying.finish()))
    }

    /// Records that an answer may change: of rows, and of changesets whose verdict is not yet shown.
    fn wanted_by(&self, disk: &Disk, reply: &Reply) -> BTreeSet<Uuid> {
        if !self.unlocked {
            return BTreeSet::new();
        }
        let sent: BTreeSet<Uuid> =
            reply.request.push.iter().flat_map(|push| push.changesets.iter().copied()).gather();
        let heads = disk.outbox.values();
        let judged =
            heads.filter(|head| !head.settled && (head.verdict.is_some() || sent.contains(&head.id)));
        let mut wanted: BTreeSet<Uuid> = judged.flat_map(|head| head.touched.iter().copied()).gather();
        if let Some(PullAnswer::Page(page)) = &reply.answer.pull {
            wanted.extend(page.rows.iter().map(|row| row.e));
            if !page.more && disk.meta.areas.values().any(|state| state.stage.is_some()) {
                // Staged records are about to be swapped in: own work must not go with the records they replace.
                let open = disk.outbox.values().filter(|head| !head.settled);
                wanted.extend(open.flat_map(|head| head.touched.iter().copied()));
            }
        }
        wanted
    }
}

impl<'a> Applying<'a> {
    fn new(now: i64, disk: &'a Disk, loaded: &'a Loaded, unlocked: bool) -> Applying<'a> {
        Applying {
            now,
            disk,
            unlocked,
            meta: disk.meta.clone(),
            heads: BTreeMap::new(),
            shelves: Shelves::new(loaded),
            batch: Batch::of(disk.meta.clone()),
            changed: Changed::default(),
            after: Vec::new(),
            digests: BTreeMap::new(),
            swap: BTreeSet::new(),
            is_complete: false,
            renew: None,
            news: News::default(),
        }
    }

    fn contact(&mut self, reply: &Reply) {
        self.meta.t_contact = self.meta.t_contact.max(reply.answer.t);
        self.meta.t_contact_device = self.now;
    }

    /// The head as it stands after what was applied so far.
    pub(super) fn head(&self, seq: u64) -> Option<&OutboxHead> {
        self.heads.get(&seq).or_else(|| self.disk.outbox.get(&seq))
    }

    pub(super) fn all_heads(&self) -> impl Iterator<Item = &OutboxHead> {
        self.disk.outbox.keys().filter_map(|seq| self.head(*seq))
    }

    /// Writes a verdict into the records.
    pub(super) fn settle(&mut self, head: &OutboxHead) {
        let Some(settled) = head.verdict.as_ref().map(settled) else { return };
        for e in &head.touched {
            self.shelves.edit(*e, |record| record.settle(head.id, settled));
        }
    }

    /// Own work that the pulls have passed becomes part of the confirmed records.
    fn pass(&mut self) {
        if !self.unlocked {
            return;
        }
        let open: Vec<OutboxHead> =
            self.all_heads().filter(|head| head.verdict.is_some() && !head.settled).cloned().collect();
        for mut head in open {
            let Some(settled) = head.verdict.as_ref().map(settled) else { continue };
            let is_refused = matches!(settled.st, VerdictState::Held | VerdictState::Rejected);
            let mut is_passed = true;
            for e in &head.touched {
                let seen = self.seen_of(*e);
                is_passed &= is_refused || seen >= settled.rev;
                self.shelves.edit(*e, |record| record.passed(seen));
            }
            let is_shown = head.touched.iter().all(|e| self.is_shown(*e, head.id, settled));
            if is_passed && is_shown {
                head.settled = true;
                self.heads.insert(head.seq, head);
            }
        }
    }

    /// Whether the record has taken the verdict.
    fn is_shown(&self, e: Uuid, changeset: Uuid, settled: Settled) -> bool {
        let waits = |record: &LocalRecord| {
            record
                .pending
                .iter()
                .any(|pending| pending.changeset == changeset && pending.verdict != Some(settled))
        };
        !self.shelves.rep.get(e).is_some_and(waits)
    }

    /// Up to which rev a record is here; what lies nowhere is behind every pull.
    ///
    /// A cursor in the midst of a pull does not say so: a record that changed again after it comes on a later page, with all that it missed.
    /// So it is the cursor at which the area was last whole, or the record's own row, whichever is later.
    fn seen_of(&self, e: Uuid) -> Rev {
        let everything = Rev::new(u16::MAX, u64::MAX);
        let Some(record) = self.shelves.rep.get(e) else { return everything };
        let Some(state) = self.meta.areas.get(&record.area) else { return everything };
        let whole = match state.stage.filter(|_| self.swap.contains(&record.area)) {
            Some(stage) => stage.since,
            None => state.live.since,
        };
        whole.max(record.rev())
    }

    /// Removes what a verified backup contains; without backups, what is old or too much.
    fn prune(&mut self) {
        let mut limit = self.meta.durable.min(self.meta.acked);
        if planted(Bug::PruneAtAck) {
            limit = self.meta.acked;
        }
        if !self.meta.backed_up {
            let aged = self.aged();
            if aged > limit {
                limit = aged;
                self.after.push(Effect::Attention(Attention::PrunedWithoutBackup));
            }
        }
        // What the records do not show yet stays, and all after it: a row lost there must be found missing, or its overlay would stay for ever.
        let open = self.all_heads().find(|head| !head.settled).map_or(limit, |head| head.seq - 1);
        limit = limit.min(open);
        let done: Vec<OutboxHead> = self
            .all_heads()
            .take_while(|head| head.seq <= limit)
            .filter(|head| head.settled && head.verdict.is_some() && !head.is_refused())
            .cloned()
            .collect();
        for head in done {
            self.meta.delivered += u64::from(head.is_delivered());
            self.heads.remove(&head.seq);
            self.batch.out_del.push((head.inc, head.seq));
        }
        self.meta.pruned = self.meta.pruned.max(limit);
    }

    fn aged(&self) -> u64 {
        let mut bytes: usize = self.all_heads().filter(|head| head.settled).map(|head| head.bytes).sum();
        let mut limit = 0;
        for head in self.all_heads().take_while(|head| head.seq <= self.meta.acked && head.settled) {
            let is_old = self.meta.t_contact - head.t_acked > ACKED_KEPT_MS;
            if !is_old && bytes <= ACKED_KEPT_BYTES {
                break;
            }
            bytes -= head.bytes;
            limit = head.seq;
        }
        limit
    }

    fn finish(mut self) -> Plan {
        let kept = self.kept_at_swap();
        let purged: BTreeSet<AreaId> = self.batch.area_del.iter().copied().gather();
        self.shelves.rep.drop_areas(&purged);
        let cleared: BTreeSet<AreaId> = self.batch.stage_clear.iter().chain(&purged).copied().gather();
        self.shelves.stage.drop_areas(&cleared);
        for head in self.heads.into_values() {
            self.batch.out_move.push(OutMove { from: (head.inc, head.seq), head });
        }
        let mut plan = Plan::of(self.batch);
        let batch = &mut plan.batches[0];
        plan.changed = self.changed;
        self.shelves.finish(
            Place { meta: &mut self.meta, batch, changed: &mut plan.changed },
            &self.swap,
            kept,
        );
        batch.meta = self.meta;
        plan.after = self.after;
        plan.digests = self.digests;
        if planted(Bug::CursorFirst) && !(batch.rep_put.is_empty() && batch.rep_del.is_empty()) {
            let first = Batch { out_move: batch.out_move.clone(), ..Batch::of(batch.meta.clone()) };
            batch.out_move.clear();
            plan.batches.push_front(first);
        }
        plan
    }
}

/// What the records need of a verdict.
pub(super) fn settled(verdict: &Verdict) -> Settled {
    Settled { st: verdict.st, rev: verdict.rev.unwrap_or(Rev::ZERO) }
}
