//! How often, how much and how soon: what the line learns from answers and failures (R13).

use super::phone::{OTHER, Phone, VILLAGE, e, full, hello_at, photo, receipt, scope, verdict};
use crate::{
    id::BlobHash,
    limits::{
        BATCH_FAST_MS, PAGE_BYTES_START, PAGE_FAST_MS, RETRY_HIDDEN_MS_MAX, RETRY_VISIBLE_MS_MAX,
        STEP_STALL_MS,
    },
    replica::{
        Attention, BlobHead, BlobPhase, BlobStep, DraftHead, Effect, Event, Problem, RequestFailure, Timer,
    },
    wire::{HelloAnswer, Limits, PullAnswer, PullPage, PurgedAnswer, SyncAnswer, VerdictState, WIRE_VERSION},
};
use serde_json::json;
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000;

fn answer_after(phone: &mut Phone, took_ms: i64, fill: impl FnOnce(&mut SyncAnswer)) {
    let (id, request) = phone.sent.pop_front().expect("a request waits");
    let hello = request.hello.map(|hello| hello_at(hello.acked));
    let mut answer =
        SyncAnswer { v: WIRE_VERSION, t: phone.now, hello, push: None, pull: None, purged: None };
    fill(&mut answer);
    phone.event(Event::Answered { id, answer: Box::new(answer), took_ms });
}

fn nothing_new(answer: &mut SyncAnswer) {
    let head = super::phone::rev(5);
    let page = PullPage { epoch: 1, head, cur: BTreeMap::new(), more: false, rows: Vec::new(), digest: None };
    answer.pull = Some(PullAnswer::Page(page));
}

fn fail_with(phone: &mut Phone, failure: RequestFailure) {
    let (id, _) = phone.sent.pop_front().expect("a request waits");
    phone.event(Event::RequestFailed { id, failure });
}

fn refused(status: u16, wait_ms: Option<i64>) -> RequestFailure {
    RequestFailure::Refused { status, err: String::new(), wait_ms }
}

fn count(phone: &Phone, is_it: impl Fn(&Effect) -> bool) -> usize {
    phone.effects.iter().filter(|effect| is_it(effect)).count()
}

/// Waits of the next sync after each of 40 failures in a row.
fn waits(phone: &mut Phone, failure: &RequestFailure) -> Vec<i64> {
    let wait = |_| {
        phone.tap();
        for _ in 0..6 {
            fail_with(phone, failure.clone());
            phone.effects.clear();
            phone.event(Event::TimerFired(Timer::Sync));
            if let Some(id) = phone.effects.iter().find_map(|effect| match effect {
                Effect::Probe { id } => Some(*id),
                _ => None,
            }) {
                phone.event(Event::Probed { id });
            }
        }
        fail_with(phone, failure.clone());
        phone.last_timer(Timer::Sync).unwrap()
    };
    (0..40).map(wait).collect()
}

#[test]
fn pages_double_while_they_come_fast_up_to_what_the_office_allows() {
    let page_bytes = |phone: &mut Phone| {
        phone.tap();
        phone.sent[0].1.pull.as_ref().unwrap().page_bytes
    };
    let mut phone = Phone::settled();
    let first = page_bytes(&mut phone);
    answer_after(&mut phone, PAGE_FAST_MS, nothing_new);
    assert_eq!(page_bytes(&mut phone), first, "slow");
    answer_after(&mut phone, PAGE_FAST_MS - 1, nothing_new);
    assert_eq!(page_bytes(&mut phone), 2 * first);
    answer_after(&mut phone, 1, |answer| {
        let limits = Limits { page_bytes: 3 * first, ..hello_at(0).limits };
        answer.hello = Some(HelloAnswer { limits, ..hello_at(0) });
        nothing_new(answer);
    });
    assert_eq!(page_bytes(&mut phone), 3 * first);
    phone.fail();
    assert_eq!(page_bytes(&mut phone), 3 * first / 2);
    for _ in 0..6 {
        phone.fail();
        phone.tap();
    }
    assert_eq!(page_bytes(&mut phone), PAGE_BYTES_START);
}

#[test]
fn batches_double_while_they_go_fast_up_to_what_the_office_allows() {
    let batches = |took_ms: i64, batch_bytes: usize| {
        let mut phone = Phone::settled();
        for n in 0..30 {
            phone.save(e(1), "mobile", json!(n.to_string()));
        }
        phone.out.values_mut().for_each(|row| row.0.bytes = 4096);
        phone.start();
        phone.tap();
        let mut sizes = Vec::new();
        while sizes.len() < 3 {
            let push = phone.sent[0].1.push.clone().unwrap();
            let verdicts = push.changesets.iter().zip(push.first_seq..);
            let verdicts: Vec<_> =
                verdicts.map(|(id, seq)| verdict(*id, seq, VerdictState::Applied, 5 + seq)).collect();
            let acked = push.first_seq - 1 + verdicts.len() as u64;
            sizes.push(verdicts.len());
            answer_after(&mut phone, took_ms, |answer| {
                let limits = Limits { batch_bytes, ..hello_at(0).limits };
                answer.hello = Some(HelloAnswer { limits, ..hello_at(0) });
                answer.push = Some(receipt(acked, 0, verdicts));
            });
        }
        sizes
    };
    assert_eq!(batches(BATCH_FAST_MS - 1, 1 << 20), [2, 4, 8]);
    assert_eq!(batches(BATCH_FAST_MS, 1 << 20), [2, 2, 2]);
    assert_eq!(batches(1, 12_288), [2, 3, 3]);
}

