//! The invariants of `sync.md` §7, each checked where it could first be seen to fail.

mod alias;
mod merge;
mod rest;

use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    authority::LoggedChangeset,
    id::{AreaId, made_alike},
    local::LocalRecord,
    replica::Batch,
    rev::Rev,
    wire::{Op, PullAnswer, PullPage, PullRequest, PushAnswer, SyncAnswer, SyncRequest, Why},
};
use uuid::Uuid;

pub(crate) use merge::Before;

/// The first invariant that failed, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation(pub String);

impl World {
    /// Notes the first failure.
    pub(crate) fn fail(&mut self, what: String) {
        self.trace.say(self.now, || format!("VIOLATION {what}"));
        self.violation.get_or_insert(Violation(what));
    }

    /// What must hold of an answer, and of what the office stored for it.
    pub(crate) fn after_sync(
        &mut self,
        n: usize,
        request: &SyncRequest,
        answer: &SyncAnswer,
        before: Before,
    ) {
        if let Some(incident) = request.hello.as_ref().and_then(|hello| hello.storage.incident.as_ref()) {
            if self.ledger.reported.insert(n) {
                self.trace.say(self.now, || format!("d{n} reports {incident:?}"));
            }
            self.tally.add("incidents_reported");
        }
        if request.hello.as_ref().is_some_and(|hello| !hello.diverged.is_empty()) {
            self.tally.add("divergences_reported");
        }
        if let (Some(push), Some(PushAnswer::Receipt(receipt))) = (&request.push, &answer.push) {
            self.check_effects(n, request);
            self.check_merge(n, receipt, before);
            self.check_aliases(receipt);
            self.check_acked(push.first_seq, push.changesets.len() as u64, receipt.acked, n);
            if !receipt.drafts.is_empty() {
                self.tally.add_many("drafts_handed_over", receipt.drafts.len() as u64);
            }
        }
        match (&request.pull, &answer.pull) {
            (Some(pull), Some(PullAnswer::Page(page))) => self.check_page(n, pull, page),
            (Some(_), Some(PullAnswer::Error(sync::wire::PullError::Epoch { .. })))
                if self.office.epoch() > 1 =>
            {
                self.tally.add("epochs_pulled");
            }
            _ => {}
        }
        if request.purged.is_some() {
            self.tally.add("purges");
        }
    }

    /// I2, I3, I14, I16: effects once, numbers dense, times bounded, the dead stay dead.
    fn check_effects(&mut self, n: usize, request: &SyncRequest) {
        let store = self.office.books();
        let device = self.devices[n].identity.device;
        let Some(seqs) = store.seqs().get(&(device, request.inc)) else { return };
        let mut failed = None;
        if seqs.last_key_value().is_some_and(|(last, _)| *last != seqs.len() as u64) {
            failed = Some(format!("I3 d{n}: numbers of {} have a hole", request.inc));
        }
        let mut last_rev = Rev::ZERO;
        for id in seqs.values().rev().take(24).collect::<Vec<_>>().into_iter().rev() {
            if store.effects().get(id).copied().unwrap_or(0) > 1 {
                failed = Some(format!("I2 changeset {id} took effect twice"));
            }
            let Some(row) = store.log().get(id) else { continue };
            if let Some(what) = self.broken_members(row) {
                failed = Some(what);
            }
            let low = row.t_contact.min(row.t_recv);
            if !(low..=row.t_recv).contains(&row.t_eff) {
                failed = Some(format!("I14 changeset {id}: {} not in {low}..={}", row.t_eff, row.t_recv));
            }
            if row.inc == request.inc {
                if row.rev.is_some_and(|rev| rev < last_rev) {
                    failed = Some(format!("I4 changeset {id} took effect before an earlier one"));
                }
                last_rev = row.rev.unwrap_or(last_rev);
            }
        }
        if let Some(what) = failed {
            self.fail(what);
        }
    }

    /// I22: what no build of today knows stays in the log as it came; a schema of tomorrow is rejected.
    fn broken_members(&self, row: &LoggedChangeset) -> Option<String> {
        let device = self.devices.iter().find(|device| device.identity.device == row.device)?;
        if !device.is_newer {
            return None;
        }
        let tomorrow: serde_json::Value = serde_json::from_str(crate::device::TOMORROW).ok()?;
        let body: serde_json::Value = serde_json::from_str(&row.body).ok()?;
        let ops = body["ops"].as_array()?;
        let is_kept = body["x_tomorrow"] == tomorrow && ops.iter().all(|op| op["x_tomorrow"] == tomorrow);
        if !is_kept {
            return Some(format!("I22 {} lost members that this build does not know", row.id));
        }
        let is_new_schema = body["schema"] == serde_json::json!(sync::wire::SCHEMA + 1);
        let is_refused = row.st == sync::wire::VerdictState::Rejected && row.why == Some(Why::Schema);
        (is_new_schema != is_refused && is_new_schema)
            .then(|| format!("I22 {} is of a schema of tomorrow and was taken", row.id))
    }

