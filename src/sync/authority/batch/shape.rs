//! The shape of ops.

use crate::{
    authority::batch::strict_uuid,
    wire::{Op, Why},
};
use serde::Deserialize as _;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Every op this server knows.
const OPS: [&str; 15] = [
    "create", "set", "sealed", "add", "remove", "append", "attach", "detach", "move", "delete", "undelete",
    "resolve", "decide", "merge", "unmerge",
];
/// Members that hold an id, where they are present.
const ID_MEMBERS: [&str; 5] = ["e", "parent", "from", "into", "area"];

/// Reads the ops of a changeset: `bad_shape` before `unknown_op` before `unknown_kind`, each over the whole list.
pub(in crate::authority) fn read_ops(raw: &Value) -> Result<Vec<Op>, Why> {
    let raw = raw.as_array().ok_or(Why::BadShape)?;
    let mut ops = Vec::with_capacity(raw.len());
    let mut unknown = false;
    for op in raw {
        let members = op.as_object().ok_or(Why::BadShape)?;
        let word = members.get("op").and_then(Value::as_str).ok_or(Why::BadShape)?;
        if OPS.contains(&word) {
            ops.push(read_op(members)?);
        } else {
            unknown = true;
        }
    }
    if names_a_field_twice(&ops) {
        return Err(Why::BadShape);
    }
    if unknown {
        return Err(Why::UnknownOp);
    }
    let unknown_kind = |op: &Op| matches!(op, Op::Create { kind, .. } if domain::kinds::kind(kind).is_none());
    if ops.iter().any(unknown_kind) { Err(Why::UnknownKind) } else { Ok(ops) }
}

fn read_op(members: &Map<String, Value>) -> Result<Op, Why> {
    let ids = ID_MEMBERS.iter().filter_map(|name| members.get(*name)?.as_str());
    if ids.into_iter().any(|id| strict_uuid(id).is_none() && id != "own") {
        return Err(Why::BadShape);
    }
    let mut members = members.clone();
    if members.get("op").and_then(Value::as_str) != Some("delete")
        && let Some(base) = members.get_mut("base").and_then(Value::as_object_mut)
    {
        keep_known_base(base)?;
    }
    Op::deserialize(Value::Object(members)).map_err(|_| Why::BadShape)
}

/// A base is `{op}` or `{fv}`; whatever a later build adds beside it is passed over here.
fn keep_known_base(base: &mut Map<String, Value>) -> Result<(), Why> {
    if base.contains_key("op") == base.contains_key("fv") {
        return Err(Why::BadShape);
    }
    base.retain(|name, _| name == "op" || name == "fv");
    let op = base.get("op").and_then(Value::as_str);
    if op.is_some_and(|op| strict_uuid(op).is_none()) { Err(Why::BadShape) } else { Ok(()) }
}

/// A changeset names a field of a record at most once, counting `create.f`, `set` and `sealed`.
fn names_a_field_twice(ops: &[Op]) -> bool {
    let mut named: BTreeSet<(Uuid, &str)> = BTreeSet::new();
    ops.iter().any(|op| match op {
        Op::Create { e, f, .. } => !f.keys().all(|name| named.insert((*e, name))),
        Op::Set { e, f, .. } | Op::Sealed { e, f, .. } => !named.insert((*e, f)),
        _ => false,
    })
}
