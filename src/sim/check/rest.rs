//! What must hold once faults have stopped and everything has come to rest.

use super::{counted, differ, merge::of_kind};
use crate::world::World;
use domain::kinds::{Seen, kind};
use std::collections::BTreeSet;
use sync::{
    id::{AreaId, made_alike},
    local::LocalRecord,
    record::{HELD, Record},
    wire::VerdictState,
};
use uuid::Uuid;

impl World {
    /// Whether every outbox is empty and every area is at the office's head.
    pub(crate) fn is_at_rest(&self) -> bool {
        (0..self.devices.len()).all(|n| self.unrest(n).is_none())
    }

    fn unrest(&self, n: usize) -> Option<String> {
        if self.is_over(n) {
            return None;
        }
        if self.office.accounts[n].standing == sync::authority::Standing::Wipe {
            return Some("is not wiped".to_owned());
        }
        let device = &self.devices[n];
        let Some(meta) = &device.disk.now.meta else { return Some("has no counters".to_owned()) };
        if meta.acked + 1 != meta.next_seq {
            return Some(format!("has {} unsent", meta.next_seq - 1 - meta.acked));
        }
        if meta.scope_rev != self.office.accounts[n].scope_rev || meta.epoch != self.office.epoch() {
            return Some("has an old scope or epoch".to_owned());
        }
        if let Some(hash) = self.waiting_photo(n) {
            return Some(format!("has the photo {hash} unsent"));
        }
        if meta.areas.values().any(|state| state.stage.is_some()) {
            return Some("is still staging".to_owned());
        }
        let head = self.office.books().head();
        meta.areas.values().any(|state| state.live.cur != head).then(|| "is behind".to_owned())
    }

    /// I1, I8, I12, I13, I17, I18, I21, I23, I24, I26.
    pub(crate) fn check_rest(&mut self) {
        if self.violation.is_none() {
            let broken = (0..self.devices.len())
                .find_map(|n| self.broken_device(n))
                .or_else(|| self.broken_promise())
                .or_else(|| self.broken_draft())
                .or_else(|| self.broken_photo())
                .or_else(|| self.misplaced());
            if let Some(what) = broken {
                self.fail(what);
            }
        }
        self.count();
    }

    fn broken_device(&self, n: usize) -> Option<String> {
        if let Some(what) = self.unrest(n) {
            return Some(format!("I23 d{n} {what}"));
        }
        if self.is_over(n) {
            return None;
        }
        let stores = &self.devices[n].disk.now;
        let areas: BTreeSet<AreaId> = self.office.scope(n).into_iter().chain([AreaId::OWN]).collect();
        for area in &areas {
            let here = counted(stores.rep.values().map(AsRef::as_ref), *area);
            let there = self.office.expected(n, *area);
            if here != there {
                return Some(format!("I8 d{n} {area}: {}", differ(&here, &there)));
            }
        }
        let shown = stores.meta.iter().flat_map(|meta| &meta.nodes);
        let shown: BTreeSet<(AreaId, &str)> = shown.map(|node| (node.id, node.code.as_str())).collect();
        let scope = self.office.scope(n);
        let true_codes = scope.iter().filter_map(|id| self.office.tree.get(*id));
        if shown != true_codes.map(|area| (area.id, area.code.as_str())).collect() {
            return Some(format!("I23 d{n} shows other areas than its own, or old codes: {shown:?}"));
        }
        for record in stores.rep.values() {
            let is_alias = record.gone.is_some_and(|gone| gone.into.is_some());
            if !record.pending.is_empty() || record.confirmed.is_none() && !is_alias {
                return Some(format!("I23 d{n}: {record:?} still waits"));
            }
            if let (true, Some(theirs)) = (record.is_counted(), self.office.books().record(record.id))
                && let Some(what) = self.torn(n, record, theirs)
            {
                return Some(format!("I7 d{n}: {what}"));
            }
        }
        None
    }

