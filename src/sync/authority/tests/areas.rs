//! A1–A5: where records lie.

use super::{blind, check, set};
use crate::{
    authority::VILLAGE_STEP_COUNT,
    memory::ClearOpener,
    record::Record,
    testing::{CLERK, WORKER, WORKER2, World, area, id, said, village},
};
use serde_json::{Value, json};
use uuid::Uuid;

fn go(world: &World, e: &str, place: &str) -> Value {
    json!([{"op": "move", "e": id(e), "area": area(place), "base": {"fv": world.store.record(id(e)).unwrap().entered}}])
}

/// Moves a visit into the archive of its village, as the archive job does.
fn archive(world: &mut World, e: &str) {
    let mut record: Record = world.store.record(id(e)).unwrap().clone();
    record.area = area("AA");
    world.store.put(record);
}

#[test]
fn a1_an_archived_child_is_judged_where_its_parent_lies() {
    let mut world = village();
    archive(&mut world, "v");
    let op = set(&world, "v", "result", json!("x"));
    assert_eq!(said(&world.save(WORKER, "x", json!([op]))), "applied");
    let op = blind("v", "kind", json!("other"));
    let verdict = world.save(WORKER, "y", json!([op]));
    assert_eq!(said(&verdict), "merged conflict");
    assert_eq!(
        world.store.record(verdict.made[0].e).unwrap().area,
        area("A"),
        "a conflict does not hide in the archive"
    );
}

#[test]
fn a2_a_scope_has_all_below_it_and_no_archive() {
    let world = World::new();
    let scope = |names: &[&str]| {
        let areas: Vec<_> = names.iter().map(|name| area(name)).collect();
        let scope = world.tree.scope(&areas);
        ["C", "T", "U", "A", "B", "D", "AA", "BA"]
            .into_iter()
            .filter(|name| scope.holds(area(name)))
            .collect::<Vec<_>>()
    };
    assert_eq!(scope(&[]), [""; 0]);
    assert_eq!(scope(&["nowhere"]), [""; 0]);
    assert_eq!(scope(&["AA"]), [""; 0]);
    assert_eq!(scope(&["A"]), ["A"]);
    assert_eq!(scope(&["T"]), ["T", "A", "B"]);
    assert_eq!(scope(&["A", "U"]), ["U", "A", "D"]);
    assert_eq!(scope(&["C"]), ["C", "T", "U", "A", "B", "D"]);
}

#[test]
fn a3_a_move_out_of_the_scope_is_held_unless_it_is_a_proposal() {
    let mut world = village();
    let out = go(&world, "r", "D");
    assert_eq!(said(&world.save(CLERK, "a", out.clone())), "held out_of_scope");
    let archive = go(&world, "r", "AA");
    assert_eq!(said(&world.save(CLERK, "b", archive)), "held out_of_scope");
    assert_eq!(said(&world.save(WORKER, "c", out)), "merged proposal");
    assert_eq!(world.store.record(id("r")).unwrap().area, area("A"));
}

#[test]
fn a3_an_edit_of_what_has_left_the_scope_is_held_there() {
    let mut world = village();
    let out = go(&world, "r", "B");
    world.save(CLERK, "move", out);
    let verdict = world.save(WORKER, "late", json!([blind("r", "mobile", json!("1"))]));
    assert_eq!(said(&verdict), "held out_of_scope");
    assert_eq!(world.store.record(verdict.made[0].e).unwrap().area, area("B"));
    assert_eq!(
        said(&world.save(WORKER, "child", json!([blind("v", "result", json!("1"))]))),
        "held out_of_scope"
    );
    assert_eq!(said(&world.save(WORKER2, "there", json!([blind("v", "result", json!("1"))]))), "applied");
}

