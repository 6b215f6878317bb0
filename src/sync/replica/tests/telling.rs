//! What pages are told: states, numbers, and what a commit changed.

use super::phone::{OTHER, Phone, VILLAGE, e, full, hello_at, receipt, scope, verdict};
use crate::{
    id::{AreaId, Inc},
    replica::{
        Effect, Env, Event, Generator, Phase, Problem, Replica, Sentinel, UnlockedFacts,
        disk::record_incident,
    },
    wire::{DeviceState, Incident, IncidentKind, PullAnswer, PullError, VerdictState},
};
use serde_json::json;
use std::collections::BTreeMap;

fn phase(phone: &Phone) -> Phase {
    phone.replica.status().phase
}

fn told(phone: &Phone) -> usize {
    phone.effects.iter().filter(|effect| matches!(effect, Effect::Status(_))).count()
}

#[test]
fn a_status_is_told_when_it_changes_and_not_again() {
    let mut phone = Phone::settled();
    phone.event(Event::Hidden);
    assert_eq!(told(&phone), 0);
    phone.event(Event::Offline);
    phone.event(Event::Offline);
    assert_eq!(told(&phone), 1);
    assert_eq!(phone.replica.status().problem, Some(Problem::Offline));
}

#[test]
fn the_phase_says_what_is_under_way() {
    assert_eq!(Replica::new().status().phase, Phase::Closed);
    let mut phone = Phone::settled();
    assert_eq!(phase(&phone), Phase::Idle);
    phone.tap();
    assert_eq!(phase(&phone), Phase::Pull);
    phone.is_stuck = true;
    phone.page(vec![full(1, VILLAGE, 6, &[])], 6, false);
    assert_eq!((phase(&phone), phone.sent.len()), (Phase::Pull, 0), "the rows are being stored");

    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    phone.tap();
    assert_eq!(phase(&phone), Phase::Push);
    phone.fail();
    assert_eq!(phase(&phone), Phase::Blocked);

    let mut phone = Phone::settled();
    phone.event(Event::Locked);
    phone.tap();
    assert_eq!(phase(&phone), Phase::Hello);
    phone.answer(|answer| {
        answer.hello = Some(crate::wire::HelloAnswer { state: DeviceState::Wipe, ..hello_at(0) });
    });
    assert_eq!(phase(&phone), Phase::Wipe);
}

#[test]
fn the_phase_says_what_the_office_or_the_storage_brought_about() {
    let mut phone = Phone::settled();
    phone.tap();
    let epoch = PullError::Epoch { epoch: 2, acked: BTreeMap::new() };
    phone.answer(|answer| answer.pull = Some(PullAnswer::Error(epoch)));
    assert_eq!(phase(&phone), Phase::Reset);

    let mut phone = Phone::settled();
    phone.tap();
    phone.save(e(1), "mobile", json!("2"));
    phone.answer(|answer| answer.pull = Some(scope(2, &[VILLAGE])));
    assert_eq!(phase(&phone), Phase::Purge, "the outbox goes first");

    let mut phone = Phone::settled();
    phone.sentinel = Some(Sentinel { inc: Inc([9; 8]), last_seq: 4 });
    (phone.replica, phone.is_stuck) = (Replica::new(), true);
    phone.open();
    assert_eq!(phase(&phone), Phase::Fork);
}

#[test]
fn digests_are_compared_before_anything_else_is_begun() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.is_stuck = true;
    phone.page(vec![full(1, VILLAGE, 6, &[])], 6, false);
    let commit = phone.effects.iter().rev().find_map(|effect| match effect {
        Effect::Commit { id, .. } => Some(*id),
        _ => None,
    });
    let mut rng = Generator::from_number(2);
    let mut env = Env { now: phone.now, rng: &mut rng };
    let effects = phone.replica.handle(&mut env, Event::Committed { id: commit.unwrap() });
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Digest { .. })));
    assert_eq!(phase(&phone), Phase::Digest);
}

#[test]
fn what_another_piece_of_work_waits_for_is_ignored() {
    let mut phone = Phone::settled();
    phone.is_stuck = true;
    phone.save(e(1), "mobile", json!("2"));
    phone.event(Event::Committed { id: 999 });
    assert!(phone.saved_ids().is_empty());
}

