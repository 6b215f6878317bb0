//! Bad days that the simulator found, each told again in its few decisive steps. The number is the seed that brought it first.

use super::phone::{OTHER, Phone, VILLAGE, e, full, receipt, rev, scope, verdict};
use crate::{
    id::{AreaId, Inc},
    local::LocalRecord,
    replica::{Event, Save, Sentinel, UnlockedFacts},
    rev::Rev,
    wire::{Op, PullAnswer, PullError, PullPage, Row, VerdictState},
};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

fn epoch(to: u16) -> PullAnswer {
    PullAnswer::Error(PullError::Epoch { epoch: to, acked: BTreeMap::new() })
}

fn page_at(head: Rev, cur: Rev, rows: Vec<Row>) -> PullAnswer {
    let areas = [VILLAGE, OTHER, AreaId::OWN];
    let cur_of_all = areas.map(|area| (area, cur)).into();
    let more = cur < head;
    PullAnswer::Page(PullPage { epoch: head.epoch, head, cur: cur_of_all, more, rows, digest: None })
}

fn create(phone: &mut Phone, n: u128, area: AreaId) {
    let f = [("name".to_owned(), json!("李"))].into();
    let op = Op::Create { e: e(n), kind: "recipient".to_owned(), area, parent: None, f };
    phone.event(Event::Save(Save { token: 1, ops: vec![op], ..Save::default() }));
}

#[test]
fn r8_seed_141_a_record_that_moves_into_a_staged_area_is_there_after_the_swap() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| {
        answer.pull = Some(scope(2, &[VILLAGE, OTHER]));
        if let Some(PullAnswer::Error(PullError::Scope { areas, .. })) = &mut answer.pull {
            areas.iter_mut().for_each(|node| node.again = node.id == VILLAGE);
        }
    });
    let exit = Row { x: Some("exit".to_owned()), e: e(3), rev: rev(8), area: OTHER, ..Row::default() };
    let rows = vec![exit, full(3, VILLAGE, 8, &[("mobile", json!("1"))])];
    phone.answer(|answer| answer.pull = Some(page_at(rev(8), rev(8), rows)));
    assert_eq!(phone.rep.get(&e(3)).map(|record| record.area), Some(VILLAGE));
    assert_eq!((phone.meta().areas[&VILLAGE].live.rows, phone.meta().areas[&OTHER].live.rows), (1, 0));
}

#[test]
fn r14_seed_223_own_work_shows_until_the_page_with_its_row_is_here() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("mine"));
    let id = phone.saved_ids()[0];
    phone.tap();
    phone.answer(|answer| {
        answer.push = Some(receipt(1, 0, vec![verdict(id, 1, VerdictState::Applied, 6)]));
        // Record 1 changed again at 9: its row comes with the page after this one.
        answer.pull = Some(page_at(rev(9), rev(7), vec![full(4, VILLAGE, 7, &[])]));
    });
    assert_eq!(phone.meta().areas[&VILLAGE].live.cur, rev(7), "the cursor has passed the verdict");
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("mine"));
    let rows = vec![full(1, VILLAGE, 9, &[("mobile", json!("mine"))])];
    phone.answer(|answer| answer.pull = Some(page_at(rev(9), rev(9), rows)));
    assert!(phone.rep[&e(1)].pending.is_empty());
}

#[test]
fn r8_seed_227_what_is_created_while_an_area_is_staged_survives_the_swap() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(epoch(2)));
    create(&mut phone, 8, VILLAGE);
    let rows = vec![Row { rev: Rev::new(2, 4), ..full(1, VILLAGE, 4, &[]) }];
    phone.answer(|answer| answer.pull = Some(page_at(Rev::new(2, 4), Rev::new(2, 4), rows)));
    assert_eq!(phone.rep.keys().copied().collect::<Vec<_>>(), vec![e(1), e(8)]);
    assert_eq!((&phone.rep[&e(8)].view().f["name"], phone.rep[&e(8)].gone), (&json!("李"), None));
}

#[test]
fn r8_seed_640_a_version_of_a_lost_epoch_hides_no_row() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(epoch(2)));
    let new = AreaId(Uuid::from_u128(0xa9));
    phone.answer(|answer| answer.pull = Some(scope(2, &[VILLAGE, OTHER, new])));
    // Before the restore the record had moved to OTHER at 1.5; in the restored database it still lies elsewhere, with an older version.
    let moved = full(3, new, 2, &[("mobile", json!("1"))]);
    let mut page = page_at(Rev::new(2, 4), Rev::new(2, 4), vec![moved]);
    if let PullAnswer::Page(page) = &mut page {
        page.cur.insert(new, Rev::new(2, 4));
    }
    phone.answer(|answer| answer.pull = Some(page));
    assert_eq!(phone.rep.get(&e(3)).map(|record| (record.area, record.rev())), Some((new, rev(2))));
}

#[test]
fn r8_seed_640_own_work_kept_at_a_swap_hides_no_later_row() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(epoch(2)));
    phone.save(e(3), "mobile", json!("mine"));
    phone.answer(|answer| answer.pull = Some(page_at(Rev::new(2, 4), Rev::new(2, 4), Vec::new())));
    assert_eq!(
        phone.rep[&e(3)].rev(),
        Rev::ZERO,
        "it is gone from the office and shown for the own work alone"
    );
    assert_eq!(phone.rep[&e(3)].view().f["mobile"], json!("mine"));
}

