//! P1–P10: the batch as a whole.

use super::blind;
use crate::{
    authority::{BadEnvelope, Batch},
    memory::ClearOpener,
    testing::{CLERK, WORKER, World, id, key, said, village},
    wire::{PushAnswer, PushRequest, VerdictState},
};
use serde_json::{Value, json};

fn changeset(name: &str, user: &str) -> Value {
    json!({"id": id(name), "schema": 1, "t": 5, "t_contact": 0, "author": id(user),
           "ops": [blind("r", "remark2", json!(name))]})
}

fn small(name: &str) -> Value {
    json!({"id": id(name), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER),
           "ops": [blind("r", "mobile", json!("13800000001"))]})
}

/// A village in which the worker's numbers 1 (create v), 2 `one` and 3 `two` are taken.
fn three() -> World {
    let mut world = village();
    assert_eq!(said(&world.send(WORKER, small("one"))), "applied");
    assert_eq!(said(&world.send(WORKER, small("two"))), "applied");
    world
}

fn answer(world: &mut World, request: Value) -> Value {
    let outcome = world.push(WORKER, request);
    serde_json::to_value(outcome.answer).unwrap()
}

#[test]
fn p1_p2_p3_gap_and_fork_are_judged_before_any_effect() {
    let check = |request: Value, expected: Value| {
        let mut world = three();
        let before = (world.store.head(), world.store.log().len(), world.store.audit().len());
        assert_eq!(answer(&mut world, request.clone()), expected, "{request}");
        assert_eq!((world.store.head(), world.store.log().len(), world.store.audit().len()), before);
        assert_eq!(world.last(WORKER), 3);
    };
    let (two, new) = (small("two"), small("new"));
    let fork = json!({"err": "fork", "last": 3, "id_at_last": id("two")});
    let gap = json!({"err": "gap", "last": 3});
    check(json!({"first_seq": 5, "changesets": [new]}), gap.clone());
    check(json!({"first_seq": 9, "prev_id": id("other"), "changesets": []}), gap);
    check(json!({"first_seq": 4, "prev_id": id("one"), "changesets": [new]}), fork.clone());
    check(json!({"first_seq": 1, "prev_id": id("one"), "changesets": []}), fork.clone());
    check(json!({"first_seq": 3, "changesets": [new]}), fork.clone());
    check(json!({"first_seq": 2, "changesets": [new, two]}), fork.clone());
    check(json!({"first_seq": 3, "changesets": [two, new], "prev_id": id("two")}), fork.clone());
    // A new changeset behind an equal one and before a different one: nothing of it is applied.
    check(json!({"first_seq": 2, "changesets": [small("one"), small("other"), new]}), fork);
}

#[test]
fn p2_an_unknown_incarnation_starts_at_one() {
    let mut world = three();
    world.incs.insert(WORKER.to_owned(), 2);
    assert_eq!(
        answer(&mut world, json!({"first_seq": 4, "changesets": []})),
        json!({"err": "gap", "last": 0})
    );
    let again = world.send(WORKER, small("two"));
    assert_eq!(
        (said(&again).as_str(), again.seq),
        ("duplicate/applied", 1),
        "the same id under a new incarnation"
    );
}

#[test]
fn p4_a_number_or_an_id_that_the_server_has_is_a_duplicate_with_the_first_verdict() {
    let mut world = village();
    let bad = json!({"id": id("held"), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER),
                     "ops": [blind("nobody", "mobile", json!("1"))]});
    let first = world.send(WORKER, bad.clone());
    let rows = world.store.records().count();
    let retried =
        world.push(WORKER, json!({"first_seq": 2, "prev_id": id("create v"), "changesets": [bad.clone()]}));
    let PushAnswer::Receipt(receipt) = retried.answer else { panic!("retried") };
    let again = &receipt.results[0];
    assert_eq!(said(again), "duplicate/held missing");
    assert_eq!((again.rev, &again.made, again.seq), (first.rev, &first.made, 2));
    assert_eq!(retried.writes.seqs, []);
    let renumbered = world.send(WORKER, bad);
    assert_eq!((said(&renumbered).as_str(), renumbered.seq), ("duplicate/held missing", 3));
    assert_eq!((world.store.records().count(), world.store.effects()[&id("held")]), (rows, 1));
    assert_eq!(world.last(WORKER), 3, "a duplicate uses its number up");
}

#[test]
fn p4_the_same_id_twice_in_one_batch_takes_effect_once() {
    let mut world = village();
    let answer = answer(&mut world, json!({"first_seq": 2, "changesets": [small("x"), small("x")]}));
    assert_eq!(answer["results"][0]["st"], "applied");
    assert_eq!(
        (&answer["results"][1]["st"], &answer["results"][1]["was"]),
        (&json!("duplicate"), &json!("applied"))
    );
    assert_eq!(answer["acked"], 3);
}

