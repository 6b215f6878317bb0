//! What a receipt does to the outbox, to drafts and to records (R4, R5, R8).

use super::{
    phone::{Phone, VILLAGE, e, full, part, receipt, rev, verdict},
    pushing::{applied, pushing},
};
use crate::{
    limits::ACKED_KEPT_MS,
    replica::{Attention, CommitFailure, DraftHead, Effect, Event, Timer, UnlockedFacts},
    wire::{PullAnswer, PullError, PushAnswer, PushError, PushReceipt, VerdictState},
};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

fn epoch(to: u16) -> PullAnswer {
    PullAnswer::Error(PullError::Epoch { epoch: to, acked: BTreeMap::new() })
}

fn loads(phone: &Phone) -> Vec<Vec<Uuid>> {
    let load = |effect: &Effect| match effect {
        Effect::Load { entities, .. } => Some(entities.clone()),
        _ => None,
    };
    phone.effects.iter().filter_map(load).collect()
}

#[test]
fn r4_a_verdict_on_what_the_request_did_not_carry_acknowledges_nothing() {
    let (mut phone, mut ids) = pushing(2);
    phone.save(e(2), "mobile", json!("9"));
    ids.push(phone.saved_ids()[2]);
    phone.answer(|answer| answer.push = Some(receipt(3, 0, applied(&ids))));
    assert_eq!(phone.meta().acked, 2);
}

#[test]
fn r4_a_number_without_a_verdict_is_not_acknowledged_nor_what_follows_it() {
    let (mut phone, ids) = pushing(2);
    let second = applied(&ids).split_off(1);
    phone.answer(|answer| answer.push = Some(receipt(2, 0, second)));
    assert_eq!(phone.meta().acked, 0);
}

#[test]
fn r5_a_receipt_tells_that_backups_run() {
    for (durable, is_told) in [(0, false), (1, true)] {
        let (mut phone, ids) = pushing(1);
        phone.answer(|answer| answer.push = Some(receipt(1, durable, applied(&ids))));
        assert_eq!(phone.meta().backed_up, is_told);
        if is_told {
            phone.tap();
            phone.answer(|_| {});
            assert!(phone.meta().backed_up, "one answer without a number takes nothing back");
        }
    }
}

#[test]
fn r5_what_no_pull_has_brought_is_not_old() {
    let (mut phone, ids) = pushing(1);
    phone.answer(|answer| answer.push = Some(receipt(1, 0, applied(&ids))));
    phone.now += 2 * ACKED_KEPT_MS;
    phone.answer(|_| {});
    assert_eq!(phone.out.len(), 1);
    assert!(!phone.attentions().contains(&&Attention::PrunedWithoutBackup));
}

#[test]
fn a_gap_behind_what_is_here_goes_on_in_the_same_incarnation_and_any_other_in_a_new_one() {
    for (last, is_same) in [(0, true), (1, true), (2, false), (3, false)] {
        let (mut phone, ids) = pushing(2);
        phone.answer(|answer| answer.push = Some(receipt(2, 0, applied(&ids))));
        phone.page(Vec::new(), 7, false);
        phone.save(e(2), "mobile", json!("9"));
        let inc = phone.meta().inc;
        phone.tap();
        phone.answer(|answer| answer.push = Some(PushAnswer::Error(PushError::Gap { last })));
        assert_eq!(phone.meta().inc == inc, is_same, "{last}");
        let push = phone.sent[0].1.push.as_ref().unwrap();
        let (first, waiting) = if is_same { (last + 1, 3 - last) } else { (1, 1) };
        assert_eq!((push.first_seq, phone.replica.status().on_phone), (first, waiting), "{last}");
    }
}

#[test]
fn r8_what_goes_up_again_is_settled_no_longer() {
    let (mut phone, ids) = pushing(1);
    let row = part(1, VILLAGE, 6, &[("mobile", json!("0"))]);
    phone.push_and_page(Some(receipt(1, 0, applied(&ids))), vec![row], 6, false);
    assert!(phone.out.values().all(|row| row.0.settled));
    phone.tap();
    phone.answer(|answer| answer.pull = Some(epoch(2)));
    assert!(phone.out.values().all(|row| !row.0.settled && row.0.verdict.is_none()));
}

#[test]
fn r8_what_was_pruned_before_a_restore_is_not_waited_for() {
    let (mut phone, ids) = pushing(2);
    let row = part(1, VILLAGE, 7, &[("mobile", json!("1"))]);
    phone.push_and_page(Some(receipt(2, 1, applied(&ids))), vec![row], 7, false);
    assert_eq!(phone.out.values().map(|row| row.0.seq).collect::<Vec<_>>(), [2]);
    let inc = phone.meta().inc;
    phone.tap();
    phone.answer(|answer| answer.pull = Some(epoch(2)));
    let push = phone.sent[0].1.push.clone().unwrap();
    assert_eq!((push.first_seq, push.changesets), (1, vec![ids[1]]));
    assert_ne!(phone.meta().inc, inc, "numbers have no hole");
    assert_eq!(phone.meta().prev_inc, [inc], "and one incarnation is enough");
    assert_eq!(phone.meta().incident, None, "the phone lost nothing");
}

