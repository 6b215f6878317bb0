//! What a verdict, and the pull that passes it, do to a record.

use super::{
    LocalRecord, Pending, Settled,
    base::{forget_older, forget_set_aside, judge},
};
use crate::{rev::Rev, wire::VerdictState};
use uuid::Uuid;

impl LocalRecord {
    /// The verdict on an own changeset: what was held or rejected is shown no longer, what was applied stays until a pull brings it.
    pub fn settle(&mut self, changeset: Uuid, settled: Settled) {
        for pending in self.pending.iter_mut().filter(|pending| pending.changeset == changeset) {
            pending.verdict = Some(settled);
        }
        self.pending.retain(|pending| {
            pending.changeset != changeset
                || !matches!(settled.st, VerdictState::Held | VerdictState::Rejected)
        });
        for (field, own) in &mut self.own {
            let seen = self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.version(field));
            judge(own, changeset, settled, seen);
        }
        let entered = self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.entered);
        judge(&mut self.own_area, changeset, settled, entered);
        self.own.retain(|_, own| !own.is_empty());
    }

    /// The server lost what it had acknowledged (restore): the changeset waits again.
    pub fn unsettle(&mut self, changeset: Uuid) {
        for pending in self.pending.iter_mut().filter(|pending| pending.changeset == changeset) {
            pending.verdict = None;
        }
        let marks = self.own.values_mut().chain(std::iter::once(&mut self.own_area));
        for write in marks.flatten().filter(|write| write.op == changeset) {
            write.verdict = None;
        }
    }

    /// A pull has brought everything of the record's area up to `cursor`: own work that it passed is part of the confirmed body now.
    pub fn passed(&mut self, cursor: Rev) {
        self.pending.retain(|pending| pending.verdict.is_none_or(|settled| settled.rev > cursor));
        if self.gone.is_some() {
            self.forget_unshown(cursor);
        }
        for (field, own) in &mut self.own {
            let seen = self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.version(field));
            forget_set_aside(own, seen, cursor);
        }
        let entered = self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.entered);
        forget_set_aside(&mut self.own_area, entered, cursor);
        self.own.retain(|_, own| !own.is_empty());
    }

    /// No row brings what was applied before the record was gone, and should it come back, by an own `unmerge` for one, the values from before
    /// show: they are the base (R6).
    fn forget_unshown(&mut self, cursor: Rev) {
        let shown = self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.rev);
        let is_shown = |settled: Settled| settled.rev <= shown || settled.rev > cursor;
        for own in self.own.values_mut().chain(std::iter::once(&mut self.own_area)) {
            own.retain(|write| write.verdict.is_none_or(is_shown));
        }
    }

    /// After rows were applied: own writes below a newer pulled version are forgotten.
    pub(super) fn forget_overwritten(&mut self) {
        let Some(confirmed) = &self.confirmed else { return };
        for (field, own) in &mut self.own {
            forget_older(own, confirmed.version(field));
        }
        forget_older(&mut self.own_area, confirmed.entered);
        self.own.retain(|_, own| !own.is_empty());
    }

    /// Forgets own changesets that are not `waiting`: the storage lost the outbox row, or has the record as it was before the verdict. A row
    /// is pruned only once a pull has passed its verdict, so that what is pruned has nothing pending. What shows no longer is no base either,
    /// acknowledged or not (R6).
    pub fn forget_lost(&mut self, waiting: impl Fn(Uuid) -> bool) {
        let (kept, lost) = self.pending.drain(..).partition(|pending: &Pending| waiting(pending.changeset));
        self.pending = kept;
        let is_shown = |op: Uuid| !lost.iter().any(|pending: &Pending| pending.changeset == op);
        let marks = self.own.values_mut().chain(std::iter::once(&mut self.own_area));
        for own in marks {
            own.retain(|write| waiting(write.op) || write.verdict.is_some() && is_shown(write.op));
        }
        self.own.retain(|_, own| !own.is_empty());
    }
}
