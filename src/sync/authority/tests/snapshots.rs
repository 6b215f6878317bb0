//! V1 and the wire: nothing changed by accident. One example of each op with its verdict and what is stored, as text.

use crate::{
    id::made_alike,
    testing::{CLERK, WORKER, area, id, sealed, village},
    wire::PushAnswer,
};
use serde_json::{Value, json};

/// Sends one changeset of `user` and returns what is said to it, beside what was sent.
fn exchange(user: &str, prepare: &[(&str, Value)], ops: Value) -> Value {
    let mut world = village();
    for (i, (who, ops)) in prepare.iter().enumerate() {
        world.save(who, &format!("prepare {i}"), ops.clone());
    }
    let first_seq = world.last(user) + 1;
    let sent =
        json!({"id": id("x"), "schema": 1, "t": 900_000, "t_contact": 0, "author": id(user), "ops": ops});
    let outcome = world.push(user, json!({"first_seq": first_seq, "changesets": [sent]}));
    let PushAnswer::Receipt(receipt) = outcome.answer else { panic!("receipt") };
    let records: Vec<Value> = outcome.writes.records.iter().map(|record| json!(record)).collect();
    json!({"ops": ops, "verdict": receipt.results[0], "stored": records, "exits": outcome.writes.exits})
}

/// V1.
#[test]
#[expect(clippy::too_many_lines, reason = "a table, one line for each op")]
fn one_example_of_each_op_with_its_answer() {
    let base = json!({"fv": "0.0"});
    let set = |f: &str, v: Value| json!({"op": "set", "e": id("r"), "f": f, "v": v, "base": base});
    let made = |kind: &str| made_alike(kind, &[&id("prepare 0").to_string(), "0"]);
    let held = made_alike("held", &[&id("prepare 0").to_string()]);
    let clash = [(CLERK, json!([set("name", json!("改"))]))];
    let proposal = [(WORKER, json!([set("bank", json!("农行"))]))];
    let late = [(WORKER, json!([set("remark", json!("x"))]))];
    let examples = [
        (
            "create",
            CLERK,
            &[][..],
            json!([{"op": "create", "e": id("n"), "type": "recipient", "area": area("A"),
                                         "f": {"name": "新", "id_no": sealed("339999195001010019"), "merits": ["b", "a"]}}]),
        ),
        (
            "create_child",
            WORKER,
            &[],
            json!([{"op": "create", "e": id("n"), "type": "visit", "area": area("A"),
                                              "parent": id("r"), "f": {"answers": {"A01": "1"}}}]),
        ),
        ("set", WORKER, &[], json!([set("phone2", json!("1"))])),
        ("set_conflict", WORKER, &[], json!([set("mobile", json!("2"))])),
        ("set_proposal", WORKER, &[], json!([set("bank", json!("农行"))])),
        ("set_held", WORKER, &[], json!([set("remark", json!("x"))])),
        ("set_rejected", WORKER, &[], json!([set("id_no", json!("x"))])),
        (
            "sealed",
            CLERK,
            &[],
            json!([{"op": "sealed", "e": id("s"), "f": "id_no", "v": sealed("339999195001010027"), "base": base}]),
        ),
        ("add", CLERK, &[], json!([{"op": "add", "e": id("r"), "f": "merits", "item": "二等功"}])),
        ("remove", CLERK, &[], json!([{"op": "remove", "e": id("r"), "f": "merits", "item": "二等功"}])),
        (
            "append",
            CLERK,
            &[],
            json!([{"op": "append", "e": id("v"), "f": "reviews", "v": {"state": "accepted"}}]),
        ),
        (
            "attach",
            WORKER,
            &[],
            json!([{"op": "attach", "e": id("v"), "blob": "ab".repeat(32), "kind": "photo", "bytes": 7}]),
        ),
        ("detach", WORKER, &[], json!([{"op": "detach", "e": id("v"), "blob": "ab".repeat(32)}])),
        (
            "move",
            CLERK,
            &[],
            json!([{"op": "move", "e": id("r"), "area": area("B"), "base": {"op": id("create r")}}]),
        ),
        (
            "delete",
            CLERK,
            &[],
            json!([{"op": "delete", "e": id("r"), "base": {"rev": "1.1", "ops": [id("x")]}, "reason": "重复"}]),
        ),
        ("undelete", CLERK, &[], json!([{"op": "undelete", "e": id("gone"), "reason": "误删"}])),
        (
            "resolve_conflict",
            CLERK,
            &clash,
            json!([{"op": "resolve", "e": made("conflict"), "take": "other", "base": {"op": id("create r")}}]),
        ),
        ("resolve_held", CLERK, &late, json!([{"op": "resolve", "e": held, "take": "other"}])),
        (
            "decide",
            CLERK,
            &proposal,
            json!([{"op": "decide", "e": made("proposal"), "accept": true}, set("bank", json!("农行"))]),
        ),
        ("merge", CLERK, &[], json!([{"op": "merge", "from": id("r"), "into": id("s"), "reason": "同一人"}])),
        (
            "unmerge",
            CLERK,
            &[],
            json!([{"op": "unmerge", "from": id("alias"), "into": id("s"), "reason": "是两个人"}]),
        ),
    ];
    for (name, user, prepare, ops) in examples {
        insta::assert_json_snapshot!(name, exchange(user, prepare, ops));
    }
}

#[test]
fn one_example_of_each_answer_to_a_push() {
    let mut world = village();
    let empty = |first_seq: u64| json!({"first_seq": first_seq, "changesets": []});
    let sealed = json!({"id": id("x"), "sealed": {"key": id("key"), "nonce": "n", "ct": "x"}});
    let answers = json!({
        "gap": world.push(WORKER, empty(9)).answer,
        "fork": world.push(WORKER, json!({"first_seq": 2, "prev_id": id("other"), "changesets": []})).answer,
        "key": world.push(WORKER, json!({"first_seq": 2, "changesets": [sealed]})).answer,
        "empty": world.push(WORKER, json!({"first_seq": 2, "prev_id": id("create v"), "changesets": []})).answer,
    });
    insta::assert_json_snapshot!("answers", answers);
}
