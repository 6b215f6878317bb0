//! O9–O11: what an office merged it takes apart again.

use super::{blind, create};
use crate::{
    testing::{CLERK, FAR_CLERK, WORKER, World, area, id, said, village},
    wire::Verdict,
};
use domain::access::Role;
use serde_json::{Value, json};
use uuid::Uuid;

fn op(word: &str, from: &str, into: &str) -> Value {
    json!({"op": word, "from": id(from), "into": id(into), "reason": "x"})
}

fn merged(world: &mut World, from: &str, into: &str) {
    let verdict =
        world.save(CLERK, &format!("merge {from} {into} {}", world.now), json!([op("merge", from, into)]));
    assert_eq!(said(&verdict), "applied", "{from} becomes part of {into}");
}

fn unmerge(world: &mut World, user: &str, from: &str, into: &str) -> Verdict {
    world.save(user, &format!("unmerge {from} {into} {}", world.now), json!([op("unmerge", from, into)]))
}

fn taken_back(world: &mut World, from: &str, into: &str) {
    assert_eq!(said(&unmerge(world, CLERK, from, into)), "applied", "{from} is taken back from {into}");
}

fn visit(world: &mut World, name: &str, parent: &str) {
    let mut op = create(name, "visit", "A", json!({}));
    op["parent"] = json!(id(parent));
    assert_eq!(said(&world.save(CLERK, &format!("create {name}"), json!([op]))), "applied");
}

fn parent(world: &World, name: &str) -> Option<Uuid> {
    world.store.record(id(name)).unwrap().parent
}

#[test]
fn o9_what_was_merged_lives_again_with_the_children_that_came_along() {
    let mut world = village();
    visit(&mut world, "of q", "q");
    let before = world.store.record(id("r")).unwrap().fields.clone();
    merged(&mut world, "r", "q");
    visit(&mut world, "after", "q");
    taken_back(&mut world, "r", "q");
    let head = world.store.head();
    let (from, child) = (world.store.record(id("r")).unwrap(), world.store.record(id("v")).unwrap());
    assert_eq!((from.del.clone(), from.area, from.entered, from.rev), (None, area("A"), head, head));
    assert_eq!(from.fields, before, "its values are as they were");
    assert_eq!((child.parent, child.area, child.entered, child.rev), (Some(id("r")), area("A"), head, head));
    assert_eq!(parent(&world, "of q"), Some(id("q")), "what was there before stays");
    assert_eq!(parent(&world, "after"), Some(id("q")), "what was made there afterwards stays");
    let left: Vec<_> =
        world.store.exits().filter(|exit| exit.rev == head).map(|exit| (exit.e, exit.area)).collect();
    assert_eq!(left, [(id("v"), area("B"))]);
    assert_eq!(
        said(&world.save(WORKER, "late", json!([blind("r", "live_addr", json!("x"))]))),
        "merged conflict"
    );
}

#[test]
fn o9_a_child_that_was_deleted_or_moved_with_its_file_comes_back_as_it_is() {
    let mut world = village();
    merged(&mut world, "r", "s");
    let rev = world.store.record(id("v")).unwrap().rev;
    let delete = json!([{"op": "delete", "e": id("v"), "base": {"rev": rev}, "reason": "x"}]);
    assert_eq!(said(&world.save(CLERK, "delete", delete)), "applied");
    let entered = world.store.record(id("s")).unwrap().entered;
    let away = json!([{"op": "move", "e": id("s"), "area": area("B"), "base": {"fv": entered}}]);
    assert_eq!(said(&world.save(CLERK, "move", away)), "applied");
    taken_back(&mut world, "r", "s");
    let child = world.store.record(id("v")).unwrap();
    assert_eq!((child.parent, child.area, child.del.is_some()), (Some(id("r")), area("A"), true));
    assert_eq!(world.store.record(id("s")).unwrap().area, area("B"), "the other stays where it went");
}

#[test]
fn o9_a_merge_may_be_taken_back_and_done_again() {
    let mut world = village();
    for _ in 0..2 {
        merged(&mut world, "r", "s");
        assert_eq!(parent(&world, "v"), Some(id("s")));
        taken_back(&mut world, "r", "s");
        assert_eq!(parent(&world, "v"), Some(id("r")));
    }
    merged(&mut world, "s", "r");
    taken_back(&mut world, "s", "r");
    assert_eq!(parent(&world, "v"), Some(id("r")), "it never was of the other");
}

