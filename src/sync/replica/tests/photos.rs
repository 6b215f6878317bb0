use super::phone::{Phone, VILLAGE};
use crate::{
    id::{AreaId, BlobHash},
    replica::{BlobHead, BlobPhase, BlobStep, Effect, Event, RequestFailure, Timer},
    rev::Rev,
    wire::{BlobState, PullAnswer, PullError, PullPage},
};
use uuid::Uuid;

fn photo(n: u8) -> BlobHead {
    BlobHead {
        hash: BlobHash([n; 32]),
        kind: "photo".to_owned(),
        bytes: 1000,
        e: Uuid::from_u128(u128::from(n)),
        offset: 0,
        phase: BlobPhase::Waiting,
        t: i64::from(n),
    }
}

/// A phone with two photos that has just synced its text; the first upload is under way.
fn uploading() -> Phone {
    let mut phone = Phone::settled();
    phone.event(Event::BlobSaved(photo(1)));
    phone.event(Event::BlobSaved(photo(2)));
    phone.tap();
    phone.page(Vec::new(), 5, false);
    assert_eq!(uploads(&phone), [BlobHash([1; 32])]);
    phone
}

fn uploads(phone: &Phone) -> Vec<BlobHash> {
    let hash = |effect: &Effect| match effect {
        Effect::Upload { hash, .. } => Some(*hash),
        _ => None,
    };
    phone.effects.iter().filter_map(hash).collect()
}

fn step(phone: &mut Phone, step: BlobStep) {
    let id = phone.effects.iter().rev().find_map(|effect| match effect {
        Effect::Upload { id, .. } => Some(*id),
        _ => None,
    });
    phone.event(Event::BlobStepped { id: id.unwrap(), step });
}

#[test]
fn one_photo_follows_the_other_without_another_sync() {
    let mut phone = uploading();
    let state = BlobState { state: "verified".to_owned(), offset: None, why: None };
    step(&mut phone, BlobStep::State { hash: BlobHash([1; 32]), state });
    assert_eq!(uploads(&phone), [BlobHash([1; 32]), BlobHash([2; 32])]);
}

#[test]
fn a_photo_that_fails_does_not_hold_up_the_others() {
    let mut phone = uploading();
    let failure = RequestFailure::Network { at_once: false };
    step(&mut phone, BlobStep::Failed { hash: BlobHash([1; 32]), failure });
    assert_eq!(uploads(&phone).len(), 1);
    phone.event(Event::TimerFired(Timer::Blob));
    assert_eq!(uploads(&phone).last(), Some(&BlobHash([2; 32])));
}

/// The last page of a pull in the second epoch.
fn whole(phone: &mut Phone) {
    let head = Rev::new(2, 4);
    let cur = [VILLAGE, AreaId::OWN].map(|area| (area, head)).into();
    let page = PullPage { epoch: 2, head, cur, more: false, rows: Vec::new(), digest: None };
    phone.answer(|answer| answer.pull = Some(PullAnswer::Page(page)));
}

#[test]
fn r8_a_photo_that_the_office_lost_in_a_restore_goes_up_again() {
    let mut phone = Phone::settled();
    for n in [1, 2] {
        phone.event(Event::BlobSaved(BlobHead { phase: BlobPhase::Verified, offset: 1000, ..photo(n) }));
    }
    phone.tap();
    let epoch = PullError::Epoch { epoch: 2, acked: std::collections::BTreeMap::new() };
    phone.answer(|answer| answer.pull = Some(PullAnswer::Error(epoch.clone())));
    whole(&mut phone);
    phone.tap();
    let state = |word: &str| BlobState { state: word.to_owned(), offset: None, why: None };
    phone.answer(|answer| {
        let hello = answer.hello.as_mut().unwrap();
        let states = [(BlobHash([1; 32]), state("verified")), (BlobHash([2; 32]), state("absent"))];
        hello.blobs = Some(states.into());
    });
    whole(&mut phone);
    assert_eq!(uploads(&phone), [BlobHash([2; 32])], "what is still there is not sent again");
}