    fn check_acked(&mut self, first: u64, count: u64, acked: u64, n: usize) {
        if acked > first + count - 1 {
            self.fail(format!("I1 d{n}: acknowledged {acked}, request ended at {}", first + count - 1));
        }
    }

    /// I5, I6, I12: nothing foreign, nothing late, no rev cut in two.
    fn check_page(&mut self, n: usize, request: &PullRequest, page: &PullPage) {
        let scope = self.office.scope(n);
        let user = self.office.accounts[n].who.user;
        let mut failed = None;
        for row in &page.rows {
            let is_own = row.area == AreaId::OWN;
            let held_by_user =
                || self.office.books().record(row.e).and_then(|record| record.id_in("by")) == Some(user);
            if !(scope.contains(&row.area) || is_own && held_by_user()) {
                failed = Some(format!("I12 d{n} was sent {} of {}", row.e, row.area));
            }
            let cur = request.cur.get(&row.area).copied().unwrap_or_default();
            if row.rev <= cur {
                failed = Some(format!("I6 d{n}: {} at {} came after cursor {cur}", row.e, row.rev));
            }
        }
        if page.more {
            let end = page.rows.last().map(|row| row.rev);
            let sent: BTreeSet<Uuid> = page.rows.iter().map(|row| row.e).collect();
            let cut = self.office.books().records().find(|record| {
                Some(record.rev) == end
                    && scope.contains(&record.area)
                    && !sent.contains(&record.id)
                    && record.del.is_none()
                    && request.cur.get(&record.area).is_none_or(|cur| record.rev > *cur)
                    && domain::kinds::kind(&record.kind)
                        .is_some_and(|kind| kind.is_pulled_by(self.office.accounts[n].who.role))
            });
            failed = cut.map(|record| format!("I5 d{n}: page ends inside {}", record.rev)).or(failed);
        }
        if let Some(what) = failed {
            self.fail(what);
        }
    }

    /// I13: nothing leaves the outbox or the drafts that is not with the office.
    pub(crate) fn check_batch(&mut self, n: usize, batch: &Batch) {
        let stores = &self.devices[n].disk.now;
        let mut failed = None;
        for key in batch.out_del.iter().filter(|key| !stores.damaged.contains(key)) {
            if stores.out.get(key).is_some_and(|row| row.0.verdict.is_none())
                && !batch.out_move.iter().any(|moved| moved.from == *key)
            {
                let moved = batch.meta.acked >= key.1;
                if !moved || !self.is_known(stores.out.get(key).map(|row| row.0.id)) {
                    failed = Some(format!("I13 d{n}: number {} left the outbox unacknowledged", key.1));
                }
            }
        }
        for id in &batch.draft_del {
            let is_finished = batch
                .out_put
                .iter()
                .any(|put| put.changeset.ops.iter().any(|op| matches!(op, Op::Create { e, .. } if e == id)));
            let held = made_alike("held", &[&id.to_string()]);
            let is_handed = self.office.books().record(held).is_some() || self.office.epoch() > 1;
            if !is_finished && !is_handed {
                failed = Some(format!("I13 d{n}: draft {id} was removed"));
            }
        }
        if let Some(what) = failed {
            self.fail(what);
        }
        self.check_photos_removed(n, &batch.blob_del);
    }

    fn is_known(&self, id: Option<Uuid>) -> bool {
        id.is_some_and(|id| self.office.books().log().contains_key(&id))
    }

    /// I7, I10, I11, I12 on the device after a commit.
    pub(crate) fn after_commit(&mut self, n: usize, batch: &Batch) {
        for id in &batch.draft_del {
            self.ledger.drafts.insert(*id, true);
        }
        if batch.out_move.iter().any(|moved| moved.from.0 != moved.head.inc) {
            self.tally.add("new_incarnations");
        }
        self.forget_mended(n);
        if let Some(what) = self.broken_rows(n).or_else(|| self.broken_overlay(n)) {
            self.fail(what);
        }
    }

    /// An area of which records were lost is judged again once its rows are the office's.
    fn forget_mended(&mut self, n: usize) {
        let (device, office) = (&self.devices[n], &self.office);
        let stores = &device.disk.now;
        let is_torn = |area: &AreaId| {
            let rows = counted(stores.rep.values().map(AsRef::as_ref), *area);
            let state = stores.meta.as_ref().and_then(|meta| meta.areas.get(area));
            let is_counted = state.is_none_or(|state| state.live.rows == rows.len() as u64);
            !is_counted || rows != office.expected(n, *area)
        };
        let torn = device.torn.iter().copied().filter(is_torn).collect();
        self.devices[n].torn = torn;
    }

