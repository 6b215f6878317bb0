//! O1–O8: each op on its own.

use super::{blind, check, create, set};
use crate::{
    id::made_alike,
    testing::{CLERK, WORKER, World, area, id, said, sealed, village},
};
use serde_json::{Value, json};
use uuid::Uuid;

#[test]
fn o1_create_takes_fields_that_may_be_written_or_proposed() {
    let f = json!({"name": "新", "mobile": "1", "id_no": sealed("339999195001010019"), "merits": ["b", "a", "b"], "x": 1});
    let world = check(CLERK, json!([create("n", "recipient", "A", f)]), "applied");
    assert_eq!(world.field("n", "merits"), json!(["a", "b"]));
    let record = world.store.record(id("n")).unwrap();
    assert_eq!((record.entered, record.rev), (world.store.head(), world.store.head()));
    let proposed = json!({"name": "新", "id_no": sealed("339999195001010019"), "status": "正常"});
    let world = check(WORKER, json!([create("n", "recipient", "A", proposed)]), "applied");
    assert_eq!(world.field("n", "name"), "新", "in a create what may be proposed is written");
}

#[test]
fn o1_a_child_lies_where_its_parent_lies_and_its_area_is_a_hint() {
    let mut visit = create("v2", "visit", "D", json!({}));
    visit["parent"] = json!(id("r"));
    let world = check(WORKER, json!([visit]), "applied");
    assert_eq!(world.store.record(id("v2")).unwrap().area, area("A"));
    let both = json!([create("n", "recipient", "A", json!({})),
                      {"op": "create", "e": id("v3"), "type": "visit", "area": area("A"), "parent": id("n"), "f": {}}]);
    check(WORKER, both, "applied");
}

#[test]
fn o2_create_under_an_id_made_alike_is_done_once() {
    let need = made_alike("need", &[&id("v").to_string(), "N-MED"]);
    let op = |e: Uuid, state: &str| json!({"op": "create", "e": e, "type": "need", "area": area("A"), "parent": id("r"), "f": {"state": state}});
    let mut world = village();
    assert_eq!(said(&world.save(CLERK, "a", json!([op(need, "found")]))), "applied");
    let rev = world.store.record(need).unwrap().rev;
    let also = set(&world, "r", "mobile", json!("1"));
    assert_eq!(said(&world.save(WORKER, "b", json!([op(need, "new"), also]))), "applied");
    assert_eq!(world.field("r", "mobile"), "1");
    let record = world.store.record(need).unwrap();
    assert_eq!((record.rev, record.text("state")), (rev, Some("found")));
    let base = json!({"rev": record.rev});
    assert_eq!(
        said(&world.save(CLERK, "c", json!([{"op": "delete", "e": need, "base": base, "reason": "x"}]))),
        "applied"
    );
    assert_eq!(said(&world.save(WORKER, "d", json!([op(need, "new")]))), "applied");
    assert!(world.store.record(need).unwrap().del.is_some(), "a deleted record is not revived (I16)");
    assert_eq!(
        said(&world.save(WORKER, "e", json!([create("r", "recipient", "A", json!({}))]))),
        "held exists"
    );
}

#[test]
fn o3_an_unknown_field_is_plain() {
    let mut world = village();
    let value = json!({"b": [1, 2], "a": null});
    assert_eq!(said(&world.save(CLERK, "a", json!([blind("r", "from_2030", value.clone())]))), "applied");
    assert_eq!(world.field("r", "from_2030"), value);
}

#[test]
fn o4_lists_grow_and_shrink_without_conflict() {
    let mut world = village();
    let merit = |op: &str, item: Value| json!([{"op": op, "e": id("r"), "f": "merits", "item": item}]);
    for (i, item) in [json!("b"), json!(10), json!({"y": 1, "x": 2}), json!("a"), json!(9), json!("a")]
        .into_iter()
        .enumerate()
    {
        assert_eq!(said(&world.save(CLERK, &format!("add {i}"), merit("add", item))), "applied");
    }
    assert_eq!(world.field("r", "merits"), json!(["a", "b", 10, 9, {"x": 2, "y": 1}]));
    let fv = world.fv("r", "merits");
    assert_eq!(said(&world.save(CLERK, "no such", merit("remove", json!("z")))), "applied");
    assert_eq!(world.fv("r", "merits"), fv, "nothing to remove, nothing written");
    assert_eq!(said(&world.save(CLERK, "remove", merit("remove", json!({"x": 2, "y": 1})))), "applied");
    assert_eq!(world.field("r", "merits"), json!(["a", "b", 10, 9]));
}

