//! The next request of a round, section by section.

use super::{OutboxHead, PushPlan, Replica, RequestPlan, Turn, disk::Disk};
use crate::wire::{Hello, PullRequest, SCHEMA, StorageReport};
use domain::order::Gather;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Replica {
    /// What is to be sent next; nothing when the round is done.
    pub(super) fn next_request(&mut self, turn: &Turn<'_, '_>) -> Option<RequestPlan> {
        let disk = self.disk.as_ref()?;
        let push = self.push_plan(disk);
        let is_last = push.as_ref().is_none_or(|push| {
            disk.unsent().count() == push.changesets.len() && push.drafts.len() >= self.drafts_due(disk).len()
        });
        let pull = (is_last && self.may_pull(disk, push.is_some())).then(|| self.pull_request(disk));
        // What differed is told with the pull that mends it, or else with the next round. A phone that empties itself when the round ends asks with each push
        // where the office stands, so that its last answer does not hide a restore.
        let is_due = self.line.hello_due
            || pull.is_some() && disk.meta.diverged.iter().any(|one| !one.told)
            || push.is_some() && disk.meta.wiping;
        let hello = is_due.then(|| self.hello(disk, turn.env.now));
        let purged = disk.meta.purged.clone();
        if hello.is_none() && push.is_none() && pull.is_none() && purged.is_none() {
            return None;
        }
        Some(RequestPlan { device: disk.meta.identity.device, inc: disk.meta.inc, hello, push, pull, purged })
    }

    /// Reading needs a session and an open vault, and comes after the outbox while a new scope waits.
    fn may_pull(&self, disk: &Disk, is_pushing: bool) -> bool {
        let waits = self.line.scope_waits && is_pushing;
        self.unlocked
            && self.session
            && !disk.meta.wiping
            && !self.line.purge_refused
            && !waits
            && (!self.line.pulled || is_pushing)
    }

    fn pull_request(&self, disk: &Disk) -> PullRequest {
        let positions = || disk.meta.areas.iter().map(|(area, state)| (*area, state.pulling()));
        PullRequest {
            epoch: disk.meta.epoch,
            scope_rev: disk.meta.scope_rev,
            cur: positions().map(|(area, place)| (area, place.cur)).gather(),
            since: positions().map(|(area, place)| (area, place.since)).gather(),
            page_bytes: self.line.page_bytes,
        }
    }

    fn push_plan(&self, disk: &Disk) -> Option<PushPlan> {
        let changesets: Vec<&OutboxHead> = self.batch(disk);
        let drafts = self.drafts_due(disk);
        if changesets.is_empty() && drafts.is_empty() {
            return None;
        }
        let first_seq = disk.meta.acked + 1;
        Some(PushPlan {
            first_seq,
            prev_id: disk.outbox.get(&disk.meta.acked).map(|head| head.id),
            key: changesets.first().map_or(self.key, |head| head.key),
            changesets: changesets.iter().map(|head| head.id).collect(),
            drafts: drafts.into_iter().collect(),
        })
    }

    /// The next changesets, dense from `acked + 1`, of one key, as many as the batch takes and never fewer than one.
    fn batch<'d>(&self, disk: &'d Disk) -> Vec<&'d OutboxHead> {
        let mut bytes = 0;
        let mut key = None;
        let dense = disk.unsent().zip(disk.meta.acked + 1..).take_while(|(head, seq)| head.seq == *seq);
        dense
            .map(|(head, _)| head)
            .take_while(|head| {
                bytes += head.bytes;
                let is_first = key.is_none();
                *key.get_or_insert(head.key) == head.key && (is_first || bytes <= self.line.batch_bytes)
            })
            .collect()
    }

    /// Drafts to be handed over: of areas that leave, or all when the device is wiped or its code forgotten.
    fn drafts_due(&self, disk: &Disk) -> BTreeSet<Uuid> {
        let all = disk.meta.wiping || self.line.hand_over_all;
        disk.drafts.keys().filter(|id| all || self.line.hand_over.contains(id)).copied().gather()
    }

    /// Whether the changeset that must be sent next is no longer here (it was pruned before a restore).
    pub(super) fn has_lost_next(&self) -> bool {
        self.disk.as_ref().is_some_and(|disk| {
            let next = disk.meta.acked + 1;
            next < disk.meta.next_seq && !disk.outbox.contains_key(&next)
        })
    }

    fn hello(&self, disk: &Disk, now: i64) -> Hello {
        let meta = &disk.meta;
        let waiting = || disk.outbox.values().filter(|head| head.verdict.is_none());
        Hello {
            next_seq: meta.next_seq,
            acked: meta.acked,
            pending: waiting().count() as u64,
            oldest: waiting().map(|head| head.t).min(),
            drafts: disk.drafts.len() as u64,
            blobs: self.photos_waiting(disk),
            epoch: meta.epoch,
            scope_rev: meta.scope_rev,
            schema: SCHEMA,
            build: self.build.clone(),
            t: now,
            seen: meta.seen.clone(),
            ask: self.blobs_to_ask(disk, now),
            // Whoever holds the keys says it.
            sealed_to: None,
            storage: StorageReport {
                persisted: self.storage.persisted,
                free: self.storage.free,
                incident: meta.incident.clone(),
            },
            diverged: meta.diverged.iter().filter(|one| !one.told).map(|one| one.what.clone()).collect(),
        }
    }
}
