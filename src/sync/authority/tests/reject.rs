//! V2, V5–V7: what stays on the phone.

use super::{blind, check, create, set};
use crate::testing::{ADMIN, CLERK, WORKER, area, id, said, sealed, village};
use serde_json::{Value, json};

fn send(change: impl FnOnce(&mut Value), expected: &str) {
    let mut world = village();
    let mut sent = json!({"id": id("x"), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER),
                          "ops": [blind("r", "mobile", json!("1"))]});
    change(&mut sent);
    assert_eq!(said(&world.send(WORKER, sent.clone())), expected, "{sent}");
    assert!(!expected.starts_with("rejected") || world.field("r", "mobile") == "13800000001");
}

#[test]
fn v2_reasons_are_judged_over_the_whole_changeset_in_their_order() {
    let long = "长".repeat(11_000);
    let too_large = blind("r", "remark2", json!(long));
    let unknown_op = json!({"op": "paint", "e": id("r")});
    let unknown_kind = create("n", "spaceship", "A", json!({}));
    let bad_value = json!({"op": "set", "e": id("r"), "f": "id_no", "v": "339999", "base": {"fv": "0.0"}});
    let held = blind("nobody", "mobile", json!("1"));
    send(
        |sent| (sent["schema"], sent["ops"]) = (json!(2), json!([too_large, unknown_op])),
        "rejected schema",
    );
    send(|sent| sent["schema"] = json!(0), "rejected schema");
    send(|sent| sent["ops"] = json!([too_large, 7]), "rejected too_large");
    send(|sent| sent["ops"] = json!([unknown_op, unknown_kind, 7]), "rejected bad_shape");
    send(|sent| sent["ops"] = json!([unknown_kind, bad_value, unknown_op]), "rejected unknown_op");
    send(|sent| sent["ops"] = json!([held, bad_value, unknown_kind]), "rejected unknown_kind");
    send(|sent| sent["ops"] = json!([held, bad_value]), "rejected bad_value");
    let bad_start = create("n", "recipient", "A", json!({"id_no": "339999"}));
    send(|sent| sent["ops"] = json!([held, bad_start]), "rejected bad_value");
    send(|sent| sent["ops"] = json!([held]), "held missing");
}

#[test]
fn v5_the_limit_counts_bytes_of_the_text_as_sent_or_of_the_plaintext() {
    let body = |filler: usize| json!({"id": id("x"), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER), "ops": [], "filler": "x".repeat(filler)});
    let empty = body(0).to_string().len();
    assert_eq!(said(&village().send(WORKER, body(32 * 1024 - empty))), "applied");
    assert_eq!(said(&village().send(WORKER, body(32 * 1024 - empty + 1))), "rejected too_large");
    let plain = |bytes: usize| {
        let mut plain = body(0);
        plain.as_object_mut().unwrap().remove("id");
        let filler = bytes - plain.to_string().len();
        plain["filler"] = json!("x".repeat(filler));
        plain.to_string()
    };
    let send = |text: String| {
        let sealed = json!({"id": id("x"), "sealed": {"key": id("key"), "nonce": "n", "ct": text}});
        let request = json!({"first_seq": 2, "changesets": [sealed], "key": crate::testing::key()});
        serde_json::to_value(village().push(WORKER, request).answer).unwrap()["results"][0]["st"].clone()
    };
    assert_eq!(send(plain(32 * 1024)), "applied");
    assert_eq!(send(plain(32 * 1024 + 1)), "rejected");
}

#[test]
fn bad_shapes_are_rejected() {
    let ops = |ops: Value| send(|sent| sent["ops"] = ops, "rejected bad_shape");
    send(|sent| drop(sent.as_object_mut().unwrap().remove("schema")), "rejected bad_shape");
    send(|sent| sent["schema"] = json!("1"), "rejected bad_shape");
    send(|sent| sent["t"] = json!("5"), "rejected bad_shape");
    send(|sent| sent["t"] = json!(5.5), "rejected bad_shape");
    send(|sent| drop(sent.as_object_mut().unwrap().remove("t_contact")), "rejected bad_shape");
    send(|sent| sent["author"] = json!("worker"), "rejected bad_shape");
    send(|sent| sent["author"] = json!(id(WORKER).to_string().to_uppercase()), "rejected bad_shape");
    ops(json!({}));
    ops(json!([{"e": id("r")}]));
    ops(json!([{"op": 7}]));
    ops(json!([{"op": "set", "e": id("r"), "f": "mobile", "base": {"fv": "0.0"}}]));
    ops(json!([{"op": "set", "e": id("r"), "f": "mobile", "v": 1}]));
    ops(json!([{"op": "set", "e": id("r"), "f": "mobile", "v": 1, "base": {}}]));
    ops(json!([{"op": "set", "e": id("r"), "f": "mobile", "v": 1, "base": {"fv": "1.1", "op": id("x")}}]));
    ops(json!([{"op": "set", "e": id("r"), "f": "mobile", "v": 1, "base": {"fv": 7}}]));
    ops(
        json!([{"op": "set", "e": id("r").to_string().to_uppercase(), "f": "mobile", "v": 1, "base": {"fv": "0.0"}}]),
    );
    ops(json!([{"op": "sealed", "e": id("r"), "f": "id_no", "v": "339999", "base": {"fv": "0.0"}}]));
    ops(json!([{"op": "attach", "e": id("r"), "blob": "abc", "kind": "photo", "bytes": 1}]));
    ops(json!([{"op": "attach", "e": id("r"), "blob": "ab".repeat(32), "kind": "photo", "bytes": -1}]));
    ops(json!([{"op": "delete", "e": id("r"), "base": {"rev": "1.1"}}]));
    ops(json!([{"op": "resolve", "e": id("r"), "take": "both"}]));
}

