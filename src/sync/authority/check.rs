//! `bad_value`, judged over the whole changeset before anything is held (V2).

use crate::{
    authority::{
        Opener,
        batch::Content,
        work::{Stop, Work},
    },
    id::AreaId,
    record::{AREA, BLOBS, CONFLICT, HELD, PROPOSAL, Record, Stored},
    value::sorted_set,
    wire::{Op, SealedValue, Take, Why},
};
use domain::kinds::{FieldClass, Kind, kind};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a blob may be.
const BLOB_KINDS: [&str; 6] = ["photo", "id_photo", "paper", "sign", "strokes", "voice"];
const BAD: Stop = Stop::Reject(Why::BadValue);

/// Judges the author and the values of every op.
pub(super) fn check<O: Opener>(work: &Work<'_, O>, content: &Content) -> Result<(), Stop> {
    if content.author != work.ctx.who.user {
        return Err(BAD);
    }
    check_ops(work, &content.ops)
}

/// Judges the values of every op. Goes on behind one that waits, so that all that must be loaded is asked for at once.
pub(super) fn check_ops<O: Opener>(work: &Work<'_, O>, ops: &[Op]) -> Result<(), Stop> {
    let mut created = BTreeMap::new();
    let mut waits = false;
    for op in ops {
        if let Op::Create { e, kind, .. } = op {
            created.entry(*e).or_insert(kind.as_str());
        }
        match check_op(work, op, ops, &created) {
            Err(Stop::Load) => waits = true,
            other => other?,
        }
    }
    if waits { Err(Stop::Load) } else { Ok(()) }
}

