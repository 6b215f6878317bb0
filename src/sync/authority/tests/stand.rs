//! V3, V8, V9: the order of reasons to hold. P11: by which roles a push is judged.

use super::{blind, check, create};
use crate::{
    authority::Standing,
    testing::{ADMIN, CLERK, FAR_CLERK, WORKER, World, area, id, said, village},
};
use domain::access::Role;
use serde_json::{Value, json};

fn mobile(e: &str) -> Value {
    blind(e, "mobile", json!("13800000001"))
}

#[test]
fn v3_the_first_failing_op_holds_the_whole() {
    let world = check(
        WORKER,
        json!([mobile("s"), blind("nobody", "mobile", json!("1")), mobile("q")]),
        "held missing",
    );
    assert!(world.store.record(id("s")).unwrap().plain("mobile").is_none(), "nothing is applied");
    check(WORKER, json!([mobile("q"), mobile("nobody")]), "held out_of_scope");
    check(WORKER, json!([mobile("gone"), mobile("q")]), "held deleted");
}

#[test]
fn v3_within_an_op_the_first_reason_of_the_list_counts() {
    let merge =
        |from: &str, into: &str| json!([{"op": "merge", "from": id(from), "into": id(into), "reason": "x"}]);
    let delete =
        |e: &str, rev: &str| json!([{"op": "delete", "e": id(e), "base": {"rev": rev}, "reason": "x"}]);
    // missing before out_of_scope
    check(WORKER, merge("q", "nobody"), "held missing");
    // out_of_scope before merged_away and deleted
    check(FAR_CLERK, json!([mobile("alias")]), "held out_of_scope");
    check(FAR_CLERK, json!([mobile("gone")]), "held out_of_scope");
    // merged_away before deleted before right
    check(WORKER, merge("gone", "alias"), "held merged_away");
    check(WORKER, merge("gone", "s"), "held deleted");
    check(WORKER, json!([{"op": "undelete", "e": id("alias"), "reason": "x"}]), "held merged_away");
    // exists before right
    check(WORKER, json!([create("r", "sponsor", "A", json!({}))]), "held exists");
    check(WORKER, json!([create("gone", "recipient", "A", json!({}))]), "held deleted");
    check(WORKER, json!([create("alias", "recipient", "A", json!({}))]), "held merged_away");
    check(WORKER, json!([create("q", "recipient", "A", json!({}))]), "held out_of_scope");
    // right before changed
    check(WORKER, delete("r", "1.0"), "held right");
    check(CLERK, delete("r", "1.0"), "held changed");
}

#[test]
fn v3_a_child_is_judged_by_its_parent() {
    let visit = |parent: &str| json!([{"op": "create", "e": id("v2"), "type": "visit", "area": area("A"), "parent": id(parent), "f": {}}]);
    check(WORKER, visit("nobody"), "held missing");
    check(WORKER, visit("q"), "held out_of_scope");
    check(WORKER, visit("alias"), "held merged_away");
    check(WORKER, visit("gone"), "held deleted");
    check(WORKER, visit("r"), "applied");
}

#[test]
fn v8_a_record_outside_the_scope_shows_nothing_of_its_kind() {
    let out = |op: Value| drop(check(WORKER, json!([op]), "held out_of_scope"));
    out(json!({"op": "append", "e": id("far"), "f": "mobile", "v": 1}));
    out(json!({"op": "set", "e": id("far"), "f": "id_no", "v": "1", "base": {"fv": "0.0"}}));
    out(
        json!({"op": "sealed", "e": id("far"), "f": "name", "v": crate::testing::sealed("!"), "base": {"fv": "0.0"}}),
    );
    out(json!({"op": "resolve", "e": id("far"), "take": "other"}));
    out(json!({"op": "decide", "e": id("far"), "accept": true}));
    out(json!({"op": "merge", "from": id("far"), "into": id("v"), "reason": "x"}));
    out(create("far", "visit", "A", json!({})));
    let taken = create("far", "recipient", "A", json!({}));
    check(
        WORKER,
        json!([taken, {"op": "append", "e": id("far"), "f": "mobile", "v": 1}]),
        "held out_of_scope",
    );
    out(create("n", "recipient", "D", json!({})));
    out(create("n", "recipient", "own-nothing", json!({})));
    out(create("n", "recipient", "AA", json!({})));
    // What is taken for another kind inside the scope is rejected instead.
    check(WORKER, json!([{"op": "decide", "e": id("s"), "accept": true}]), "rejected bad_value");
}