#[test]
fn v6_a_field_of_a_record_is_named_at_most_once() {
    let new = create("n", "recipient", "A", json!({"mobile": "1"}));
    let twice = |ops: Value, expected: &str| drop(check(WORKER, ops, expected));
    twice(json!([blind("r", "mobile", json!("1")), blind("r", "mobile", json!("1"))]), "rejected bad_shape");
    twice(json!([new, blind("n", "mobile", json!("2"))]), "rejected bad_shape");
    let seal = json!({"op": "sealed", "e": id("r"), "f": "id_no", "v": sealed("1"), "base": {"fv": "0.0"}});
    twice(json!([seal, blind("r", "id_no", json!("2"))]), "rejected bad_shape");
    twice(json!([blind("r", "mobile", json!("13800000001")), blind("s", "mobile", json!("1"))]), "applied");
    let item = |op: &str| json!({"op": op, "e": id("n2"), "f": "evidence", "item": id("v")});
    let need =
        json!({"op": "create", "e": id("n2"), "type": "need", "area": area("A"), "parent": id("r"), "f": {}});
    twice(json!([need, item("add"), item("remove"), item("add")]), "applied");
}

#[test]
fn v7_values_that_are_not_allowed_are_rejected() {
    let bad = |user: &str, ops: Value| drop(check(user, ops, "rejected bad_value"));
    let on = |op: &str, f: &str, member: &str, v: Value| {
        let mut op = json!({"op": op, "e": id("r"), "f": f, "base": {"fv": "0.0"}});
        op[member] = v;
        json!([op])
    };
    bad(CLERK, on("set", "id_no", "v", json!("339999195001010019")));
    bad(CLERK, on("set", "id_no", "v", sealed("1")));
    bad(CLERK, on("sealed", "name", "v", sealed("1")));
    bad(CLERK, on("sealed", "id_no", "v", sealed("!1")));
    bad(CLERK, on("set", "merits", "v", json!("二等功")));
    bad(CLERK, on("add", "name", "item", json!("x")));
    bad(CLERK, on("remove", "mobile", "item", json!("x")));
    bad(CLERK, on("append", "mobile", "v", json!("x")));
    bad(CLERK, on("set", "area", "v", json!(area("B"))));
    bad(CLERK, on("set", "blobs", "v", json!([])));
    bad(CLERK, on("add", "blobs", "item", json!({})));
    bad(CLERK, json!([create("n", "recipient", "A", json!({"id_no": "339999"}))]));
    bad(CLERK, json!([create("n", "recipient", "A", json!({"id_no": null}))]));
    bad(CLERK, json!([create("n", "recipient", "A", json!({"id_no": sealed("!")}))]));
    bad(CLERK, json!([create("n", "recipient", "A", json!({"merits": "x"}))]));
    bad(CLERK, json!([create("n", "recipient", "A", json!({"area": area("B")}))]));
    bad(CLERK, json!([create("n", "visit", "A", json!({"blobs": []}))]));
    bad(CLERK, json!([create("n", "visit", "A", json!({"reviews": []}))]));
    bad(WORKER, json!([{"op": "attach", "e": id("v"), "blob": "ab".repeat(32), "kind": "film", "bytes": 1}]));
    bad(WORKER, json!([{"op": "append", "e": id("v"), "f": "kind", "v": 1}]));
    bad(CLERK, json!([{"op": "merge", "from": id("r"), "into": id("r"), "reason": "x"}]));
    bad(CLERK, json!([{"op": "merge", "from": id("r"), "into": id("v"), "reason": "x"}]));
    bad(CLERK, json!([{"op": "resolve", "e": id("r"), "take": "current", "base": {"fv": "0.0"}}]));
    bad(CLERK, json!([{"op": "decide", "e": id("r"), "accept": false}]));
    // A record made by the same changeset is known by its kind.
    bad(
        WORKER,
        json!([create("n", "recipient", "A", json!({})),
                       {"op": "append", "e": id("n"), "f": "mobile", "v": 1}]),
    );
}

#[test]
fn v7_an_author_who_is_not_the_vaults_user_is_rejected() {
    let mut world = village();
    let op = set(&world, "r", "mobile", json!("1"));
    let sent = json!({"id": id("x"), "schema": 1, "t": 5, "t_contact": 0, "author": id(CLERK), "ops": [op]});
    assert_eq!(said(&world.send(WORKER, sent)), "rejected bad_value");
    assert_eq!(said(&world.save(ADMIN, "admin", json!([blind("r", "mobile", json!("1"))]))), "held right");
}

#[test]
fn a_changeset_without_ops_is_applied() {
    let world = check(WORKER, json!([]), "applied");
    assert_eq!(world.store.log()[&id("changeset")].rev, Some(world.store.head()));
}
