//! One row as a role sees it.

use crate::{
    authority::Opener,
    id::AreaId,
    planted::{Bug, planted},
    pull::AreaCursor,
    record::{AREA, CONFLICT, Exit, FieldState, HELD, PROPOSAL, Record, SealedStored, Stored},
    rev::Rev,
    wire::{Fields, Row},
};
use domain::{
    access::Role,
    kinds::{Right, Seen, kind},
    mask,
    policy::{BirthShown, Policy},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Who is shown a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewer {
    pub(super) user: Uuid,
    pub(super) role: Role,
    pub(super) policy: Policy,
}

/// A record left an area.
pub(super) fn exit(exit: &Exit) -> Row {
    Row { x: Some("exit".to_owned()), e: exit.e, rev: exit.rev, area: exit.area, ..Row::default() }
}

/// A record in one of the caller's areas: deleted, whole, or what changed since he held the area whole.
pub(super) fn of<O: Opener>(
    record: &Record,
    area: AreaId,
    cursor: &AreaCursor,
    viewer: Viewer,
    opener: &O,
) -> Row {
    let head = Row { e: record.id, rev: record.rev, area, ..Row::default() };
    if let Some(tombstone) = &record.del {
        return Row { del: true, into: tombstone.into, ..head };
    }
    // `cur` in place of `since` tears a record that is met on a later page of a pull (sync.md §6).
    let since = if planted(Bug::TornRow) { cursor.cur } else { cursor.since };
    let full = record.entered > since && !planted(Bug::TornRow);
    let mut f = Fields::new();
    let mut versions = BTreeMap::new();
    for (name, state) in record.fields.iter().filter(|(_, state)| full || state.fv > since) {
        if let Some(value) = shown(record, name, state, viewer, opener) {
            f.insert(name.clone(), value);
            versions.insert(name.clone(), state.fv);
        }
    }
    let (fv0, fv) = short_versions(record.rev, versions);
    let row = Row { f: Some(f), fv0, fv, ..head };
    if !full {
        return row;
    }
    Row { full, kind: Some(record.kind.clone()), entered: Some(record.entered), parent: record.parent, ..row }
}

/// The versions as `fv0` and `fv`: what most fields bear is said once, what the row bears is not said.
fn short_versions(rev: Rev, versions: BTreeMap<String, Rev>) -> (Option<Rev>, Option<BTreeMap<String, Rev>>) {
    let mut counts: BTreeMap<Rev, usize> = BTreeMap::new();
    for version in versions.values() {
        *counts.entry(*version).or_default() += 1;
    }
    let common = counts.into_iter().max_by_key(|(_, count)| *count).map_or(rev, |(version, _)| version);
    let others: BTreeMap<_, _> = versions.into_iter().filter(|(_, version)| *version != common).collect();
    ((common != rev).then_some(common), (!others.is_empty()).then_some(others))
}

/// The value of a field as the role sees it, or nothing.
fn shown<O: Opener>(
    record: &Record,
    name: &str,
    state: &FieldState,
    viewer: Viewer,
    opener: &O,
) -> Option<Value> {
    let role = viewer.role;
    match (record.kind.as_str(), name) {
        (CONFLICT, "current" | "other") => repeated(record, "of", state, viewer, opener, false),
        (PROPOSAL, "value") => repeated(record, "recipient", state, viewer, opener, true),
        (HELD, "ops") => match &state.value {
            Stored::Plain(ops) => Some(held_ops(record, ops, viewer)),
            Stored::Sealed(_) => None,
        },
        (HELD, "draft") => match &state.value {
            Stored::Plain(draft) if role.is_office() || record.id_in("by") == Some(viewer.user) => {
                Some(without_seals(draft, viewer.policy))
            }
            _ => None,
        },
        (own, _) => {
            // The author of a held changeset is sent it whatever his role pulls.
            let seen = if own == HELD { Seen::Full } else { kind(own)?.seen(role, name) };
            masked(record.id, name, &state.value, seen, viewer.policy, opener)
        }
    }
}

/// A value that a conflict or proposal repeats is seen like the field it comes from. Who may decide on a sealed proposal
/// is given the sealed value, which he sends back as it is; all others are shown its tail.
fn repeated<O: Opener>(
    record: &Record,
    subject: &str,
    state: &FieldState,
    viewer: Viewer,
    opener: &O,
    is_decided: bool,
) -> Option<Value> {
    let Viewer { role, policy, .. } = viewer;
    let of = record.id_in(subject)?;
    let field = record.text("field")?;
    let target = kind(record.about.get(&of)?)?;
    match &state.value {
        Stored::Sealed(sealed) if is_decided => {
            if role.is_office() && target.right(role, field) == Right::Write {
                serde_json::to_value(&sealed.s).ok()
            } else {
                Some(json!({"show": mask::narrow(policy, &sealed.s.show)}))
            }
        }
        value if field == AREA => masked(of, field, value, Seen::Full, policy, opener),
        value => masked(of, field, value, target.seen(role, field), policy, opener),
    }
}

/// A field that the role sees only in part has the value `{show, idx?}`, or its rows with their numbers in part: never the text.
fn masked<O: Opener>(
    e: Uuid,
    field: &str,
    value: &Stored,
    seen: Seen,
    policy: Policy,
    opener: &O,
) -> Option<Value> {
    match (value, seen) {
        (_, Seen::None) => None,
        (Stored::Plain(value), Seen::Full) => Some(value.clone()),
        (Stored::Plain(rows @ Value::Array(_)), Seen::Show) => Some(mask::rows(rows, policy.id_tail)),
        (Stored::Plain(_), Seen::Show) => Some(json!({"show": ""})),
        (Stored::Sealed(sealed), Seen::Full) => match opener.text(e, field, &sealed.s) {
            Some(text) => Some(text.into()),
            None => Some(in_part(sealed, sealed.s.show.clone())),
        },
        (Stored::Sealed(sealed), Seen::Show) => {
            // What was sealed says the year only.
            let opened = match (field, policy.birth_shown) {
                ("birth", BirthShown::Month) => opener.text(e, field, &sealed.s),
                _ => None,
            };
            let shown = opened.map_or_else(
                || mask::narrow(policy, &sealed.s.show),
                |text| mask::show_by(policy, field, &text),
            );
            Some(in_part(sealed, shown))
        }
    }
}

fn in_part(sealed: &SealedStored, show: String) -> Value {
    json!({"show": show, "idx": sealed.idx})
}

/// The ops of a held changeset, each value masked like the field it would write.
fn held_ops(record: &Record, ops: &Value, viewer: Viewer) -> Value {
    let Some(ops) = ops.as_array() else { return ops.clone() };
    ops.iter().map(|op| held_op(record, op, viewer)).collect()
}

fn held_op(record: &Record, op: &Value, viewer: Viewer) -> Value {
    let mut op = op.clone();
    let Some(members) = op.as_object_mut() else { return op };
    let e = members.get("e").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
    let target = e.and_then(|e| kind(record.about.get(&e)?));
    // Its author is shown what he sealed himself: the tail of it, whatever his role sees of the record.
    let is_author = record.id_in("by") == Some(viewer.user);
    let seen = |field: &str| match target.map_or(Seen::Show, |kind| kind.seen(viewer.role, field)) {
        Seen::None if is_author => Seen::Show,
        seen => seen,
    };
    let field = members.get("f").and_then(Value::as_str).map(str::to_owned);
    if let Some(values) = members.get_mut("f").and_then(Value::as_object_mut) {
        let names: Vec<String> = values.keys().cloned().collect();
        for name in names {
            let value = values.remove(&name).and_then(|value| held_value(value, seen(&name), viewer.policy));
            values.extend(value.map(|value| (name, value)));
        }
    }
    for name in ["v", "item"] {
        if let Some(value) = members.remove(name) {
            // A resolve names a conflict and no field: a sealed value in it is shown in part at most.
            let seen = field.as_deref().map_or(Seen::Show, seen);
            members.extend(held_value(value, seen, viewer.policy).map(|value| (name.to_owned(), value)));
        }
    }
    op
}

/// A value in a held op: a sealed one in part, a plain one whole, nothing of a field that the role does not see.
fn held_value(value: Value, seen: Seen, policy: Policy) -> Option<Value> {
    if seen == Seen::None {
        return None;
    }
    Some(without_seals(&value, policy))
}

/// A value in which every sealed text, however deep, is shown in part.
fn without_seals(value: &Value, policy: Policy) -> Value {
    match value {
        Value::Object(members) => match members.get("ct").and(members.get("show")) {
            Some(show) => json!({"show": mask::narrow(policy, show.as_str().unwrap_or_default())}),
            None => {
                let part = |(name, value): (&String, &Value)| (name.clone(), without_seals(value, policy));
                members.iter().map(part).collect()
            }
        },
        Value::Array(items) => items.iter().map(|item| without_seals(item, policy)).collect(),
        scalar => scalar.clone(),
    }
}