#[test]
fn a4_a_move_takes_all_below_along_and_leaves_exits() {
    let mut world = village();
    world.save(WORKER, "clash", json!([blind("v", "kind", json!("other"))]));
    let conflict = world.store.children_of(id("v")).next().unwrap().id;
    let old = json!([{"op": "create", "e": id("old"), "type": "visit", "area": area("A"), "parent": id("r"), "f": {}}]);
    world.save(WORKER, "old", old);
    archive(&mut world, "old");
    let out = go(&world, "r", "B");
    assert_eq!(said(&world.save(CLERK, "move", out)), "applied");
    let head = world.store.head();
    let place = |e| world.store.record(e).map(|r| (r.area, r.entered, r.rev));
    for (e, place_name) in [(id("r"), "B"), (id("v"), "B"), (conflict, "B"), (id("old"), "BA")] {
        assert_eq!(place(e), Some((area(place_name), head, head)));
    }
    let mut exits: Vec<_> = world.store.exits().map(|exit| (exit.e, exit.area, exit.rev)).collect();
    let mut expected: Vec<_> = [id("r"), id("v"), conflict].map(|e| (e, area("A"), head)).to_vec();
    expected.push((id("old"), area("AA"), head));
    exits.sort();
    expected.sort();
    assert_eq!(exits, expected);
    // The new area has no archive: what was archived is seen again rather than lost.
    let out = go(&world, "r", "T");
    assert_eq!(said(&world.save(CLERK, "again", out)), "applied");
    assert_eq!(world.store.record(id("old")).unwrap().area, area("T"));
}

#[test]
fn a4_a_record_and_its_child_made_by_one_batch_move_together() {
    let ops = json!([
        {"op": "create", "e": id("n"), "type": "recipient", "area": area("A"), "f": {}},
        {"op": "create", "e": id("nv"), "type": "visit", "area": area("A"), "parent": id("n"), "f": {}},
        {"op": "move", "e": id("n"), "area": area("B"), "base": {"op": id("changeset")}},
    ]);
    let world = check(CLERK, ops, "applied");
    assert_eq!(world.store.record(id("nv")).unwrap().area, area("B"));
}

#[test]
fn a5_a_village_that_becomes_part_of_another_leaves_nothing_behind() {
    let mut world = village();
    let old = json!([{"op": "create", "e": id("old"), "type": "visit", "area": area("A"), "parent": id("r"), "f": {}}]);
    world.save(WORKER, "old", old);
    archive(&mut world, "old");
    for n in 0..2 * VILLAGE_STEP_COUNT {
        world.recipient(&format!("many{n}"), "A", json!({}));
    }
    let before = world.store.head();
    let here: Vec<_> =
        world.store.records().filter(|record| record.area == area("A")).map(|record| record.id).collect();
    world.store.move_village((area("A"), area("B")), id("job"), world.now, &world.tree, &ClearOpener);
    assert_eq!(world.store.records().filter(|record| record.area == area("A")).count(), 0);
    assert_eq!(world.store.record(id("old")).unwrap().area, area("BA"));
    assert!(world.store.record(id("gone")).is_some_and(|gone| gone.area == area("B") && gone.del.is_some()));
    let left = |e: &Uuid| world.store.exits().any(|exit| exit.area == area("A") && exit.e == *e);
    assert!(here.iter().all(left), "each leaves an exit");
    let steps = world.store.head().n - before.n;
    assert_eq!(steps, 3, "a step takes one rev, and few enough records for a page");
    // A second run finds nothing and takes none.
    world.store.move_village((area("A"), area("B")), id("again"), world.now, &world.tree, &ClearOpener);
    assert_eq!(world.store.head().n - before.n, steps);
}

#[test]
fn a5_a_move_that_had_not_seen_the_merger_is_a_conflict() {
    let mut world = village();
    let unseen = go(&world, "r", "T");
    world.store.move_village((area("A"), area("B")), id("job"), world.now, &world.tree, &ClearOpener);
    assert_eq!(said(&world.save(CLERK, "late", unseen)), "merged conflict");
    assert_eq!(world.store.record(id("r")).unwrap().area, area("B"));
}