    /// Compares a record field by field, as far as the role sees it.
    fn torn(&self, n: usize, ours: &LocalRecord, theirs: &Record) -> Option<String> {
        let role = self.office.accounts[n].who.role;
        let confirmed = ours.confirmed.as_ref()?;
        let table = kind(&theirs.kind)?;
        for (field, state) in &theirs.fields {
            if !self.is_shown(n, theirs, field) {
                if confirmed.f.contains_key(field) {
                    return Some(format!("{field} of {} is for its author and the office", ours.id));
                }
                continue;
            }
            if table.seen(role, field) != Seen::Full || !theirs.about.is_empty() {
                continue;
            }
            if confirmed.version(field) != state.fv || confirmed.f.get(field) != theirs.plain(field) {
                return Some(format!("{field} of {} is not the office's", ours.id));
            }
        }
        if ours.parent != theirs.parent {
            return Some(format!("{} hangs below another record than at the office", ours.id));
        }
        (confirmed.entered != theirs.entered).then(|| format!("{} entered at another rev", ours.id))
    }

    /// What is no field in a draft is for its author and the office (L6).
    fn is_shown(&self, n: usize, record: &Record, field: &str) -> bool {
        let who = &self.office.accounts[n].who;
        record.kind != HELD
            || field != "draft"
            || who.role.is_office()
            || record.id_in("by") == Some(who.user)
    }

    /// I1, I17, I18: what was called saved is with the office, or lies in a loss that its device reported.
    fn broken_promise(&self) -> Option<String> {
        for (id, n) in &self.ledger.saved {
            if self.office.books().log().contains_key(id) {
                continue;
            }
            // What a file could not bring lies on the revoked phone; and a restore may go behind a phone that is gone.
            let is_kept = self.is_over(*n) && self.devices[*n].disk.now.changesets().contains(id);
            let is_behind = self.ledger.wiped.get(n).is_some_and(|epoch| *epoch < self.office.epoch());
            if is_kept || is_behind {
                continue;
            }
            if !self.ledger.destroyed.contains_key(id) {
                return Some(format!("I1 changeset {id} of d{n} is nowhere"));
            }
            let can_report = self.office.accounts[*n].standing != sync::authority::Standing::Revoked;
            if can_report && !self.ledger.evicted.contains(id) && !self.ledger.reported.contains(n) {
                return Some(format!("I18 the loss of {id} was never reported by d{n}"));
            }
        }
        None
    }

    /// I13: a draft is on its phone, became a visit, or was handed over.
    fn broken_draft(&self) -> Option<String> {
        let on_phone = |id: &Uuid| self.devices.iter().any(|device| device.disk.now.draft.contains_key(id));
        let handed = |id: &Uuid| {
            self.office.books().record(made_alike("held", &[&id.to_string()])).is_some()
                || self.office.epoch() > 1
        };
        if self.office.epoch() > 1 && !self.ledger.wiped.is_empty() {
            return None;
        }
        let lost = self.ledger.drafts.iter().find(|(id, is_over)| !**is_over && !on_phone(id) && !handed(id));
        lost.map(|(id, _)| format!("I13 draft {id} is nowhere"))
    }

    fn count(&mut self) {
        let log = self.office.books().log();
        let held = log.values().filter(|row| row.st == VerdictState::Held).count() as u64;
        let rejected = log.values().filter(|row| row.st == VerdictState::Rejected).count() as u64;
        let conflicts = of_kind(self.office.books().records(), "conflict").len() as u64;
        let proposals = of_kind(self.office.books().records(), "proposal").len() as u64;
        let records = self.office.books().records().count() as u64;
        self.tally.add_many("held", held);
        self.tally.add_many("rejected", rejected);
        self.tally.add_many("conflicts", conflicts);
        self.tally.add_many("proposals", proposals);
        self.tally.add_many("records", records);
    }
}
