//! What differed from the office's is told to it.

use super::phone::{OTHER, Phone, VILLAGE, e, full, part, rev, scope};
use crate::{
    id::AreaId,
    limits::DIVERGED_AGAIN_MS,
    replica::{Event, Replica, Timer, UnlockedFacts},
    wire::{AreaDigest, Divergence, DivergenceKind, PullAnswer, PullPage},
};
use serde_json::json;

/// A page without rows whose digest of these areas is none that could lie here.
fn differing(areas: &[AreaId]) -> PullAnswer {
    let digest = areas.iter().map(|area| (*area, AreaDigest { n: 9, h: String::new() })).collect();
    let cur = [VILLAGE, OTHER, AreaId::OWN].map(|area| (area, rev(8))).into();
    let page = PullPage { epoch: 1, head: rev(8), cur, more: false, rows: Vec::new(), digest: Some(digest) };
    PullAnswer::Page(page)
}

/// What the oldest request that waits tells of.
fn told(phone: &Phone) -> Vec<Divergence> {
    phone.sent.front().and_then(|sent| sent.1.hello.clone()).map(|hello| hello.diverged).unwrap_or_default()
}

/// The area is pulled again, and is now what the office has.
fn mend(phone: &mut Phone) {
    phone.page(vec![full(1, VILLAGE, 3, &[]), full(2, VILLAGE, 4, &[])], 9, false);
    assert!(phone.sent.is_empty(), "at rest: {:?}", phone.sent);
}

#[test]
fn r16_a_digest_that_differs_is_told_with_the_pull_that_mends_it() {
    let mut phone = Phone::settled();
    phone.tap();
    assert_eq!(told(&phone), []);
    phone.answer(|answer| answer.pull = Some(differing(&[VILLAGE])));
    let expected = Divergence { kind: DivergenceKind::Digest, areas: vec![VILLAGE], t: phone.now };
    assert_eq!(told(&phone), std::slice::from_ref(&expected));
    assert!(phone.sent[0].1.pull.is_some());
    phone.fail();
    phone.now += 1_000;
    phone.replica = Replica::new();
    phone.open();
    assert_eq!(told(&phone), [expected], "until an answer to it came, by a locked phone too");
    phone.answer(|_| {});
    phone.event(Event::Unlocked(UnlockedFacts { session: true, ..UnlockedFacts::default() }));
    mend(&mut phone);
    phone.tap();
    assert_eq!(told(&phone), []);
}

#[test]
fn r16_what_an_answer_did_not_speak_of_is_told_again() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(differing(&[VILLAGE])));
    phone.answer(|answer| answer.hello = None);
    assert_eq!(told(&phone).len(), 1);
}

#[test]
fn r16_the_same_in_the_same_area_is_told_once_a_day() {
    let mut phone = Phone::settled();
    for (passed, kinds) in [(0, 1), (DIVERGED_AGAIN_MS - 1, 0), (1, 1), (-2 * DIVERGED_AGAIN_MS, 1)] {
        phone.now += passed;
        phone.tap();
        phone.answer(|answer| answer.pull = Some(differing(&[VILLAGE])));
        assert_eq!(told(&phone).len(), kinds, "after {passed} ms");
        mend(&mut phone);
    }
    assert_eq!(phone.meta().diverged.len(), 1, "what is older than a day, or newer than now, is forgotten");
    phone.tap();
    phone.answer(|answer| answer.pull = Some(differing(&[VILLAGE, OTHER])));
    let areas = told(&phone).into_iter().map(|one| one.areas).collect::<Vec<_>>();
    assert_eq!(areas, [vec![OTHER]], "the other area is news");
}

#[test]
fn r16_a_torn_row_is_told_with_the_pull_that_mends_it() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.page(vec![part(77, OTHER, 8, &[("mobile", json!("8"))])], 8, false);
    let expected = Divergence { kind: DivergenceKind::Torn, areas: vec![OTHER], t: phone.now };
    assert_eq!(told(&phone), [expected]);
}

#[test]
fn r16_r11_a_purge_that_was_refused_is_told_with_the_next_round_and_once() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    assert!(phone.sent.is_empty());
    phone.event(Event::TimerFired(Timer::Sync));
    let expected = Divergence { kind: DivergenceKind::Purge, areas: vec![VILLAGE], t: phone.now };
    assert_eq!(told(&phone), [expected]);
    phone.answer(|_| {});
    phone.answer(|answer| answer.pull = Some(scope(2, &[OTHER])));
    phone.tap();
    assert!(phone.sent[0].1.hello.is_some());
    assert_eq!(told(&phone), [], "the same purge on the same day");
    assert!(phone.rep.contains_key(&e(1)));
}