#[test]
fn only_progress_of_the_request_under_way_puts_its_end_off() {
    let mut phone = Phone::settled();
    phone.tap();
    let id = phone.sent[0].0;
    for (id, watched) in [(id + 1, 0), (id, 1)] {
        phone.effects.clear();
        phone.event(Event::Progress { id });
        let is_it = |effect: &Effect| {
            matches!(effect, Effect::SetTimer { timer: Timer::Request, after_ms: STEP_STALL_MS })
        };
        assert_eq!(count(&phone, is_it), watched);
    }
}

#[test]
fn a_tab_without_the_lock_sends_nothing() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.event(Event::SyncLock { held: false });
    assert_eq!(count(&phone, |effect| matches!(effect, Effect::Abort { .. })), 1);
    phone.sent.clear();
    phone.tap();
    phone.event(Event::TimerFired(Timer::Sync));
    assert!(phone.sent.is_empty());
    phone.event(Event::SyncLock { held: true });
    assert_eq!(phone.sent.len(), 1);
}

#[test]
fn without_a_network_nothing_is_tried_and_with_it_at_once() {
    let mut phone = Phone::settled();
    phone.event(Event::Offline);
    phone.tap();
    assert_eq!((phone.sent.len(), phone.last_timer(Timer::Sync)), (0, Some(RETRY_HIDDEN_MS_MAX)));
    phone.event(Event::Online);
    assert_eq!(phone.sent.len(), 1);
    phone.event(Event::Offline);
    phone.fail();
    assert_eq!(phone.replica.status().problem, Some(Problem::Offline));
    phone.event(Event::Online);
    assert_eq!(
        phone.replica.status().problem,
        Some(Problem::Offline),
        "the office itself was never out of reach"
    );
    phone.fail();
    assert_eq!(phone.replica.status().problem, Some(Problem::NoAnswer));
}

#[test]
fn a_page_in_front_asks_every_minute_and_one_behind_every_quarter_of_an_hour() {
    let mut phone = Phone::settled();
    let next = |phone: &mut Phone| {
        phone.page(Vec::new(), 5, false);
        phone.last_timer(Timer::Sync)
    };
    phone.tap();
    assert_eq!(next(&mut phone), Some(MINUTE));
    phone.event(Event::Hidden);
    phone.tap();
    assert_eq!(next(&mut phone), Some(RETRY_HIDDEN_MS_MAX));
    phone.event(Event::Visible);
    assert_eq!(next(&mut phone), Some(MINUTE), "coming to the front asks at once");
}

#[test]
fn waits_grow_to_their_bound_and_no_further() {
    let network = RequestFailure::Network { at_once: false };
    let spread = |phone: &mut Phone, failure: &RequestFailure| {
        let waits = waits(phone, failure);
        (waits.iter().min().copied().unwrap(), waits.iter().max().copied().unwrap())
    };
    let mut phone = Phone::settled();
    let (low, high) = spread(&mut phone, &network);
    assert!((0..MINUTE / 2).contains(&low) && high > MINUTE / 2 && high <= MINUTE, "{low}..{high}");
    phone.save(e(1), "mobile", json!("2"));
    let (low, high) = spread(&mut phone, &network);
    assert!(low >= 0 && high > RETRY_VISIBLE_MS_MAX / 2 && high <= RETRY_VISIBLE_MS_MAX, "{low}..{high}");
    let (_, high) = spread(&mut phone, &refused(401, None));
    assert!(high > MINUTE / 2 && high <= MINUTE, "what only a person can mend: {high}");
    let (low, high) = spread(&mut phone, &refused(503, Some(40_000)));
    assert!(low >= 40_000 && high <= 40_000 + RETRY_VISIBLE_MS_MAX, "{low}..{high}");
}

#[test]
fn a_probe_goes_ahead_only_where_work_waits_in_front_and_nobody_answered() {
    let probes = |waits: bool, hidden: bool, failure: RequestFailure| {
        let mut phone = Phone::settled();
        if waits {
            phone.save(e(1), "mobile", json!("2"));
        }
        phone.tap();
        fail_with(&mut phone, failure);
        if hidden {
            phone.event(Event::Hidden);
        }
        phone.effects.clear();
        phone.event(Event::TimerFired(Timer::Sync));
        (count(&phone, |effect| matches!(effect, Effect::Probe { .. })), phone.sent.len())
    };
    let network = || RequestFailure::Network { at_once: false };
    assert_eq!(probes(true, false, network()), (1, 0));
    assert_eq!(probes(false, false, network()), (0, 1));
    assert_eq!(probes(true, true, network()), (0, 1));
    assert_eq!(probes(true, false, refused(507, None)), (0, 1));
}