#[test]
fn o4_an_entry_is_named_after_its_changeset_and_op() {
    let mut world = village();
    let now = world.now;
    let append = |v: &str| json!({"op": "append", "e": id("v"), "f": "reviews", "v": v});
    let ops = json!([append("好"), append("好")]);
    assert_eq!(said(&world.save(CLERK, "x", ops)), "applied");
    let entry = |i: &str| made_alike("append", &[&id("x").to_string(), i]);
    assert_eq!(
        world.field("v", "reviews"),
        json!([{"id": entry("0"), "v": "好", "author": id(CLERK), "t": now},
               {"id": entry("1"), "v": "好", "author": id(CLERK), "t": now}])
    );
}

#[test]
fn o4_a_blob_is_attached_once() {
    let mut world = village();
    let (one, two) = ("ab".repeat(32), "cd".repeat(32));
    let attach =
        |blob: &str| json!({"op": "attach", "e": id("v"), "blob": blob, "kind": "photo", "bytes": 7});
    let detach = |blob: &str| json!({"op": "detach", "e": id("v"), "blob": blob});
    assert_eq!(said(&world.save(WORKER, "a", json!([attach(&two), attach(&one), attach(&two)]))), "applied");
    assert_eq!(
        world.field("v", "blobs"),
        json!([{"blob": two, "kind": "photo", "bytes": 7}, {"blob": one, "kind": "photo", "bytes": 7}])
    );
    assert_eq!(said(&world.save(WORKER, "b", json!([detach(&two), detach(&two)]))), "applied");
    assert_eq!(world.field("v", "blobs"), json!([{"blob": one, "kind": "photo", "bytes": 7}]));
}

fn delete(world: &mut World, name: &str, rev: &str, ops: &[&str]) -> String {
    let ops: Vec<Uuid> = ops.iter().map(|op| id(op)).collect();
    let op = json!({"op": "delete", "e": id("r"), "base": {"rev": rev, "ops": ops}, "reason": "重复"});
    said(&world.save(CLERK, name, json!([op])))
}

#[test]
fn o5_delete_applies_if_every_later_change_is_the_authors_own() {
    let check = |others: &[&str], named: &[&str], expected: &str| {
        let mut world = village();
        let rev = world.store.record(id("r")).unwrap().rev.to_string();
        for other in others {
            let op = set(&world, "r", "mobile", json!(other));
            assert_eq!(said(&world.save(CLERK, other, json!([op]))), "applied");
        }
        assert_eq!(delete(&mut world, "delete", &rev, named), expected, "{others:?} {named:?}");
        assert_eq!(world.store.record(id("r")).unwrap().del.is_some(), expected == "applied");
        assert!(world.store.record(id("v")).unwrap().del.is_none(), "a child is not touched");
    };
    check(&[], &[], "applied");
    check(&["own"], &["own"], "applied");
    check(&["own", "own2"], &["own2", "own"], "applied");
    check(&["foreign"], &[], "held changed");
    check(&["foreign", "own"], &["own"], "held changed");
    check(&["own", "foreign"], &["own"], "held changed");
}