fn check_op<O: Opener>(
    work: &Work<'_, O>,
    op: &Op,
    ops: &[Op],
    created: &BTreeMap<Uuid, &str>,
) -> Result<(), Stop> {
    let of = |e: &Uuid| visible_kind(work, *e, created);
    let class_is = |e: &Uuid, f: &str, class| match of(e)? {
        Some(kind) if is_reserved(f) || kind.class(f) != class => Err(BAD),
        _ => Ok(()),
    };
    match op {
        Op::Create { e, kind: name, f, .. } => {
            let kind = kind(name).ok_or(Stop::Reject(Why::UnknownKind))?;
            f.iter().try_for_each(|(name, v)| value_of(work, kind, *e, name, v).map(drop))
        }
        Op::Set { e, f, v, .. } => match of(e)? {
            Some(kind) if kind.class(f) == FieldClass::Sealed => Err(BAD),
            Some(kind) => value_of(work, kind, *e, f, v).map(drop),
            None => Ok(()),
        },
        Op::Sealed { e, f, v, .. } => {
            class_is(e, f, FieldClass::Sealed)?;
            if of(e)?.is_some() { work.sealed(*e, f, v).map(drop) } else { Ok(()) }
        }
        Op::Add { e, f, .. } | Op::Remove { e, f, .. } => class_is(e, f, FieldClass::Set),
        Op::Append { e, f, .. } => class_is(e, f, FieldClass::Append),
        Op::Attach { kind, .. } if !BLOB_KINDS.contains(&kind.as_str()) => Err(BAD),
        Op::Resolve { e, .. } => check_resolve(work, *e, op),
        Op::Decide { e, accept, .. } => check_decide(work, *e, *accept, ops),
        Op::Merge { from, into, .. } => {
            let differ = matches!((of(from)?, of(into)?), (Some(a), Some(b)) if a.name != b.name);
            if from == into || differ { Err(BAD) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

/// The names that are written by ops of their own: `move`, `attach` and `detach`.
fn is_reserved(field: &str) -> bool {
    field == AREA || field == BLOBS
}

/// The kind that an op meets. A record outside the author's scope shows nothing of itself, not even its kind.
fn visible_kind<O: Opener>(
    work: &Work<'_, O>,
    e: Uuid,
    created: &BTreeMap<Uuid, &str>,
) -> Result<Option<&'static Kind>, Stop> {
    match visible(work, e)? {
        Some(record) => Ok(kind(&record.kind)),
        None if work.record(e)?.is_some() => Ok(None),
        None => Ok(created.get(&e).and_then(|name| kind(name))),
    }
}

fn visible<'w, O: Opener>(work: &'w Work<'_, O>, e: Uuid) -> Result<Option<&'w Record>, Stop> {
    let Some(record) = work.record(e)? else { return Ok(None) };
    Ok(work.in_scope(record)?.then_some(record))
}

/// The value of a field as it is stored, or `bad_value`: sealed fields take a sealed value that opens, sets an array,
/// append fields nothing but `append`.
pub(super) fn value_of<O: Opener>(
    work: &Work<'_, O>,
    kind: &Kind,
    e: Uuid,
    field: &str,
    v: &Value,
) -> Result<Stored, Stop> {
    if is_reserved(field) {
        return Err(BAD);
    }
    match kind.class(field) {
        FieldClass::Sealed => {
            let sealed: SealedValue = serde_json::from_value(v.clone()).map_err(|_| BAD)?;
            work.sealed(e, field, &sealed)
        }
        FieldClass::Set => match v {
            Value::Array(items) => Ok(Stored::Plain(sorted_set(items.clone()).into())),
            _ => Err(BAD),
        },
        FieldClass::Append => Err(BAD),
        FieldClass::Plain | FieldClass::Critical => Ok(Stored::Plain(v.clone())),
    }
}

/// A conflict is resolved on a base, and with a value if a third one is taken; a held record is dropped with a reason.
fn check_resolve<O: Opener>(work: &Work<'_, O>, e: Uuid, op: &Op) -> Result<(), Stop> {
    let Op::Resolve { take, v, base, reason, .. } = op else { return Ok(()) };
    let Some(record) = visible(work, e)? else { return Ok(()) };
    match record.kind.as_str() {
        CONFLICT if base.is_none() => Err(BAD),
        CONFLICT if *take == Take::Value => chosen_value(work, record, v.as_ref().ok_or(BAD)?).map(drop),
        CONFLICT => Ok(()),
        HELD => match take {
            Take::Value => Err(BAD),
            Take::Current if reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) => Err(BAD),
            _ => Ok(()),
        },
        _ => Err(BAD),
    }
}

/// The third value of a conflict, in the form of its field.
pub(super) fn chosen_value<O: Opener>(
    work: &Work<'_, O>,
    conflict: &Record,
    v: &Value,
) -> Result<Stored, Stop> {
    let (of, field) = (conflict.id_in("of").ok_or(BAD)?, conflict.text("field").ok_or(BAD)?);
    if field == AREA {
        let area = v.as_str().and_then(|text| text.parse::<AreaId>().ok()).ok_or(BAD)?;
        return Ok(Stored::Plain(area.to_string().into()));
    }
    let kind = conflict.about.get(&of).and_then(|name| kind(name)).ok_or(BAD)?;
    value_of(work, kind, of, field, v)
}

/// Accepting needs a write of that field with that value in the same changeset.
fn check_decide<O: Opener>(work: &Work<'_, O>, e: Uuid, accept: bool, ops: &[Op]) -> Result<(), Stop> {
    let Some(proposal) = visible(work, e)? else { return Ok(()) };
    if proposal.kind != PROPOSAL {
        return Err(BAD);
    }
    let (of, field) = (proposal.id_in("recipient").ok_or(BAD)?, proposal.text("field").ok_or(BAD)?);
    let wanted = &proposal.fields.get("value").ok_or(BAD)?.value;
    let kind = proposal.about.get(&of).and_then(|name| kind(name)).ok_or(BAD)?;
    let writes_it = |op: &Op| match op {
        Op::Set { e, f, v, .. } if *e == of && f == field => {
            value_of(work, kind, of, field, v).is_ok_and(|value| value.is_same(wanted))
        }
        Op::Sealed { e, f, v, .. } if *e == of && f == field => {
            work.sealed(of, field, v).is_ok_and(|value| value.is_same(wanted))
        }
        Op::Move { e, area, .. } if *e == of && field == AREA => {
            Stored::Plain(area.to_string().into()).is_same(wanted)
        }
        _ => false,
    };
    if !accept || ops.iter().any(writes_it) { Ok(()) } else { Err(BAD) }
}
