//! One audit entry per op that was applied, held or rejected (U1).

use crate::{
    authority::{AuditEntry, PushContext, work::Act},
    record::{AREA, BLOBS},
    wire::{Op, Verdict, VerdictState, Why},
};
use uuid::Uuid;

/// The entries of one verdict: one per op, or one alone when the changeset has none or could not be read.
pub(super) fn entries(
    ctx: &PushContext<'_>,
    verdict: &Verdict,
    ops: Option<&[Op]>,
    made: &[(usize, Uuid)],
) -> Vec<AuditEntry> {
    let blank = AuditEntry {
        t: ctx.now,
        user: ctx.who.user,
        device: ctx.device,
        changeset: verdict.id,
        i: None,
        op: None,
        e: None,
        f: None,
        st: verdict.st,
        why: verdict.why.clone(),
        rev: verdict.rev,
        made: None,
    };
    let Some(ops) = ops.filter(|ops| !ops.is_empty()) else { return vec![blank] };
    let entry = |(i, op): (usize, &Op)| {
        let (word, e, f) = named(op);
        AuditEntry {
            i: Some(i),
            op: Some(word.to_owned()),
            e: Some(e),
            f: f.map(str::to_owned),
            made: made.iter().find(|(at, _)| *at == i).map(|(_, id)| *id),
            ..blank.clone()
        }
    };
    ops.iter().enumerate().map(entry).collect()
}

/// The entry of a draft that a phone handed over.
pub(super) fn draft(ctx: &PushContext<'_>, act: &Act) -> AuditEntry {
    AuditEntry {
        t: ctx.now,
        user: ctx.who.user,
        device: ctx.device,
        changeset: act.id,
        i: None,
        op: None,
        e: None,
        f: None,
        st: VerdictState::Held,
        why: Some(Why::Draft),
        rev: Some(act.rev),
        made: None,
    }
}

/// The op's word, the record and the field that it names.
fn named(op: &Op) -> (&'static str, Uuid, Option<&str>) {
    match op {
        Op::Create { e, .. } => ("create", *e, None),
        Op::Set { e, f, .. } => ("set", *e, Some(f)),
        Op::Sealed { e, f, .. } => ("sealed", *e, Some(f)),
        Op::Add { e, f, .. } => ("add", *e, Some(f)),
        Op::Remove { e, f, .. } => ("remove", *e, Some(f)),
        Op::Append { e, f, .. } => ("append", *e, Some(f)),
        Op::Attach { e, .. } => ("attach", *e, Some(BLOBS)),
        Op::Detach { e, .. } => ("detach", *e, Some(BLOBS)),
        Op::Move { e, .. } => ("move", *e, Some(AREA)),
        Op::Delete { e, .. } => ("delete", *e, None),
        Op::Undelete { e, .. } => ("undelete", *e, None),
        Op::Resolve { e, .. } => ("resolve", *e, None),
        Op::Decide { e, .. } => ("decide", *e, None),
        Op::Merge { from, .. } => ("merge", *from, None),
        Op::Unmerge { from, .. } => ("unmerge", *from, None),
    }
}