#[test]
fn p5_an_answer_acknowledges_what_its_request_carried_and_no_more() {
    let check = |request: Value, acked: u64, durable: u64| {
        let mut world = three();
        world.durable = 2;
        let answer = answer(&mut world, request.clone());
        assert_eq!((&answer["acked"], &answer["durable"]), (&json!(acked), &json!(durable)), "{request}");
    };
    check(json!({"first_seq": 2, "changesets": [small("one")]}), 2, 2);
    check(json!({"first_seq": 2, "changesets": [small("one"), small("two"), small("three")]}), 4, 2);
    check(json!({"first_seq": 4, "changesets": []}), 0, 0);
    check(json!({"first_seq": 1, "changesets": []}), 0, 0);
    check(json!({"first_seq": 4, "prev_id": id("two"), "changesets": []}), 3, 2);
    check(json!({"first_seq": 3, "prev_id": id("one"), "changesets": []}), 2, 2);
}

#[test]
fn p6_rejected_and_duplicate_changesets_use_their_numbers_up() {
    let mut world = three();
    let wrong =
        json!({"id": id("wrong"), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER), "ops": 7});
    let request = json!({"first_seq": 4, "changesets": [wrong, small("one"), small("new")]});
    let outcome = world.push(WORKER, request);
    let seqs: Vec<_> = outcome.writes.seqs.iter().map(|row| (row.seq, row.op_id)).collect();
    assert_eq!(seqs, [(4, id("wrong")), (5, id("one")), (6, id("new"))]);
    assert_eq!(outcome.writes.last, 6);
    let PushAnswer::Receipt(receipt) = outcome.answer else { panic!("receipt") };
    let said: Vec<String> = receipt.results.iter().map(said).collect();
    assert_eq!(said, ["rejected bad_shape", "duplicate/applied", "applied"]);
}

#[test]
fn p7_every_changeset_takes_one_rev_and_all_it_writes_bears_it() {
    let mut world = village();
    let head = world.store.head();
    let clash = json!({"id": id("a"), "schema": 1, "t": 5, "t_contact": 0, "author": id(CLERK),
                       "ops": [blind("r", "mobile", json!("2")), blind("r", "name", json!("李")), blind("q", "name", json!("三"))]});
    let wrong = json!({"id": id("b"), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER), "ops": []});
    let missing = json!({"id": id("c"), "schema": 1, "t": 5, "t_contact": 0, "author": id(CLERK),
                         "ops": [blind("nobody", "mobile", json!("2"))]});
    let first_seq = world.last(CLERK) + 1;
    let outcome = world.push(CLERK, json!({"first_seq": first_seq, "changesets": [clash, wrong, missing]}));
    let PushAnswer::Receipt(receipt) = &outcome.answer else { panic!("receipt") };
    let revs: Vec<_> = receipt.results.iter().map(|verdict| verdict.rev.map(|rev| rev.n - head.n)).collect();
    assert_eq!(revs, [Some(1), None, Some(2)]);
    assert_eq!(outcome.writes.head.n, head.n + 2);
    let written: Vec<_> =
        outcome.writes.records.iter().map(|r| (r.kind.as_str(), r.rev.n - head.n)).collect();
    let of = |kind: &str| written.iter().filter(|(k, _)| *k == kind).map(|(_, rev)| *rev).collect::<Vec<_>>();
    assert_eq!(of("conflict"), [1, 1, 1]);
    assert_eq!(of("held"), [2]);
}

#[test]
fn p8_the_phones_clock_is_bounded_by_its_last_contact_and_the_receipt() {
    let check = |t: i64, t_contact: i64, expected: i64, contact_expected: i64| {
        let mut world = village();
        world.now = 5_000;
        let sent = json!({"id": id("x"), "schema": 1, "t": t, "t_contact": t_contact, "author": id(WORKER),
                          "ops": [blind("r", "mobile", json!("1"))]});
        world.send(WORKER, sent);
        let row = &world.store.log()[&id("x")];
        assert_eq!((row.t_dev, row.t_contact, row.t_eff, row.t_recv), (t, contact_expected, expected, 5_000));
    };
    check(3_000, 2_000, 3_000, 2_000);
    check(1_000, 2_000, 2_000, 2_000);
    check(9_000, 2_000, 5_000, 2_000);
    check(9_000, 8_000, 5_000, 5_000);
    check(i64::MIN, i64::MIN, i64::MIN, i64::MIN);
}

