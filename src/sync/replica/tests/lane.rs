//! The photo lane: when a photo goes up, from where, and how long the phone keeps it (R15).

use super::phone::{Phone, e, photo};
use crate::{
    id::BlobHash,
    replica::{BlobHead, BlobPhase, BlobStep, Effect, Event, RequestFailure, Timer},
    wire::BlobState,
};
use serde_json::json;

const DAY: i64 = 24 * 60 * 60 * 1000;
const MINUTE: i64 = 60 * 1000;
const MIB: u64 = 1024 * 1024;

fn state(word: &str) -> BlobState {
    BlobState { state: word.to_owned(), ..BlobState::default() }
}

/// Photos as they lie on the phone, all with this much and this phase, from the day that the phone of the tests lives on.
fn holding(phases: &[BlobPhase], bytes: u64) -> Phone {
    let mut phone = Phone::settled();
    for (phase, n) in phases.iter().zip(1..) {
        let t = phone.now + i64::from(n);
        phone.event(Event::BlobSaved(BlobHead { phase: phase.clone(), bytes, t, ..photo(n) }));
    }
    phone
}

fn sync(phone: &mut Phone) -> Vec<BlobHash> {
    phone.tap();
    let ask = phone.sent[0].1.hello.as_ref().unwrap().ask.clone();
    let states = ask.iter().map(|hash| (*hash, state("verified"))).collect();
    phone.answer(|answer| answer.hello.as_mut().unwrap().blobs = Some(states));
    while !phone.sent.is_empty() {
        phone.page(Vec::new(), 5, false);
    }
    ask
}

fn uploads(phone: &Phone) -> Vec<(u8, u64)> {
    let upload = |effect: &Effect| match effect {
        Effect::Upload { hash, offset, .. } => Some((hash.0[0], *offset)),
        _ => None,
    };
    phone.effects.iter().filter_map(upload).collect()
}

fn removed(phone: &Phone) -> Vec<u8> {
    phone.batches.iter().flat_map(|batch| &batch.blob_del).map(|hash| hash.0[0]).collect()
}

/// The upload under way ends with this word of the office.
fn end(phone: &mut Phone, state: BlobState) {
    let last = phone.effects.iter().rev().find_map(|effect| match effect {
        Effect::Upload { id, hash, .. } => Some((*id, *hash)),
        _ => None,
    });
    let (id, hash) = last.unwrap();
    phone.event(Event::BlobStepped { id, step: BlobStep::State { hash, state } });
}

#[test]
fn the_next_photo_goes_only_where_the_line_is_free_and_no_text_waits() {
    type Meanwhile = fn(&mut Phone);
    let cases: [(&str, Meanwhile, usize); 4] = [
        ("nothing", |_| {}, 2),
        ("the network went", |phone| phone.event(Event::Offline), 1),
        ("another tab took the lock", |phone| phone.event(Event::SyncLock { held: false }), 1),
        ("something was saved", |phone| phone.save(e(1), "mobile", json!("2")), 1),
    ];
    for (what, meanwhile, expected) in cases {
        let mut phone = holding(&[BlobPhase::Waiting, BlobPhase::Waiting], 1000);
        sync(&mut phone);
        meanwhile(&mut phone);
        end(&mut phone, state("verified"));
        assert_eq!(uploads(&phone).len(), expected, "{what}");
    }
}

#[test]
fn no_photo_goes_while_the_office_is_probed() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.event(Event::BlobSaved(photo(1)));
    phone.fail();
    phone.event(Event::TimerFired(Timer::Sync));
    assert!(phone.effects.iter().any(|effect| matches!(effect, Effect::Probe { .. })));
    phone.event(Event::TimerFired(Timer::Blob));
    assert_eq!(uploads(&phone), []);
}

#[test]
fn a_photo_that_is_there_in_part_goes_on_from_there() {
    let mut phone = holding(&[BlobPhase::Waiting], 1000);
    sync(&mut phone);
    end(&mut phone, BlobState { offset: Some(500), ..state("partial") });
    assert_eq!(uploads(&phone), [(1, 0), (1, 500)]);
}

#[test]
fn a_wait_that_the_office_names_is_the_least() {
    for named in [0, 40_000] {
        let mut phone = holding(&[BlobPhase::Waiting], 1000);
        sync(&mut phone);
        let id = phone.effects.iter().find_map(|effect| match effect {
            Effect::Upload { id, .. } => Some(*id),
            _ => None,
        });
        let failure = RequestFailure::Refused { status: 503, err: String::new(), wait_ms: Some(named) };
        let step = BlobStep::Failed { hash: BlobHash([1; 32]), failure };
        phone.event(Event::BlobStepped { id: id.unwrap(), step });
        assert!(phone.last_timer(Timer::Blob).is_some_and(|wait| (named..=named + 4_000).contains(&wait)));
    }
}

#[test]
fn r15_backups_are_asked_about_again_after_a_quarter_of_an_hour_and_not_for_an_upload_in_between() {
    let mut phone = holding(&[BlobPhase::Verified, BlobPhase::Waiting], 1000);
    assert_eq!(sync(&mut phone), [BlobHash([1; 32])]);
    end(&mut phone, state("verified"));
    phone.now += 15 * MINUTE - 1;
    assert_eq!(sync(&mut phone), []);
    phone.now += 1;
    assert_eq!(sync(&mut phone), [2, 1].map(|n| BlobHash([n; 32])));
}

#[test]
fn r15_what_is_durable_leaves_after_14_days_and_a_moment() {
    let mut phone = holding(&[BlobPhase::Durable], 1000);
    phone.now += 14 * DAY + 1;
    sync(&mut phone);
    assert_eq!(removed(&phone), Vec::<u8>::new());
    phone.now += 1;
    sync(&mut phone);
    assert_eq!(removed(&phone), [1]);
}

#[test]
fn r15_of_what_is_durable_500_mb_stay_and_the_oldest_leaves_first() {
    let durable = [BlobPhase::Durable, BlobPhase::Durable, BlobPhase::Durable];
    for (bytes, gone) in [
        (500 * MIB / 3, vec![]),
        (250 * MIB, vec![1]),
        (250 * MIB + 1, vec![1, 2]),
        (501 * MIB, vec![1, 2, 3]),
    ] {
        let mut phone = holding(&durable, bytes);
        sync(&mut phone);
        assert_eq!(removed(&phone), gone, "{bytes} bytes each");
    }
}

#[test]
fn r15_only_what_is_durable_and_needed_by_nothing_here_is_spare() {
    let mut phone = holding(&[BlobPhase::Verified, BlobPhase::Durable, BlobPhase::Waiting], 1000);
    phone.event(Event::BlobSaved(BlobHead { phase: BlobPhase::Durable, noted: true, ..photo(4) }));
    assert_eq!(phone.replica.spare_photos(), [BlobHash([2; 32])]);
}
