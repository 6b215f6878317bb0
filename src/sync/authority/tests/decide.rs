//! H6–H9: conflicts and proposals.

use super::blind;
use crate::{
    testing::{CLERK, FAR_CLERK, WORKER, WORKER2, World, area, id, said, sealed, village},
    wire::Verdict,
};
use serde_json::{Value, json};
use uuid::Uuid;

fn plain(world: &World, e: Uuid, f: &str) -> Value {
    world.store.record(e).unwrap().plain(f).cloned().unwrap_or(Value::Null)
}

fn fv(world: &World, f: &str) -> Value {
    json!({"fv": world.fv("r", f)})
}

/// A clash on a field of `r`: what stands, what was set aside, and the conflict.
fn clash(f: &str) -> (World, Uuid) {
    let mut world = village();
    let verdict = world.save_at(CLERK, "clash", 1, json!([blind("r", f, json!("别的"))]));
    assert_eq!(said(&verdict), "merged conflict");
    (world, verdict.made[0].e)
}

fn resolve(world: &mut World, user: &str, e: Uuid, take: &str, rest: Value) -> Verdict {
    let mut op = json!({"op": "resolve", "e": e, "take": take});
    op.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    let name = format!("{user} {take} {rest}");
    world.save(user, &name, json!([op]))
}

/// O8.
#[test]
fn h6_a_conflict_is_resolved_by_an_office_on_what_stands() {
    let check = |user: &str, take: &str, rest: Value, expected: &str| {
        let (mut world, e) = clash("name");
        let mut rest = rest;
        if rest["base"] == "now" {
            rest["base"] = fv(&world, "name");
        }
        assert_eq!(said(&resolve(&mut world, user, e, take, rest.clone())), expected, "{user} {take} {rest}");
        let (name, state) = match (expected, take) {
            ("applied", "other") => ("别的", "other"),
            ("applied", "value") => ("第三", "value"),
            ("applied", _) => ("张三", "current"),
            _ => ("张三", "open"),
        };
        assert_eq!((world.field("r", "name"), plain(&world, e, "state")), (json!(name), json!(state)));
    };
    check(CLERK, "other", json!({}), "rejected bad_value");
    check(CLERK, "value", json!({"base": "now"}), "rejected bad_value");
    check(FAR_CLERK, "other", json!({"base": "now"}), "held out_of_scope");
    check(WORKER, "other", json!({"base": "now"}), "held right");
    check(CLERK, "other", json!({"base": {"fv": "1.1", "op": null}}), "rejected bad_shape");
    check(CLERK, "other", json!({"base": {"fv": "0.0"}}), "held stale");
    check(CLERK, "other", json!({"base": {"op": id("clash")}}), "held stale");
    check(CLERK, "current", json!({"base": "now"}), "applied");
    check(CLERK, "other", json!({"base": "now"}), "applied");
    check(CLERK, "other", json!({"base": {"op": id("create r")}}), "applied");
    check(CLERK, "value", json!({"base": "now", "v": "第三"}), "applied");
}

/// What a resolve may not lack is judged before anything holds the changeset.
#[test]
fn v2_a_resolve_that_lacks_something_is_rejected_beside_an_op_that_would_be_held() {
    let check = |take: &str, with_base: bool| {
        let (mut world, e) = clash("name");
        let mut op = json!({"op": "resolve", "e": e, "take": take});
        if with_base {
            op["base"] = fv(&world, "name");
        }
        let ops = json!([blind("nobody", "mobile", json!("1")), op]);
        said(&world.save(CLERK, "both", ops))
    };
    assert_eq!(check("other", false), "rejected bad_value");
    assert_eq!(check("value", true), "rejected bad_value");
    assert_eq!(check("other", true), "held missing");
}

#[test]
fn h6_a_conflict_is_resolved_once() {
    let (mut world, e) = clash("name");
    let base = json!({"base": fv(&world, "name")});
    assert_eq!(said(&resolve(&mut world, CLERK, e, "other", base)), "applied");
    let base = json!({"base": fv(&world, "name")});
    assert_eq!(said(&resolve(&mut world, CLERK, e, "current", base)), "held stale");
}

#[test]
fn h6_the_third_value_may_be_null_and_must_fit_the_field() {
    let (mut world, e) = clash("mobile");
    let base = fv(&world, "mobile");
    assert_eq!(said(&resolve(&mut world, CLERK, e, "value", json!({"base": base, "v": null}))), "applied");
    assert_eq!(world.field("r", "mobile"), Value::Null);
    let mut world = village();
    let op = json!({"op": "sealed", "e": id("r"), "f": "id_no", "v": sealed("2"), "base": {"fv": "0.0"}});
    let e = world.save(CLERK, "clash", json!([op])).made[0].e;
    let base = fv(&world, "id_no");
    assert_eq!(
        said(&resolve(&mut world, CLERK, e, "value", json!({"base": base, "v": "2"}))),
        "rejected bad_value"
    );
    assert_eq!(said(&resolve(&mut world, CLERK, e, "other", json!({"base": base}))), "applied");
    assert_ne!(world.fv("r", "id_no").to_string(), base["fv"]);
}

