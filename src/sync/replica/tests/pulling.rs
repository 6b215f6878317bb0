use super::phone::{OTHER, Phone, VILLAGE, e, full, part, receipt, rev, scope, verdict};
use crate::{
    id::AreaId,
    replica::{Attention, DraftHead, Effect, Event},
    rev::Rev,
    wire::{PullAnswer, PullError, PullPage, PushAnswer, PushReceipt, Row, VerdictState},
};
use serde_json::json;

fn destroyed(phone: &Phone) -> Vec<AreaId> {
    let all = phone.effects.iter().filter_map(|effect| match effect {
        Effect::DestroyAreaKeys(areas) => Some(areas.clone()),
        _ => None,
    });
    all.flatten().collect()
}

#[test]
fn r7_rows_and_cursors_are_one_batch() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.page(vec![part(1, VILLAGE, 8, &[("mobile", json!("8"))])], 8, false);
    let batch = phone.batches.iter().find(|batch| !batch.rep_put.is_empty()).unwrap();
    assert_eq!(batch.meta.areas[&VILLAGE].live.cur, rev(8));
    assert_eq!(batch.meta.areas[&VILLAGE].live.since, rev(8));
}

#[test]
fn since_moves_only_when_the_area_is_whole() {
    let mut phone = Phone::settled();
    phone.tap();
    let cur = [VILLAGE, OTHER, AreaId::OWN].map(|area| (area, rev(8))).into();
    let rows = vec![part(1, VILLAGE, 8, &[])];
    let page = PullPage { epoch: 1, head: rev(9), cur, more: true, rows, digest: None };
    phone.answer(|answer| answer.pull = Some(PullAnswer::Page(page)));
    let place = phone.meta().areas[&VILLAGE].live;
    assert_eq!((place.cur, place.since), (rev(8), rev(5)));
    assert!(phone.sent[0].1.pull.is_some(), "and the next page is asked for");
}

#[test]
fn a_move_between_two_areas_of_the_scope_never_drops_the_record() {
    let mut phone = Phone::settled();
    phone.tap();
    let exit = Row { x: Some("exit".to_owned()), e: e(1), rev: rev(8), area: VILLAGE, ..Row::default() };
    phone.page(vec![exit, full(1, OTHER, 8, &[("mobile", json!("1"))])], 8, false);
    assert_eq!(phone.rep[&e(1)].area, OTHER);
    assert_eq!((phone.meta().areas[&VILLAGE].live.rows, phone.meta().areas[&OTHER].live.rows), (1, 2));
}

#[test]
fn r8_an_epoch_is_pulled_into_stage_and_swapped_in_whole() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| {
        answer.pull = Some(PullAnswer::Error(PullError::Epoch { epoch: 2, acked: Default::default() }));
    });
    assert_eq!(phone.rep.len(), 3, "what is there stays while the rest comes");
    let request = phone.sent[0].1.pull.clone().unwrap();
    assert_eq!((request.epoch, request.cur[&VILLAGE]), (2, Rev::ZERO));
    let at = |n| Rev::new(2, n);
    let cur = [VILLAGE, OTHER, AreaId::OWN].map(|area| (area, at(4))).into();
    let rows =
        vec![Row { rev: at(4), entered: Some(at(4)), ..full(1, VILLAGE, 4, &[("mobile", json!("7"))]) }];
    let page = PullPage { epoch: 2, head: at(4), cur, more: false, rows, digest: None };
    phone.answer(|answer| answer.pull = Some(PullAnswer::Page(page)));
    assert_eq!(phone.rep.keys().copied().collect::<Vec<_>>(), vec![e(1)]);
    assert_eq!((phone.rep[&e(1)].rev(), phone.stage.len()), (at(4), 0));
    assert!(phone.meta().areas.values().all(|area| area.stage.is_none()));
}

#[test]
fn r8_after_a_restore_what_the_office_lost_goes_up_again() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    let id = phone.saved_ids()[0];
    phone.tap();
    phone.push_and_page(
        Some(receipt(1, 0, vec![verdict(id, 1, VerdictState::Applied, 6)])),
        Vec::new(),
        6,
        false,
    );
    phone.tap();
    phone.answer(|answer| {
        answer.pull = Some(PullAnswer::Error(PullError::Epoch { epoch: 2, acked: Default::default() }));
    });
    assert_eq!(phone.replica.status().on_phone, 1);
    assert_eq!(phone.sent[0].1.push.as_ref().unwrap().changesets, vec![id]);
}

#[test]
fn r9_the_outbox_goes_before_the_keys_and_the_rows() {
    let mut phone = Phone::settled();
    phone.save(e(3), "mobile", json!("2"));
    let id = phone.saved_ids()[0];
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[VILLAGE])));
    assert!(destroyed(&phone).is_empty());
    assert!(phone.sent[0].1.pull.is_none(), "nothing is pulled before the outbox is empty");
    phone.answer(|answer| {
        answer.push = Some(receipt(1, 0, vec![verdict(id, 1, VerdictState::Applied, 6)]));
    });
    phone.answer(|answer| answer.pull = Some(scope(2, &[VILLAGE])));
    assert_eq!(destroyed(&phone), vec![OTHER]);
    assert!(!phone.rep.contains_key(&e(3)));
    assert_eq!(phone.sent[0].1.purged.as_ref().unwrap().areas, vec![OTHER]);
}

