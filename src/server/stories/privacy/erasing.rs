//! What an erasure must not miss, and what breaks off in the middle of one.

use serde_json::{Value, json};
use std::{fs, future::Future, pin::pin, task::Poll};
use uuid::Uuid;

use super::{
    found_in_database,
    retention::{DAY_MS, Old, WORDS, dated, family, seen, whats},
};
use crate::{
    commands::{Command, CommandError, Outcome, operator, perform},
    db::{Retired, Retiring, bytes_of_file},
    retention,
    stories::{
        blobs::announce,
        client::{Browser, OTHER_VILLAGE, Office, VILLAGE, id},
        rescues::{key, sealed, vault},
    },
    tokens,
};
use sync::id::Inc;

pub(super) const KEPT: i64 = 3 * 365 * DAY_MS + 30 * DAY_MS;

/// A worker of the other village, whose saves about this one are kept for a person.
pub(super) async fn stranger(office: &Office) -> Browser {
    office.add_account("worker2", "village_worker", &[OTHER_VILLAGE]).await;
    office.phone("worker2").await
}

/// The record under which a save was kept.
pub(super) async fn kept(phone: &Browser, seq: u64, save: Value) -> Uuid {
    let answer = phone.push(seq, json!([save])).await;
    assert_eq!(answer["results"][0]["st"], "held", "{answer}");
    answer["results"][0]["made"][0]["e"].as_str().unwrap().parse().unwrap()
}

/// The clerk drops a kept save.
pub(super) async fn drop_kept(office: &Office, held: Uuid) {
    let desk = office.desk("clerk").await;
    let resolve = json!([{"op": "resolve", "e": held, "take": "current", "reason": "重复"}]);
    let answer = desk.push(1, json!([dated(office, &desk, resolve)])).await;
    assert_eq!(answer["results"][0]["st"], "applied", "{answer}");
}

pub(super) async fn report(office: &Office) -> Value {
    office.command(Command::RetentionReport).await
}

async fn try_to_apply(office: &Office) -> Result<Outcome, CommandError> {
    let digest = report(office).await["digest"].as_str().unwrap().to_owned();
    perform(&office.app, Command::RetentionApply { digest }).await
}

pub(super) async fn apply(office: &Office) -> Value {
    try_to_apply(office).await.unwrap().json
}

#[tokio::test]
async fn what_waits_for_the_office_holds_its_line_back_and_the_report_says_so() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let old = family(&office, &desk).await;
    let phone = stranger(&office).await;
    let about_visit =
        json!([{"op": "set", "e": old.reviewed, "f": "kind", "v": "FollowUp", "base": {"fv": "0.0"}}]);
    let held = kept(&phone, 1, dated(&office, &phone, about_visit)).await;
    let stale = json!([{"op": "set", "e": old.closed, "f": "kind", "v": "N-OTH", "base": {"fv": "0.0"}}]);
    let answer = desk.push(8, json!([dated(&office, &desk, stale)])).await;
    let conflict = answer["results"][0]["made"][0].clone();
    assert_eq!(conflict["type"], "conflict", "{answer}");
    office.clock.advance(KEPT);
    let said = report(&office).await;
    assert_eq!((whats(&said), &said["held_back"]["undecided"]), (vec![], &json!(2)), "{said}");
    let text =
        crate::commands::perform(&office.app, crate::commands::Command::RetentionReport).await.unwrap();
    assert!(text.text.contains("2 stay though old: a conflict, proposal or kept save"), "{}", text.text);

    drop_kept(&office, held).await;
    assert_eq!(whats(&report(&office).await), ["visit"]);
    // What comes about it between the report and its turn holds it back as well.
    let who = operator::open(&office.app).await.unwrap();
    let before = retention::report(&office.app, &who).await.unwrap();
    let phone = office.phone("worker2").await;
    let late = json!([{"op": "set", "e": old.reviewed, "f": "note", "v": "迟到", "base": {"fv": "0.0"}}]);
    kept(&phone, 1, dated(&office, &phone, late)).await;
    assert_eq!(carry_out(&office, before.lines().first().unwrap()).await, Retired::Changed);
}

async fn carry_out(office: &Office, line: &retention::Due) -> Retired {
    let operator = operator::open(&office.app).await.unwrap();
    let now = office.clock.now();
    let today = crate::day_text::day_of_ms(now);
    let asked = Retiring {
        operator: &operator,
        inc: Inc(tokens::random()),
        first_seq: 1,
        line,
        keeping: retention::Keeping::default(),
        today: &today,
        now,
    };
    office.app.db.retire(asked).await.unwrap()
}

