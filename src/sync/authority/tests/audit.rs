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
        .map(|a| json!([a.changeset == id("held"), a.i, a.op, a.f, a.st, a.why, a.made.is_some()]))
        .collect();
    let expected = json!([
        [true, 0, "set", "mobile", "held", "missing", true],
        [true, 1, "set", "mobile", "held", "missing", false],
        [false, 0, "set", "mobile", "merged", null, true],
        [false, 1, "set", "live_addr", "merged", null, false],
        [false, 0, "set", "id_no", "rejected", "bad_value", false],
        [false, null, null, null, "rejected", "bad_shape", false],
        [false, 0, "delete", null, "applied", null, false],
    ]);
    assert_eq!(json!(brief), expected);
    let text = serde_json::to_string(entries).unwrap();
    assert!(!text.contains("geheim") && !text.contains("重复"), "{text}");
}

#[test]
fn u1_a_decision_is_told_with_its_record_and_without_its_reason() {
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
    world.save(
        CLERK,
        "unmerge",
        json!([{"op": "unmerge", "from": id("r"), "into": id("s"), "reason": "是两个人"}]),
    );
    let told: Vec<Value> = world.store.audit()[before..].iter().map(|a| json!([a.op, a.e, a.st])).collect();
    let expected = json!([
        ["decide", proposal, "applied"],
        ["resolve", held, "applied"],
        ["undelete", id("gone"), "applied"],
        ["merge", id("r"), "applied"],
        ["unmerge", id("r"), "applied"],
    ]);
    assert_eq!(json!(told), expected);
    let text = serde_json::to_string(&world.store.audit()[before..]).unwrap();
    assert!(
        !["没有存折", "查无此人", "删错了", "同一人", "是两个人"].iter().any(|reason| text.contains(reason)),
        "{text}"
    );
}
