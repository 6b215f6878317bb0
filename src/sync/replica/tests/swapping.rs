//! Areas that start again, and own work beside them (R6, R8–R11).

use super::phone::{OTHER, Phone, VILLAGE, e, full, hello_at, photo, rev, scope};
use crate::{
    id::{AreaId, BlobHash},
    replica::{Attention, BlobHead, BlobPhase, DraftHead, Effect, Event, Save},
    rev::Rev,
    wire::{AreaDigest, Base, DeviceState, HelloAnswer, Op, PullAnswer, PullError, PullPage, Row},
};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

fn epoch(to: u16) -> PullAnswer {
    PullAnswer::Error(PullError::Epoch { epoch: to, acked: BTreeMap::new() })
}

fn page(head: Rev, cur: Rev, rows: Vec<Row>) -> PullPage {
    let cur_of_all = [VILLAGE, OTHER, AreaId::OWN].map(|area| (area, cur)).into();
    PullPage { epoch: head.epoch, head, cur: cur_of_all, more: cur < head, rows, digest: None }
}

fn pull(phone: &mut Phone, page: PullPage) {
    phone.answer(|answer| answer.pull = Some(PullAnswer::Page(page)));
}

/// The office flags the village: it is pulled again.
fn again(phone: &mut Phone, scope_rev: u64) {
    phone.tap();
    phone.answer(|answer| {
        answer.pull = Some(scope(scope_rev, &[VILLAGE, OTHER]));
        if let Some(PullAnswer::Error(PullError::Scope { areas, .. })) = &mut answer.pull {
            areas.iter_mut().for_each(|node| node.again = node.id == VILLAGE);
        }
    });
}

fn save(phone: &mut Phone, op: Op) -> Uuid {
    phone.event(Event::Save(Save { token: 1, ops: vec![op], ..Save::default() }));
    *phone.saved_ids().last().unwrap()
}

fn set(value: &str) -> Op {
    Op::Set { e: e(1), f: "mobile".to_owned(), v: json!(value), base: Base::Fv(Rev::ZERO) }
}

fn base(phone: &Phone) -> Option<Base> {
    match &phone.last_changeset().ops[0] {
        Op::Set { base, .. } | Op::Move { base, .. } => Some(base.clone()),
        _ => None,
    }
}

#[test]
fn r8_work_from_before_a_restore_is_shown_on_the_new_row_and_stays_the_base() {
    let moved = || Op::Move { e: e(1), area: OTHER, base: Base::Fv(Rev::ZERO) };
    for (first, second) in [(set("mine"), set("mine too")), (moved(), moved())] {
        let mut phone = Phone::settled();
        let id = save(&mut phone, first);
        let shown = phone.rep[&e(1)].view();
        phone.tap();
        phone.answer(|answer| answer.pull = Some(epoch(2)));
        let at = Rev::new(2, 4);
        let row = Row { rev: at, entered: Some(at), ..full(1, VILLAGE, 4, &[("mobile", json!("1"))]) };
        pull(&mut phone, page(at, at, vec![row]));
        let record = &phone.rep[&e(1)];
        assert_eq!((record.rev(), record.is_waiting()), (at, true));
        assert_eq!((record.view().f, record.view().area), (shown.f, shown.area));
        save(&mut phone, second);
        assert_eq!(base(&phone), Some(Base::Op(id)));
    }
}

#[test]
fn r8_own_work_moves_with_its_record_into_an_area_that_is_swapped() {
    let mut phone = Phone::settled();
    phone.save(e(3), "mobile", json!("mine"));
    again(&mut phone, 2);
    let exit = Row { x: Some("exit".to_owned()), e: e(3), rev: rev(8), area: OTHER, ..Row::default() };
    let rows = vec![exit, full(3, VILLAGE, 8, &[("mobile", json!("1"))])];
    pull(&mut phone, page(rev(8), rev(8), rows));
    let record = &phone.rep[&e(3)];
    assert_eq!((record.area, record.gone, record.rev()), (VILLAGE, None, rev(8)));
    assert_eq!(record.view().f["mobile"], json!("mine"));
}

#[test]
fn r8_what_left_a_staged_area_before_its_swap_does_not_come_back_with_it() {
    let mut phone = Phone::settled();
    again(&mut phone, 2);
    pull(&mut phone, page(rev(9), rev(4), vec![full(2, VILLAGE, 4, &[("mobile", json!("1"))])]));
    pull(&mut phone, page(rev(9), rev(8), vec![full(2, OTHER, 8, &[("mobile", json!("2"))])]));
    assert!(!phone.stage.contains_key(&e(2)));
    pull(&mut phone, page(rev(9), rev(9), Vec::new()));
    assert_eq!((phone.rep[&e(2)].area, phone.rep[&e(2)].rev()), (OTHER, rev(8)));
}

#[test]
fn pages_that_only_move_cursors_are_progress() {
    let mut phone = Phone::settled();
    phone.tap();
    for cur in 6..20 {
        pull(&mut phone, page(rev(20), rev(cur), Vec::new()));
    }
    assert_eq!(phone.meta().areas[&VILLAGE].live.cur, rev(19));
    assert_eq!(phone.sent.len(), 1, "the round goes on");
}