#[test]
fn h6_a_clash_on_the_area_is_resolved_by_a_move() {
    let mut world = village();
    let go =
        |place: &str, base: Value| json!([{"op": "move", "e": id("r"), "area": area(place), "base": base}]);
    let e = world.save(CLERK, "blind", go("B", json!({"fv": "0.0"}))).made[0].e;
    let base = json!({"fv": world.store.record(id("r")).unwrap().entered});
    let far = json!({"base": base, "v": area("D")});
    assert_eq!(said(&resolve(&mut world, CLERK, e, "value", far)), "held out_of_scope");
    let odd = json!({"base": base, "v": 7});
    assert_eq!(said(&resolve(&mut world, CLERK, e, "value", odd)), "rejected bad_value");
    assert_eq!(said(&resolve(&mut world, CLERK, e, "other", json!({"base": base}))), "applied");
    assert_eq!(world.store.record(id("v")).unwrap().area, area("B"), "children come along");
    assert_eq!(world.store.record(e).unwrap().area, area("B"), "so does the conflict itself");
}

fn propose(world: &mut World, user: &str, name: &str, f: &str, v: Value) -> Verdict {
    let op = if v.get("ct").is_some() { "sealed" } else { "set" };
    world.save(user, name, json!([{"op": op, "e": id("r"), "f": f, "v": v, "base": {"fv": "0.0"}}]))
}

#[test]
fn h6_a_clash_on_the_area_that_ends_where_the_record_lies_moves_nothing() {
    let mut world = village();
    let go = json!([{"op": "move", "e": id("r"), "area": area("B"), "base": {"fv": "0.0"}}]);
    let e = world.save(CLERK, "blind", go).made[0].e;
    let entered = world.store.record(id("r")).unwrap().entered;
    let here = json!({"base": {"fv": entered}, "v": area("A")});
    assert_eq!(said(&resolve(&mut world, CLERK, e, "value", here)), "applied");
    let record = world.store.record(id("r")).unwrap();
    assert_eq!((record.area, record.entered), (area("A"), entered));
}

#[test]
fn h7_a_proposal_names_no_visit_but_the_one_of_its_own_record() {
    let mut world = village();
    let new = |e: &str, kind: &str, parent: &str| json!({"op": "create", "e": id(e), "type": kind, "area": area("A"), "parent": id(parent), "f": {}});
    let ops = json!([new("n2", "need", "r"), new("v2", "visit", "s"), blind("r", "bank", json!("农行"))]);
    let verdict = world.save(WORKER, "x", ops);
    assert_eq!(said(&verdict), "merged proposal");
    let proposal = verdict.made.iter().find(|made| made.kind == "proposal").unwrap().e;
    assert_eq!(plain(&world, proposal, "visit"), Value::Null);
}

#[test]
fn h7_what_may_only_be_proposed_becomes_a_proposal() {
    let mut world = village();
    let visit = json!({"op": "create", "e": id("v2"), "type": "visit", "area": area("A"), "parent": id("r"), "f": {}});
    let write = json!({"op": "set", "e": id("r"), "f": "bank", "v": "农行", "base": {"fv": "0.0"}});
    let verdict = world.save_at(WORKER, "x", 66, json!([visit, write]));
    assert_eq!(said(&verdict), "merged proposal");
    let e = crate::id::made_alike("proposal", &[&id("x").to_string(), "1"]);
    assert_eq!(verdict.made[0].e, e);
    assert_eq!(world.field("r", "bank"), Value::Null);
    let seen = ["recipient", "field", "value", "visit", "by", "t", "state"].map(|f| plain(&world, e, f));
    assert_eq!(json!(seen), json!([id("r"), "bank", "农行", id("v2"), id(WORKER), 66, "open"]));
    let record = world.store.record(e).unwrap();
    assert_eq!((record.parent, record.area), (Some(id("r")), area("A")));
}

#[test]
fn h7_a_newer_proposal_refuses_the_older_of_the_same_author_and_field() {
    let mut world = village();
    let a = propose(&mut world, WORKER, "a", "bank", json!("农行")).made[0].e;
    let foreign = propose(&mut world, WORKER2, "b", "bank", json!("工行")).made[0].e;
    let other_field = propose(&mut world, WORKER, "c", "status", json!("去世")).made[0].e;
    let newer = propose(&mut world, WORKER, "d", "bank", json!("建行")).made[0].e;
    let states = [a, foreign, other_field, newer].map(|e| plain(&world, e, "state"));
    assert_eq!(json!(states), json!(["refused", "open", "open", "open"]));
    assert_eq!(world.store.record(a).unwrap().rev, world.store.head(), "in the rev of the newer");
}

#[test]
fn h7_two_proposals_of_one_batch_leave_the_later_one_open() {
    let mut world = village();
    let cs = |name: &str| {
        json!({"id": id(name), "schema": 1, "t": 5, "t_contact": 0, "author": id(WORKER),
               "ops": [{"op": "set", "e": id("r"), "f": "bank", "v": name, "base": {"fv": "0.0"}}]})
    };
    world.push(WORKER, json!({"first_seq": 2, "changesets": [cs("a"), cs("b"), cs("c")]}));
    let open = world.store.children_of(id("r")).filter(|r| r.kind == "proposal" && r.is_open());
    assert_eq!(open.map(|r| r.text("value").unwrap().to_owned()).collect::<Vec<_>>(), ["c"]);
}

