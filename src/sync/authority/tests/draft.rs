//! H4: unfinished visits handed over by their phone.

use crate::{
    id::made_alike,
    record::Record,
    testing::{CLERK, WORKER, World, area, id, said, village},
    wire::PushAnswer,
};
use serde_json::{Value, json};

fn draft(answer: &str) -> Value {
    json!({"recipient": id("r"), "area": area("A"), "template": "FOLLOWUP", "answers": {"A01": answer}, "question": "A02"})
}

fn held(world: &World) -> Record {
    world.store.record(made_alike("held", &[&id("new").to_string()])).unwrap().clone()
}

fn visit() -> Value {
    json!([{"op": "create", "e": id("new"), "type": "visit", "area": area("A"), "parent": id("r"), "f": {}}])
}

#[test]
fn h4_a_draft_becomes_a_held_record_of_its_visit() {
    let mut world = village();
    let outcome = world.hand_over(WORKER, id("new"), &draft("1"));
    let PushAnswer::Receipt(receipt) = outcome.answer else { panic!("receipt") };
    assert_eq!((receipt.drafts, receipt.acked), (vec![id("new")], 0));
    let record = held(&world);
    assert_eq!((record.text("why"), record.text("state")), (Some("draft"), Some("open")));
    assert_eq!((record.area, record.parent, record.rev), (area("A"), Some(id("r")), world.store.head()));
    let ops = json!([{"op": "create", "e": id("new"), "type": "visit", "area": area("A"), "parent": id("r"),
                      "f": {"template": "FOLLOWUP", "answers": {"A01": "1"}}}]);
    assert_eq!((record.plain("ops"), record.plain("draft")), (Some(&ops), Some(&json!({"question": "A02"}))));
}

#[test]
fn h4_the_same_draft_again_changes_nothing_and_a_newer_one_replaces_it() {
    let mut world = village();
    world.hand_over(WORKER, id("new"), &draft("1"));
    let before = (world.store.head(), world.store.audit().len());
    world.hand_over(WORKER, id("new"), &draft("1"));
    assert_eq!((world.store.head(), world.store.audit().len()), before);
    world.hand_over(WORKER, id("new"), &draft("2"));
    assert_eq!(held(&world).plain("ops").unwrap()[0]["f"]["answers"]["A01"], "2");
    assert!(held(&world).rev > before.0);
}

#[test]
fn h4_the_changeset_that_creates_the_visit_closes_its_draft() {
    let mut world = village();
    world.hand_over(WORKER, id("new"), &draft("1"));
    assert_eq!(said(&world.save(WORKER, "finish", visit())), "applied");
    assert_eq!(held(&world).text("state"), Some("other"));
    world.hand_over(WORKER, id("new"), &draft("1"));
    assert_eq!(
        held(&world).text("state"),
        Some("open"),
        "what differs from the visit is shown rather than lost"
    );
}

#[test]
fn h4_a_draft_that_the_office_dropped_stays_dropped_when_the_visit_comes() {
    let mut world = village();
    world.hand_over(WORKER, id("new"), &draft("1"));
    let drop = json!([{"op": "resolve", "e": held(&world).id, "take": "current", "reason": "重复"}]);
    assert_eq!(said(&world.save(CLERK, "drop", drop)), "applied");
    let dropped = held(&world);
    assert_eq!(said(&world.save(WORKER, "finish", visit())), "applied");
    assert_eq!((held(&world).text("state"), held(&world).rev), (Some("current"), dropped.rev));
}

#[test]
fn h4_the_office_may_finish_a_visit_out_of_its_draft() {
    let mut world = village();
    world.hand_over(WORKER, id("new"), &draft("1"));
    let take = json!([{"op": "resolve", "e": held(&world).id, "take": "other", "reason": "手机坏了"}]);
    assert_eq!(said(&world.save(CLERK, "x", take)), "applied");
    assert_eq!(world.field("new", "answers"), json!({"A01": "1"}));
    assert_eq!(held(&world).text("state"), Some("other"));
    assert_eq!(
        said(&world.save(WORKER, "late", visit())),
        "held exists",
        "for a person, since the office was first"
    );
}

#[test]
fn h4_a_draft_nobody_can_read_as_a_visit_is_kept_all_the_same() {
    for odd in [json!("text"), json!({"recipient": "x"}), json!({"answers": {}})] {
        let mut world = village();
        world.hand_over(WORKER, id("new"), &odd);
        let record = held(&world);
        assert_eq!((record.area, record.plain("ops")), (area("T"), Some(&json!([]))));
        let kept = record.plain("draft").unwrap();
        assert!(*kept == odd || *kept == json!(odd.to_string()));
    }
}

#[test]
fn h4_a_draft_that_does_not_open_is_not_taken() {
    let mut world = village();
    let sealed = json!({"id": id("new"), "sealed": {"key": id("key"), "nonce": "n", "ct": "!"}});
    let request = json!({"first_seq": 2, "changesets": [], "drafts": [sealed], "key": crate::testing::key()});
    let PushAnswer::Receipt(receipt) = world.push(WORKER, request).answer else { panic!("receipt") };
    assert!(receipt.drafts.is_empty());
}
