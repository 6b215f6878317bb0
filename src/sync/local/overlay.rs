//! What the worker sees: the confirmed body with own waiting ops replayed on top.

use super::{LocalRecord, Pending};
use crate::{
    id::{AreaId, made_alike},
    wire::{Fields, Op, Take},
};
use domain::order::Order;
use serde_json::{Value, json};
use uuid::Uuid;

/// A record as it is shown and listed.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The entity's id.
    pub id: Uuid,
    /// The kind's name.
    pub kind: String,
    /// Where it lies, own waiting moves included.
    pub area: AreaId,
    /// The record it belongs to.
    pub parent: Option<Uuid>,
    /// Values by field.
    pub f: Fields,
    /// Whether it is deleted, gone, or not there at all: not to be listed.
    pub hidden: bool,
    /// Of a merged record, the one it became.
    pub into: Option<Uuid>,
    /// Whether own work on it has not reached the office.
    pub waiting: bool,
}

impl LocalRecord {
    /// The visible record: confirmed body and own waiting ops.
    ///
    /// An op that this build cannot replay changes nothing here and stays in the outbox.
    pub fn view(&self) -> View {
        let mut view = View {
            id: self.id,
            kind: self.kind.clone(),
            area: self.area,
            parent: self.parent,
            f: self.confirmed.as_ref().map(|confirmed| confirmed.f.clone()).unwrap_or_default(),
            hidden: self.confirmed.is_none() || self.gone.is_some() && !self.is_waiting(),
            into: self.gone.and_then(|gone| gone.into),
            waiting: self.is_waiting(),
        };
        for pending in &self.pending {
            for (index, op) in &pending.ops {
                replay(self, &mut view, pending, *index, op);
            }
        }
        view
    }
}

fn replay(record: &LocalRecord, view: &mut View, pending: &Pending, index: u32, op: &Op) {
    match op {
        Op::Create { .. } if record.is_made_alike() => {}
        Op::Create { kind, area, parent, f, .. } => {
            view.kind.clone_from(kind);
            view.area = *area;
            view.parent = *parent;
            view.hidden = false;
            for (name, value) in f {
                view.f.insert(name.clone(), shown(value));
            }
        }
        Op::Set { f, v, .. } => {
            view.f.insert(f.clone(), v.clone());
        }
        Op::Sealed { f, v, .. } => {
            view.f.insert(f.clone(), json!({ "show": v.show }));
        }
        Op::Add { f, item, .. } => add(&mut view.f, f, item),
        Op::Remove { f, item, .. } => list(&mut view.f, f).retain(|other| other != item),
        Op::Append { f, v, .. } => append(&mut view.f, f, v, pending, index),
        Op::Attach { blob, kind, bytes, .. } => {
            let hash = blob.to_string();
            let blobs = list(&mut view.f, "blobs");
            if !blobs.iter().any(|other| other["blob"] == hash.as_str()) {
                blobs.push(json!({ "blob": hash, "kind": kind, "bytes": bytes }));
            }
        }
        Op::Detach { blob, .. } => {
            let hash = blob.to_string();
            list(&mut view.f, "blobs").retain(|other| other["blob"] != hash.as_str());
        }
        Op::Move { area, .. } => view.area = *area,
        Op::Delete { .. } => view.hidden = true,
        Op::Undelete { .. } => view.hidden = false,
        Op::Resolve { take, .. } => {
            view.f.insert("state".to_owned(), json!(take_word(*take)));
        }
        Op::Decide { accept, .. } => {
            let word = if *accept { "accepted" } else { "refused" };
            view.f.insert("state".to_owned(), json!(word));
        }
        Op::Merge { from, into, .. } => {
            if *from == view.id {
                view.hidden = true;
                view.into = Some(*into);
            }
        }
        Op::Unmerge { from, .. } => {
            if *from == view.id {
                view.hidden = record.confirmed.is_none();
                view.into = None;
            }
        }
    }
}

/// A sealed value shows only what its author may see of it.
fn shown(value: &Value) -> Value {
    match (value.get("ct"), value.get("show")) {
        (Some(_), Some(show)) => json!({ "show": show }),
        _ => value.clone(),
    }
}

fn take_word(take: Take) -> &'static str {
    match take {
        Take::Current => "current",
        Take::Other => "other",
        Take::Value => "value",
    }
}

fn list<'a>(f: &'a mut Fields, field: &str) -> &'a mut Vec<Value> {
    let value = f.entry(field.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
    if !value.is_array() {
        *value = Value::Array(Vec::new());
    }
    match value {
        Value::Array(items) => items,
        _ => unreachable!("made an array above"),
    }
}

/// Sets are sorted by the compact JSON text of their items.
fn add(f: &mut Fields, field: &str, item: &Value) {
    let items = list(f, field);
    if !items.contains(item) {
        items.push(item.clone());
        items.order_by_key(Value::to_string);
    }
}

fn append(f: &mut Fields, field: &str, v: &Value, pending: &Pending, index: u32) {
    let id = made_alike("append", &[&pending.changeset.to_string(), &index.to_string()]).to_string();
    let entries = list(f, field);
    if !entries.iter().any(|entry| entry["id"] == id.as_str()) {
        entries.push(json!({ "id": id, "v": v, "author": pending.author.to_string(), "t": pending.t }));
    }
}
