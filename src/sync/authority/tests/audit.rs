//! U1: what the audit log is told.

use super::blind;
use crate::testing::{CLERK, WORKER, id, village};
use serde_json::{Value, json};

#[test]
fn u1_every_op_that_was_judged_has_one_entry_without_values() {
    let mut world = village();
    let before = world.store.audit().len();
    let wrong =
        json!({"id": id("wrong"), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER), "ops": 7});
    let held = json!([blind("nobody", "mobile", json!("geheim")), blind("r", "mobile", json!("geheim"))]);
    let clash = json!([blind("r", "mobile", json!("geheim")), blind("s", "live_addr", json!("geheim"))]);
    let rejected = json!([blind("r", "id_no", json!("geheim"))]);
    world.save(WORKER, "held", held.clone());
    world.save(WORKER, "clash", clash);
    world.save(WORKER, "rejected", rejected);
    world.send(WORKER, wrong.clone());
    world.send(WORKER, wrong);
    world.save(
        CLERK,
        "delete",
        json!([{"op": "delete", "e": id("v"), "base": {"rev": "9.0"}, "reason": "重复"}]),
    );
    let entries = &world.store.audit()[before..];
    let brief: Vec<Value> = entries
        .iter()
        .map(|a| json!([a.changeset == id("held"), a.i, a.op, a.f, a.st, a.why, a.made.is_some(), a.reason]))
        .collect();
    let expected = json!([
        [true, 0, "set", "mobile", "held", "missing", true, null],
        [true, 1, "set", "mobile", "held", "missing", false, null],
        [false, 0, "set", "mobile", "merged", null, true, null],
        [false, 1, "set", "live_addr", "merged", null, false, null],
        [false, 0, "set", "id_no", "rejected", "bad_value", false, null],
        [false, null, null, null, "rejected", "bad_shape", false, null],
        [false, 0, "delete", null, "applied", null, false, "重复"],
    ]);
    assert_eq!(json!(brief), expected);
    assert!(!serde_json::to_string(entries).unwrap().contains("geheim"));
}

#[test]
fn u1_a_decision_is_told_with_its_record_and_its_reason() {
    let mut world = village();
    let proposed = json!([{"op": "set", "e": id("r"), "f": "bank", "v": "农行", "base": {"fv": "0.0"}}]);
    let proposal = world.save(WORKER, "proposed", proposed).made[0].e;
    let held = world.save(WORKER, "held", json!([blind("nobody", "mobile", json!("1"))])).made[0].e;
    let before = world.store.audit().len();
    world.save(
        CLERK,
        "decide",
        json!([{"op": "decide", "e": proposal, "accept": false, "reason": "没有存折"}]),
    );
    world.save(
        CLERK,
        "resolve",
        json!([{"op": "resolve", "e": held, "take": "current", "reason": "查无此人"}]),
    );
    world.save(CLERK, "undelete", json!([{"op": "undelete", "e": id("gone"), "reason": "删错了"}]));
    world.save(
        CLERK,
        "merge",
        json!([{"op": "merge", "from": id("r"), "into": id("s"), "reason": "同一人"}]),
    );
    let told: Vec<Value> =
        world.store.audit()[before..].iter().map(|a| json!([a.op, a.e, a.st, a.reason])).collect();
    let expected = json!([
        ["decide", proposal, "applied", "没有存折"],
        ["resolve", held, "applied", "查无此人"],
        ["undelete", id("gone"), "applied", "删错了"],
        ["merge", id("r"), "applied", "同一人"],
    ]);
    assert_eq!(json!(told), expected);
}
