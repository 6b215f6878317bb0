use super::phone::{Phone, e, hello_at};
use crate::{
    limits::{RETRY_HIDDEN_MS_MAX, RETRY_VISIBLE_MS_MAX, STEP_STALL_MS, SYNC_AFTER_SAVE_MS},
    replica::{DraftHead, Effect, Event, Phase, Problem, RequestFailure, Timer},
    wire::{DeviceState, HelloAnswer, PushAnswer, PushReceipt},
};
use serde_json::json;
use uuid::Uuid;

fn refuse(phone: &mut Phone, status: u16, wait_ms: Option<i64>) {
    let (id, _) = phone.sent.pop_front().unwrap();
    let failure = RequestFailure::Refused { status, err: String::new(), wait_ms };
    phone.event(Event::RequestFailed { id, failure });
}

fn wipe(acked: u64) -> HelloAnswer {
    HelloAnswer { state: DeviceState::Wipe, ..hello_at(acked) }
}

/// A phone that was told to empty itself and holds a draft: the office took its one save, whose id comes along.
fn wiped_but_for_a_draft() -> (Phone, Uuid) {
    let mut phone = Phone::settled();
    phone.event(Event::DraftSaved(DraftHead { id: e(9), area: None, bytes: 10 }));
    phone.save(e(1), "mobile", json!("2"));
    let id = phone.saved_ids()[0];
    phone.tap();
    let verdict = super::phone::verdict(id, 1, crate::wire::VerdictState::Applied, 6);
    phone.answer(|answer| {
        answer.hello = Some(wipe(0));
        answer.push = Some(super::phone::receipt(1, 0, vec![verdict]));
    });
    (phone, id)
}

#[test]
fn a_sync_starts_twenty_seconds_after_the_last_save() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    assert!(phone.sent.is_empty());
    assert_eq!(phone.last_timer(Timer::Sync), Some(SYNC_AFTER_SAVE_MS));
    phone.event(Event::TimerFired(Timer::Sync));
    assert_eq!(phone.sent.len(), 1);
}

#[test]
fn more_saves_do_not_put_the_sync_off() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    let timers = |phone: &Phone| {
        let is_sync = |effect: &&Effect| matches!(effect, Effect::SetTimer { timer: Timer::Sync, .. });
        phone.effects.iter().filter(is_sync).count()
    };
    let before = timers(&phone);
    phone.save(e(1), "mobile", json!("3"));
    assert_eq!(timers(&phone), before);
}

#[test]
fn r13_a_save_where_sending_failed_is_tried_sooner() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.fail();
    phone.save(e(1), "mobile", json!("2"));
    assert!(phone.last_timer(Timer::Sync).unwrap() <= RETRY_VISIBLE_MS_MAX);
}

#[test]
fn a_sync_with_nothing_new_is_one_request() {
    let mut phone = Phone::settled();
    phone.tap();
    let request = phone.page(Vec::new(), 5, false);
    assert!(request.hello.is_some() && request.push.is_none() && request.pull.is_some());
    assert!(phone.sent.is_empty());
    assert!(!phone.effects.iter().any(|effect| matches!(effect, Effect::Digest { .. })));
}

#[test]
fn r13_while_in_front_with_work_the_next_try_is_near() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    phone.tap();
    for _ in 0..12 {
        phone.fail();
        assert!(phone.last_timer(Timer::Sync).unwrap() <= RETRY_VISIBLE_MS_MAX);
        phone.event(Event::TimerFired(Timer::Sync));
        let probe = phone.effects.iter().rev().find_map(|effect| match effect {
            Effect::Probe { id } => Some(*id),
            _ => None,
        });
        phone.event(Event::Probed { id: probe.unwrap() });
    }
    phone.event(Event::Hidden);
    phone.fail();
    assert!(phone.last_timer(Timer::Sync).unwrap() <= RETRY_HIDDEN_MS_MAX);
}

#[test]
fn r13_a_tap_during_a_round_is_followed_by_another() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.tap();
    phone.page(Vec::new(), 5, false);
    phone.page(Vec::new(), 5, false);
    assert!(phone.sent.is_empty());
}

#[test]
fn r13_a_page_that_shows_news_asks_at_once_or_a_moment_after_the_last_answer() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.page(Vec::new(), 5, false);
    phone.now += 1_000;
    phone.event(Event::Looked);
    assert!(phone.sent.is_empty());
    assert_eq!(phone.last_timer(Timer::Sync), Some(4_000));
    phone.now += 4_000;
    phone.event(Event::Looked);
    assert_eq!(phone.sent.len(), 1);
}

#[test]
fn a_named_wait_is_kept_until_the_worker_taps() {
    let mut phone = Phone::settled();
    phone.tap();
    refuse(&mut phone, 503, Some(40_000));
    assert!(phone.last_timer(Timer::Sync).unwrap() >= 40_000);
    phone.event(Event::Online);
    phone.event(Event::Visible);
    assert!(phone.sent.is_empty());
    phone.tap();
    assert_eq!(phone.sent.len(), 1);
}

#[test]
fn what_stands_in_the_way_is_named() {
    for (status, problem) in [
        (401, Problem::Auth),
        (400, Problem::BadRequest),
        (507, Problem::ServerFull),
        (503, Problem::NoAnswer),
        (403, Problem::Revoked),
    ] {
        let mut phone = Phone::settled();
        phone.tap();
        refuse(&mut phone, status, None);
        assert_eq!(phone.replica.status().problem, Some(problem), "{status}");
    }
}