#[test]
fn a_round_that_brings_nothing_is_given_up() {
    let mut phone = Phone::settled();
    phone.tap();
    let mut answers = 0;
    while !phone.sent.is_empty() {
        answers += 1;
        assert!(answers < 20);
        answer_after(&mut phone, 100, |answer| {
            nothing_new(answer);
            if let Some(PullAnswer::Page(page)) = &mut answer.pull {
                page.more = true;
            }
        });
    }
    assert_eq!(answers, 7);
}

#[test]
fn drafts_are_handed_over_once() {
    let mut phone = Phone::settled();
    let draft = |n| DraftHead { id: e(n), area: Some(VILLAGE), bytes: 10 };
    let drafts = |phone: &Phone| phone.sent[0].1.push.as_ref().map(|push| push.drafts.clone());
    phone.event(Event::DraftSaved(draft(8)));
    phone.event(Event::HandOverDrafts);
    assert_eq!(drafts(&phone), Some(vec![e(8)]));
    phone.fail();
    phone.tap();
    assert_eq!(drafts(&phone), Some(vec![e(8)]), "until the office has it");
    phone.answer(|answer| {
        answer.push = Some(crate::wire::PushAnswer::Receipt(crate::wire::PushReceipt {
            acked: 0,
            durable: 0,
            results: Vec::new(),
            drafts: vec![e(8)],
        }));
        nothing_new(answer);
    });
    assert_eq!(phone.replica.status().drafts, 0);
    phone.sent.clear();
    phone.event(Event::DraftSaved(draft(9)));
    phone.event(Event::SyncLock { held: false });
    phone.event(Event::SyncLock { held: true });
    assert_eq!(drafts(&phone), None);
}

#[test]
fn r11_a_confirmation_lets_one_purge_pass() {
    let refused = |phone: &Phone| {
        phone.attentions().iter().filter(|a| matches!(a, Attention::PurgeRefused { .. })).count()
    };
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    assert_eq!((refused(&phone), phone.replica.status().problem), (1, Some(Problem::PurgeRefused)));
    phone.event(Event::PurgeConfirmed);
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    assert!(!phone.meta().areas.contains_key(&VILLAGE));
    phone.page(vec![full(3, OTHER, 6, &[])], 6, false);
    phone.answer(|answer| answer.purged = Some(PurgedAnswer { ok: true }));
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(3, &[VILLAGE])));
    assert_eq!(refused(&phone), 2, "the next one is asked about again");
}

#[test]
fn photos_that_are_not_at_the_office_are_counted_and_wait_as_work_does() {
    let phases = [
        (BlobPhase::Waiting, false),
        (BlobPhase::Sent, true),
        (BlobPhase::Verified, true),
        (BlobPhase::Durable, true),
        (BlobPhase::Rejected("bad".to_owned()), false),
    ];
    let mut phone = Phone::settled();
    for ((phase, there), n) in phases.into_iter().zip(1..) {
        assert_eq!(phase.is_at_office(), there, "{phase:?}");
        phone.event(Event::BlobSaved(BlobHead { phase, ..photo(n) }));
    }
    assert_eq!(phone.replica.status().photos_waiting, 1);
    let failure = RequestFailure::Network { at_once: false };
    assert!(waits(&mut phone, &failure).into_iter().all(|wait| wait <= RETRY_VISIBLE_MS_MAX));
}

#[test]
fn a_photo_that_failed_is_tried_again_after_a_growing_wait() {
    let mut phone = Phone::settled();
    phone.event(Event::BlobSaved(photo(1)));
    phone.tap();
    phone.page(Vec::new(), 5, false);
    let mut fail = |named: Option<i64>| {
        let id = phone.effects.iter().rev().find_map(|effect| match effect {
            Effect::Upload { id, .. } => Some(*id),
            _ => None,
        });
        phone.effects.clear();
        let step = BlobStep::Failed { hash: BlobHash([1; 32]), failure: refused(503, named) };
        phone.event(Event::BlobStepped { id: id.unwrap(), step });
        let wait = phone.last_timer(Timer::Blob).unwrap();
        phone.event(Event::TimerFired(Timer::Blob));
        wait
    };
    assert!(fail(None) <= 4_000);
    for _ in 0..20 {
        fail(None);
    }
    let late: Vec<i64> = (0..20).map(|_| fail(None)).collect();
    assert!(late.iter().all(|wait| (0..=RETRY_HIDDEN_MS_MAX).contains(wait)));
    assert!(late.iter().any(|wait| *wait > RETRY_HIDDEN_MS_MAX / 2));
    assert!((0..20).all(|_| (40_000..=40_000 + RETRY_HIDDEN_MS_MAX).contains(&fail(Some(40_000)))));
}