#[test]
fn h7_proposals_of_one_batch_for_other_fields_or_records_stay_open() {
    let mut world = village();
    let ops = json!([
        blind("r", "bank", json!("农行")),
        blind("r", "status", json!("去世")),
        blind("s", "bank", json!("工行"))
    ]);
    let verdict = world.save(WORKER, "three", ops);
    let states: Vec<Value> = verdict.made.iter().map(|made| plain(&world, made.e, "state")).collect();
    assert_eq!(json!(states), json!(["open", "open", "open"]));
}

/// A decision on a proposal of the worker for `f`, beside other ops.
fn decide(
    f: &str,
    proposed: Value,
    user: &str,
    accept: bool,
    beside: impl Fn(&World) -> Value,
    expected: &str,
) -> World {
    let mut world = village();
    let e = propose(&mut world, WORKER, "p", f, proposed).made[0].e;
    let mut ops = vec![json!({"op": "decide", "e": e, "accept": accept, "reason": "看过存折"})];
    ops.extend(beside(&world).as_array().unwrap().clone());
    assert_eq!(said(&world.save(user, "decide", json!(ops))), expected);
    let state = match (expected, accept) {
        ("applied", true) => "accepted",
        ("applied", false) => "refused",
        _ => "open",
    };
    assert_eq!(plain(&world, e, "state"), state);
    world
}

/// O8.
#[test]
fn h8_accepting_needs_the_write_beside_it() {
    let bank = |v: &'static str| move |_: &World| json!([blind("r", "bank", json!(v))]);
    let nothing = |_: &World| json!([]);
    let p = || json!("农行");
    decide("bank", p(), CLERK, true, nothing, "rejected bad_value");
    decide("bank", p(), CLERK, true, bank("工行"), "rejected bad_value");
    decide("bank", p(), CLERK, true, |_| json!([blind("s", "bank", json!("农行"))]), "rejected bad_value");
    decide("bank", p(), CLERK, true, |_| json!([blind("r", "status", json!("农行"))]), "rejected bad_value");
    decide("bank", p(), FAR_CLERK, true, nothing, "held out_of_scope");
    decide("bank", p(), WORKER, false, nothing, "held right");
    decide("bank", p(), CLERK, false, nothing, "applied");
    let world = decide("bank", p(), CLERK, true, bank("农行"), "applied");
    assert_eq!(world.field("r", "bank"), "农行");
}

#[test]
fn h8_a_sealed_proposal_is_accepted_by_the_value_it_was_sent_with() {
    let write = |text: &'static str| move |world: &World| json!([{"op": "sealed", "e": id("r"), "f": "account_no", "v": sealed(text), "base": fv(world, "account_no")}]);
    let p = || sealed("6222000011113333");
    decide("account_no", p(), CLERK, true, write("6222000011112222"), "rejected bad_value");
    let of_another = |_: &World| json!([{"op": "sealed", "e": id("s"), "f": "account_no", "v": p(), "base": {"fv": "0.0"}}]);
    decide("account_no", p(), CLERK, true, of_another, "rejected bad_value");
    let of_another_field = |world: &World| json!([{"op": "sealed", "e": id("r"), "f": "id_no", "v": p(), "base": fv(world, "id_no")}]);
    decide("account_no", p(), CLERK, true, of_another_field, "rejected bad_value");
    decide("account_no", p(), CLERK, true, write("6222000011113333"), "applied");
}

/// H9.
#[test]
fn h8_a_proposed_move_is_accepted_by_a_move() {
    let mut world = village();
    let go =
        |base: Value, place: &str| json!({"op": "move", "e": id("r"), "area": area(place), "base": base});
    let e = world.save(WORKER, "p", json!([go(json!({"fv": "0.0"}), "B")])).made[0].e;
    assert_eq!(plain(&world, e, "field"), "area");
    let accept = json!({"op": "decide", "e": e, "accept": true});
    let base = json!({"fv": world.store.record(id("r")).unwrap().entered});
    assert_eq!(said(&world.save(CLERK, "a", json!([accept, go(base.clone(), "T")]))), "rejected bad_value");
    let another = json!({"op": "move", "e": id("s"), "area": area("B"), "base": {"fv": world.store.record(id("s")).unwrap().entered}});
    assert_eq!(said(&world.save(CLERK, "s", json!([accept, another]))), "rejected bad_value");
    assert_eq!(said(&world.save(CLERK, "b", json!([accept, go(base, "B")]))), "applied");
    assert_eq!(world.store.record(e).unwrap().area, area("B"), "the proposal moves along (H9)");
    assert_eq!(
        said(&world.save(CLERK, "c", json!([{"op": "decide", "e": e, "accept": false}]))),
        "held stale"
    );
}