#[test]
fn pages_are_told_which_areas_kinds_and_records_changed() {
    let changed = |phone: &Phone| -> Vec<_> {
        let all = phone.effects.iter().filter_map(|effect| match effect {
            Effect::Changed { areas, kinds, records } => Some((
                areas.iter().copied().collect::<Vec<_>>(),
                kinds.iter().cloned().collect::<Vec<_>>(),
                records.iter().copied().collect::<Vec<_>>(),
            )),
            _ => None,
        });
        all.collect()
    };
    let mut phone = Phone::settled();
    phone.tap();
    phone.page(Vec::new(), 6, false);
    assert_eq!(changed(&phone), []);
    phone.tap();
    phone.page(vec![full(3, OTHER, 7, &[("mobile", json!("2"))])], 7, false);
    assert_eq!(changed(&phone), [(vec![OTHER], vec!["recipient".to_owned()], vec![e(3)])]);
    phone.effects.clear();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[VILLAGE])));
    assert_eq!(changed(&phone), [(vec![OTHER], Vec::new(), Vec::new())], "its rows are gone");
}

#[test]
fn the_counters_and_the_outbox_are_those_of_the_disk() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!(phone.replica.meta(), phone.meta.as_ref());
    assert_eq!(phone.replica.outbox().map(|head| head.id).collect::<Vec<_>>(), phone.saved_ids());
}

#[test]
fn the_three_numbers_count_what_waits_and_what_arrived() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    let saved_at = phone.now;
    phone.now += 5;
    phone.save(e(2), "mobile", json!("3"));
    let status = phone.replica.status();
    assert_eq!((status.on_phone, status.at_office, status.oldest), (2, 0, Some(saved_at)));
    assert!(status.complete && !status.needs_login && status.last_contact.is_some());
    let id = phone.saved_ids()[0];
    phone.tap();
    phone.answer(|answer| answer.push = Some(receipt(1, 0, vec![verdict(id, 1, VerdictState::Applied, 6)])));
    let status = phone.replica.status();
    assert_eq!((status.on_phone, status.at_office, status.oldest), (1, 1, Some(phone.now)));
    phone.event(Event::Session { open: false });
    assert!(phone.replica.status().needs_login);
    phone.event(Event::Locked);
    assert!(!phone.replica.status().needs_login, "the code comes first");
}

#[test]
fn a_new_phone_is_not_complete_before_every_area_is_here() {
    let mut phone = Phone::default();
    phone.start();
    let status = phone.replica.status();
    assert!(!status.complete && status.last_contact.is_none());
    phone.answer(|answer| answer.pull = Some(scope(1, &[VILLAGE])));
    assert!(!phone.replica.status().complete);
    phone.page(vec![full(1, VILLAGE, 3, &[])], 5, false);
    assert!(phone.replica.status().complete);
}

#[test]
fn a_second_loss_widens_the_first_and_never_hides_it() {
    let lost = |inc: u8, lost| Incident { kind: IncidentKind::Hole, inc: Inc([inc; 8]), lost };
    let cases = [
        (Some((3, 5)), (1, Some((2, 4))), Some((2, 5))),
        (Some((3, 5)), (1, Some((4, 9))), Some((3, 9))),
        (None, (1, Some((4, 9))), Some((4, 9))),
        (Some((3, 5)), (1, None), Some((3, 5))),
        (Some((3, 5)), (2, Some((1, 9))), Some((3, 5))),
    ];
    for (first, (inc, second), expected) in cases {
        let mut meta = Phone::settled().meta.unwrap();
        record_incident(&mut meta, lost(1, first));
        record_incident(&mut meta, lost(inc, second));
        assert_eq!(meta.incident, Some(lost(1, expected)));
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers_in_every_release() {
    let mut rng = Generator::from_number(7);
    assert_eq!([rng.next_u64(), rng.next_u64()], [2_910_824_217_569_608_635, 3_098_856_782_162_503_994]);
    let drawn: Vec<u64> = (0..8).map(|_| rng.below(10)).collect();
    assert_eq!(drawn, [5, 3, 0, 8, 1, 0, 7, 5]);
    assert_eq!(rng.below(0), 0);
    assert_eq!(Generator::from_seed([7; 32]).bytes::<4>(), [228, 208, 203, 89]);
}

#[test]
fn damage_told_before_the_storage_is_open_does_no_harm() {
    let mut phone = Phone::default();
    phone.event(Event::Unlocked(UnlockedFacts {
        damaged: vec![(Inc([1; 8]), 1)],
        ..UnlockedFacts::default()
    }));
    phone.event(Event::TimerFired(crate::replica::Timer::Storage));
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::Reload)), "it is opened again");
    assert!(phone.meta().areas.keys().all(|area| *area == AreaId::OWN));
}
