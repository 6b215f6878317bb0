//! A storage that fails, or lost something, and saves that cannot be (R1, R2).

use super::phone::{Phone, VILLAGE, e, full, hello_at};
use crate::{
    id::Inc,
    limits::CHANGESET_BYTES_CLIENT_MAX,
    replica::{CommitFailure, Effect, Event, RequestFailure, Save, SaveProblem, Sentinel, Timer},
    rev::Rev,
    wire::{Base, DeviceState, HelloAnswer, IncidentKind, Op},
};
use serde_json::json;

fn failed(phone: &Phone) -> Vec<&SaveProblem> {
    let all = phone.effects.iter().filter_map(|effect| match effect {
        Effect::SaveFailed { problem, .. } => Some(problem),
        _ => None,
    });
    all.collect()
}

fn reloads(phone: &Phone) -> usize {
    phone.effects.iter().filter(|effect| matches!(effect, Effect::Reload)).count()
}

fn note(text: &str) -> Op {
    Op::Set { e: e(1), f: "note".to_owned(), v: json!(text), base: Base::Fv(Rev::ZERO) }
}

fn save(phone: &mut Phone, ops: Vec<Op>) {
    phone.event(Event::Save(Save { token: 1, ops, ..Save::default() }));
}

#[test]
fn a_read_that_fails_is_tried_on_a_database_that_is_opened_again() {
    let mut phone = Phone::settled();
    phone.loads_failing = 3;
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!((phone.saved_ids().len(), reloads(&phone)), (1, 3));
    phone.loads_failing = 4;
    phone.save(e(2), "mobile", json!("2"));
    assert_eq!(failed(&phone), [&SaveProblem::Broken]);
}

#[test]
fn a_timer_that_comes_when_nothing_is_under_way_opens_nothing() {
    let mut phone = Phone::settled();
    phone.event(Event::TimerFired(Timer::Storage));
    assert_eq!(reloads(&phone), 0);
}

#[test]
fn r2_a_loss_that_cannot_be_written_down_is_tried_again_before_anything_else_is_written() {
    let mut phone = Phone::settled();
    let before = phone.meta().inc;
    phone.save(e(1), "mobile", json!("2"));
    phone.sentinel = Some(Sentinel { inc: Inc([9; 8]), last_seq: 4 });
    phone.failures.extend([CommitFailure::Full, CommitFailure::Full]);
    phone.batches.clear();
    phone.replica = crate::replica::Replica::new();
    phone.open();
    assert!(reloads(&phone) > 0);
    assert_ne!(phone.meta().inc, before);
    assert_ne!(phone.batches[0].meta.inc, before, "the first write takes the new incarnation");
}

/// For what each space was freed: somebody's own words, or what can be asked for again.
fn freed(phone: &Phone) -> Vec<bool> {
    let all = phone.effects.iter().filter_map(|effect| match effect {
        Effect::FreeSpace { for_words, .. } => Some(*for_words),
        _ => None,
    });
    all.collect()
}

#[test]
fn room_kept_for_text_is_for_own_words_and_not_for_what_the_office_sends() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.failures.push_back(CommitFailure::Full);
    phone.page(vec![full(4, VILLAGE, 8, &[])], 8, false);
    assert_eq!((freed(&phone), phone.rep.contains_key(&e(4))), (vec![false], true));
    phone.failures.push_back(CommitFailure::Full);
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!((freed(&phone), phone.saved_ids().len()), (vec![false, true], 1));
    phone.effects.clear();
    phone.sentinel = Some(Sentinel { inc: Inc([9; 8]), last_seq: 4 });
    phone.failures.push_back(CommitFailure::Full);
    phone.replica = crate::replica::Replica::new();
    phone.open();
    assert_eq!(freed(&phone), [true], "nothing can be saved before a new incarnation");
}

#[test]
fn r2_what_went_back_is_reported_from_the_first_number_that_is_missing() {
    let mut phone = Phone::settled();
    (1..=3).for_each(|n| phone.save(e(1), "mobile", json!(n.to_string())));
    let inc = phone.meta().inc;
    phone.out.pop_last();
    phone.meta.as_mut().unwrap().next_seq = 3;
    phone.replica = crate::replica::Replica::new();
    phone.open();
    let incident = phone.meta().incident.clone().unwrap();
    assert_eq!((incident.kind, incident.inc, incident.lost), (IncidentKind::WentBack, inc, Some((3, 3))));
}

#[test]
fn r2_an_emptied_phone_that_had_saved_nothing_names_no_numbers() {
    let mut phone = Phone::settled();
    assert_eq!(phone.sentinel.map(|sentinel| sentinel.last_seq), Some(0));
    phone.meta = None;
    phone.rep.clear();
    phone.replica = crate::replica::Replica::new();
    phone.open();
    let incident = phone.meta().incident.clone().unwrap();
    assert_eq!((incident.kind, incident.lost), (IncidentKind::Empty, None));
}

#[test]
fn a_save_into_a_vault_that_was_just_locked_is_refused_at_once() {
    let mut phone = Phone::settled();
    phone.is_stuck = true;
    phone.save(e(1), "mobile", json!("2"));
    phone.event(Event::Locked);
    phone.save(e(1), "mobile", json!("3"));
    assert_eq!(failed(&phone), [&SaveProblem::NotOpen]);
}

#[test]
fn r9_a_phone_that_is_wiped_or_revoked_saves_nothing_more() {
    let mut phone = Phone::settled();
    phone.event(Event::BlobSaved(super::phone::photo(1)));
    phone.tap();
    phone.answer(|answer| {
        answer.hello = Some(HelloAnswer { state: DeviceState::Wipe, ..hello_at(0) });
    });
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!(failed(&phone), [&SaveProblem::NotOpen]);

    let mut phone = Phone::settled();
    phone.tap();
    let (id, _) = phone.sent.pop_front().unwrap();
    let failure = RequestFailure::Refused { status: 403, err: String::new(), wait_ms: None };
    phone.event(Event::RequestFailed { id, failure });
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!(failed(&phone), [&SaveProblem::NotOpen]);
}

#[test]
fn a_changeset_may_be_as_large_as_the_limit_says_and_no_larger() {
    let bytes_of = |text: &str| {
        let mut phone = Phone::settled();
        save(&mut phone, vec![note(text)]);
        (phone.out.values().next().map(|row| row.0.bytes), failed(&phone).len())
    };
    let (empty, _) = bytes_of("");
    let room = CHANGESET_BYTES_CLIENT_MAX - empty.unwrap();
    assert_eq!(bytes_of(&"a".repeat(room)), (Some(CHANGESET_BYTES_CLIENT_MAX), 0));
    assert_eq!(bytes_of(&"a".repeat(room + 1)), (None, 1));
}

#[test]
fn v6_what_a_create_writes_is_not_written_once_more_beside_it() {
    let mut phone = Phone::settled();
    let f = [("note".to_owned(), json!("a"))].into();
    let create = Op::Create { e: e(1), kind: "recipient".to_owned(), area: VILLAGE, parent: None, f };
    save(&mut phone, vec![create, note("b")]);
    assert_eq!(failed(&phone), [&SaveProblem::Malformed]);
}
