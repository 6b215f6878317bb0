mod replay;

use super::{Applied, Confirmed, LocalRecord, OwnWrite, Pending, Settled, apply_exit, apply_row};
use crate::{
    id::AreaId,
    rev::Rev,
    wire::{Base, Fields, Op, Row, SealedValue, VerdictState},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const AREA: AreaId = AreaId(Uuid::from_u128(10));
const E: Uuid = Uuid::from_u128(0x01900000_0000_7000_8000_000000000001);
const FIRST: Uuid = Uuid::from_u128(101);
const SECOND: Uuid = Uuid::from_u128(102);

fn rev(n: u64) -> Rev {
    Rev::new(1, n)
}

fn fields(pairs: &[(&str, Value)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn confirmed(at: u64) -> LocalRecord {
    let body = Confirmed {
        rev: rev(at),
        entered: rev(1),
        f: fields(&[("mobile", json!("1")), ("name", json!("李伟"))]),
        fv0: rev(at),
        fv: BTreeMap::new(),
    };
    LocalRecord { confirmed: Some(body), ..LocalRecord::unseen(E, AREA, "recipient") }
}

fn write(record: &mut LocalRecord, changeset: Uuid, op: Op) {
    record.write(Pending { changeset, author: Uuid::nil(), t: 7, ops: vec![(0, op)], verdict: None });
}

fn set(field: &str, value: Value) -> Op {
    Op::Set { e: E, f: field.to_owned(), v: value, base: Base::Fv(Rev::ZERO) }
}

fn settled(st: VerdictState, n: u64) -> Settled {
    Settled { st, rev: rev(n) }
}

fn part(n: u64, pairs: &[(&str, Value)]) -> Row {
    Row { e: E, rev: rev(n), area: AREA, f: Some(fields(pairs)), ..Row::default() }
}

fn pulled(record: &LocalRecord, row: &Row) -> LocalRecord {
    match apply_row(Some(record), row) {
        Applied::Put(record) => *record,
        other => panic!("expected a record, got {other:?}"),
    }
}

#[test]
fn r6_base_is_the_version_seen_until_an_own_write_and_the_own_write_then() {
    let mut record = confirmed(5);
    assert_eq!(record.base("mobile"), Base::Fv(rev(5)));
    assert_eq!(record.base("never_written"), Base::Fv(Rev::ZERO));
    write(&mut record, FIRST, set("mobile", json!("2")));
    assert_eq!(record.base("mobile"), Base::Op(FIRST));
    assert_eq!(record.base("name"), Base::Fv(rev(5)));
    write(&mut record, SECOND, set("mobile", json!("3")));
    assert_eq!(record.base("mobile"), Base::Op(SECOND));
}

#[test]
fn r6_an_acknowledged_write_stays_the_base_until_a_newer_version_is_pulled() {
    let mut record = confirmed(5);
    write(&mut record, FIRST, set("mobile", json!("2")));
    record.settle(FIRST, settled(VerdictState::Applied, 8));
    assert_eq!(record.base("mobile"), Base::Op(FIRST), "acknowledged");
    let mut record = pulled(&record, &part(8, &[("mobile", json!("2"))]));
    record.passed(rev(8));
    assert_eq!(record.base("mobile"), Base::Op(FIRST), "own row pulled");
    let record = pulled(&record, &part(9, &[("name", json!("李偉"))]));
    assert_eq!(record.base("mobile"), Base::Op(FIRST), "another field");
    let record = pulled(&record, &part(10, &[("mobile", json!("4"))]));
    assert_eq!(record.base("mobile"), Base::Fv(rev(10)), "another's newer value");
}

#[test]
fn r6_a_value_set_aside_is_the_base_until_a_pull_passes_its_rev() {
    let mut record = confirmed(5);
    write(&mut record, FIRST, set("name", json!("李明")));
    record.settle(FIRST, settled(VerdictState::Merged, 8));
    record.passed(rev(7));
    assert_eq!(record.base("name"), Base::Op(FIRST));
    assert_eq!(record.view().f["name"], json!("李明"));
    record.passed(rev(8));
    assert_eq!(record.base("name"), Base::Fv(rev(5)));
    assert_eq!(record.view().f["name"], json!("李伟"));
}

#[test]
fn r6_a_merged_value_that_won_stays_the_base() {
    let mut record = confirmed(5);
    write(&mut record, FIRST, set("mobile", json!("2")));
    record.settle(FIRST, settled(VerdictState::Merged, 8));
    let mut record = pulled(&record, &part(8, &[("mobile", json!("2"))]));
    record.passed(rev(8));
    assert_eq!(record.base("mobile"), Base::Op(FIRST));
}

#[test]
fn r6_what_a_held_write_was_based_on_stands_in_its_place() {
    for st in [VerdictState::Held, VerdictState::Rejected] {
        let mut record = confirmed(5);
        write(&mut record, FIRST, set("mobile", json!("2")));
        write(&mut record, SECOND, set("mobile", json!("3")));
        record.settle(FIRST, settled(VerdictState::Applied, 8));
        record.settle(SECOND, settled(st, 9));
        assert_eq!(record.base("mobile"), Base::Op(FIRST), "{st:?}");
        assert_eq!(record.view().f["mobile"], json!("2"), "what was refused is shown no longer");
        let mut alone = confirmed(5);
        write(&mut alone, FIRST, set("mobile", json!("2")));
        alone.settle(FIRST, settled(st, 8));
        assert_eq!(alone.base("mobile"), Base::Fv(rev(5)), "{st:?}");
    }
}

#[test]
fn r6_an_own_creation_is_the_base_of_its_fields_and_of_its_place() {
    let mut record = LocalRecord::unseen(E, AREA, "visit");
    let create = Op::Create {
        e: E,
        kind: "visit".to_owned(),
        area: AREA,
        parent: None,
        f: fields(&[("kind", json!("follow_up"))]),
    };
    write(&mut record, FIRST, create);
    assert_eq!(record.base("kind"), Base::Op(FIRST));
    assert_eq!(record.base_of_area(), Base::Op(FIRST));
    assert_eq!(record.base_of_delete().ops, vec![FIRST]);
    assert!(!record.view().hidden);
}

#[test]
fn r6_a_verdict_that_comes_after_a_newer_version_ends_the_own_chain() {
    let mut record = confirmed(5);
    write(&mut record, FIRST, set("mobile", json!("2")));
    let mut record = pulled(&record, &part(10, &[("mobile", json!("9"))]));
    assert_eq!(record.base("mobile"), Base::Op(FIRST), "the author still sees his own value");
    assert_eq!(record.view().f["mobile"], json!("2"));
    record.settle(FIRST, settled(VerdictState::Applied, 8));
    assert_eq!(record.base("mobile"), Base::Fv(rev(10)));
}

#[test]
fn the_view_replays_every_kind_of_op() {
    let sealed = SealedValue {
        kid: "k".to_owned(),
        alg: "intl-1".to_owned(),
        enc: String::new(),
        ct: "secret".to_owned(),
        show: "**19".to_owned(),
    };
    let (e, f) = (E, "x".to_owned());
    let cases = [
        (Op::Sealed { e, f: f.clone(), v: sealed, base: Base::Fv(Rev::ZERO) }, json!({ "show": "**19" })),
        (Op::Add { e, f: f.clone(), item: json!("b") }, json!(["b"])),
        (Op::Remove { e, f: f.clone(), item: json!("b") }, json!([])),
    ];
    for (op, shown) in cases {
        let mut record = confirmed(5);
        write(&mut record, FIRST, op);
        assert_eq!(record.view().f["x"], shown);
    }
    let mut record = confirmed(5);
    write(&mut record, FIRST, Op::Append { e, f: "reviews".to_owned(), v: json!("ok") });
    assert_eq!(record.view().f["reviews"][0]["v"], json!("ok"));
    let base = record.base_of_delete();
    write(&mut record, SECOND, Op::Delete { e, base, reason: String::new() });
    assert!(record.view().hidden);
}

#[test]
fn r10_a_partial_row_without_its_record_is_torn() {
    let row = part(9, &[("mobile", json!("4"))]);
    assert_eq!(apply_row(None, &row), Applied::Torn);
    let own = {
        let mut record = LocalRecord::unseen(E, AREA, "recipient");
        write(&mut record, FIRST, set("mobile", json!("2")));
        record
    };
    assert_eq!(apply_row(Some(&own), &row), Applied::Torn);
}

#[test]
fn r7_a_row_replaces_one_of_an_equal_or_older_rev_only() {
    let record = confirmed(5);
    assert_eq!(apply_row(Some(&record), &part(4, &[])), Applied::Older);
    assert!(matches!(apply_row(Some(&record), &part(5, &[])), Applied::Put(_)));
    let exit = Row { x: Some("exit".to_owned()), ..part(5, &[]) };
    assert_eq!(apply_exit(Some(&record), &exit), Applied::Older);
    let later = Row { x: Some("exit".to_owned()), ..part(6, &[]) };
    assert_eq!(apply_exit(Some(&record), &later), Applied::Drop);
}

#[test]
fn l4_a_partial_row_keeps_what_it_does_not_name() {
    let record = pulled(&confirmed(5), &part(9, &[("mobile", json!("4"))]));
    let body = record.confirmed.unwrap();
    assert_eq!(body.f["name"], json!("李伟"));
    assert_eq!((body.version("name"), body.version("mobile"), body.rev), (rev(5), rev(9), rev(9)));
}

#[test]
fn l7_versions_come_from_fv_then_fv0_then_the_row() {
    let fv = [("name".to_owned(), rev(3))].into_iter().collect();
    let row = Row {
        full: true,
        fv0: Some(rev(4)),
        fv: Some(fv),
        ..part(9, &[("name", json!(1)), ("sex", json!(2))])
    };
    let Applied::Put(record) = apply_row(None, &row) else { panic!("a full row makes a record") };
    let body = record.confirmed.unwrap();
    assert_eq!((body.version("name"), body.version("sex")), (rev(3), rev(4)));
}

#[test]
fn i10_a_deleted_or_moved_record_shows_own_waiting_work_until_its_verdict() {
    let mut record = confirmed(5);
    write(&mut record, FIRST, set("mobile", json!("2")));
    let gone = [
        apply_row(Some(&record), &Row { del: true, f: None, ..part(9, &[]) }),
        apply_exit(Some(&record), &Row { x: Some("exit".to_owned()), ..part(9, &[]) }),
    ];
    for gone in gone {
        let Applied::Put(mut record) = gone else { panic!("waiting work keeps the record") };
        assert!(!record.view().hidden);
        assert!(!record.is_counted());
        record.settle(FIRST, settled(VerdictState::Held, 10));
        assert!(record.is_empty());
    }
}

#[test]
fn creating_what_exists_under_an_id_made_alike_changes_nothing() {
    let id = crate::id::made_alike("need", &["x", "N-MED"]);
    let mut record = LocalRecord { id, ..confirmed(5) };
    let create = Op::Create {
        e: id,
        kind: "need".to_owned(),
        area: AREA,
        parent: None,
        f: fields(&[("name", json!("other"))]),
    };
    write(&mut record, FIRST, create);
    assert_eq!(record.view().f["name"], json!("李伟"));
    assert_eq!(record.base("name"), Base::Fv(rev(5)));
}

#[test]
fn work_whose_outbox_row_was_lost_is_forgotten() {
    let mut record = confirmed(5);
    write(&mut record, FIRST, set("mobile", json!("2")));
    record.forget_lost(|op| op == SECOND);
    assert!(record.pending.is_empty());
    assert_eq!(record.base("mobile"), Base::Fv(rev(5)));
    record.own.insert(
        "name".to_owned(),
        vec![OwnWrite { op: FIRST, verdict: Some(settled(VerdictState::Applied, 6)) }],
    );
    record.forget_lost(|_| false);
    assert_eq!(record.base("name"), Base::Op(FIRST), "what the office has is an own write for ever");
}

#[test]
fn r6_an_acknowledged_write_whose_outbox_row_was_lost_before_a_pull_is_no_base() {
    let mut record = confirmed(5);
    write(&mut record, FIRST, set("mobile", json!("2")));
    record.settle(FIRST, settled(VerdictState::Applied, 8));
    record.forget_lost(|_| false);
    assert_eq!(record.view().f["mobile"], json!("1"));
    assert_eq!(record.base("mobile"), Base::Fv(rev(5)));
}

#[test]
fn r6_a_write_that_a_pull_passed_while_the_record_was_gone_is_no_base() {
    let gone = |record: &LocalRecord| {
        let into = Some(Uuid::from_u128(9));
        let mut record = pulled(record, &Row { del: true, f: None, into, ..part(8, &[]) });
        record.passed(rev(6));
        record
    };
    let mut record = confirmed(5);
    write(&mut record, FIRST, set("mobile", json!("2")));
    record.settle(FIRST, settled(VerdictState::Applied, 6));
    let mut unseen = gone(&record);
    write(&mut unseen, SECOND, set("name", json!("李明")));
    unseen.settle(SECOND, settled(VerdictState::Applied, 9));
    unseen.passed(rev(8));
    assert_eq!((unseen.view().f["mobile"].clone(), unseen.base("mobile")), (json!("1"), Base::Fv(rev(5))));
    assert_eq!(unseen.base("name"), Base::Op(SECOND), "what no pull has passed shows");
    let seen = gone(&pulled(&record, &part(6, &[("mobile", json!("2"))])));
    assert_eq!((seen.view().f["mobile"].clone(), seen.base("mobile")), (json!("2"), Base::Op(FIRST)));
}

#[test]
fn r6_of_a_record_that_is_gone_what_its_row_shows_and_what_no_pull_has_passed_stays_the_base() {
    let base = |applied: u64| {
        let row = Row { del: true, f: None, into: Some(Uuid::from_u128(9)), ..part(8, &[]) };
        let mut record = pulled(&confirmed(5), &row);
        let verdict = Some(settled(VerdictState::Applied, applied));
        record.own.insert("remark".to_owned(), vec![OwnWrite { op: FIRST, verdict }]);
        record.passed(rev(7));
        record.base("remark")
    };
    let of = |applied: u64| (applied, base(applied));
    assert_eq!(
        [4, 5, 8].map(of),
        [4, 5, 8].map(|applied| (applied, Base::Op(FIRST))),
        "shown, or yet to come"
    );
    assert_eq!(
        [6, 7].map(of),
        [6, 7].map(|applied| (applied, Base::Fv(Rev::ZERO))),
        "passed and never shown"
    );
}
