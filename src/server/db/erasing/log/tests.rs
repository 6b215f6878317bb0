use super::{Effect, blackened};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const GONE: Uuid = Uuid::from_u128(1);
const STAYS: Uuid = Uuid::from_u128(2);

fn check(effect: Effect, ops: Value, after: Option<Value>) {
    let body = json!({"id": STAYS, "schema": 1, "ops": ops}).to_string();
    let said = blackened(&body, effect, &BTreeSet::from([GONE]));
    let said = said.map(|text| serde_json::from_str::<Value>(&text).unwrap()["ops"].clone());
    assert_eq!(said, after, "{effect:?} {body}");
}

fn black(e: Uuid) -> Value {
    json!({"op": "remove", "e": e, "f": "erased", "item": null})
}

fn set(e: Uuid) -> Value {
    json!({"op": "set", "e": e, "f": "remark", "v": "腰疼", "base": {"fv": "1.1"}})
}

#[test]
fn only_what_is_about_the_erased_goes_and_the_others_keep_their_place() {
    check(Effect::Taken, json!([set(GONE), set(STAYS)]), Some(json!([black(GONE), set(STAYS)])));
    check(Effect::Taken, json!([set(STAYS)]), None);
    check(Effect::Taken, json!([black(GONE)]), None);
}

#[test]
fn what_would_have_been_made_below_the_erased_goes_with_what_follows_on_it() {
    let below =
        |e: Uuid| json!({"op": "create", "e": e, "type": "visit", "parent": GONE, "f": {"kind": "x"}});
    let child = Uuid::from_u128(3);
    let ops = json!([below(child), set(child)]);
    check(Effect::Held, ops.clone(), Some(json!([black(child), black(child)])));
    check(Effect::Taken, ops, None);
}

#[test]
fn a_merge_is_told_for_as_long_as_the_file_that_it_made() {
    let merge =
        |from: Uuid, into: Uuid| json!({"op": "merge", "from": from, "into": into, "reason": "同一人"});
    check(Effect::Taken, json!([merge(GONE, STAYS)]), None);
    check(Effect::Taken, json!([merge(STAYS, GONE)]), Some(json!([black(STAYS)])));
    check(Effect::Rejected, json!([merge(GONE, STAYS)]), Some(json!([black(GONE)])));
}

#[test]
fn a_rejected_save_may_have_any_shape() {
    let odd = json!({"op": "set", "record": GONE, "v": "腰疼"});
    check(Effect::Rejected, json!([odd, set(STAYS)]), Some(json!([black(Uuid::nil()), set(STAYS)])));
    for body in [format!("腰疼 {GONE}"), json!({"ops": "腰疼", "of": GONE}).to_string()] {
        let after = blackened(&body, Effect::Rejected, &BTreeSet::from([GONE]));
        assert_eq!(after.as_deref(), Some(r#"{"ops":[]}"#));
        assert_eq!(blackened(&body, Effect::Rejected, &BTreeSet::from([STAYS])), None);
    }
}

#[test]
fn members_that_this_build_does_not_know_go_with_the_last_op() {
    let body = |ops: Value| json!({"id": STAYS, "ops": ops, "note": "腰疼"}).to_string();
    let said = |ops: Value| blackened(&body(ops), Effect::Taken, &BTreeSet::from([GONE])).unwrap();
    assert!(!said(json!([set(GONE)])).contains("腰疼"));
    assert!(said(json!([set(GONE), set(STAYS)])).contains("note"));
}