#[test]
fn r9_drafts_of_a_lost_area_are_handed_over_first() {
    let mut phone = Phone::settled();
    let draft = DraftHead { id: e(9), area: Some(OTHER), bytes: 10 };
    phone.drafts.insert(e(9), draft);
    phone.event(Event::DraftSaved(draft));
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[VILLAGE])));
    assert!(destroyed(&phone).is_empty());
    assert_eq!(phone.sent[0].1.push.as_ref().unwrap().drafts, vec![e(9)]);
    phone.answer(|answer| {
        let handed = PushReceipt { acked: 0, durable: 0, results: Vec::new(), drafts: vec![e(9)] };
        answer.push = Some(PushAnswer::Receipt(handed));
    });
    assert!(phone.drafts.is_empty());
    phone.answer(|answer| answer.pull = Some(scope(2, &[VILLAGE])));
    assert_eq!(destroyed(&phone), vec![OTHER]);
}

#[test]
fn r10_a_digest_that_differs_restarts_the_area() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.page(vec![full(4, VILLAGE, 8, &[])], 8, false);
    assert!(phone.meta().areas[&VILLAGE].stage.is_none(), "what was named is what lies here");
    phone.tap();
    let mut digests = std::collections::BTreeMap::new();
    digests.insert(VILLAGE, crate::wire::AreaDigest { n: 9, h: String::new() });
    let cur = [VILLAGE, OTHER, AreaId::OWN].map(|area| (area, rev(8))).into();
    let page = PullPage { epoch: 1, head: rev(8), cur, more: false, rows: Vec::new(), digest: Some(digests) };
    phone.answer(|answer| answer.pull = Some(PullAnswer::Page(page)));
    assert!(phone.attentions().contains(&&Attention::DigestDiffers(VILLAGE)));
    assert_eq!(phone.sent[0].1.pull.as_ref().unwrap().cur[&VILLAGE], Rev::ZERO);
    assert_eq!(phone.sent[0].1.pull.as_ref().unwrap().cur[&OTHER], rev(8));
}

#[test]
fn r10_a_torn_row_restarts_its_area_only() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.page(vec![part(77, OTHER, 8, &[("mobile", json!("8"))])], 8, false);
    assert!(phone.meta().areas[&OTHER].stage.is_some());
    assert_eq!(phone.meta().areas[&VILLAGE].live.cur, rev(8));
    assert!(!phone.rep.contains_key(&e(77)));
}

#[test]
fn r11_a_purge_of_more_than_half_waits_for_a_person() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    let refused = Attention::PurgeRefused { areas: vec![VILLAGE], rows: 2, of: 3 };
    assert!(phone.attentions().contains(&&refused));
    assert_eq!(phone.rep.len(), 3);
    assert!(phone.sent.is_empty(), "nothing is pulled meanwhile");
    phone.event(Event::PurgeConfirmed);
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    assert_eq!(destroyed(&phone), vec![VILLAGE]);
}

#[test]
fn r11_a_purge_without_a_new_assignment_is_refused() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(1, &[VILLAGE])));
    assert!(phone.attentions().iter().any(|a| matches!(a, Attention::PurgeRefused { .. })));
    assert!(destroyed(&phone).is_empty());
}

#[test]
fn a_page_for_a_cursor_that_moved_on_is_passed_over() {
    let mut phone = Phone::settled();
    phone.tap();
    let mut theirs = phone.meta().clone();
    theirs.generation += 1;
    theirs.areas.get_mut(&VILLAGE).unwrap().live.cur = rev(6);
    phone.meta = Some(theirs);
    phone.failures.push_back(crate::replica::CommitFailure::Stale);
    phone.page(vec![part(1, VILLAGE, 8, &[("mobile", json!("8"))])], 8, false);
    assert_eq!(phone.meta().areas[&VILLAGE].live.cur, rev(6));
}

#[test]
fn a_save_while_an_epoch_is_staged_survives_the_swap() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| {
        answer.pull = Some(PullAnswer::Error(PullError::Epoch { epoch: 2, acked: Default::default() }));
    });
    let at = |n| Rev::new(2, n);
    let cur = [VILLAGE, OTHER, AreaId::OWN].map(|area| (area, at(4))).into();
    let row = Row { rev: at(4), entered: Some(at(4)), ..full(1, VILLAGE, 4, &[("mobile", json!("7"))]) };
    let page = PullPage { epoch: 2, head: at(5), cur, more: true, rows: vec![row], digest: None };
    phone.answer(|answer| answer.pull = Some(PullAnswer::Page(page)));
    phone.save(e(1), "mobile", json!("mine"));
    let cur = [VILLAGE, OTHER, AreaId::OWN].map(|area| (area, at(5))).into();
    let page = PullPage { epoch: 2, head: at(5), cur, more: false, rows: Vec::new(), digest: None };
    phone.answer(|answer| answer.pull = Some(PullAnswer::Page(page)));
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("mine"));
    assert_eq!(phone.rep[&e(1)].rev(), at(4));
}
