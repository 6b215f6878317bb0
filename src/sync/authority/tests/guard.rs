//! V10: a need's state is written only by steps that the rules of the work allow; what else comes is held as `step`, whole.

use super::{blind, create, set};
use crate::testing::{CLERK, WORKER, World, area, id, said, village};
use serde_json::{Value, json};
use uuid::Uuid;

fn below(e: &str, kind: &str, f: Value) -> Value {
    json!({"op": "create", "e": id(e), "type": kind, "area": area("A"), "parent": id("r"), "f": f})
}

/// A village in which a visit found a need.
fn found() -> World {
    let mut world = village();
    let need = below("n", "need", json!({"kind": "N-MED", "state": "found"}));
    assert_eq!(said(&world.save(WORKER, "found", json!([need]))), "applied");
    world
}

fn to(world: &World, state: &str) -> Value {
    set(world, "n", "state", json!(state))
}

/// Takes the need a step further, with other ops beside.
fn step(world: &mut World, user: &str, state: &str, beside: Value) -> String {
    let mut ops = vec![to(world, state)];
    ops.extend(beside.as_array().expect("a list").clone());
    said(&world.save(user, &format!("{state} {}", world.now), json!(ops)))
}

#[test]
fn v10_a_need_begun_in_a_village_begins_as_found() {
    let mut world = village();
    let closed = below("n", "need", json!({"kind": "N-MED", "state": "closed"}));
    assert_eq!(said(&world.save(WORKER, "a", json!([closed]))), "held step");
    assert!(world.store.record(id("n")).is_none());
}

#[test]
fn v10_a_step_that_lacks_something_holds_the_whole() {
    let mut world = found();
    let beside = set(&world, "r", "mobile", json!("1"));
    let ops = json!([to(&world, "assigned"), beside]);
    assert_eq!(said(&world.save(CLERK, "nobody", ops)), "held step");
    assert_eq!(world.field("n", "state"), "found");
    assert_ne!(world.field("r", "mobile"), "1");
    let responsible = set(&world, "n", "responsible", json!("worker"));
    assert_eq!(step(&mut world, WORKER, "assigned", json!([responsible])), "held step");
    assert_eq!(step(&mut world, CLERK, "assigned", json!([responsible])), "applied");
}

#[test]
fn v10_a_step_is_judged_by_what_the_whole_changeset_makes_of_it() {
    let mut world = found();
    let measure = below("m", "measure", json!({"need": id("n"), "kind": "goods", "due_on": "2026-12-01"}));
    let visit = below("c", "visit", json!({"kind": "verification", "completed_at": 1}));
    let responsible = set(&world, "n", "responsible", json!("worker"));
    assert_eq!(step(&mut world, CLERK, "assigned", json!([responsible])), "applied");
    assert_eq!(step(&mut world, WORKER, "verifying", json!([])), "applied");
    let verified = set(&world, "n", "verified_by", json!(id("c")));
    assert_eq!(step(&mut world, CLERK, "planned", json!([verified, measure])), "held step", "no such visit");
    assert_eq!(step(&mut world, CLERK, "planned", json!([visit, verified, measure])), "applied");
    assert_eq!(step(&mut world, CLERK, "closed", json!([])), "held step");
}

/// A visit that its worker finished and the office accepted.
fn accepted() -> World {
    let mut world = village();
    let done = json!([set(&world, "v", "completed_at", json!(1))]);
    assert_eq!(said(&world.save(WORKER, "done", done)), "applied");
    let word = json!([{"op": "append", "e": id("v"), "f": "reviews", "v": {"verdict": "accepted"}}]);
    assert_eq!(said(&world.save(CLERK, "accepted", word)), "applied");
    world
}

