//! Whether something goes out at all: probes, taps, named waits, and a date that cannot be right.

use super::phone::{OTHER, Phone, VILLAGE, e, hello_at, receipt, scope, verdict};
use crate::{
    limits::{PUSH_INFLATED_BYTES_MAX, RETRY_VISIBLE_MS_MAX},
    replica::{Effect, Event, Problem, RequestFailure, Timer},
    wire::{HelloAnswer, Limits, VerdictState},
};
use serde_json::json;

const MONTH: i64 = 30 * 24 * 3_600_000;

fn probes(phone: &Phone) -> usize {
    phone.effects.iter().filter(|effect| matches!(effect, Effect::Probe { .. })).count()
}

/// A phone with work, whose last request got no answer.
fn unanswered() -> Phone {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    phone.tap();
    phone.fail();
    phone
}

#[test]
fn one_probe_goes_at_a_time_and_nothing_beside_it() {
    let mut phone = unanswered();
    phone.event(Event::TimerFired(Timer::Sync));
    phone.event(Event::TimerFired(Timer::Sync));
    phone.tap();
    assert_eq!((probes(&phone), phone.sent.len()), (1, 0));
}

#[test]
fn a_phone_without_a_network_or_without_the_lock_probes_nobody() {
    for event in [Event::Offline, Event::SyncLock { held: false }] {
        let mut phone = unanswered();
        phone.event(event.clone());
        phone.event(Event::TimerFired(Timer::Sync));
        assert_eq!((probes(&phone), phone.sent.len()), (0, 0), "{event:?}");
    }
}

#[test]
fn failures_from_before_the_network_came_back_count_no_longer() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    phone.tap();
    let (id, _) = phone.sent.pop_front().unwrap();
    let failure = RequestFailure::Refused { status: 503, err: String::new(), wait_ms: Some(40_000) };
    phone.event(Event::RequestFailed { id, failure });
    phone.event(Event::Online);
    assert!(phone.sent.is_empty(), "the wait that the office named holds");
    phone.event(Event::TimerFired(Timer::Sync));
    assert_eq!((probes(&phone), phone.sent.len()), (0, 1));
}

#[test]
fn r13_a_save_shortens_a_long_wait_to_twelve_seconds() {
    let mut phone = Phone::settled();
    phone.tap();
    while phone.last_timer(Timer::Sync).is_none_or(|wait| wait <= 20_000) {
        phone.fail();
        phone.event(Event::TimerFired(Timer::Sync));
    }
    phone.fail();
    phone.effects.clear();
    phone.event(Event::Looked);
    while phone.last_timer(Timer::Sync).is_some_and(|wait| wait <= RETRY_VISIBLE_MS_MAX) {
        phone.event(Event::TimerFired(Timer::Sync));
        phone.fail();
    }
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!(phone.last_timer(Timer::Sync), Some(RETRY_VISIBLE_MS_MAX));
}

#[test]
fn r11_after_a_refused_purge_only_a_tap_asks_again() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    phone.event(Event::Online);
    assert!(phone.answer(|_| {}).pull.is_none());
    phone.tap();
    assert!(phone.answer(|_| {}).pull.is_some());
}

#[test]
fn r11_a_confirmation_holds_while_the_outbox_goes_first() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    phone.save(e(1), "mobile", json!("2"));
    let id = phone.saved_ids()[0];
    phone.event(Event::PurgeConfirmed);
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    assert!(phone.meta().areas.contains_key(&VILLAGE), "the save is not at the office");
    phone.answer(|answer| {
        answer.push = Some(receipt(1, 0, vec![verdict(id, 1, VerdictState::Applied, 6)]));
    });
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    assert!(!phone.meta().areas.contains_key(&VILLAGE));
    assert_eq!(phone.replica.status().problem, None);
}

#[test]
fn f14_a_date_before_that_of_the_app_is_suspected_and_no_contact_yet_is_none_to_compare_with() {
    let told = |build_t: i64| {
        let mut phone = Phone { now: 2 * MONTH, build_t, ..Phone::default() };
        phone.open();
        let (id, _) = phone.sent.pop_front().unwrap();
        phone.event(Event::RequestFailed { id, failure: RequestFailure::Network { at_once: true } });
        phone.replica.status().problem
    };
    assert_eq!(told(0), Some(Problem::NoAnswer));
    assert_eq!(told(2 * MONTH), Some(Problem::NoAnswer));
    assert_eq!(told(2 * MONTH + 1), Some(Problem::Clock));
}

#[test]
fn a_batch_is_never_more_than_half_of_what_a_request_may_hold_whatever_the_office_allows() {
    let bytes = PUSH_INFLATED_BYTES_MAX / 10;
    let mut phone = Phone::settled();
    for n in 0..30 {
        phone.save(e(1), "mobile", json!(n.to_string()));
    }
    phone.out.values_mut().for_each(|row| row.0.bytes = bytes);
    phone.start();
    phone.tap();
    let mut sizes = Vec::new();
    while sizes.len() < 9 {
        let push = phone.sent[0].1.push.clone().unwrap();
        let judged = push.changesets.iter().zip(push.first_seq..);
        let verdicts: Vec<_> =
            judged.map(|(id, seq)| verdict(*id, seq, VerdictState::Applied, 5 + seq)).collect();
        sizes.push(verdicts.len());
        let acked = push.first_seq - 1 + verdicts.len() as u64;
        phone.answer(|answer| {
            let limits = Limits { batch_bytes: 1 << 30, ..hello_at(0).limits };
            answer.hello = Some(HelloAnswer { limits, ..hello_at(0) });
            answer.push = Some(receipt(acked, 0, verdicts));
        });
    }
    assert_eq!(sizes.last(), Some(&5), "{sizes:?}");
}

#[test]
fn a_batch_is_halved_by_a_failure_and_pulls_wait_for_the_last() {
    let mut phone = Phone::settled();
    for n in 0..20 {
        phone.save(e(1), "mobile", json!(n.to_string()));
    }
    phone.out.values_mut().for_each(|row| row.0.bytes = 2048);
    phone.start();
    phone.tap();
    let mut size = || {
        let request = phone.sent[0].1.clone();
        phone.fail();
        phone.tap();
        (request.push.unwrap().changesets.len(), request.pull.is_some())
    };
    assert_eq!([size(), size(), size(), size()], [(4, false), (2, false), (1, false), (1, false)]);
}