#[tokio::test]
async fn an_unfinished_visit_that_was_handed_over_holds_the_file_back() {
    let office = Office::new().await;
    let old = dead(&office).await;
    let phone = office.phone("worker").await;
    let keys = vault(&office, &phone);
    let draft =
        json!({"recipient": old.family, "area": office.area(VILLAGE).await, "answers": {"A27": WORDS}});
    let visit = id();
    let push = json!({"first_seq": 1, "changesets": [], "key": key(&keys.wraps().out.seal),
        "drafts": [{"id": visit, "sealed": sealed(&keys, &visit.to_string(), &draft)}]});
    let answer = phone.sync(json!({ "push": push })).await.ok();
    assert_eq!(answer["push"]["drafts"], json!([visit]), "{answer}");
    office.clock.advance(KEPT);
    let said = report(&office).await;
    assert!(!whats(&said).contains(&"file"), "{said}");
    let desk = office.desk("clerk").await;
    let (rows, _) = desk.pull_all(1).await;
    let held = rows.iter().find(|row| row["f"]["why"] == "draft").unwrap()["e"].as_str().unwrap();
    drop_kept(&office, held.parse().unwrap()).await;
    assert_eq!(whats(&report(&office).await), ["file"]);
    apply(&office).await;
    assert_eq!(found_in_database(&office, WORDS).await, 0);
}

/// A family about which nothing is open, and whose file is closed.
pub(super) async fn dead(office: &Office) -> Old {
    let desk = office.desk("clerk").await;
    let old = family(office, &desk).await;
    let done = json!([
        {"op": "set", "e": old.family, "f": "status", "v": "died", "base": {"fv": "0.0"}},
        {"op": "set", "e": old.open, "f": "state", "v": "dropped", "base": {"fv": "0.0"}},
        {"op": "append", "e": old.unreviewed, "f": "reviews", "v": {"verdict": "accepted"}},
    ]);
    let save = seen(&desk, dated(office, &desk, done)).await;
    let answer = desk.push(8, json!([save])).await;
    assert_eq!(answer["results"][0]["st"], "applied", "{answer}");
    old
}

#[tokio::test]
async fn kept_and_rejected_saves_lose_what_they_say_of_the_erased_whenever_they_come() {
    const SECRET: &str = "夜里睡不着";
    let office = Office::new().await;
    let old = dead(&office).await;
    let phone = stranger(&office).await;
    let (area, late) = (office.area(VILLAGE).await, id());
    let visit = |e: Uuid| {
        json!([
            {"op": "create", "e": e, "type": "visit", "area": area, "parent": old.family, "f": {"answers": {"A27": SECRET}}},
            {"op": "set", "e": e, "f": "kind", "v": SECRET, "base": {"fv": "0.0"}},
        ])
    };
    let held = kept(&phone, 1, dated(&office, &phone, visit(id()))).await;
    // In another's name: it stays on the phone, and in the log.
    let named = json!([{"op": "set", "e": old.family, "f": "note", "v": SECRET, "base": {"fv": "0.0"}}]);
    let mut wrong = dated(&office, &phone, named);
    wrong["author"] = json!(id());
    let answer = phone.push(2, json!([wrong])).await;
    assert_eq!(answer["results"][0]["st"], "rejected", "{answer}");
    drop_kept(&office, held).await;
    office.clock.advance(KEPT);
    assert_eq!(whats(&report(&office).await), ["file"]);
    assert!(found_in_database(&office, SECRET).await >= 3);
    apply(&office).await;
    assert_eq!(found_in_database(&office, SECRET).await, 0);

    // A phone that was away all the time.
    let phone = office.phone("worker2").await;
    let held = kept(&phone, 1, dated(&office, &phone, visit(late))).await;
    retention::finish(&office.app).await.unwrap();
    assert!(found_in_database(&office, SECRET).await == 2, "nobody has decided about it yet");
    drop_kept(&office, held).await;
    retention::finish(&office.app).await.unwrap();
    assert_eq!(found_in_database(&office, SECRET).await, 0);
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": {"own": "1.1"}, "since": {}, "page_bytes": 65536});
    let page = phone.sync(json!({ "pull": pull })).await.ok()["pull"].clone();
    let row = page["rows"].as_array().unwrap().iter().find(|row| row["e"] == json!(held));
    assert!(row.is_some_and(|row| !row["del"].is_null()), "its author's phone is told to forget it: {page}");
}

#[tokio::test]
async fn whoever_does_not_wait_for_the_answer_stops_nothing() {
    let office = Office::new().await;
    family(&office, &office.desk("clerk").await).await;
    office.clock.advance(KEPT);
    let who = operator::open(&office.app).await.unwrap();
    let digest = retention::report(&office.app, &who).await.unwrap().digest();
    {
        let mut asked = pin!(retention::apply(&office.app, &who, &digest));
        let begun = std::future::poll_fn(|context| Poll::Ready(asked.as_mut().poll(context).is_pending()));
        assert!(begun.await, "the connection is gone before the answer");
    }
    // Its turn comes after the one that is at work.
    while !retention::report(&office.app, &who).await.unwrap().lines().is_empty() {
        tokio::task::yield_now().await;
    }
    retention::finish(&office.app).await.unwrap();
    assert_eq!(report(&office).await["photos_left"], 0);
}

