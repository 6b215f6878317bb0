use super::phone::{Phone, e, hello_at, receipt, rev, verdict};
use crate::{
    replica::{Attention, Event},
    wire::{PushAnswer, PushError, VerdictState},
};
use serde_json::json;
use uuid::Uuid;

/// A phone with `n` changesets and the request that carries them.
pub(super) fn pushing(n: u64) -> (Phone, Vec<Uuid>) {
    let mut phone = Phone::settled();
    for value in 0..n {
        phone.save(e(1), "mobile", json!(value.to_string()));
    }
    let ids = phone.saved_ids();
    phone.tap();
    (phone, ids)
}

pub(super) fn applied(ids: &[Uuid]) -> Vec<crate::wire::Verdict> {
    ids.iter().zip(1..).map(|(id, seq)| verdict(*id, seq, VerdictState::Applied, 5 + seq)).collect()
}

#[test]
fn a_request_carries_hello_push_and_pull_at_once() {
    let (phone, ids) = pushing(2);
    let request = &phone.sent[0].1;
    let push = request.push.as_ref().unwrap();
    assert_eq!((push.first_seq, push.prev_id, &push.changesets), (1, None, &ids));
    assert!(request.hello.is_some() && request.pull.is_some());
}

#[test]
fn r4_only_what_the_request_carried_is_acknowledged() {
    let (mut phone, ids) = pushing(2);
    phone.save(e(2), "mobile", json!("9"));
    phone.answer(|answer| answer.push = Some(receipt(16, 16, applied(&ids))));
    assert_eq!((phone.meta().acked, phone.meta().durable), (2, 2));
    assert_eq!(phone.replica.status().on_phone, 1);
    assert_eq!(phone.sent[0].1.push.as_ref().unwrap().first_seq, 3);
}

#[test]
fn r4_hello_never_raises_what_is_acknowledged() {
    let (mut phone, ids) = pushing(2);
    phone.answer(|answer| {
        let mut hello = hello_at(2);
        (hello.id_at_acked, hello.durable, hello.id_at_durable) = (Some(ids[1]), 2, Some(ids[1]));
        answer.hello = Some(hello);
    });
    assert_eq!((phone.meta().acked, phone.meta().durable), (0, 0));
}

#[test]
fn r4_a_hello_that_knows_other_ids_or_more_numbers_takes_a_new_incarnation() {
    for (acked, id, lost) in [(2, Some(e(99)), None), (3, None, Some((3, 3))), (7, None, Some((3, 7)))] {
        let (mut phone, ids) = pushing(2);
        let before = phone.meta().inc;
        phone.answer(|answer| {
            answer.hello = Some(crate::wire::HelloAnswer { id_at_acked: id, ..hello_at(acked) });
            answer.push = Some(receipt(2, 0, applied(&ids)));
        });
        assert_ne!(phone.meta().inc, before);
        assert_eq!(phone.meta().incident.as_ref().map(|incident| incident.lost), Some(lost));
        assert_eq!(phone.replica.status().on_phone, 2, "nothing of the answer counts");
    }
}

#[test]
fn a_fork_takes_a_new_incarnation_and_sends_the_same_ids_again() {
    let (mut phone, ids) = pushing(2);
    phone.answer(|answer| {
        answer.push = Some(PushAnswer::Error(PushError::Fork { last: 2, id_at_last: Some(e(99)) }));
    });
    let push = phone.sent[0].1.push.clone().unwrap();
    assert_eq!((push.first_seq, push.changesets), (1, ids));
    assert!(phone.meta().incident.is_some());
}

#[test]
fn after_a_gap_the_phone_goes_on_from_what_the_office_has() {
    let (mut phone, ids) = pushing(3);
    phone.answer(|answer| answer.push = Some(receipt(3, 0, applied(&ids))));
    phone.save(e(2), "mobile", json!("9"));
    phone.tap();
    while phone.sent.front().is_some_and(|(_, request)| request.push.is_none()) {
        phone.page(Vec::new(), 9, false);
        phone.tap();
    }
    phone.answer(|answer| answer.push = Some(PushAnswer::Error(PushError::Gap { last: 1 })));
    let push = phone.sent[0].1.push.clone().unwrap();
    assert_eq!((push.first_seq, push.prev_id), (2, Some(ids[0])));
}

