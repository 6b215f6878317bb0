//! What each kind of op shows before the office has it.

use super::{AREA, E, FIRST, SECOND, confirmed, fields, part, rev, settled, write};
use crate::{
    id::{AreaId, BlobHash, made_alike},
    local::{Applied, LocalRecord, Pending, apply_row},
    rev::Rev,
    wire::{Base, Op, Row, Take, VerdictState},
};
use serde_json::{Value, json};
use uuid::Uuid;

const OTHER: Uuid = Uuid::from_u128(9);

fn after(ops: Vec<Op>) -> LocalRecord {
    let mut record = confirmed(5);
    ops.into_iter().for_each(|op| write(&mut record, FIRST, op));
    record
}

fn shown(ops: Vec<Op>, field: &str) -> Value {
    after(ops).view().f[field].clone()
}

#[test]
fn a_set_shows_each_item_once_and_only_the_removed_one_goes() {
    let add = |item: &str| Op::Add { e: E, f: "x".to_owned(), item: json!(item) };
    let remove = |item: &str| Op::Remove { e: E, f: "x".to_owned(), item: json!(item) };
    assert_eq!(shown(vec![add("b"), add("a"), add("b")], "x"), json!(["a", "b"]));
    assert_eq!(shown(vec![add("a"), add("b"), remove("a")], "x"), json!(["b"]));
    assert_eq!(shown(vec![set_to("text"), add("a")], "x"), json!(["a"]), "what is no list becomes one");
}

fn set_to(text: &str) -> Op {
    Op::Set { e: E, f: "x".to_owned(), v: json!(text), base: Base::Fv(Rev::ZERO) }
}

#[test]
fn a_photo_shows_once_and_only_the_detached_one_goes() {
    let [one, two] = [1, 2].map(|n| BlobHash([n; 32]));
    let attach = |blob| Op::Attach { e: E, blob, kind: "photo".to_owned(), bytes: 3 };
    let photo = |blob: BlobHash| json!({ "blob": blob.to_string(), "kind": "photo", "bytes": 3 });
    let both = json!([photo(one), photo(two)]);
    assert_eq!(shown(vec![attach(one), attach(two), attach(one)], "blobs"), both);
    let left = shown(vec![attach(one), attach(two), Op::Detach { e: E, blob: one }], "blobs");
    assert_eq!(left, json!([photo(two)]));
}

#[test]
fn what_was_appended_and_came_back_is_not_shown_twice() {
    let mut record = after(vec![Op::Append { e: E, f: "reviews".to_owned(), v: json!("ok") }]);
    let body = record.view().f["reviews"].clone();
    record.confirmed.as_mut().unwrap().f.insert("reviews".to_owned(), body.clone());
    assert_eq!(record.view().f["reviews"], body);
    write(&mut record, SECOND, Op::Append { e: E, f: "reviews".to_owned(), v: json!("ok") });
    assert_eq!(record.view().f["reviews"].as_array().map(Vec::len), Some(2), "the same words again");
}

#[test]
fn a_decision_shows_its_word() {
    for (take, word) in [(Take::Current, "current"), (Take::Other, "other"), (Take::Value, "value")] {
        let resolve = Op::Resolve { e: E, take, v: None, base: None, reason: None };
        assert_eq!(shown(vec![resolve], "state"), json!(word));
    }
    for (accept, word) in [(true, "accepted"), (false, "refused")] {
        assert_eq!(shown(vec![Op::Decide { e: E, accept, reason: None }], "state"), json!(word));
    }
}

#[test]
fn a_merge_hides_the_one_that_goes_and_an_unmerge_brings_it_back() {
    let merge = |from, into| Op::Merge { from, into, reason: String::new() };
    let gone = after(vec![merge(E, OTHER)]).view();
    assert_eq!((gone.hidden, gone.into), (true, Some(OTHER)));
    let stays = after(vec![merge(OTHER, E)]).view();
    assert_eq!((stays.hidden, stays.into), (false, None));
    let unmerge = |from, into| Op::Unmerge { from, into, reason: String::new() };
    let back = after(vec![merge(E, OTHER), unmerge(E, OTHER)]).view();
    assert_eq!((back.hidden, back.into), (false, None));
    let other = after(vec![merge(E, OTHER), unmerge(OTHER, E)]).view();
    assert_eq!((other.hidden, other.into), (true, Some(OTHER)));
}

