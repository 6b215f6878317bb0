use super::phone::{Phone, e, identity};
use crate::{
    id::Inc,
    replica::{Event, Meta, Sentinel, UnlockedFacts},
    wire::{Incident, IncidentKind},
};
use serde_json::json;
use std::collections::VecDeque;

/// A phone that has saved three changesets, none of them sent.
fn with_three() -> Phone {
    let mut phone = Phone::settled();
    for value in ["2", "3", "4"] {
        phone.save(e(1), "mobile", json!(value));
    }
    phone.effects.clear();
    phone
}

fn found(phone: &Phone) -> Option<(IncidentKind, Option<(u64, u64)>)> {
    phone.meta().incident.as_ref().map(|incident| (incident.kind, incident.lost))
}

/// What the first write after the start says of the storage: a phone with nothing to send reports it at once and forgets it.
fn first_written(phone: &Phone) -> Option<IncidentKind> {
    phone.batches.first().and_then(|batch| batch.meta.incident.as_ref()).map(|incident| incident.kind)
}

#[test]
fn r2_what_the_storage_lost_is_found_before_the_first_write() {
    let other = Inc([9; 8]);
    type Loss = fn(&mut Phone);
    let cases: Vec<(&str, Loss, Option<IncidentKind>)> = vec![
        ("nothing lost", |_| {}, None),
        ("no sentinel", |phone| phone.sentinel = None, None),
        (
            "an older sentinel",
            |phone| phone.sentinel = phone.sentinel.map(|s| Sentinel { last_seq: 1, ..s }),
            None,
        ),
        (
            "the newest transaction",
            |phone| {
                phone.out.pop_last();
                phone.meta.as_mut().unwrap().next_seq = 3;
            },
            Some(IncidentKind::WentBack),
        ),
        (
            "an older database",
            |phone| phone.sentinel = Some(Sentinel { inc: Inc([9; 8]), last_seq: 4 }),
            Some(IncidentKind::WentBack),
        ),
        (
            "an emptied database",
            |phone| {
                phone.meta = None;
                phone.out.clear();
                phone.rep.clear();
            },
            Some(IncidentKind::Empty),
        ),
        (
            "a row in the middle",
            |phone| {
                let second = *phone.out.keys().nth(1).unwrap();
                phone.out.remove(&second);
            },
            Some(IncidentKind::Hole),
        ),
    ];
    for (what, lose, kind) in cases {
        let mut phone = with_three();
        let before = phone.meta().inc;
        assert_ne!(before, other);
        lose(&mut phone);
        phone.batches.clear();
        phone.start();
        assert_eq!(first_written(&phone), kind, "{what}");
        assert_eq!(phone.meta().inc == before, kind.is_none(), "{what}");
        if kind.is_some() {
            assert_ne!(
                phone.batches[0].meta.inc, before,
                "{what}: the first write takes the new incarnation"
            );
        }
    }
}

#[test]
fn r2_an_emptied_database_is_reported_with_all_that_it_lost() {
    let mut phone = with_three();
    let before = phone.meta().inc;
    (phone.meta, phone.sent) = (None, VecDeque::new());
    phone.out.clear();
    phone.rep.clear();
    phone.replica = crate::replica::Replica::new();
    phone.open();
    let reported = phone.sent[0].1.hello.as_ref().unwrap().storage.incident.clone();
    assert_eq!(reported, Some(Incident { kind: IncidentKind::Empty, inc: before, lost: Some((1, 3)) }));
    assert_ne!(phone.meta().inc, before);
}

#[test]
fn r2_a_sentinel_of_an_earlier_incarnation_is_no_incident() {
    let mut phone = with_three();
    let old = phone.meta().inc;
    phone.meta.as_mut().unwrap().prev_inc.push(Inc([9; 8]));
    phone.sentinel = Some(Sentinel { inc: Inc([9; 8]), last_seq: 99 });
    phone.start();
    assert_eq!(phone.meta().inc, old);
}

#[test]
fn r2_what_is_left_keeps_its_ids_and_gets_dense_numbers() {
    let mut phone = with_three();
    let ids: Vec<_> = phone.out.values().map(|row| row.0.id).collect();
    let second = *phone.out.keys().nth(1).unwrap();
    phone.out.remove(&second);
    phone.start();
    let left: Vec<_> = phone.out.values().map(|row| (row.0.seq, row.0.id)).collect();
    assert_eq!(left, vec![(1, ids[0]), (2, ids[2])]);
    assert_eq!((phone.meta().next_seq, phone.meta().acked), (3, 0));
    assert_eq!(found(&phone), Some((IncidentKind::Hole, Some((2, 2)))));
}

#[test]
fn r2_a_damaged_row_is_told_from_the_rest_at_unlock() {
    let mut phone = with_three();
    let key = *phone.out.keys().nth(2).unwrap();
    phone.replica = crate::replica::Replica::new();
    phone.open();
    phone.event(Event::Unlocked(UnlockedFacts {
        session: true,
        damaged: vec![key],
        ..UnlockedFacts::default()
    }));
    assert_eq!(phone.out.len(), 2);
    assert_eq!(found(&phone), Some((IncidentKind::Damaged, Some((3, 3)))));
    assert!(phone.meta().areas.values().all(|area| area.stage.is_some()), "its ops stand in some overlay");
}

#[test]
fn an_incident_is_reported_until_a_hello_with_it_is_answered() {
    let mut phone = with_three();
    phone.meta.as_mut().unwrap().next_seq = 3;
    phone.out.pop_last();
    phone.sent.clear();
    phone.start();
    let lost = phone.sent[0].1.hello.as_ref().unwrap().storage.incident.clone();
    assert!(lost.is_some());
    phone.fail();
    phone.tap();
    let again = phone.answer(|_| {}).hello.unwrap().storage.incident;
    assert_eq!(again, lost);
    assert_eq!(phone.meta().incident, None);
}

#[test]
fn a_new_database_begins_an_incarnation() {
    let mut phone = Phone::default();
    phone.start();
    assert_ne!(phone.meta().inc, Meta::new(identity(), Inc([0; 8])).inc);
    assert!(phone.meta().prev_inc.is_empty());
    assert_eq!(phone.meta().incident, None);
}

#[test]
fn r3_the_sentinel_follows_the_commit() {
    let mut phone = Phone::settled();
    let before = phone.sentinel;
    phone.is_stuck = true;
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!(phone.sentinel, before);
    assert_eq!(before.unwrap().last_seq, 0);
}