#[test]
fn v10_a_visit_that_the_office_accepted_meanwhile_is_not_cancelled() {
    let cancelling =
        || json!([blind("v", "cancelled", json!("走错")), blind("r", "live_addr", json!("河西"))]);
    let mut world = village();
    let done = json!([set(&world, "v", "completed_at", json!(1))]);
    assert_eq!(said(&world.save(WORKER, "done", done)), "applied");
    assert_eq!(
        said(&world.save(WORKER, "cancel", json!([blind("v", "cancelled", json!("走错"))]))),
        "applied"
    );
    let again = json!([set(&world, "v", "cancelled", json!(null))]);
    assert_eq!(said(&world.save(WORKER, "again", again)), "applied", "it counts again");
    for user in [WORKER, CLERK] {
        let mut world = accepted();
        assert_eq!(said(&world.save(user, "cancel", cancelling())), "held step");
        assert_eq!(world.field("v", "cancelled"), Value::Null);
        assert_eq!(world.field("r", "live_addr"), "河边", "nothing of the save is applied");
        let through = json!([{"op": "resolve", "e": open(&world, "held"), "take": "other"}]);
        assert!(
            ["applied", "merged conflict"].contains(&said(&world.save(CLERK, "through", through)).as_str())
        );
        assert_eq!(world.field("v", "cancelled"), "走错", "an office that is asked may");
    }
}

#[test]
fn v10_a_visit_that_was_finished_anew_or_sent_back_may_be_cancelled() {
    let mut world = accepted();
    let now = world.now;
    let anew = json!([set(&world, "v", "completed_at", json!(now + 1))]);
    assert_eq!(said(&world.save(WORKER, "anew", anew)), "applied");
    let cancel = || json!([blind("v", "cancelled", json!("走错"))]);
    assert_eq!(said(&world.save(WORKER, "cancel", cancel())), "applied");
    let mut world = accepted();
    let word = json!([{"op": "append", "e": id("v"), "f": "reviews", "v": {"verdict": "returned"}}]);
    assert_eq!(said(&world.save(CLERK, "returned", word)), "applied");
    assert_eq!(said(&world.save(WORKER, "cancel", cancel())), "applied");
}

#[test]
fn v10_a_measure_or_a_visit_of_another_family_counts_for_nothing() {
    let mut world = found();
    let elsewhere = |e: &str, kind: &str, f: Value| {
        let mut op = below(e, kind, f);
        op["parent"] = json!(id("z"));
        op
    };
    let ops = json!([
        create("z", "recipient", "A", json!({})),
        elsewhere("c", "visit", json!({"kind": "verification", "completed_at": 1})),
        elsewhere("m", "measure", json!({"need": id("n"), "kind": "goods", "due_on": "2026-12-01"})),
    ]);
    assert_eq!(said(&world.save(CLERK, "others", ops)), "applied");
    let responsible = set(&world, "n", "responsible", json!("worker"));
    assert_eq!(step(&mut world, CLERK, "assigned", json!([responsible])), "applied");
    assert_eq!(step(&mut world, CLERK, "verifying", json!([])), "applied");
    let verified = set(&world, "n", "verified_by", json!(id("c")));
    assert_eq!(step(&mut world, CLERK, "planned", json!([verified])), "held step");
}

#[test]
fn v10_a_measure_or_a_visit_that_was_deleted_counts_for_nothing() {
    for gone in ["m", "c", "nothing"] {
        let mut world = found();
        let measure = json!({"need": id("n"), "kind": "goods", "due_on": "2026-12-01"});
        let visit = json!({"kind": "verification", "completed_at": 1});
        let ops = json!([below("m", "measure", measure), below("c", "visit", visit)]);
        assert_eq!(said(&world.save(CLERK, "both", ops)), "applied");
        if let Some(record) = world.store.record(id(gone)) {
            let op = json!({"op": "delete", "e": record.id, "base": {"rev": record.rev}, "reason": "twice"});
            assert_eq!(said(&world.save(CLERK, "gone", json!([op]))), "applied");
        }
        let responsible = set(&world, "n", "responsible", json!("worker"));
        assert_eq!(step(&mut world, CLERK, "assigned", json!([responsible])), "applied");
        assert_eq!(step(&mut world, CLERK, "verifying", json!([])), "applied");
        let verified = set(&world, "n", "verified_by", json!(id("c")));
        let expected = if gone == "nothing" { "applied" } else { "held step" };
        assert_eq!(step(&mut world, CLERK, "planned", json!([verified])), expected, "{gone}");
    }
}

#[test]
fn v10_what_leaves_the_state_as_it_is_is_no_step() {
    let mut world = found();
    let urgency = set(&world, "n", "urgency", json!("急"));
    assert_eq!(step(&mut world, WORKER, "found", json!([urgency])), "applied");
    assert_eq!(world.field("n", "urgency"), "急");
}

