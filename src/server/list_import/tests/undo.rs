//! A list that was written is undone, or it is said who worked on its families since.

use super::*;
use crate::db::{Imported, Touch, Undoing, own};
use sync::{
    record::Record,
    wire::{Base, Op},
};

const HEADER: [&str; 6] = ["姓名", "身份证号", "类别", "村", "住址", "银行账号"];
const LI: [&str; 6] = ["李伟", "339999194803120019", "参战", "红旗村", "3组12号", "6222021001122334556"];
const SUN: [&str; 6] = ["孙丽", "339999193508090027", "参战", "红旗村", "3组12号", ""];
const WANG: [&str; 6] = ["王强", "33999919710117215X", "参战", "石桥村", "1组5号", ""];

pub(super) async fn imports(office: &Office) -> Vec<Imported> {
    office.app.db.imports(&office.clerk).await.expect("readable")
}

/// Writes a list and says under which id.
async fn write_list(office: &Office, people: &[&[&str]], households: Vec<Vec<u32>>) -> Uuid {
    let shown = preview_of(office, small(&HEADER, people)).await;
    let decisions = Decisions { households, ..Decisions::default() };
    commit(&office.app, &office.clerk, id_of(&shown), decisions).await.expect("written");
    id_of(&shown)
}

async fn undo(office: &Office, import: Uuid, only_untouched: bool) -> Undoing {
    let now = office.app.clock.now();
    office.app.db.undo_import(&office.clerk, import, only_untouched, now).await.expect("judged")
}

async fn records(office: &Office, kind: &'static str) -> Vec<Record> {
    let kinds: &'static [&'static str] = match kind {
        "recipient" => &["recipient"],
        "entitlement" => &["entitlement"],
        _ => &["household"],
    };
    office.app.db.office_records(&office.clerk, kinds).await.expect("readable")
}

async fn named(office: &Office, name: &str) -> Record {
    records(office, "recipient").await.into_iter().find(|one| one.text("name") == Some(name)).expect("a file")
}

/// Somebody writes a field of a file, or hangs something on it.
async fn work(office: &Office, who: &Caller, ops: Vec<Op>) {
    let now = office.app.clock.now();
    let verdicts = crate::plant::plant(&office.app.db, who, &[own::changeset(who.account, ops, now)], now)
        .await
        .expect("pushed");
    assert!(verdicts[0].st.is_written(), "{verdicts:?}");
}

fn set(record: &Record, field: &str, value: &str) -> Op {
    let base = Base::Fv(record.fields.get(field).map(|state| state.fv).unwrap_or_default());
    Op::Set { e: record.id, f: field.to_owned(), v: json!(value), base }
}