#[test]
fn f14_a_date_that_cannot_be_right_is_suspected_when_requests_fail_at_once() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.now += 366 * 24 * 3_600_000;
    let (id, _) = phone.sent.pop_front().unwrap();
    phone.event(Event::RequestFailed { id, failure: RequestFailure::Network { at_once: true } });
    assert_eq!(phone.replica.status().problem, Some(Problem::Clock));
}

#[test]
fn i23_a_request_without_progress_is_given_up() {
    let mut phone = Phone::settled();
    phone.tap();
    assert_eq!(phone.last_timer(Timer::Request), Some(STEP_STALL_MS));
    phone.event(Event::TimerFired(Timer::Request));
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::Abort { .. })));
    phone.sent.clear();
    phone.event(Event::TimerFired(Timer::Sync));
    assert_eq!(phone.sent.len(), 1);
}

#[test]
fn a_late_answer_to_a_request_given_up_is_ignored() {
    let mut phone = Phone::settled();
    phone.tap();
    let late = phone.sent[0].clone();
    phone.event(Event::TimerFired(Timer::Request));
    phone.sent.clear();
    phone.sent.push_back(late);
    phone.batches.clear();
    phone.page(vec![super::phone::full(9, super::phone::VILLAGE, 9, &[])], 9, false);
    assert!(phone.batches.is_empty());
}

#[test]
fn a_revoked_device_destroys_its_keys_and_keeps_its_outbox() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    phone.tap();
    refuse(&mut phone, 403, None);
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::DestroyKeys)));
    assert_eq!(phone.out.len(), 1);
    phone.tap();
    assert!(phone.sent.is_empty());
}

#[test]
fn a_wipe_waits_for_the_outbox() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    let id = phone.saved_ids()[0];
    phone.tap();
    phone.answer(|answer| answer.hello = Some(wipe(0)));
    assert_eq!(phone.replica.status().phase, Phase::Wipe);
    assert!(!phone.effects.iter().any(|effect| matches!(effect, Effect::Wipe)));
    let request = phone.answer(|answer| {
        answer.hello = Some(wipe(0));
        let verdict = super::phone::verdict(id, 1, crate::wire::VerdictState::Applied, 6);
        answer.push = Some(super::phone::receipt(1, 0, vec![verdict]));
    });
    assert!(request.pull.is_none());
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::Wipe)));
}

#[test]
fn a_wipe_sends_again_what_a_restored_office_lacks() {
    let (mut phone, id) = wiped_but_for_a_draft();
    assert!(!phone.effects.iter().any(|effect| matches!(effect, Effect::Wipe)), "the draft waits");
    phone.fail();
    phone.tap();
    phone.answer(|answer| answer.hello = Some(HelloAnswer { epoch: 2, ..wipe(0) }));
    assert!(!phone.effects.iter().any(|effect| matches!(effect, Effect::Wipe)));
    assert_eq!(phone.meta().acked, 0);
    let sent = phone.sent.back().and_then(|(_, request)| request.push.clone()).unwrap();
    assert_eq!(sent.changesets, [id]);
}

/// R8. Each answer after which the phone may empty itself says where the office stands.
#[test]
fn r8_a_phone_that_is_wiped_asks_with_each_push_where_the_office_stands() {
    let (mut phone, id) = wiped_but_for_a_draft();
    let last = &phone.sent.back().unwrap().1;
    assert!(last.hello.is_some(), "{last:?}");
    assert_eq!(last.push.as_ref().unwrap().drafts, [e(9)]);
    phone.answer(|answer| {
        answer.hello = Some(HelloAnswer { epoch: 2, ..wipe(0) });
        let taken = PushReceipt { acked: 0, durable: 0, results: Vec::new(), drafts: vec![e(9)] };
        answer.push = Some(PushAnswer::Receipt(taken));
    });
    assert!(!phone.effects.iter().any(|effect| matches!(effect, Effect::Wipe)), "it was restored meanwhile");
    let sent = phone.sent.back().and_then(|(_, request)| request.push.clone()).unwrap();
    assert_eq!(sent.changesets, [id]);
}

#[test]
fn batches_shrink_after_failures_and_never_below_one_changeset() {
    let mut phone = Phone::settled();
    for n in 0..20 {
        phone.save(e(1), "note", json!("长".repeat(500 + n)));
    }
    phone.tap();
    let size = |phone: &Phone| phone.sent[0].1.push.as_ref().unwrap().changesets.len();
    let first = size(&phone);
    for _ in 0..8 {
        phone.fail();
        phone.tap();
    }
    assert!(first > 1 && size(&phone) == 1);
}

#[test]
fn f14_a_month_either_way_is_not_suspected_and_a_moment_more_is() {
    let month = 30 * 24 * 3_600_000;
    let cases = [(0, false), (month, false), (month + 1, true), (-month, false), (-month - 1, true)];
    let told = |mut phone: Phone, off: i64| {
        phone.now += off;
        let (id, _) = phone.sent.pop_front().unwrap();
        phone.event(Event::RequestFailed { id, failure: RequestFailure::Network { at_once: true } });
        phone.replica.status().problem
    };
    for (off, is_suspect) in cases {
        let mut phone = Phone::settled();
        phone.tap();
        let problem = if is_suspect { Problem::Clock } else { Problem::NoAnswer };
        assert_eq!(told(phone, off), Some(problem), "{off}");
    }
    let mut new = Phone { now: 2 * month, ..Phone::default() };
    new.start();
    assert_eq!(told(new, 0), Some(Problem::NoAnswer), "there was no contact to compare with");
}
