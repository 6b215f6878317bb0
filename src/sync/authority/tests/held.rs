//! H1–H3, H5: changesets kept for a person.

use super::{blind, create, set};
use crate::{
    id::{AreaId, made_alike},
    testing::{ADMIN, CLERK, FAR_CLERK, WORKER, WORKER2, World, area, id, said, sealed, village},
};
use serde_json::{Value, json};
use uuid::Uuid;

fn held_id(changeset: &str) -> Uuid {
    made_alike("held", &[&id(changeset).to_string()])
}

fn resolve(changeset: &str, take: &str) -> Value {
    json!([{"op": "resolve", "e": held_id(changeset), "take": take, "reason": "打电话问过"}])
}

fn state(world: &World, changeset: &str) -> Value {
    world.store.record(held_id(changeset)).unwrap().plain("state").unwrap().clone()
}

#[test]
fn h1_the_whole_changeset_is_kept() {
    let mut world = village();
    let ops = json!([{"op": "set", "e": id("nobody"), "f": "mobile", "v": "1", "base": {"fv": "0.0"}, "later": true}]);
    let verdict = world.save_at(WORKER, "x", 77, ops.clone());
    assert_eq!((verdict.made[0].kind.as_str(), verdict.made[0].e), ("held", held_id("x")));
    let record = world.store.record(held_id("x")).unwrap();
    let field = |name: &str| record.plain(name).cloned().unwrap();
    assert_eq!(field("changeset"), json!(id("x")));
    assert_eq!((field("why"), field("ops"), field("by")), (json!("missing"), ops, json!(id(WORKER))));
    assert_eq!((field("t"), field("state")), (json!(77), json!("open")));
    assert_eq!((record.rev, record.rev), (verdict.rev.unwrap(), world.store.head()));
}

#[test]
fn h2_it_lies_where_its_first_record_lies() {
    let check = |user: &str, ops: Value, place: AreaId, below: Option<&str>| {
        let mut world = village();
        let verdict = world.save(user, "x", ops.clone());
        assert!(said(&verdict).starts_with("held"), "{ops}");
        let record = world.store.record(held_id("x")).unwrap();
        assert_eq!((record.area, record.parent), (place, below.map(id)), "{ops}");
    };
    let mut visit = create("v2", "visit", "A", json!({}));
    visit["parent"] = json!(id("far"));
    let mut orphan = create("v2", "visit", "B", json!({}));
    orphan["parent"] = json!(id("nobody"));
    check(
        WORKER,
        json!([blind("q", "mobile", json!("1")), blind("r", "mobile", json!("1"))]),
        area("B"),
        Some("q"),
    );
    check(WORKER, json!([blind("far", "mobile", json!("1"))]), area("D"), Some("far"));
    check(WORKER, json!([visit]), area("D"), Some("far"));
    check(WORKER, json!([orphan]), area("B"), None);
    let lost = json!([{"op": "move", "e": id("nobody"), "area": area("B"), "base": {"fv": "0.0"}}]);
    check(WORKER, lost, area("B"), None);
    check(WORKER, json!([create("n", "recipient", "D", json!({}))]), area("D"), None);
    check(WORKER, json!([create("n", "recipient", "nowhere", json!({}))]), area("T"), None);
    check(WORKER, json!([blind("nobody", "mobile", json!("1"))]), area("T"), None);
    check(FAR_CLERK, json!([blind("nobody", "mobile", json!("1"))]), area("U"), None);
}

#[test]
fn h2_it_moves_along_with_its_record() {
    let mut world = village();
    world.save(WORKER, "x", json!([blind("r", "remark", json!("1"))]));
    let out = json!([{"op": "move", "e": id("r"), "area": area("B"), "base": {"fv": world.store.record(id("r")).unwrap().entered}}]);
    assert_eq!(said(&world.save(CLERK, "move", out)), "applied");
    assert_eq!(world.store.record(held_id("x")).unwrap().area, area("B"));
}

/// O8.
#[test]
fn h5_resolving_is_for_an_office_that_sees_it() {
    let check = |user: &str, expected: &str| {
        let mut world = village();
        world.save(WORKER, "x", json!([blind("r", "remark", json!("1"))]));
        assert_eq!(said(&world.save(user, "y", resolve("x", "other"))), expected);
        assert_eq!(state(&world, "x"), if expected == "applied" { "other" } else { "open" });
    };
    check(FAR_CLERK, "held out_of_scope");
    check(WORKER2, "held right");
    check(WORKER, "held right");
    check(ADMIN, "held right");
    check(CLERK, "applied");
}

#[test]
fn h5_dropping_needs_a_reason_and_a_third_value_makes_no_sense() {
    let mut world = village();
    world.save(WORKER, "x", json!([blind("r", "remark", json!("1"))]));
    let op = |take: &str, reason: Value| json!([{"op": "resolve", "e": held_id("x"), "take": take, "v": 1, "reason": reason}]);
    assert_eq!(said(&world.save(CLERK, "a", op("current", json!(null)))), "rejected bad_value");
    assert_eq!(said(&world.save(CLERK, "b", op("current", json!(" ")))), "rejected bad_value");
    assert_eq!(said(&world.save(CLERK, "c", op("value", json!("x")))), "rejected bad_value");
    assert_eq!(said(&world.save(CLERK, "d", resolve("x", "current"))), "applied");
    assert_eq!((state(&world, "x"), world.field("r", "remark")), (json!("current"), Value::Null));
    assert_eq!(said(&world.save(CLERK, "e", resolve("x", "other"))), "held stale");
    assert_eq!(said(&world.save(CLERK, "f", resolve("x", "current"))), "held stale");
}