async fn worker(office: &Office) -> Caller {
    let now = office.app.clock.now();
    let areas = office.app.db.areas().await.expect("readable");
    let village = areas.iter().find(|area| area.name == "红旗村").expect("a village").id;
    let account = NewAccount {
        id: tokens::new_id(now),
        name: "worker".to_owned(),
        role: Role::VillageWorker,
        password_hash: "x".to_owned(),
        areas: vec![village],
        now,
    };
    let account = office.app.db.add_account(account, None).await.expect("a worker");
    desk::open(office.app.db.as_ref(), &account, now).await.expect("a session")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_list_made_goes_and_what_it_changed_goes_back() {
    let office = office().await;
    write_list(&office, &[&LI], Vec::new()).await;
    let changed = ["李伟", "339999194803120019", "参战", "红旗村", "3组13号", "6222021001122334999"];
    let second = write_list(&office, &[&changed, &SUN], Vec::new()).await;
    let before = named(&office, "李伟").await;
    assert_eq!(before.text("live_addr"), Some("3组13号"));

    let listed = imports(&office).await;
    assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>()[0], second, "the newest is first");
    let tally = listed[0].tally;
    assert_eq!((tally.lines, tally.refused, tally.created, tally.changed), (2, 0, 1, 1));
    assert_eq!((listed[0].by.as_str(), listed[0].file.as_str()), ("clerk", "list.xlsx"));

    let undone = undo(&office, second, false).await;
    assert_eq!((undone.is_done, undone.families, undone.touched.len()), (true, 2, 0));
    let after = named(&office, "李伟").await;
    assert_eq!(after.text("live_addr"), Some("3组12号"));
    let index = office.app.keys.index("account_no", "6222021001122334556");
    assert!(
        matches!(&after.fields["account_no"].value, sync::record::Stored::Sealed(sealed) if sealed.idx == index)
    );
    assert_eq!(records(&office, "recipient").await.len(), 1, "孙丽 is deleted softly");
    assert_eq!(records(&office, "entitlement").await.len(), 1);
    let undone = imports(&office).await[0].undone.clone().expect("noted");
    assert_eq!((undone.families, undone.kept, undone.by.as_str()), (2, 0, "clerk"));
    let now = office.app.clock.now();
    let again = office.app.db.undo_import(&office.clerk, second, false, now).await;
    assert!(matches!(again, Err(DbError::Refused("undone_already"))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_was_empty_is_empty_again() {
    let office = office().await;
    write_list(&office, &[&SUN], Vec::new()).await;
    let with_account = ["孙丽", "339999193508090027", "参战", "红旗村", "3组12号", "6222021001122334556"];
    let second = write_list(&office, &[&with_account], Vec::new()).await;
    assert!(undo(&office, second, false).await.is_done);
    let shown = preview_of(&office, small(&HEADER, &[&with_account])).await;
    assert_eq!(shown["changed"], 1, "the number is no longer there");
    assert_eq!(shown["rows"][0]["diff"][0]["field"], "account_no");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_on_which_somebody_worked_keeps_the_list_from_being_undone() {
    let office = office().await;
    let import = write_list(&office, &[&LI, &WANG], Vec::new()).await;
    let worker = worker(&office).await;
    let li = named(&office, "李伟").await;
    work(&office, &worker, vec![set(&li, "mobile", "13800001234")]).await;

    let refused = undo(&office, import, false).await;
    assert!(!refused.is_done);
    let touched = &refused.touched[0];
    assert_eq!(
        (touched.name.as_str(), touched.by.as_str(), touched.what),
        ("李伟", "worker", Touch::Changed)
    );
    assert_eq!((touched.e, refused.families), (Some(li.id), 1));
    assert_eq!(records(&office, "recipient").await.len(), 2, "nothing was undone");

    let others = undo(&office, import, true).await;
    assert_eq!((others.is_done, others.families, others.touched.len()), (true, 1, 1));
    assert_eq!(records(&office, "recipient").await.len(), 1);
    assert_eq!(named(&office, "李伟").await.text("mobile"), Some("13800001234"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_to_a_new_family_is_work_on_it() {
    let office = office().await;
    let import = write_list(&office, &[&LI], Vec::new()).await;
    let worker = worker(&office).await;
    let li = named(&office, "李伟").await;
    let visit = Op::Create {
        e: tokens::new_id(office.app.clock.now()),
        kind: "visit".to_owned(),
        area: li.area,
        parent: Some(li.id),
        f: [("kind".to_owned(), json!("followup"))].into(),
    };
    work(&office, &worker, vec![visit]).await;
    let refused = undo(&office, import, true).await;
    assert!(!refused.is_done, "there is nobody else to undo");
    assert_eq!((refused.touched[0].what, refused.touched[0].by.as_str()), (Touch::Added, "worker"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_else_happened_to_a_family_that_was_there_stays() {
    let office = office().await;
    write_list(&office, &[&LI], Vec::new()).await;
    let changed = ["李伟", "339999194803120019", "参战", "红旗村", "3组13号", ""];
    let second = write_list(&office, &[&changed], Vec::new()).await;
    let worker = worker(&office).await;
    work(&office, &worker, vec![set(&named(&office, "李伟").await, "mobile", "13800001234")]).await;
    assert!(undo(&office, second, false).await.is_done);
    let li = named(&office, "李伟").await;
    assert_eq!((li.text("live_addr"), li.text("mobile")), (Some("3组12号"), Some("13800001234")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_that_a_list_made_goes_with_its_people() {
    let office = office().await;
    let import = write_list(&office, &[&LI, &SUN], vec![vec![2, 3]]).await;
    assert_eq!(records(&office, "household").await.len(), 1);
    let undone = undo(&office, import, false).await;
    assert_eq!((undone.is_done, undone.families), (true, 1), "one household");
    assert_eq!(records(&office, "household").await.len() + records(&office, "recipient").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_were_there_leave_the_household_that_a_list_made() {
    let office = office().await;
    write_list(&office, &[&LI, &SUN], Vec::new()).await;
    let second = write_list(&office, &[&LI, &SUN], vec![vec![2, 3]]).await;
    assert!(undo(&office, second, false).await.is_done);
    assert_eq!(records(&office, "household").await.len(), 0);
    assert_eq!(named(&office, "李伟").await.plain("household_id"), Some(&Value::Null));
    let shown = preview_of(&office, small(&HEADER, &[&LI, &SUN])).await;
    assert_eq!(shown["households"][0]["rows"], json!([2, 3]), "it is proposed again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_list_that_wrote_the_same_field_is_undone_first() {
    let office = office().await;
    write_list(&office, &[&LI], Vec::new()).await;
    let moved = |addr| ["李伟", "339999194803120019", "参战", "红旗村", addr, ""];
    let second = write_list(&office, &[&moved("3组13号")], Vec::new()).await;
    let third = write_list(&office, &[&moved("3组14号")], Vec::new()).await;
    assert_eq!(undo(&office, second, false).await.touched[0].by, "clerk");
    assert!(undo(&office, third, false).await.is_done);
    // What the third put back is the second's value, but the undoing wrote it.
    assert_eq!(named(&office, "李伟").await.text("live_addr"), Some("3组13号"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_elsewhere_is_not_found() {
    let office = office().await;
    let import = write_list(&office, &[&LI], Vec::new()).await;
    let now = office.app.clock.now();
    let other = office.app.db.areas().await.expect("readable").into_iter().find(|area| area.name == "石桥村");
    let account = NewAccount {
        id: tokens::new_id(now),
        name: "elsewhere".to_owned(),
        role: Role::TownshipClerk,
        password_hash: "x".to_owned(),
        areas: vec![other.expect("a village").id],
        now,
    };
    let account = office.app.db.add_account(account, None).await.expect("a clerk");
    let stranger = desk::open(office.app.db.as_ref(), &account, now).await.expect("a session");
    assert_eq!(office.app.db.imports(&stranger).await.expect("readable"), Vec::new());
    let refused = office.app.db.undo_import(&stranger, import, false, now).await;
    assert!(matches!(refused, Err(DbError::NotFound)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_which_one_save_cannot_stand_is_not_written_at_all() {
    let office = office().await;
    let now = office.app.clock.now();
    let create = |area: Uuid| Op::Create {
        e: tokens::new_id(now),
        kind: "recipient".to_owned(),
        area: sync::id::AreaId(area),
        parent: None,
        f: [("name".to_owned(), json!("李伟"))].into(),
    };
    let areas = office.app.db.areas().await.expect("readable");
    let of = |name: &str| areas.iter().find(|area| area.name == name).expect("an area").id;
    let changesets = [create(of("红旗村")), create(of("示范县"))]
        .map(|op| own::changeset(office.clerk.account, vec![op], now));
    let (id, area, file) = (tokens::new_id(now), of("双桥镇"), "x".to_owned());
    let new = NewImport { id, area, file, tally: Tally::default(), left: None, columns: None, now };
    let refused = office.app.db.write_import(&office.clerk, new, &changesets).await;
    assert!(matches!(refused, Err(DbError::Refused("not_applied"))), "{refused:?}");
    assert_eq!((records(&office, "recipient").await.len(), imports(&office).await.len()), (0, 0));
}