#[test]
fn a_duplicate_counts_as_the_verdict_it_had_first() {
    let (mut phone, ids) = pushing(1);
    let held = crate::wire::Verdict {
        was: Some(VerdictState::Held),
        ..verdict(ids[0], 1, VerdictState::Duplicate, 6)
    };
    phone.push_and_page(Some(receipt(1, 0, vec![held])), Vec::new(), 6, false);
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("1"), "a held value is shown no longer");
    assert!(
        phone.attentions().iter().any(|a| matches!(a, Attention::Refused(v) if v.st == VerdictState::Held))
    );
}

#[test]
fn i10_an_own_value_shows_until_a_pull_brings_it() {
    let (mut phone, ids) = pushing(1);
    phone.answer(|answer| answer.push = Some(receipt(1, 0, applied(&ids))));
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("0"));
    phone.page(vec![super::phone::part(1, super::phone::VILLAGE, 6, &[("mobile", json!("0"))])], 6, false);
    assert!(phone.rep[&e(1)].pending.is_empty());
    assert_eq!(phone.rep[&e(1)].rev(), rev(6));
}

#[test]
fn r5_what_is_acknowledged_is_kept_until_a_backup_contains_it() {
    let (mut phone, ids) = pushing(2);
    phone.push_and_page(Some(receipt(2, 0, applied(&ids))), Vec::new(), 7, false);
    assert_eq!(phone.out.len(), 2);
    assert_eq!(phone.replica.status().at_office, 2);
    phone.tap();
    phone.answer(|answer| {
        let mut hello = hello_at(2);
        (hello.id_at_acked, hello.durable, hello.id_at_durable) = (Some(ids[1]), 1, Some(ids[0]));
        answer.hello = Some(hello);
    });
    assert_eq!(phone.out.len(), 1);
    assert_eq!(phone.replica.status().at_office, 2, "what was pruned is still at the office");
}

#[test]
fn r12_a_rejected_changeset_stays_until_a_person_acts() {
    let (mut phone, ids) = pushing(1);
    let rejected = verdict(ids[0], 1, VerdictState::Rejected, 0);
    phone.push_and_page(Some(receipt(1, 1, vec![rejected])), Vec::new(), 6, false);
    assert_eq!((phone.out.len(), phone.replica.status().rejected), (1, 1));
    assert_eq!(phone.replica.status().at_office, 0);
    phone.event(Event::Dismissed(ids[0]));
    assert_eq!((phone.out.len(), phone.replica.status().rejected), (0, 0));
}

#[test]
fn verdicts_that_come_while_locked_reach_the_records_at_unlock() {
    let (mut phone, ids) = pushing(1);
    phone.event(Event::Locked);
    phone.answer(|answer| {
        answer.push = Some(receipt(1, 1, vec![verdict(ids[0], 1, VerdictState::Held, 6)]));
    });
    assert_eq!(phone.replica.status().at_office, 1);
    assert_eq!(phone.out.len(), 1, "kept until the records show it");
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("0"));
    phone.event(Event::Unlocked(crate::replica::UnlockedFacts { session: true, ..Default::default() }));
    assert_eq!(phone.rep[&e(1)].view().f["mobile"], json!("1"));
}

#[test]
fn r12_a_refusal_that_is_repeated_is_told_once_and_what_was_dealt_with_stays_so() {
    let (mut phone, ids) = pushing(2);
    let refused = |st| verdict(ids[0], 1, st, 0);
    let told =
        |phone: &Phone| phone.attentions().iter().filter(|a| matches!(a, Attention::Refused(_))).count();
    let first = refused(VerdictState::Rejected);
    phone.answer(|answer| answer.push = Some(receipt(1, 0, vec![first.clone(), first])));
    assert_eq!(told(&phone), 1);
    phone.event(Event::Dismissed(ids[1]));
    assert_eq!(phone.replica.status().rejected, 1, "another one");
    phone.event(Event::Dismissed(ids[0]));
    assert_eq!((phone.replica.status().rejected, phone.out.len()), (0, 2), "its number stays used");
}