#[test]
fn o5_what_a_record_no_longer_remembers_counts_as_changed() {
    let mut world = village();
    let rev = world.store.record(id("r")).unwrap().rev.to_string();
    let names: Vec<String> = (0..300).map(|i| format!("own {i}")).collect();
    for name in &names {
        let op = set(&world, "r", "mobile", json!(name));
        world.save(CLERK, name, json!([op]));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(delete(&mut world, "too old", &rev, &names), "held changed");
    let seen = world.store.record(id("r")).unwrap().changes[0].rev.to_string();
    assert_eq!(delete(&mut world, "known", &seen, &names), "applied");
}

#[test]
fn o5_a_changeset_may_write_and_delete() {
    let mut world = village();
    let rev = world.store.record(id("r")).unwrap().rev;
    let ops = json!([set(&world, "r", "mobile", json!("1")),
                     {"op": "delete", "e": id("r"), "base": {"rev": rev}, "reason": "x"}]);
    assert_eq!(said(&world.save(CLERK, "x", ops)), "applied");
    let late = blind("r", "mobile", json!("2"));
    assert_eq!(
        said(&world.save(WORKER, "late", json!([late]))),
        "held deleted",
        "no older op revives it (I16)"
    );
}

#[test]
fn o6_undelete_brings_a_full_row_back() {
    let undelete = |e: &str| json!([{"op": "undelete", "e": id(e), "reason": "x"}]);
    let world = check(CLERK, undelete("gone"), "applied");
    let record = world.store.record(id("gone")).unwrap();
    assert_eq!((record.del.is_none(), record.entered), (true, world.store.head()));
    let mut world = village();
    let before = world.store.record(id("r")).cloned();
    assert_eq!(said(&world.save(CLERK, "x", undelete("r"))), "applied");
    assert_eq!(world.store.record(id("r")).cloned(), before, "a living record is left alone");
}

#[test]
fn o7_merge_makes_an_alias_and_takes_the_children_along() {
    let mut world = village();
    let ops = json!([{"op": "merge", "from": id("r"), "into": id("q"), "reason": "same person"}]);
    assert_eq!(said(&world.save(CLERK, "x", ops)), "applied");
    let head = world.store.head();
    let (from, child) = (world.store.record(id("r")).unwrap(), world.store.record(id("v")).unwrap());
    assert_eq!((from.del.as_ref().unwrap().into, from.rev, from.area), (Some(id("q")), head, area("A")));
    assert_eq!((child.parent, child.area, child.entered, child.rev), (Some(id("q")), area("B"), head, head));
    let left: Vec<_> = world.store.exits().map(|exit| (exit.e, exit.area, exit.rev)).collect();
    assert_eq!(left, [(id("v"), area("A"), head)]);
    let late = json!([blind("r", "mobile", json!("2"))]);
    assert_eq!(said(&world.save(WORKER, "late", late)), "held merged_away");
    let loop_ = json!([{"op": "merge", "from": id("q"), "into": id("v"), "reason": "x"}]);
    assert_eq!(said(&world.save(CLERK, "loop", loop_)), "rejected bad_value");
}

#[test]
fn o7_merge_within_an_area_leaves_no_exit_and_still_sends_full_rows() {
    let mut world = village();
    let ops = json!([{"op": "merge", "from": id("r"), "into": id("s"), "reason": "x"}]);
    assert_eq!(said(&world.save(CLERK, "x", ops)), "applied");
    let child = world.store.record(id("v")).unwrap();
    assert_eq!((child.parent, child.entered), (Some(id("s")), world.store.head()));
    assert_eq!(world.store.exits().count(), 0);
}

#[test]
fn o8_what_an_office_decides_is_held_where_a_village_does_it() {
    let rev = village().store.record(id("r")).unwrap().rev;
    for op in [
        json!({"op": "delete", "e": id("r"), "base": {"rev": rev}, "reason": "x"}),
        json!({"op": "undelete", "e": id("gone"), "reason": "x"}),
        json!({"op": "merge", "from": id("r"), "into": id("s"), "reason": "x"}),
        json!({"op": "unmerge", "from": id("alias"), "into": id("s"), "reason": "x"}),
    ] {
        check(WORKER, json!([op]), "held right");
        check(CLERK, json!([op]), "applied");
    }
}

/// O5: whoever made every change of a record needs to have seen none of them.
#[test]
fn o5_a_base_before_the_first_change_does_where_all_changes_are_the_authors() {
    let delete = |own: &str| json!([{"op": "delete", "e": id("r"), "base": {"rev": "0.0", "ops": [id(own)]}, "reason": "x"}]);
    check(CLERK, delete("create r"), "applied");
    check(CLERK, delete("create s"), "held changed");
}