#[test]
fn p9_a_key_that_is_absent_or_does_not_open_ends_the_section() {
    let sealed = |name: &str, key: &str, ct: &str| json!({"id": id(name), "sealed": {"key": id(key), "nonce": "n", "ct": ct}});
    let text = json!({"schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER), "ops": []}).to_string();
    let bad_key = json!({"id": id("key"), "kid": "k", "alg": "intl-1", "enc": "e", "ct": "!"});
    let mut world = village();
    for request in [
        json!({"first_seq": 2, "changesets": [small("a"), sealed("x", "key", &text)]}),
        json!({"first_seq": 2, "changesets": [small("a"), sealed("x", "key", &text)], "key": bad_key}),
        json!({"first_seq": 2, "changesets": [], "key": bad_key, "drafts": [sealed("x", "key", "{}")]}),
    ] {
        assert_eq!(answer(&mut world, request), json!({"err": "key"}));
    }
    assert!(!world.store.log().contains_key(&id("a")));
    let batch = [sealed("x", "key", &text), sealed("y", "other", &text), sealed("z", "key", "!"), small("b")];
    let answer = answer(&mut world, json!({"first_seq": 2, "changesets": batch, "key": key()}));
    let said: Vec<_> = answer["results"].as_array().unwrap().iter().map(|v| (&v["st"], &v["why"])).collect();
    let (null, seal) = (&Value::Null, &json!("bad_seal"));
    let (applied, rejected) = (&json!("applied"), &json!("rejected"));
    assert_eq!(said, [(applied, null), (rejected, seal), (rejected, seal), (applied, null)]);
    assert_eq!(world.store.log()[&id("x")].body, text, "the log keeps the plaintext");
}

#[test]
fn e2_a_malformed_envelope_is_a_bad_request() {
    let open = |request: Value| {
        let request: PushRequest = serde_json::from_str(&request.to_string()).unwrap();
        let opened = Batch::open(&request, &ClearOpener).map(drop);
        assert_eq!(Batch::check(&request), opened);
        opened
    };
    let with_id = |id: Value| json!({"first_seq": 1, "changesets": [{"id": id, "schema": 1}]});
    assert_eq!(open(json!({"first_seq": 0, "changesets": []})), Err(BadEnvelope));
    assert_eq!(open(json!({"first_seq": u64::MAX / 2, "changesets": []})), Ok(()));
    assert_eq!(open(json!({"first_seq": u64::MAX / 2 + 1, "changesets": []})), Err(BadEnvelope));
    assert_eq!(open(json!({"first_seq": u64::MAX, "changesets": []})), Err(BadEnvelope));
    assert_eq!(open(json!({"first_seq": 1, "changesets": [7]})), Err(BadEnvelope));
    assert_eq!(open(json!({"first_seq": 1, "changesets": [{}]})), Err(BadEnvelope));
    assert_eq!(open(with_id(json!(7))), Err(BadEnvelope));
    assert_eq!(open(with_id(json!("x"))), Err(BadEnvelope));
    assert_eq!(open(with_id(json!(id("x").to_string().to_uppercase()))), Err(BadEnvelope));
    assert_eq!(open(with_id(json!(id("x").simple().to_string()))), Err(BadEnvelope));
    assert_eq!(open(with_id(json!(id("x")))), Ok(()));
}

#[test]
fn e3_members_that_nobody_knows_stay_in_the_log() {
    let mut world = village();
    let base = json!({"fv": "0.0", "mood": 1});
    let op =
        json!({"op": "set", "e": id("r"), "f": "mobile", "v": "13800000001", "base": base, "colour": "red"});
    let sent = json!({"id": id("x"), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER), "ops": [op], "weather": "雨"});
    assert_eq!(said(&world.send(WORKER, sent.clone())), "applied");
    assert_eq!(serde_json::from_str::<Value>(&world.store.log()[&id("x")].body).unwrap(), sent);
}

#[test]
fn v4_a_changeset_that_does_not_apply_never_blocks_the_next() {
    let mut world = village();
    let batch = [changeset("held", WORKER), changeset("wrong", CLERK), small("good")];
    let answer = answer(&mut world, json!({"first_seq": 2, "changesets": batch}));
    let said: Vec<_> =
        answer["results"].as_array().unwrap().iter().map(|v| v["st"].as_str().unwrap()).collect();
    assert_eq!(said, ["held", "rejected", "applied"]);
}

#[test]
fn v1_a_verdict_names_what_it_made_and_a_duplicate_repeats_the_first() {
    let mut world = village();
    for (name, f, v, first, made) in [
        ("applied", "phone2", json!("1"), "applied", None),
        ("conflict", "mobile", json!("2"), "merged conflict", Some("conflict")),
        ("proposal", "bank", json!("农行"), "merged proposal", Some("proposal")),
        ("held", "remark", json!("x"), "held right", Some("held")),
        ("rejected", "id_no", json!("x"), "rejected bad_value", None),
    ] {
        let ops = json!([blind("r", f, v)]);
        let verdict = world.save(WORKER, name, ops.clone());
        assert_eq!(said(&verdict), first);
        assert_eq!(
            verdict.made.iter().map(|made| made.kind.as_str()).collect::<Vec<_>>(),
            Vec::from_iter(made)
        );
        assert!(verdict.made.iter().all(|made| world.store.record(made.e).is_some()), "{name}");
        let again = world.save(WORKER, name, ops);
        assert_eq!((again.st, again.was), (VerdictState::Duplicate, Some(verdict.st)), "{name}");
        assert_eq!((again.rev, again.why, again.made), (verdict.rev, verdict.why, verdict.made), "{name}");
    }
}
