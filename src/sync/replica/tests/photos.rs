use super::phone::Phone;
use crate::{
    id::BlobHash,
    replica::{BlobHead, BlobPhase, BlobStep, Effect, Event, RequestFailure, Timer},
    wire::BlobState,
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