#[test]
fn v10_a_held_step_is_judged_again_when_it_is_let_through() {
    let mut world = found();
    assert_eq!(step(&mut world, WORKER, "closed", json!([])), "held step");
    let held = open(&world, "held");
    assert_eq!(resolve(&mut world, held, Value::Null), "held step");
    assert_eq!(world.field("n", "state"), "found");
}

/// The only open record of a kind.
fn open(world: &World, kind: &str) -> Uuid {
    let mut open = world.store.records().filter(|record| record.kind == kind && record.is_open());
    let one = open.next().unwrap_or_else(|| panic!("no open {kind}"));
    assert_eq!(open.next(), None, "one open {kind}");
    one.id
}

/// A need that the clerk gave up while a worker was on his way to check it.
fn given_up() -> World {
    let mut world = found();
    let responsible = set(&world, "n", "responsible", json!("worker"));
    assert_eq!(step(&mut world, CLERK, "assigned", json!([responsible])), "applied");
    assert_eq!(step(&mut world, CLERK, "verifying", json!([])), "applied");
    let told =
        [set(&world, "n", "reason", json!("不属实")), set(&world, "n", "told_on", json!("1970-01-01"))];
    assert_eq!(step(&mut world, CLERK, "rejected", json!(told)), "applied");
    world
}

fn resolve(world: &mut World, e: Uuid, base: Value) -> String {
    let through = json!({"op": "resolve", "e": e, "take": "other", "base": base});
    said(&world.save(CLERK, &format!("through {}", world.now), json!([through])))
}

#[test]
fn v10_h5_an_office_lets_a_held_step_through_that_does_not_lead_on_from_where_the_need_stands_now() {
    let mut world = given_up();
    let to = blind("n", "state", json!("verifying"));
    assert_eq!(said(&world.save(WORKER, "late", json!([to]))), "held step");
    let held = open(&world, "held");
    assert_eq!(
        resolve(&mut world, held, Value::Null),
        "merged conflict",
        "its author had not seen the last step"
    );
    assert_eq!(world.field("n", "state"), "verifying");
    let record = world.store.record(held).expect("it is kept");
    assert_eq!(record.text("state"), Some("other"));
}

/// The clerk takes the other state of a conflict: one that a worker saved before what the clerk did himself.
fn take_earlier(world: &mut World, state: &str) -> String {
    let to = blind("n", "state", json!(state));
    assert_eq!(said(&world.save_at(WORKER, "early", 1, json!([to]))), "merged conflict");
    let conflict = open(world, "conflict");
    let base = json!({"fv": world.fv("n", "state")});
    resolve(world, conflict, base)
}

#[test]
fn v10_h6_an_office_takes_the_other_state_of_a_conflict_wherever_the_need_stands_now() {
    let mut world = given_up();
    assert_eq!(take_earlier(&mut world, "verifying"), "applied");
    assert_eq!(world.field("n", "state"), "verifying");
}

#[test]
fn v10_what_an_office_takes_still_needs_what_the_state_needs() {
    let mut world = given_up();
    assert_eq!(take_earlier(&mut world, "closed"), "held step");
    assert_eq!(world.field("n", "state"), "rejected");
}

#[test]
fn v10_a_step_beside_a_decision_is_a_step() {
    let mut world = given_up();
    let other = below("n2", "need", json!({"kind": "N-PSY", "state": "found"}));
    assert_eq!(said(&world.save(WORKER, "another", json!([other]))), "applied");
    assert_eq!(
        said(&world.save(WORKER, "late", json!([blind("n", "state", json!("verifying"))]))),
        "held step"
    );
    let through = json!({"op": "resolve", "e": open(&world, "held"), "take": "other", "base": null});
    let beside = set(&world, "n2", "state", json!("verifying"));
    assert_eq!(said(&world.save(CLERK, "both", json!([through, beside]))), "held step");
    let after = json!({"op": "set", "e": id("n"), "f": "state", "v": "assigned", "base": {"op": id("on")}});
    assert_eq!(said(&world.save(CLERK, "on", json!([through, after]))), "held step", "of the same need");
    let plain = json!([set(&world, "n", "state", json!("verifying"))]);
    assert_eq!(said(&world.save(CLERK, "plain", plain)), "held step", "no decision");
}