#[test]
fn the_newest_word_on_a_changeset_stands() {
    let (mut phone, ids) = pushing(1);
    let row = part(1, VILLAGE, 6, &[("mobile", json!("0"))]);
    phone.push_and_page(Some(receipt(1, 0, applied(&ids))), vec![row], 6, false);
    phone.save(e(2), "mobile", json!("9"));
    phone.tap();
    let again = verdict(ids[0], 1, VerdictState::Applied, 9);
    phone.answer(|answer| answer.push = Some(receipt(1, 0, vec![again])));
    let first = phone.out.values().next().and_then(|row| row.0.verdict.clone());
    assert_eq!(first.and_then(|verdict| verdict.rev), Some(rev(9)));
}

#[test]
fn a_changeset_is_settled_though_later_work_on_its_record_waits() {
    let (mut phone, ids) = pushing(1);
    phone.save(e(1), "mobile", json!("later"));
    let row = full(1, VILLAGE, 6, &[("mobile", json!("0"))]);
    phone.answer(|answer| answer.push = Some(receipt(1, 0, applied(&ids))));
    phone.push_and_page(None, vec![row], 6, false);
    assert_eq!(phone.out.values().map(|row| row.0.settled).collect::<Vec<_>>(), [true, false]);
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("later"));
}

#[test]
fn a_verdict_that_came_while_locked_is_shown_whatever_is_applied_first_after_the_unlock() {
    let (mut phone, ids) = pushing(1);
    phone.event(Event::Locked);
    let held = verdict(ids[0], 1, VerdictState::Held, 6);
    phone.answer(|answer| answer.push = Some(receipt(1, 0, vec![held])));
    phone.tap();
    phone.is_stuck = true;
    phone.answer(|_| {});
    phone.event(Event::Unlocked(UnlockedFacts { session: true, ..UnlockedFacts::default() }));
    phone.is_stuck = false;
    // The answer is applied again, with the vault open.
    phone.event(Event::TimerFired(Timer::Storage));
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("1"), "a held value is shown no longer");
}

#[test]
fn an_answer_reads_only_the_records_that_it_may_change() {
    let (mut phone, ids) = pushing(1);
    let row = part(1, VILLAGE, 6, &[("mobile", json!("0"))]);
    phone.push_and_page(Some(receipt(1, 0, applied(&ids))), vec![row], 6, false);
    phone.save(e(2), "mobile", json!("2"));
    phone.tap();
    phone.save(e(3), "mobile", json!("3"));
    phone.effects.clear();
    let second = verdict(phone.out.values().nth(1).unwrap().0.id, 2, VerdictState::Applied, 7);
    phone.push_and_page(Some(receipt(2, 0, vec![second])), Vec::new(), 7, false);
    assert_eq!(loads(&phone), [vec![e(2)]]);
}

#[test]
fn an_unlock_reads_no_record_of_work_that_has_no_verdict() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    phone.event(Event::Locked);
    phone.effects.clear();
    phone.event(Event::Unlocked(UnlockedFacts { session: true, ..UnlockedFacts::default() }));
    assert_eq!(loads(&phone), Vec::<Vec<Uuid>>::new());
}

fn handed(drafts: &[u128]) -> PushAnswer {
    let drafts = drafts.iter().map(|n| e(*n)).collect();
    PushAnswer::Receipt(PushReceipt { acked: 0, durable: 0, results: Vec::new(), drafts })
}

/// A phone with unfinished visits whose code was forgotten: they are on the way to the office.
fn handing_over(drafts: std::ops::Range<u128>) -> Phone {
    let mut phone = Phone::settled();
    for n in drafts {
        phone.event(Event::DraftSaved(DraftHead { id: e(n), area: Some(VILLAGE), bytes: 10 }));
    }
    phone.event(Event::HandOverDrafts);
    phone
}

#[test]
fn r9_a_draft_leaves_the_phone_only_as_it_was_handed_over() {
    let mut phone = handing_over(8..11);
    phone.event(Event::DraftSaved(DraftHead { id: e(9), area: Some(VILLAGE), bytes: 20 }));
    phone.answer(|answer| answer.push = Some(handed(&[8, 9])));
    let gone: Vec<_> = phone.batches.iter().flat_map(|batch| batch.draft_del.clone()).collect();
    assert_eq!(
        (gone, phone.replica.status().drafts),
        (vec![e(8)], 2),
        "one was edited meanwhile, one not taken"
    );
    phone.event(Event::DraftRemoved(e(9)));
    assert_eq!(phone.replica.status().drafts, 1);
}

#[test]
fn drafts_that_the_office_takes_one_by_one_go_in_one_round() {
    let mut phone = handing_over(10..20);
    for n in 10..20 {
        phone.answer(|answer| answer.push = Some(handed(&[n])));
    }
    assert_eq!(phone.replica.status().drafts, 0);
    let mut phone = handing_over(10..20);
    for _ in 0..7 {
        phone.answer(|answer| answer.push = Some(handed(&[])));
    }
    assert!(phone.sent.is_empty(), "an office that takes none is not asked for ever");
}

#[test]
fn an_answer_that_cannot_be_written_ends_the_round_and_is_asked_for_later() {
    let (mut phone, ids) = pushing(1);
    phone.failures.extend([CommitFailure::Full, CommitFailure::Full]);
    phone.effects.clear();
    phone.answer(|answer| answer.push = Some(receipt(1, 0, applied(&ids))));
    assert!(phone.sent.is_empty() && phone.last_timer(Timer::Sync).is_some());
    assert!(phone.attentions().contains(&&Attention::StorageFull));
    phone.event(Event::TimerFired(Timer::Sync));
    assert_eq!(phone.sent[0].1.push.as_ref().unwrap().changesets, ids);
}
