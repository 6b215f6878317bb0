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
        reason: None,
    };
    let Some(ops) = ops.filter(|ops| !ops.is_empty()) else { return vec![blank] };
    let entry = |(i, op): (usize, &Op)| {
        let Named { word, e, f, reason } = named(op);
        AuditEntry {
            i: Some(i),
            op: Some(word.to_owned()),
            e: Some(e),
            f: f.map(str::to_owned),
            made: made.iter().find(|(at, _)| *at == i).map(|(_, id)| *id),
            reason: reason.map(str::to_owned),
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
        reason: None,
    }
}

struct Named<'a> {
    word: &'static str,
    e: Uuid,
    f: Option<&'a str>,
    reason: Option<&'a str>,
}

fn named(op: &Op) -> Named<'_> {
    let at = |word, e: &Uuid| Named { word, e: *e, f: None, reason: None };
    let field = |word, e: &Uuid, f| Named { word, e: *e, f: Some(f), reason: None };
    match op {
        Op::Create { e, .. } => at("create", e),
        Op::Set { e, f, .. } => field("set", e, f),
        Op::Sealed { e, f, .. } => field("sealed", e, f),
        Op::Add { e, f, .. } => field("add", e, f),
        Op::Remove { e, f, .. } => field("remove", e, f),
        Op::Append { e, f, .. } => field("append", e, f),
        Op::Attach { e, .. } => field("attach", e, BLOBS),
        Op::Detach { e, .. } => field("detach", e, BLOBS),
        Op::Move { e, .. } => field("move", e, AREA),
        Op::Delete { e, reason, .. } => Named { reason: Some(reason), ..at("delete", e) },
        Op::Undelete { e, reason } => Named { reason: Some(reason), ..at("undelete", e) },
        Op::Resolve { e, reason, .. } => Named { reason: reason.as_deref(), ..at("resolve", e) },
        Op::Decide { e, reason, .. } => Named { reason: reason.as_deref(), ..at("decide", e) },
        Op::Merge { from, reason, .. } => Named { reason: Some(reason), ..at("merge", from) },
    }
}
