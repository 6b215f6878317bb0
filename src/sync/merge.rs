//! How one write meets what stands: the merge rules of SPEC.md M1–M7, without a record or a database around them.

#[cfg(test)]
mod tests;

use crate::{
    id::{BlobHash, made_alike},
    limits::VALUE_OPS_KEPT,
    record::{FieldState, Origin, Stored},
    rev::Rev,
    value::{compact, sorted_set},
    wire::Base,
};
use domain::kinds::FieldClass;
use serde_json::{Value, json};
use uuid::Uuid;

/// What becomes of a value that someone sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// The author had seen what stands: the new value stands.
    Apply,
    /// The value stands already.
    Same,
    /// The author had not seen what stands: a conflict keeps both.
    #[expect(missing_docs, reason = "the name says it")]
    Conflict { new_stands: bool },
}

/// A write that meets a field.
#[derive(Clone, Copy, Debug)]
pub struct Write<'a> {
    /// The new value.
    pub value: &'a Stored,
    /// The changeset that writes it.
    pub op: Uuid,
    /// When it counts as written.
    pub t_eff: i64,
    /// Whether its base matches what stands.
    pub seen: bool,
}

/// Whether `base` names the version `fv`, or one of the changesets that set the value.
pub fn base_matches(base: &Base, fv: Rev, ops: &[Uuid]) -> bool {
    match base {
        Base::Fv(seen) => *seen == fv,
        Base::Op(op) => ops.contains(op),
    }
}

/// Judges a write of a plain, critical, sealed or whole set field. A field that was never written is free.
pub fn judge(class: FieldClass, current: Option<&FieldState>, write: &Write<'_>) -> Merge {
    let Some(current) = current else { return Merge::Apply };
    if current.value.is_same(write.value) {
        return Merge::Same;
    }
    if write.seen {
        return Merge::Apply;
    }
    Merge::Conflict { new_stands: is_stronger(class, &current.origin, write) }
}

/// Whether a write that had not seen what stands takes its place: of plain values the later one, of critical ones none.
fn is_stronger(class: FieldClass, current: &Origin, write: &Write<'_>) -> bool {
    match class {
        FieldClass::Critical | FieldClass::Sealed => false,
        FieldClass::Plain | FieldClass::Set | FieldClass::Append => {
            (Some(write.t_eff), Some(write.op)) > (Some(current.t_eff), current.ops.first().copied())
        }
    }
}

impl Origin {
    /// Remembers that `op` set the same value again.
    pub fn repeat(&mut self, op: Uuid) {
        if self.ops.contains(&op) {
            return;
        }
        self.ops.push(op);
        if self.ops.len() > VALUE_OPS_KEPT {
            self.ops.remove(1);
        }
    }
}

/// The set with `item` in it, or nothing if it is there already.
pub fn with_item(current: Option<&Value>, item: &Value) -> Option<Value> {
    let mut items = list(current);
    if has_item(&items, item) {
        return None;
    }
    items.push(item.clone());
    Some(sorted_set(items).into())
}

/// The set without `item`, or nothing if it is not there.
pub fn without_item(current: Option<&Value>, item: &Value) -> Option<Value> {
    let mut items = list(current);
    if !has_item(&items, item) {
        return None;
    }
    let gone = compact(item);
    items.retain(|kept| compact(kept) != gone);
    Some(items.into())
}

/// The list with one entry more, or nothing if that entry of that changeset is there already.
pub fn with_entry(current: Option<&Value>, v: &Value, origin: &Origin, index: usize) -> Option<Value> {
    let changeset = origin.ops.first().map(Uuid::to_string).unwrap_or_default();
    let id = made_alike("append", &[&changeset, &index.to_string()]).to_string();
    let mut entries = list(current);
    if entries.iter().any(|entry| entry["id"] == id.as_str()) {
        return None;
    }
    entries.push(json!({"id": id, "v": v, "author": origin.author, "t": origin.t_eff}));
    Some(entries.into())
}

/// The attachments with one more, or nothing if that blob is attached already.
pub fn with_blob(current: Option<&Value>, blob: &BlobHash, kind: &str, bytes: u64) -> Option<Value> {
    let mut blobs = list(current);
    let hash = blob.to_string();
    if blobs.iter().any(|attached| attached["blob"] == hash.as_str()) {
        return None;
    }
    blobs.push(json!({"blob": hash, "kind": kind, "bytes": bytes}));
    Some(blobs.into())
}

/// The attachments without one, or nothing if that blob is not attached.
pub fn without_blob(current: Option<&Value>, blob: &BlobHash) -> Option<Value> {
    let mut blobs = list(current);
    let hash = blob.to_string();
    let before = blobs.len();
    blobs.retain(|attached| attached["blob"] != hash.as_str());
    (blobs.len() < before).then(|| blobs.into())
}

fn list(current: Option<&Value>) -> Vec<Value> {
    current.and_then(Value::as_array).cloned().unwrap_or_default()
}

fn has_item(items: &[Value], item: &Value) -> bool {
    let text = compact(item);
    items.iter().any(|known| compact(known) == text)
}