    /// I7, I11, I12: where a cursor stands at the head, the rows are the office's; no row lies outside the areas.
    fn broken_rows(&self, n: usize) -> Option<String> {
        let stores = &self.devices[n].disk.now;
        let meta = stores.meta.as_ref()?;
        for record in stores.rep.values() {
            if record.confirmed.is_some() && !meta.areas.contains_key(&record.area) {
                return Some(format!(
                    "I12 d{n}: {} lies in {} which is not in scope",
                    record.id, record.area
                ));
            }
        }
        let head = self.office.books().head();
        let is_current =
            meta.scope_rev == self.office.accounts[n].scope_rev && meta.epoch == self.office.epoch();
        if !is_current {
            return None;
        }
        let at_head = meta.areas.iter().filter(|(_, state)| state.live.cur == head && state.stage.is_none());
        for (area, state) in at_head.filter(|(area, _)| !self.devices[n].torn.contains(area)) {
            let here = counted(stores.rep.values().map(AsRef::as_ref), *area);
            let there = self.office.expected(n, *area);
            if here != there {
                let theirs =
                    here.keys().find(|e| !there.contains_key(e)).map(|e| self.office.books().record(*e));
                return Some(format!(
                    "I11 d{n}: cursor of {area} at {head}, {}; the first extra is {theirs:?}",
                    differ(&here, &there)
                ));
            }
            if here.len() as u64 != state.live.rows {
                return Some(format!(
                    "I7 d{n}: counted {} rows in {area}, there are {}",
                    state.live.rows,
                    here.len()
                ));
            }
        }
        None
    }

    /// I10: an own saved value shows until its verdict arrives.
    fn broken_overlay(&self, n: usize) -> Option<String> {
        let stores = &self.devices[n].disk.now;
        let mut last: BTreeMap<(Uuid, &str), (&serde_json::Value, Uuid)> = BTreeMap::new();
        for row in stores.out.values().filter(|row| row.0.verdict.is_none()) {
            if !row.0.settled && row.0.t_acked != 0 {
                continue;
            }
            for op in &row.1.ops {
                match op {
                    Op::Set { e, f, v, .. } => {
                        last.insert((*e, f.as_str()), (v, row.0.id));
                    }
                    Op::Create { e, f, .. } if e.get_version_num() == 7 => {
                        last.extend(f.iter().map(|(name, v)| ((*e, name.as_str()), (v, row.0.id))));
                    }
                    _ => {}
                }
            }
        }
        last.retain(|_, (_, id)| !self.devices[n].unshown.contains(id));
        let known: BTreeSet<Uuid> = stores.out.values().map(|row| row.0.id).collect();
        // What a lost row wrote shows until its areas were pulled again.
        let is_lost = |record: &LocalRecord| {
            record.pending.iter().any(|p| p.verdict.is_none() && !known.contains(&p.changeset))
        };
        for ((e, field), (value, id)) in last {
            let record = stores.rep.get(&e);
            if record.is_some_and(|record| is_lost(record)) {
                continue;
            }
            let shown = record.map(|record| record.view());
            if shown.as_ref().is_none_or(|view| view.f.get(field) != Some(value)) {
                let was_sent_before = self.office.books().log().contains_key(&id) || self.office.epoch() > 1;
                if !was_sent_before {
                    return Some(format!(
                        "I10 d{n}: {field} of {e} does not show what {id} saved: {record:?}"
                    ));
                }
            }
        }
        None
    }

    /// I11: the sentinel is never ahead of the disk.
    pub(crate) fn check_sentinel(&mut self, n: usize) {
        let device = &self.devices[n];
        let (Some(sentinel), Some(meta)) = (device.sentinel, &device.disk.now.meta) else { return };
        if sentinel.inc == meta.inc && sentinel.last_seq >= meta.next_seq {
            self.fail(format!("I11 d{n}: sentinel {} is ahead of {}", sentinel.last_seq, meta.next_seq));
        }
    }

    /// I12, I13: areas whose keys go have no rows left, and nothing unsent.
    pub(crate) fn check_purge(&mut self, n: usize, areas: &[AreaId]) {
        let stores = &self.devices[n].disk.now;
        let left =
            stores.rep.values().chain(stores.stage.values()).find(|record| areas.contains(&record.area));
        if let Some(record) = left {
            let what = format!("I12 d{n}: {} is left of a purged area", record.id);
            self.fail(what);
        }
    }
}

/// The confirmed records of an area with their versions.
pub(crate) fn counted<'r>(rows: impl Iterator<Item = &'r LocalRecord>, area: AreaId) -> BTreeMap<Uuid, Rev> {
    rows.filter(|record| record.area == area && record.is_counted())
        .map(|record| (record.id, record.rev()))
        .collect()
}

pub(crate) fn differ(here: &BTreeMap<Uuid, Rev>, there: &BTreeMap<Uuid, Rev>) -> String {
    let missing: Vec<_> = there.keys().filter(|e| !here.contains_key(e)).collect();
    let extra: Vec<_> = here.keys().filter(|e| !there.contains_key(e)).collect();
    let stale: Vec<_> =
        here.iter().filter(|(e, rev)| there.get(e).is_some_and(|other| other != *rev)).collect();
    format!("missing {missing:?} extra {extra:?} stale {stale:?}")
}