#[test]
fn r7_seed_1785_a_page_that_meets_a_locked_vault_is_asked_for_again() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.event(Event::Locked);
    let gone = Row { e: e(1), rev: rev(8), area: VILLAGE, del: true, ..Row::default() };
    phone.answer(|answer| answer.pull = Some(page_at(rev(8), rev(8), vec![gone.clone()])));
    assert_eq!(phone.meta().areas[&VILLAGE].live.cur, rev(5));
    phone.event(Event::Unlocked(UnlockedFacts { session: true, ..UnlockedFacts::default() }));
    phone.answer(|answer| answer.pull = Some(page_at(rev(8), rev(8), vec![gone])));
    assert!(!phone.rep.contains_key(&e(1)));
}

#[test]
fn r7_seed_3799_an_answer_from_before_a_login_does_not_end_the_session() {
    let session_ends = |phone: &mut Phone| {
        phone.answer(|answer| answer.pull = Some(PullAnswer::Error(PullError::Session))).pull.is_some()
    };
    let mut phone = Phone::settled();
    phone.tap();
    phone.event(Event::Session { open: true });
    assert!(session_ends(&mut phone));
    assert!(session_ends(&mut phone), "the round goes on with the new session");
    phone.tap();
    assert!(phone.page(Vec::new(), 5, false).pull.is_none(), "this one has ended");
}

#[test]
fn r14_seed_2148_what_a_lost_row_created_outside_the_scope_goes_with_the_next_pull() {
    let mut phone = Phone::settled();
    create(&mut phone, 8, AreaId(Uuid::from_u128(0xa9)));
    assert_eq!(phone.rep[&e(8)].area, AreaId::OWN, "no key is made for an area that is not of the scope");
    assert_eq!(phone.rep[&e(8)].view().area, AreaId(Uuid::from_u128(0xa9)));
    phone.out.clear();
    phone.start();
    phone.tap();
    let rows = vec![full(1, VILLAGE, 3, &[]), full(2, VILLAGE, 4, &[]), full(3, OTHER, 5, &[])];
    phone.answer(|answer| answer.pull = Some(page_at(rev(5), rev(5), rows)));
    assert!(!phone.rep.contains_key(&e(8)));
}

#[test]
fn r2_seed_2546_a_database_that_went_back_to_a_hole_is_pulled_again() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("lost"));
    phone.save(e(2), "mobile", json!("kept"));
    phone.out.pop_first();
    phone.sentinel = Some(Sentinel { inc: Inc([9; 8]), last_seq: 1 });
    phone.start();
    assert!(
        phone.meta().areas.values().all(|area| area.stage.is_some()),
        "the lost op stands in some overlay"
    );
    assert!(phone.rep[&e(1)].pending.iter().any(|pending| pending.verdict.is_none()));
    phone.tap();
    let kept = phone.out.values().next().unwrap().0.id;
    let rows = vec![full(1, VILLAGE, 3, &[("mobile", json!("1"))])];
    phone.answer(|answer| {
        answer.push = Some(receipt(1, 0, vec![verdict(kept, 1, VerdictState::Applied, 6)]));
    });
    phone.answer(|answer| answer.pull = Some(page_at(rev(6), rev(6), rows)));
    assert_eq!(phone.rep.values().map(LocalRecord::is_waiting).collect::<Vec<_>>(), vec![false]);
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("1"));
}

#[test]
fn r5_seed_6902_a_durable_row_that_no_pull_has_passed_is_missed_when_it_is_lost() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("mine"));
    let id = phone.saved_ids()[0];
    phone.tap();
    phone.answer(|answer| {
        answer.push = Some(receipt(1, 1, vec![verdict(id, 1, VerdictState::Applied, 6)]));
        answer.pull = Some(page_at(rev(9), rev(5), Vec::new()));
    });
    assert_eq!((phone.meta().durable, phone.meta().pruned, phone.out.len()), (1, 0, 1));
    phone.out.clear();
    phone.start();
    assert!(phone.meta().areas.values().all(|area| area.stage.is_some()), "its op stands in an overlay");
}

#[test]
fn r14_a_record_as_it_was_before_its_verdict_waits_no_longer_once_it_is_read() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("mine"));
    let before = phone.rep[&e(1)].clone();
    let id = phone.saved_ids()[0];
    phone.tap();
    let row = full(1, VILLAGE, 6, &[("mobile", json!("mine"))]);
    phone.answer(|answer| {
        answer.push = Some(receipt(1, 0, vec![verdict(id, 1, VerdictState::Applied, 6)]));
        answer.pull = Some(page_at(rev(6), rev(6), vec![row]));
    });
    assert!(phone.out.values().all(|row| row.0.settled));
    phone.rep.insert(e(1), before);
    phone.start();
    phone.save(e(1), "health", json!("good"));
    let waiting: Vec<_> = phone.rep[&e(1)].pending.iter().map(|pending| pending.changeset).collect();
    assert_eq!(waiting.len(), 1);
    assert_ne!(waiting[0], id, "its verdict was shown before");
}

#[test]
fn r10_an_area_whose_count_is_not_what_lies_there_is_pulled_again() {
    let mut phone = Phone::settled();
    let stored = phone.meta.as_mut().unwrap();
    stored.areas.get_mut(&VILLAGE).unwrap().live.rows += 1;
    phone.start();
    phone.tap();
    phone.page(Vec::new(), 5, false);
    assert!(phone.meta().areas[&VILLAGE].stage.is_some());
    assert!(phone.meta().areas[&OTHER].stage.is_none());
}
