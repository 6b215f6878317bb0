//! Which version an author saw of what he writes (`sync.md` §5, Base).

use super::{LocalRecord, OwnWrite, Pending, Settled};
use crate::{
    planted::{Bug, planted},
    rev::Rev,
    wire::{Base, DeleteBase, Op, VerdictState},
};
use uuid::Uuid;

impl LocalRecord {
    /// The base of a `set` or `sealed`: the own changeset that wrote the field last, else the server's version.
    pub fn base(&self, field: &str) -> Base {
        let seen = self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.version(field));
        base_of(self.own.get(field).map_or(&[], Vec::as_slice), seen)
    }

    /// The base of a `move`: the own changeset that set the area last, else `entered`.
    pub fn base_of_area(&self) -> Base {
        base_of(&self.own_area, self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.entered))
    }

    /// The base of a `delete`: the row's version and the own changesets since.
    pub fn base_of_delete(&self) -> DeleteBase {
        let rev = self.confirmed.as_ref().map_or(Rev::ZERO, |confirmed| confirmed.rev);
        let since = |pending: &&Pending| pending.verdict.is_none_or(|settled| settled.rev > rev);
        DeleteBase { rev, ops: self.pending.iter().filter(since).map(|pending| pending.changeset).collect() }
    }

    /// Takes the ops of an own changeset on this record: they show at once, and become the base of the next write.
    pub fn write(&mut self, pending: Pending) {
        let changeset = pending.changeset;
        for (_, op) in &pending.ops {
            match op {
                Op::Create { .. } if self.is_made_alike() => {}
                Op::Create { kind, area, parent, f, .. } => {
                    if self.confirmed.is_none() {
                        self.kind.clone_from(kind);
                        self.area = *area;
                        self.parent = *parent;
                    }
                    f.keys().for_each(|field| push(self.own.entry(field.clone()).or_default(), changeset));
                    push(&mut self.own_area, changeset);
                }
                Op::Set { f, .. } | Op::Sealed { f, .. } => {
                    push(self.own.entry(f.clone()).or_default(), changeset)
                }
                Op::Move { .. } => push(&mut self.own_area, changeset),
                _ => {}
            }
        }
        self.pending.push(pending);
    }
}

fn base_of(own: &[OwnWrite], seen: Rev) -> Base {
    let last = own.last().filter(|write| write.verdict.is_none() || !planted(Bug::OwnChain));
    last.map_or(Base::Fv(seen), |write| Base::Op(write.op))
}

fn push(own: &mut Vec<OwnWrite>, op: Uuid) {
    if own.last().is_none_or(|last| last.op != op) {
        own.push(OwnWrite { op, verdict: None });
    }
}

/// Gives a field's own writes the verdict on `changeset`.
///
/// One that was held or rejected leaves, so that what it was based on stands in its place; one that was applied makes older ones moot.
pub(super) fn judge(own: &mut Vec<OwnWrite>, changeset: Uuid, settled: Settled, seen: Rev) {
    let Some(place) = own.iter().position(|write| write.op == changeset) else { return };
    match settled.st {
        VerdictState::Held | VerdictState::Rejected => {
            own.remove(place);
        }
        _ => {
            own[place].verdict = Some(settled);
            own.drain(..place);
        }
    }
    forget_older(own, seen);
}

/// Drops own writes over which a newer version of the field was pulled.
pub(super) fn forget_older(own: &mut Vec<OwnWrite>, seen: Rev) {
    own.retain(|write| write.verdict.is_none_or(|settled| seen <= settled.rev));
}

/// Drops own writes that were set aside and that a pull has passed: the version that stands was seen now.
pub(super) fn forget_set_aside(own: &mut Vec<OwnWrite>, seen: Rev, passed: Rev) {
    own.retain(|write| {
        write.verdict.is_none_or(|settled| {
            settled.st != VerdictState::Merged || settled.rev > passed || seen == settled.rev
        })
    });
}