#[test]
fn o10_on_a_living_record_it_changes_nothing() {
    let mut world = village();
    let before = world.store.record(id("r")).cloned();
    assert_eq!(said(&unmerge(&mut world, CLERK, "r", "s")), "applied");
    assert_eq!(world.store.record(id("r")).cloned(), before);
    merged(&mut world, "r", "s");
    taken_back(&mut world, "r", "s");
    let before = world.store.record(id("r")).cloned();
    assert_eq!(said(&unmerge(&mut world, CLERK, "r", "s")), "applied", "two clerks take back the same");
    assert_eq!(world.store.record(id("r")).cloned(), before);
}

#[test]
fn o10_what_cannot_be_taken_back_is_held_with_the_reason() {
    let held = |prepare: &dyn Fn(&mut World), user: &str, (from, into): (&str, &str), expected: &str| {
        let mut world = village();
        prepare(&mut world);
        let before = world.store.record(id(from)).cloned();
        assert_eq!(said(&unmerge(&mut world, user, from, into)), expected, "{user} {from} {into}");
        assert_eq!(world.store.record(id(from)).cloned(), before);
    };
    let nothing = |_: &mut World| {};
    held(&nothing, CLERK, ("nobody", "s"), "held missing");
    held(&nothing, FAR_CLERK, ("alias", "s"), "held out_of_scope");
    held(&nothing, WORKER, ("alias", "s"), "held right");
    held(&nothing, WORKER, ("r", "s"), "held right");
    held(&nothing, CLERK, ("gone", "s"), "held deleted");
    held(&nothing, CLERK, ("alias", "r"), "held stale");
    let beyond = |world: &mut World| {
        let mut other = world.store.record(id("s")).unwrap().clone();
        other.area = area("D");
        world.store.put(other);
    };
    held(&beyond, CLERK, ("alias", "s"), "held out_of_scope");
    let deleted = |world: &mut World| {
        let rev = world.store.record(id("s")).unwrap().rev;
        let delete = json!([{"op": "delete", "e": id("s"), "base": {"rev": rev}, "reason": "x"}]);
        assert_eq!(said(&world.save(CLERK, "delete", delete)), "applied");
    };
    held(&deleted, CLERK, ("alias", "s"), "held deleted");
    let forgotten = |world: &mut World| {
        let mut alias = world.store.record(id("alias")).unwrap().clone();
        alias.del.as_mut().unwrap().brought = None;
        world.store.put(alias);
    };
    held(&forgotten, CLERK, ("alias", "s"), "held stale");
    let emptied = |world: &mut World| {
        let mut alias = world.store.record(id("alias")).unwrap().clone();
        alias.fields.clear();
        world.store.put(alias);
    };
    held(&emptied, CLERK, ("alias", "s"), "held deleted");
}

#[test]
fn o10_a_grant_of_a_worker_takes_nothing_back() {
    let mut world = village();
    world.granted = Some(Role::VillageWorker);
    assert_eq!(said(&unmerge(&mut world, CLERK, "alias", "s")), "held right");
}

#[test]
fn o11_a_chain_is_taken_apart_in_any_order() {
    let start = || {
        let mut world = village();
        visit(&mut world, "of s", "s");
        merged(&mut world, "r", "s");
        merged(&mut world, "s", "q");
        world
    };
    let parents = |world: &World| ["v", "of s"].map(|name| parent(world, name));
    let mut world = start();
    taken_back(&mut world, "r", "s");
    assert_eq!(parents(&world), [Some(id("r")), Some(id("q"))], "from where it hangs now");
    taken_back(&mut world, "s", "q");
    assert_eq!(parents(&world), [Some(id("r")), Some(id("s"))]);
    let mut world = start();
    taken_back(&mut world, "s", "q");
    assert_eq!(parents(&world), [Some(id("s")), Some(id("s"))]);
    taken_back(&mut world, "r", "s");
    assert_eq!(parents(&world), [Some(id("r")), Some(id("s"))]);
    // What was given back and came again by its own way is not the other's.
    let mut world = start();
    taken_back(&mut world, "r", "s");
    merged(&mut world, "r", "q");
    taken_back(&mut world, "s", "q");
    assert_eq!(parents(&world), [Some(id("q")), Some(id("s"))]);
    taken_back(&mut world, "r", "q");
    assert_eq!(parents(&world), [Some(id("r")), Some(id("s"))]);
}
