use super::phone::{Phone, e};
use crate::{
    replica::{CommitFailure, DraftHead, Effect, Event, Save, SaveProblem, Timer},
    rev::Rev,
    wire::{Base, Op},
};
use serde_json::json;
use std::collections::BTreeMap;

fn failed(phone: &Phone) -> Option<&SaveProblem> {
    phone.effects.iter().find_map(|effect| match effect {
        Effect::SaveFailed { problem, .. } => Some(problem),
        _ => None,
    })
}

#[test]
fn r1_a_save_is_called_saved_only_once_it_is_on_disk() {
    let mut phone = Phone::settled();
    phone.is_stuck = true;
    phone.save(e(1), "mobile", json!("2"));
    assert!(phone.saved_ids().is_empty());
    phone.is_stuck = false;
    phone.event(Event::TimerFired(Timer::Storage));
    assert_eq!(phone.saved_ids().len(), 1, "the database was opened again and the save went through");
    assert_eq!(phone.meta().next_seq, 2);
}

#[test]
fn r1_op_overlay_and_number_are_one_batch() {
    let mut phone = Phone::settled();
    phone.save(e(1), "mobile", json!("2"));
    let [batch] = phone.batches.as_slice() else { panic!("one batch, not {}", phone.batches.len()) };
    assert_eq!((batch.out_put.len(), batch.rep_put.len(), batch.meta.next_seq), (1, 1, 2));
    assert_eq!(batch.rep_put[0].view().f["mobile"], json!("2"));
    assert_eq!(batch.rep_put[0].confirmed.as_ref().unwrap().f["mobile"], json!("1"));
}

#[test]
fn finishing_a_draft_removes_it_in_the_same_batch() {
    let mut phone = Phone::settled();
    let draft = DraftHead { id: e(9), area: None, bytes: 10 };
    phone.drafts.insert(e(9), draft);
    phone.event(Event::DraftSaved(draft));
    let f = BTreeMap::new();
    let area = super::phone::VILLAGE;
    let create = Op::Create { e: e(9), kind: "visit".to_owned(), area, parent: Some(e(3)), f };
    phone.event(Event::Save(Save { token: 1, ops: vec![create], draft: Some(e(9)), ..Save::default() }));
    assert_eq!(phone.batches[0].draft_del, vec![e(9)]);
    assert_eq!(phone.batches[0].rep_put[0].area, super::phone::OTHER, "a child lies where its parent lies");
}

#[test]
fn a_full_disk_frees_space_once_and_then_keeps_the_form() {
    let mut phone = Phone::settled();
    phone.failures.push_back(CommitFailure::Full);
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!(phone.saved_ids().len(), 1);
    phone.failures.extend([CommitFailure::Full, CommitFailure::Full]);
    phone.save(e(1), "mobile", json!("3"));
    assert_eq!(failed(&phone), Some(&SaveProblem::Full));
    assert_eq!(phone.out.len(), 1, "nothing of the second save is there");
}

#[test]
fn a_broken_handle_is_reopened_three_times() {
    let mut phone = Phone::settled();
    phone.failures.extend([CommitFailure::Broken; 3]);
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!(phone.saved_ids().len(), 1);
    phone.failures.extend([CommitFailure::Broken; 4]);
    phone.save(e(1), "mobile", json!("3"));
    assert_eq!(failed(&phone), Some(&SaveProblem::Broken));
}

#[test]
fn a_number_taken_by_another_tab_is_not_taken_twice() {
    let mut phone = Phone::settled();
    let inc = phone.meta().inc;
    let first_tab = std::mem::take(&mut phone.replica);
    phone.start();
    phone.save(e(2), "mobile", json!("2"));
    phone.replica = first_tab;
    phone.save(e(1), "mobile", json!("2"));
    let saved = phone.saved_ids();
    let out: Vec<_> = phone.out.values().map(|row| (row.0.inc, row.0.seq, row.0.id)).collect();
    assert_eq!(out, vec![(inc, 1, saved[0]), (inc, 2, saved[1])]);
    assert_eq!((phone.meta().next_seq, &phone.meta().incident), (3, &None));
    assert_eq!(phone.rep[&e(2)].view().f["mobile"], json!("2"), "the other tab's work stays");
}

#[test]
fn saves_that_cannot_be_are_refused_before_anything_is_written() {
    let set = |field: &str, entity| Op::Set {
        e: entity,
        f: field.to_owned(),
        v: json!("2"),
        base: Base::Fv(Rev::ZERO),
    };
    let large =
        Op::Set { e: e(1), f: "note".to_owned(), v: json!("长".repeat(12_000)), base: Base::Fv(Rev::ZERO) };
    type Fits = fn(&SaveProblem) -> bool;
    let cases: Vec<(Vec<Op>, Fits)> = vec![
        (vec![], |p| *p == SaveProblem::Malformed),
        (vec![set("mobile", e(1)), set("mobile", e(1))], |p| *p == SaveProblem::Malformed),
        (vec![set("mobile", e(77))], |p| *p == SaveProblem::MissingRecord { e: e(77) }),
        (vec![large], |p| matches!(p, SaveProblem::TooLarge { .. })),
    ];
    for (ops, fits) in cases {
        let mut phone = Phone::settled();
        phone.event(Event::Save(Save { token: 1, ops, ..Save::default() }));
        assert!(failed(&phone).is_some_and(fits), "{:?}", failed(&phone));
        assert!(phone.batches.is_empty());
    }
}

