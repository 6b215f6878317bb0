//! What the authority says to what phones send. Unhappy paths first; numbers cite SPEC.md.

mod alias;
mod areas;
mod audit;
mod chaos;
mod decide;
mod draft;
mod guard;
mod held;
mod hello;
mod loading;
mod merge;
mod ops;
mod push;
mod reject;
mod snapshots;
mod stand;

use crate::testing::{World, id, said, village};
use serde_json::{Value, json};

/// A changeset of `user` in a village with people, and what is said to it.
fn check(user: &str, ops: Value, expected: &str) -> World {
    let mut world = village();
    let verdict = world.save(user, "changeset", ops.clone());
    assert_eq!(said(&verdict), expected, "{user}: {ops}");
    world
}

/// A `set` on a base that matches.
fn set(world: &World, e: &str, f: &str, v: Value) -> Value {
    let record = world.store.record(id(e)).unwrap();
    let fv = record.fields.get(f).map_or("0.0".to_owned(), |state| state.fv.to_string());
    json!({"op": "set", "e": id(e), "f": f, "v": v, "base": {"fv": fv}})
}

/// A `set` whose author had seen nothing of the field.
fn blind(e: &str, f: &str, v: Value) -> Value {
    json!({"op": "set", "e": id(e), "f": f, "v": v, "base": {"fv": "0.0"}})
}

fn create(e: &str, kind: &str, place: &str, f: Value) -> Value {
    json!({"op": "create", "e": id(e), "type": kind, "area": crate::testing::area(place), "f": f})
}