#[test]
fn a_creation_shows_of_a_sealed_value_what_its_author_may_see() {
    let id = made_alike("need", &["x", "N-MED"]);
    let mut record = LocalRecord::unseen(id, AREA, "need");
    assert!(record.view().hidden, "nothing of it is here");
    let f = fields(&[("kind", json!("medical")), ("id_no", json!({ "ct": "secret", "show": "**19" }))]);
    write(&mut record, FIRST, Op::Create { e: id, kind: "need".to_owned(), area: AREA, parent: None, f });
    let view = record.view();
    assert_eq!(
        (view.hidden, &view.f["kind"], &view.f["id_no"]),
        (false, &json!("medical"), &json!({ "show": "**19" }))
    );
    assert_eq!(record.base("kind"), Base::Op(FIRST));
}

#[test]
fn r6_a_move_is_the_base_of_the_next_one() {
    let area = AreaId(OTHER);
    let record = after(vec![Op::Move { e: E, area, base: Base::Fv(Rev::ZERO) }]);
    assert_eq!((record.view().area, record.base_of_area()), (area, Base::Op(FIRST)));
}

#[test]
fn o5_a_delete_names_the_own_changesets_that_its_row_does_not_show() {
    let mut record = confirmed(5);
    for (n, verdict) in [(4, Some(4)), (5, Some(5)), (6, Some(6)), (7, None)] {
        let verdict = verdict.map(|at| settled(VerdictState::Applied, at));
        let changeset = Uuid::from_u128(n);
        record.pending.push(Pending { changeset, author: Uuid::nil(), t: 7, ops: Vec::new(), verdict });
    }
    let base = record.base_of_delete();
    assert_eq!((base.rev, base.ops), (rev(5), vec![Uuid::from_u128(6), Uuid::from_u128(7)]));
}

#[test]
fn r8_only_what_the_office_lost_waits_again() {
    let mut record = confirmed(5);
    let set = |f: &str| Op::Set { e: E, f: f.to_owned(), v: json!("2"), base: Base::Fv(Rev::ZERO) };
    for (changeset, field) in [(FIRST, "mobile"), (SECOND, "name")] {
        write(&mut record, changeset, set(field));
        record.settle(changeset, settled(VerdictState::Applied, 8));
    }
    record.unsettle(SECOND);
    let waits: Vec<bool> = record.pending.iter().map(|pending| pending.verdict.is_none()).collect();
    assert_eq!(waits, [false, true]);
    let mut record = LocalRecord { pending: Vec::new(), ..record };
    record.forget_lost(|_| false);
    assert_eq!(record.own.keys().collect::<Vec<_>>(), ["mobile"], "the mark of the other waits as well");
}

#[test]
fn a_record_that_was_never_here_leaves_its_alias() {
    let row = Row { del: true, f: None, into: Some(OTHER), ..part(9, &[]) };
    let Applied::Put(alias) = apply_row(None, &row) else { panic!("the alias is kept") };
    assert_eq!((alias.view().hidden, alias.view().into, alias.rev()), (true, Some(OTHER), rev(9)));
    assert_eq!(apply_row(None, &Row { into: None, ..row }), Applied::Drop);
}

#[test]
fn l4_a_partial_row_says_when_the_record_came() {
    for (entered, expected) in [(Some(rev(8)), 8), (None, 1)] {
        let row = Row { entered, ..part(9, &[]) };
        assert_eq!(super::pulled(&confirmed(5), &row).base_of_area(), Base::Fv(rev(expected)));
    }
}
