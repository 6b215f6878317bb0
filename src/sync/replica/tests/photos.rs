use super::phone::{Phone, VILLAGE, e, photo};
use crate::{
    id::{AreaId, BlobHash},
    replica::{
        Attention, BlobHead, BlobPhase, BlobStep, DraftHead, Effect, Event, LOST, RequestFailure, Save, Timer,
    },
    rev::Rev,
    wire::{BlobState, Fields, Op, PullAnswer, PullError, PullPage},
};

fn state(word: &str, durable: bool) -> BlobState {
    BlobState { state: word.to_owned(), durable, ..BlobState::default() }
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
    step(&mut phone, BlobStep::State { hash: BlobHash([1; 32]), state: state("verified", false) });
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
    phone.answer(|answer| {
        let hello = answer.hello.as_mut().unwrap();
        let states =
            [(BlobHash([1; 32]), state("verified", false)), (BlobHash([2; 32]), state("absent", false))];
        hello.blobs = Some(states.into());
    });
    whole(&mut phone);
    assert_eq!(uploads(&phone), [BlobHash([2; 32])], "what is still there is not sent again");
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Syncs `days` later. The office has verified every photo that it is asked for, and has those of `durable` in a backup.
fn sync_after(phone: &mut Phone, days: i64, durable: &[u8]) -> Vec<BlobHash> {
    phone.now += days * DAY_MS;
    phone.tap();
    let ask = phone.sent.back().unwrap().1.hello.as_ref().unwrap().ask.clone();
    let states = ask.iter().map(|hash| (*hash, state("verified", durable.contains(&hash.0[0])))).collect();
    phone.answer(|answer| answer.hello.as_mut().unwrap().blobs = Some(states));
    while !phone.sent.is_empty() {
        phone.page(Vec::new(), 5, false);
    }
    ask
}

fn removed(phone: &Phone) -> Vec<u8> {
    phone.batches.iter().flat_map(|batch| &batch.blob_del).map(|hash| hash.0[0]).collect()
}

fn verified(n: u8) -> BlobHead {
    BlobHead { phase: BlobPhase::Verified, offset: 1000, t: 1_790_000_000_000, ..photo(n) }
}

#[test]
fn r15_a_verified_photo_stays_until_a_backup_contains_it() {
    let mut phone = Phone::settled();
    for n in [1, 2] {
        phone.event(Event::BlobSaved(verified(n)));
    }
    assert_eq!(sync_after(&mut phone, 1, &[1]).len(), 2);
    assert_eq!(removed(&phone), Vec::<u8>::new(), "what is durable stays for a while to be looked at");
    assert_eq!(
        sync_after(&mut phone, 20, &[]),
        [BlobHash([2; 32])],
        "what is durable is not asked for again"
    );
    sync_after(&mut phone, 20, &[]);
    assert_eq!(removed(&phone), [1], "the other is in no backup");
    assert_eq!(phone.attentions(), Vec::<&Attention>::new());
    sync_after(&mut phone, 1, &[2]);
    sync_after(&mut phone, 1, &[]);
    assert_eq!(removed(&phone), [1, 2]);
}

#[test]
fn r15_where_no_backups_run_a_verified_photo_leaves_after_14_days_with_a_word() {
    let mut phone = Phone::settled();
    phone.event(Event::BlobSaved(verified(1)));
    phone.event(Event::BlobSaved(photo(2)));
    sync_after(&mut phone, 13, &[]);
    assert_eq!(removed(&phone), Vec::<u8>::new());
    sync_after(&mut phone, 2, &[]);
    sync_after(&mut phone, 0, &[]);
    assert_eq!(removed(&phone), [1], "what the office does not have stays for ever");
    assert!(phone.attentions().contains(&&Attention::PrunedWithoutBackup));
}

#[test]
fn r15_what_was_freed_and_then_lost_by_the_office_is_given_up() {
    let mut phone = uploading();
    step(&mut phone, BlobStep::State { hash: BlobHash([1; 32]), state: state(LOST, false) });
    assert_eq!(removed(&phone), [1]);
    assert_eq!(uploads(&phone), [BlobHash([1; 32]), BlobHash([2; 32])], "it holds up none");
}

#[test]
fn r15_backups_are_asked_about_every_quarter_of_an_hour_and_in_turn() {
    let mut phone = Phone::settled();
    (1..=60).for_each(|n| phone.event(Event::BlobSaved(verified(n))));
    let first = sync_after(&mut phone, 1, &[]);
    assert_eq!((first.len(), first[0]), (25, BlobHash([1; 32])));
    assert_eq!(sync_after(&mut phone, 0, &[]), [], "it weighs on a slow line");
    assert_eq!(sync_after(&mut phone, 1, &[])[0], BlobHash([26; 32]));
    assert_eq!(
        sync_after(&mut phone, 1, &[])[..11],
        (51..=60).chain([1]).map(|n| BlobHash([n; 32])).collect::<Vec<_>>()
    );
}

#[test]
fn r15_what_a_note_names_stays_for_as_long_as_nothing_attaches_it() {
    let mut phone = Phone::settled();
    phone.event(Event::BlobSaved(BlobHead { noted: true, ..verified(1) }));
    sync_after(&mut phone, 1, &[1]);
    sync_after(&mut phone, 40, &[]);
    sync_after(&mut phone, 1, &[]);
    let gone = (removed(&phone), phone.replica.spare_photos());
    assert_eq!(
        gone,
        (vec![], vec![]),
        "a worker may be away for forty days with a measure half written down"
    );
    let attach = Op::Attach { e: e(1), blob: BlobHash([1; 32]), kind: "photo".to_owned(), bytes: 1000 };
    phone.event(Event::Save(Save { token: 1, ops: vec![attach], ..Save::default() }));
    phone.now += DAY_MS;
    phone.tap();
    let ask = phone.sent.back().unwrap().1.hello.as_ref().unwrap().ask.clone();
    assert_eq!(ask, [BlobHash([1; 32])], "the office may have let it go meanwhile");
    let last = phone.batches.iter().rev().find_map(|batch| batch.blob_put.last()).unwrap();
    assert!(!last.noted, "from here on it is kept by what attaches it");
}

#[test]
fn r15_what_a_draft_holds_stays_and_is_asked_after_once_a_save_attaches_it() {
    let mut phone = Phone::settled();
    phone.event(Event::BlobSaved(BlobHead { e: e(1), ..verified(1) }));
    let draft = DraftHead { id: e(1), area: None, bytes: 10 };
    phone.drafts.insert(e(1), draft);
    phone.event(Event::DraftSaved(draft));
    sync_after(&mut phone, 1, &[1]);
    sync_after(&mut phone, 40, &[]);
    sync_after(&mut phone, 1, &[]);
    assert_eq!(
        (removed(&phone), phone.replica.spare_photos()),
        (vec![], vec![]),
        "long durable, and still in a draft"
    );
    let create =
        Op::Create { e: e(1), kind: "visit".to_owned(), area: VILLAGE, parent: Some(e(2)), f: Fields::new() };
    let attach = Op::Attach { e: e(1), blob: BlobHash([1; 32]), kind: "photo".to_owned(), bytes: 1000 };
    phone.event(Event::Save(Save {
        token: 1,
        ops: vec![create, attach],
        draft: Some(e(1)),
        ..Save::default()
    }));
    phone.now += DAY_MS;
    phone.tap();
    let ask = phone.sent.back().unwrap().1.hello.as_ref().unwrap().ask.clone();
    assert_eq!(ask, [BlobHash([1; 32])], "the office may have let it go meanwhile");
}

#[test]
fn what_the_office_says_of_a_photo_is_where_it_stands() {
    let cases = [
        ("complete", BlobPhase::Sent),
        ("verified", BlobPhase::Verified),
        ("rejected", BlobPhase::Rejected(String::new())),
    ];
    for (word, phase) in cases {
        let mut phone = uploading();
        step(&mut phone, BlobStep::State { hash: BlobHash([1; 32]), state: state(word, false) });
        let put = phone.batches.iter().flat_map(|batch| &batch.blob_put).next_back().map(|blob| &blob.phase);
        assert_eq!(put.map(std::mem::discriminant), Some(std::mem::discriminant(&phase)), "{word}");
    }
}