#[test]
fn h5_its_ops_keep_the_first_changesets_id_author_and_time() {
    let mut world = village();
    let ops = json!([blind("r", "remark", json!("1")), set(&world, "r", "mobile", json!("2")),
                     {"op": "append", "e": id("v"), "f": "reviews", "v": "x"}]);
    assert_eq!(said(&world.save_at(WORKER, "first", 88, ops)), "held right");
    assert_eq!(said(&world.save(CLERK, "resolve", resolve("first", "other"))), "applied");
    let origin = &world.store.record(id("r")).unwrap().fields["mobile"].origin;
    assert_eq!(
        (origin.ops.as_slice(), origin.author, origin.t_eff),
        ([id("first")].as_slice(), id(WORKER), 88)
    );
    assert_eq!(world.fv("r", "mobile"), world.store.head(), "in the resolving changeset's rev");
    let entry = made_alike("append", &[&id("first").to_string(), "2"]);
    assert_eq!(world.field("v", "reviews")[0]["id"], json!(entry));
    // The own chain of the author goes on from there.
    let next = json!([{"op": "set", "e": id("r"), "f": "mobile", "v": "3", "base": {"op": id("first")}}]);
    assert_eq!(said(&world.save(WORKER, "next", next)), "applied");
}

#[test]
fn h5_what_would_be_held_again_holds_the_resolving_changeset() {
    let mut world = village();
    world.save(WORKER, "x", json!([blind("r", "mobile", json!("9")), blind("nobody", "mobile", json!("1"))]));
    world.save(WORKER, "y", json!([blind("r", "remark", json!("1"))]));
    let both = json!([resolve("y", "other")[0], resolve("x", "other")[0]]);
    let verdict = world.save(CLERK, "both", both);
    assert_eq!(said(&verdict), "held missing");
    assert_eq!((state(&world, "x"), state(&world, "y")), (json!("open"), json!("open")));
    assert_eq!((world.field("r", "mobile"), world.field("r", "remark")), (json!("13800000001"), Value::Null));
    // The clerk's changeset is a held record itself, and can be let through once the record is there.
    world.recipient("nobody", "A", json!({}));
    assert_eq!(said(&world.save(CLERK, "again", resolve("both", "other"))), "merged conflict");
    assert_eq!((state(&world, "x"), state(&world, "both")), (json!("other"), json!("other")));
    assert_eq!(world.field("r", "remark"), "1");
}

#[test]
fn h5_ops_meet_what_stands_as_any_write_does() {
    let mut world = village();
    world.save_at(
        WORKER,
        "x",
        1,
        json!([blind("r", "remark", json!("old")), blind("r", "name", json!("改"))]),
    );
    world.save(CLERK, "meanwhile", json!([blind("r", "remark", json!("new"))]));
    let verdict = world.save(CLERK, "resolve", resolve("x", "other"));
    assert_eq!(said(&verdict), "merged conflict conflict");
    assert_eq!(verdict.made[0].e, made_alike("conflict", &[&id("x").to_string(), "0"]));
    assert_eq!((world.field("r", "remark"), world.field("r", "name")), (json!("new"), json!("张三")));
    let conflict = world.store.record(verdict.made[0].e).unwrap();
    assert_eq!(conflict.plain("by"), Some(&json!([id(CLERK), id(WORKER)])));
}

#[test]
fn h5_held_values_are_checked_when_their_record_is_in_sight() {
    let mut world = village();
    world.save(
        WORKER,
        "x",
        json!([{"op": "set", "e": id("nobody"), "f": "id_no", "v": "33", "base": {"fv": "0.0"}}]),
    );
    world.recipient("nobody", "A", json!({}));
    assert_eq!(said(&world.save(CLERK, "a", resolve("x", "other"))), "rejected bad_value");
    assert_eq!(state(&world, "x"), "open");
    let good =
        json!([{"op": "sealed", "e": id("n2"), "f": "id_no", "v": sealed("33"), "base": {"fv": "0.0"}}]);
    world.save(WORKER, "y", good);
    world.recipient("n2", "A", json!({}));
    assert_eq!(said(&world.save(CLERK, "b", resolve("y", "other"))), "applied");
    assert!(world.store.record(id("n2")).unwrap().fields.contains_key("id_no"));
}

#[test]
fn e4_a_record_created_under_an_id_of_the_servers_does_not_stand_in_its_way() {
    let mut world = village();
    let taken = made_alike("conflict", &[&id("mine").to_string(), "0"]);
    let hide =
        json!([{"op": "create", "e": taken, "type": "need", "area": area("A"), "parent": id("r"), "f": {}}]);
    assert_eq!(said(&world.save(WORKER, "hide", hide)), "applied");
    let verdict = world.save(WORKER, "mine", json!([blind("r", "mobile", json!("9"))]));
    assert_eq!(said(&verdict), "merged conflict");
    assert_ne!(verdict.made[0].e, taken);
    assert_eq!(world.store.record(taken).unwrap().kind, "need");
}

/// The bound is for what one held changeset resolves inside another.
#[test]
fn h5_many_held_changesets_are_resolved_by_one() {
    let mut world = village();
    let names: Vec<String> = (0..9).map(|n| format!("h{n}")).collect();
    for name in &names {
        let verdict = world.save(WORKER, name, json!([blind("q", "mobile", json!("1"))]));
        assert_eq!(said(&verdict), "held out_of_scope");
    }
    let ops: Vec<Value> = names.iter().map(|name| resolve(name, "other")[0].clone()).collect();
    assert_eq!(said(&world.save(CLERK, "all", json!(ops))), "applied");
    assert_eq!(world.field("q", "mobile"), "1");
}