#[tokio::test]
async fn a_run_that_broke_off_before_the_photos_is_finished_by_the_next() {
    let office = Office::new().await;
    let old = family(&office, &office.desk("clerk").await).await;
    office.clock.advance(KEPT);
    // The disk does not let the small picture go.
    let stuck = office.app.config.blob_dir().join("small").join(&old.photo[..2]).join(&old.photo);
    fs::create_dir_all(stuck.join("x")).unwrap();
    let failed = try_to_apply(&office).await.unwrap_err();
    assert!(matches!(failed, CommandError::System(_)), "{failed:?}");
    let said = report(&office).await;
    assert_eq!((whats(&said), &said["photos_left"]), (vec![], &json!(1)), "{said}");

    // Meanwhile the hash is nobody's: neither read nor sent anew.
    let phone = office.phone("worker").await;
    let whole = json!({"bytes": 100, "kind": "photo", "e": id()});
    announce(&phone, &old.photo, whole.clone()).await.is_refused(410, "expired");
    phone.get(&format!("blobs/{}", old.photo)).await.is_refused(404, "not_found");
    fs::remove_dir_all(&stuck).unwrap();
    assert_eq!(retention::finish(&office.app).await.unwrap(), 1);
    assert!(!office.app.blobs.has_file(old.photo.parse().unwrap()).await.unwrap());
    assert_eq!(report(&office).await["photos_left"], 0);
    assert_eq!(announce(&phone, &old.photo, whole).await.ok()["offset"], 0);
}

#[tokio::test]
async fn what_came_below_a_file_after_the_report_keeps_it() {
    let office = Office::new().await;
    let old = dead(&office).await;
    office.clock.advance(KEPT);
    let who = operator::open(&office.app).await.unwrap();
    let seen = retention::report(&office.app, &who).await.unwrap();
    let line = seen.lines().iter().find(|line| line.what == retention::What::File).unwrap();
    let phone = office.phone("worker").await;
    let (area, child) = (office.area(VILLAGE).await, id());
    let ops =
        json!([{"op": "create", "e": child, "type": "task", "area": area, "parent": old.family, "f": {}}]);
    let answer = phone.push(1, json!([dated(&office, &phone, ops)])).await;
    assert_eq!(answer["results"][0]["st"], "applied", "{answer}");
    assert_eq!(carry_out(&office, line).await, Retired::Changed);
    let desk = office.desk("clerk").await;
    let (rows, _) = desk.pull_all(1).await;
    for e in [old.family, child, old.reviewed] {
        assert!(rows.iter().any(|row| row["e"] == json!(e) && row["del"].is_null()), "{e} in {rows:#?}");
    }
}

#[tokio::test]
async fn a_file_with_many_records_goes_whole() {
    const VISITS: usize = 120;
    let office = Office::new().await;
    let old = dead(&office).await;
    let desk = office.desk("clerk").await;
    let area = office.area(VILLAGE).await;
    let visit = || json!({"op": "create", "e": id(), "type": "visit", "area": area, "parent": old.family, "f": {"answers": {"A27": WORDS}}});
    let saves: Vec<Value> =
        (0..VISITS / 20).map(|_| dated(&office, &desk, (0..20).map(|_| visit()).collect())).collect();
    let answer = desk.push(1, json!(saves)).await;
    assert!(answer["results"].as_array().unwrap().iter().all(|verdict| verdict["st"] == "applied"));
    office.clock.advance(KEPT);
    assert_eq!(whats(&report(&office).await), ["file"]);
    let done = apply(&office).await;
    assert_eq!((&done["records"], &done["stayed"]), (&json!(VISITS + 6), &json!(0)), "{done}");
    assert_eq!(found_in_database(&office, WORDS).await, 0);
    assert_eq!(whats(&report(&office).await), [""; 0]);
}

#[tokio::test]
async fn freed_pages_of_the_file_hold_nothing_of_it() {
    let office = Office::new().await;
    if office.app.config.postgres.is_some() {
        return;
    }
    dead(&office).await;
    office.clock.advance(KEPT);
    let file = office.app.config.database_file();
    let holds = async |words: &str| {
        let bytes = bytes_of_file(&file).await.unwrap();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    };
    assert!(holds(WORDS).await && holds("李伟").await);
    apply(&office).await;
    assert!(!holds(WORDS).await && !holds("李伟").await);
}