#[test]
fn v9_a_device_that_may_only_read_or_is_revoked_has_everything_held() {
    let good = json!([create("n", "recipient", "A", json!({}))]);
    let wrong = json!([{"op": "append", "e": id("r"), "f": "mobile", "v": 1}]);
    for (standing, expected) in [
        (Standing::Revoked, "held revoked"),
        (Standing::Left, "held revoked"),
        (Standing::Readonly, "held readonly"),
        (Standing::Wipe, "applied"),
    ] {
        let mut world = village();
        world.standing = standing;
        assert_eq!(said(&world.save(WORKER, "x", good.clone())), expected);
        assert_eq!(
            said(&world.save(WORKER, "y", wrong.clone())),
            "rejected bad_value",
            "reasons to reject come first"
        );
        if standing != Standing::Wipe {
            assert_eq!(said(&world.save(WORKER, "z", json!([]))), expected);
            assert_eq!(said(&world.save(WORKER, "m", json!([mobile("nobody")]))), expected);
        }
    }
}

#[test]
fn rights_hold_what_a_role_may_not_write() {
    let held = |ops: Value| drop(check(WORKER, ops, "held right"));
    held(json!([blind("r", "remark", json!("x"))]));
    held(json!([blind("r", "a_field_of_a_later_build", json!("x"))]));
    held(json!([create("n", "entitlement", "A", json!({}))]));
    held(json!([create("n", "held", "A", json!({}))]));
    held(json!([create("n", "conflict", "A", json!({}))]));
    held(json!([create("n", "recipient", "A", json!({"remark": "x"}))]));
    held(json!([{"op": "add", "e": id("r"), "f": "merits", "item": "x"}]));
    held(json!([{"op": "append", "e": id("v"), "f": "reviews", "v": "x"}]));
    held(json!([{"op": "attach", "e": id("r"), "blob": "ab".repeat(32), "kind": "photo", "bytes": 1}]));
    held(json!([{"op": "delete", "e": id("v"), "base": {"rev": "9.0"}, "reason": "x"}]));
    held(json!([{"op": "undelete", "e": id("gone"), "reason": "x"}]));
    held(json!([{"op": "merge", "from": id("r"), "into": id("s"), "reason": "x"}]));
    held(json!([{"op": "move", "e": id("v"), "area": area("A"), "base": {"fv": "0.0"}}]));
    check(
        CLERK,
        json!([{"op": "move", "e": id("v"), "area": area("B"), "base": {"fv": "0.0"}}]),
        "held right",
    );
    check(CLERK, json!([create("n", "standard", "A", json!({}))]), "held right");
    check(CLERK, json!([blind("r", "a_field_of_a_later_build", json!({"x": null}))]), "applied");
}

/// What a phone pushes whose grant was given to another role.
fn granted(user: &str, role: Role, ops: Value) -> (String, World) {
    let mut world = village();
    world.granted = Some(role);
    let verdict = world.save(user, "late", ops);
    (said(&verdict), world)
}

#[test]
fn p11_work_of_an_earlier_role_does_what_both_roles_may() {
    let visit = create("v2", "visit", "A", json!({"kind": "regular"}));
    let cases = [
        (visit.clone(), "applied"),
        (mobile("r"), "applied"),
        (blind("r", "bank", json!("309")), "merged proposal"),
        (json!({"op": "delete", "e": id("s"), "base": {"rev": "9.9"}, "reason": "x"}), "held right"),
    ];
    // A village worker who became a clerk, and a clerk who became a village worker.
    for (op, expected) in cases {
        for (user, role) in [(CLERK, Role::VillageWorker), (WORKER, Role::TownshipClerk)] {
            assert_eq!(granted(user, role, json!([op])).0, expected, "{user} {role:?} {op}");
        }
    }
    for (user, role) in [(ADMIN, Role::VillageWorker), (WORKER, Role::Admin)] {
        assert_eq!(granted(user, role, json!([visit])).0, "held right", "what one of them may not is kept");
    }
}

#[test]
fn p11_a_step_is_one_that_both_roles_may_take() {
    let need = || {
        json!({"op": "create", "e": id("n"), "type": "need", "area": area("A"), "parent": id("r"),
               "f": {"kind": "N-MED", "state": "found"}})
    };
    let assigned = json!([need(), blind("n", "urgency", json!("急"))]);
    assert_eq!(granted(CLERK, Role::VillageWorker, assigned).0, "applied");
    let mut begun = need();
    begun["f"]["state"] = json!("assigned");
    for (user, role) in [(CLERK, Role::VillageWorker), (WORKER, Role::TownshipClerk)] {
        assert_eq!(granted(user, role, json!([begun])).0, "held step", "{user}");
    }
    assert_eq!(granted(CLERK, Role::TownshipClerk, json!([begun])).0, "applied");
}

#[test]
fn p11_nothing_is_decided_with_a_grant_that_was_given_to_a_village() {
    let (_, mut world) = granted(WORKER, Role::VillageWorker, json!([blind("r", "bank", json!("309"))]));
    let proposal = world.store.records().find(|record| record.kind == "proposal").expect("a proposal").id;
    let decide = json!([{"op": "decide", "e": proposal, "accept": false}]);
    assert_eq!(said(&world.save(CLERK, "decide", decide.clone())), "held right");
    world.granted = None;
    assert_eq!(said(&world.save(CLERK, "decide at a desk", decide)), "applied");
}