#[test]
fn r6_the_base_is_what_the_form_had_read() {
    let mut phone = Phone::settled();
    let seen = [((e(1), "mobile".to_owned()), Base::Fv(super::phone::rev(2)))].into();
    let op = Op::Set { e: e(1), f: "mobile".to_owned(), v: json!("2"), base: Base::Fv(Rev::ZERO) };
    phone.event(Event::Save(Save { token: 1, ops: vec![op], seen, ..Save::default() }));
    assert!(matches!(&phone.last_changeset().ops[0], Op::Set { base: Base::Fv(base), .. } if base.n == 2));
}

#[test]
fn a_locked_vault_saves_nothing() {
    let mut phone = Phone::settled();
    phone.event(Event::Locked);
    phone.save(e(1), "mobile", json!("2"));
    assert_eq!(failed(&phone), Some(&SaveProblem::NotOpen));
}

/// A visit, and what it says of two records that were there before it.
fn visit_and_behind() -> Save {
    let area = super::phone::VILLAGE;
    let f = [("note".to_owned(), json!("好"))].into();
    let create = Op::Create { e: e(9), kind: "visit".to_owned(), area, parent: Some(e(1)), f };
    let set =
        |of, field: &str| Op::Set { e: of, f: field.to_owned(), v: json!(e(9)), base: Base::Fv(Rev::ZERO) };
    let behind = vec![vec![set(e(1), "verified_by")], vec![set(e(2), "verified_by"), set(e(9), "note")]];
    Save { token: 1, ops: vec![create], behind, draft: Some(e(9)), ..Save::default() }
}

#[test]
fn r1_what_follows_from_a_save_is_in_its_batch_and_a_changeset_of_its_own() {
    let mut phone = Phone::settled();
    phone.event(Event::Save(visit_and_behind()));
    let [batch] = phone.batches.as_slice() else { panic!("one batch, not {}", phone.batches.len()) };
    assert_eq!((batch.out_put.len(), batch.meta.next_seq, &batch.draft_del), (3, 4, &vec![e(9)]));
    let seqs: Vec<_> = batch.out_put.iter().map(|put| (put.head.seq, put.changeset.ops.len())).collect();
    assert_eq!(seqs, [(1, 1), (2, 1), (3, 2)]);
    let ids: Vec<_> = batch.out_put.iter().map(|put| put.changeset.id).collect();
    assert_eq!(phone.saved_ids(), ids, "each is called saved");
    assert_eq!(phone.rep[&e(1)].view().f["verified_by"], json!(e(9)));
    assert_eq!(phone.rep[&e(2)].view().f["verified_by"], json!(e(9)));
    // What lies behind has seen what lies before.
    let note = phone.last_changeset().ops.last().cloned();
    assert!(matches!(note, Some(Op::Set { base: Base::Op(op), .. }) if op == ids[0]), "{note:?}");
}

#[test]
fn r1_a_kill_keeps_all_of_a_save_or_nothing() {
    let mut phone = Phone::settled();
    phone.drafts.insert(e(9), DraftHead { id: e(9), area: None, bytes: 10 });
    phone.is_stuck = true;
    phone.event(Event::Save(visit_and_behind()));
    assert!(phone.out.is_empty() && phone.drafts.contains_key(&e(9)), "killed before the commit");
    phone.is_stuck = false;
    phone.event(Event::TimerFired(Timer::Storage));
    assert_eq!((phone.out.len(), phone.drafts.len()), (3, 0));
    // Killed after it: the database is opened again, and nothing is written twice.
    assert_eq!(phone.saved_ids().len(), 3);
    phone.start();
    assert_eq!((phone.out.len(), phone.meta().next_seq), (3, 4));
}

#[test]
fn what_cannot_follow_keeps_the_whole_save_from_being_written() {
    let mut phone = Phone::settled();
    let mut save = visit_and_behind();
    save.behind.push(Vec::new());
    phone.event(Event::Save(save));
    assert_eq!(failed(&phone), Some(&SaveProblem::Malformed));
    let mut save = visit_and_behind();
    save.behind.push(vec![Op::Set {
        e: e(77),
        f: "note".to_owned(),
        v: json!(""),
        base: Base::Fv(Rev::ZERO),
    }]);
    phone.effects.clear();
    phone.event(Event::Save(save));
    assert_eq!(failed(&phone), Some(&SaveProblem::MissingRecord { e: e(77) }));
    assert!(phone.batches.is_empty());
}

#[test]
fn r6_office_ops_are_based_on_what_the_phone_holds() {
    let mut phone = Phone::settled();
    let f = [("of", json!(e(1).to_string())), ("field", json!("mobile")), ("state", json!("open"))];
    let conflict = super::phone::full(9, super::phone::VILLAGE, 6, &f);
    phone.tap();
    phone.page(vec![crate::wire::Row { kind: Some("conflict".to_owned()), ..conflict }], 6, false);
    let nothing = Base::Fv(Rev::ZERO);
    let ops = vec![
        Op::Resolve { e: e(9), take: crate::wire::Take::Current, v: None, base: None, reason: None },
        Op::Move { e: e(2), area: super::phone::OTHER, base: nothing },
        Op::Delete {
            e: e(3),
            base: crate::wire::DeleteBase { rev: Rev::ZERO, ops: Vec::new() },
            reason: String::new(),
        },
    ];
    phone.event(Event::Save(Save { token: 1, ops, ..Save::default() }));
    let bases = phone.last_changeset().ops.iter().map(|op| match op {
        Op::Resolve { base: Some(Base::Fv(at)), .. } | Op::Move { base: Base::Fv(at), .. } => Some(*at),
        Op::Delete { base, .. } => Some(base.rev),
        _ => None,
    });
    let of = |n| Some(super::phone::rev(n));
    assert_eq!(bases.collect::<Vec<_>>(), [of(3), of(4), of(5)]);
}