#[test]
fn r10_a_digest_of_an_area_that_is_not_here_says_nothing_and_of_a_torn_one_nothing_yet() {
    let mut phone = Phone::settled();
    phone.tap();
    let foreign = AreaId(Uuid::from_u128(0xa9));
    let other = AreaDigest { n: 9, h: String::new() };
    let torn = Row { full: false, kind: None, ..full(77, OTHER, 8, &[("mobile", json!("8"))]) };
    let digest = Some([(foreign, other.clone()), (OTHER, other)].into());
    pull(&mut phone, PullPage { digest, ..page(rev(8), rev(8), vec![torn]) });
    let differs = |a: &&&Attention| matches!(a, Attention::DigestDiffers(_));
    assert_eq!(phone.attentions().iter().filter(differs).count(), 0);
    assert!(phone.attentions().contains(&&Attention::AreaTorn(OTHER)));
}

#[test]
fn l2_the_same_scope_again_purges_nothing_and_is_no_purge() {
    let mut phone = Phone::settled();
    again(&mut phone, 1);
    assert_eq!(phone.attentions(), Vec::<&Attention>::new());
    assert!(phone.meta().areas[&VILLAGE].stage.is_some() && phone.meta().areas[&OTHER].stage.is_none());
}

#[test]
fn r9_an_area_of_which_nothing_is_here_yet_does_not_start_again() {
    let mut phone = Phone { now: 1_790_000_000_000, ..Phone::default() };
    phone.start();
    phone.answer(|answer| {
        answer.pull = Some(scope(1, &[VILLAGE]));
        if let Some(PullAnswer::Error(PullError::Scope { areas, .. })) = &mut answer.pull {
            areas.iter_mut().for_each(|node| node.again = true);
        }
    });
    assert_eq!(phone.meta().areas.len(), 2);
    assert!(phone.meta().areas.values().all(|area| area.stage.is_none()));
}

#[test]
fn r11_half_of_the_records_may_go_and_their_number_is_reported() {
    let mut phone = Phone::settled();
    phone.tap();
    let gone = Row { e: e(2), rev: rev(6), area: VILLAGE, del: true, ..Row::default() };
    phone.page(vec![gone], 6, false);
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[VILLAGE])));
    let destroyed = phone.effects.iter().any(|effect| matches!(effect, Effect::DestroyAreaKeys(_)));
    assert!(destroyed, "{:?}", phone.attentions());
    let purged = phone.sent.back().unwrap().1.purged.clone().unwrap();
    assert_eq!((purged.areas, purged.rows), (vec![OTHER], 1));
}

/// A phone that the office wants emptied, at rest but for what `left` leaves on it.
fn wiped(left: impl FnOnce(&mut Phone)) -> bool {
    let mut phone = Phone::settled();
    left(&mut phone);
    phone.tap();
    let epoch = phone.meta().epoch;
    phone.answer(|answer| {
        answer.hello = Some(HelloAnswer { epoch, state: DeviceState::Wipe, ..hello_at(0) });
    });
    while phone.sent.pop_front().is_some() {}
    phone.effects.iter().any(|effect| matches!(effect, Effect::Wipe))
}

#[test]
fn r9_a_wipe_waits_for_everything_that_is_not_at_the_office() {
    assert!(wiped(|_| {}));
    assert!(!wiped(|phone| phone.save(e(1), "mobile", json!("2"))));
    assert!(!wiped(|phone| {
        phone.event(Event::DraftSaved(DraftHead { id: e(9), area: None, bytes: 10 }));
    }));
    for (phase, is_there) in
        [(BlobPhase::Waiting, false), (BlobPhase::Sent, false), (BlobPhase::Verified, true)]
    {
        let photo = BlobHead { phase, hash: BlobHash([1; 32]), ..photo(1) };
        assert_eq!(wiped(|phone| phone.event(Event::BlobSaved(photo))), is_there);
    }
}

#[test]
fn r6_deciding_a_conflict_over_the_area_is_based_on_where_the_record_lies() {
    let of = |field: &str| {
        let f = [("of", json!(e(1).to_string())), ("field", json!(field)), ("state", json!("open"))];
        Row { kind: Some("conflict".to_owned()), ..full(9, VILLAGE, 7, &f) }
    };
    for (field, expected) in [("mobile", rev(6)), ("area", rev(3))] {
        let mut phone = Phone::settled();
        phone.tap();
        let newer = super::phone::part(1, VILLAGE, 6, &[("mobile", json!("2"))]);
        phone.page(vec![newer, of(field)], 7, false);
        let resolve =
            Op::Resolve { e: e(9), take: crate::wire::Take::Current, v: None, base: None, reason: None };
        save(&mut phone, resolve);
        let base = match &phone.last_changeset().ops[0] {
            Op::Resolve { base, .. } => base.clone(),
            _ => None,
        };
        assert_eq!(base, Some(Base::Fv(expected)), "{field}");
    }
}
