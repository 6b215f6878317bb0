//! Every ledger over the wire: who gets it, of which days, and what becomes of families that move.

use domain::day::Timestamp;
use serde_json::{Value, json};

use super::{
    client::{Browser, OTHER_VILLAGE, Office, TOWNSHIP, VILLAGE, id},
    story::two_families,
};
use crate::{commands::Command, db::StaffAct};

const LEDGERS: [&str; 10] = [
    "follow_up",
    "help",
    "roster",
    "changes",
    "coverage",
    "festival",
    "confirmation",
    "plaques",
    "stipend",
    "merit",
];

#[tokio::test]
async fn each_ledger_is_the_offices_within_its_areas() {
    let office = Office::new().await;
    let (code, name) = ("339999200".to_owned(), "青山镇".to_owned());
    office.command(Command::AreaAdd { code, name, parent: None }).await;
    let desk = office.desk("clerk").await;
    two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    for ledger in LEDGERS {
        let (list, export) = (format!("lists/{ledger}"), format!("exports/{ledger}"));
        assert!(desk.get(&list).await.ok()["cols"].as_array().unwrap().len() > 5, "{ledger}");
        desk.get(&format!("{list}?area=339999200")).await.is_refused(404, "not_found");
        desk.get(&format!("{list}?sort=no_such_column")).await.is_refused(400, "bad_request");
        phone.get(&list).await.is_refused(403, "forbidden");
        phone.post(&export, json!({})).await.is_refused(403, "forbidden");
        desk.post(&export, json!({"full": true})).await.is_refused(422, "reason_missing");
        let file = desk.post(&export, json!({})).await;
        assert_eq!(file.status, 200, "{ledger}: {}", file.text());
    }
    desk.get("lists/payroll").await.is_refused(404, "not_found");
    desk.post("exports/payroll", json!({})).await.is_refused(404, "not_found");
    office.add_account("auditor", "auditor", &["339999"]).await;
    let audit = office.desk("auditor").await.get("lists/audit?size=500").await.ok();
    let told = audit["rows"].as_array().unwrap().iter().map(|row| &row[1]);
    let exports: Vec<&Value> = told.filter(|entry| entry["action"] == "export").collect();
    assert_eq!(exports.len(), LEDGERS.len());
    for ledger in LEDGERS {
        assert!(exports.iter().any(|entry| entry["detail"]["ledger"] == ledger), "{ledger}");
    }
}

#[tokio::test]
async fn days_of_which_a_ledger_cannot_be_made_are_refused() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    for asked in [
        "roster?from=2026-01-01",
        "plaques?to=2026-12-31",
        "confirmation?from=2025-12-01&to=2026-01-31",
        "changes?from=2099-01-01&to=2099-01-31",
        "stipend?from=2099-01-01&to=2099-12-31",
        "merit?from=2025-12-01&to=2026-01-31",
        "coverage?from=2099-01-01&to=2099-06-30",
        "overview?from=2099-01-01&to=2099-06-30",
        "overview?from=2026-07-01&to=2026-06-30",
        "overview?to=yesterday",
        "help?from=2026-02-01&to=2026-01-01",
        "festival?from=2026-02-30",
    ] {
        desk.get(&format!("lists/{asked}")).await.is_refused(400, "bad_request");
    }
}

/// The table of changes around today, of an area or of all.
async fn changes(office: &Office, desk: &Browser, area: &str) -> (Value, Vec<String>) {
    let today = Timestamp::from_ms(office.clock.now()).day();
    let (from, to) = (today.plus_days(-1).unwrap(), today.plus_days(1).unwrap());
    let page = desk.get(&format!("lists/changes?from={from}&to={to}&area={area}")).await.ok();
    let line = |row: &Value| format!("{} {}", row["name"].as_str().unwrap(), row["cause"].as_str().unwrap());
    (page["totals"].clone(), page["rows"].as_array().unwrap().iter().map(line).collect())
}

fn counts(before: u64, joined: u64, left: u64) -> Value {
    json!({"before": before, "joined": joined, "left": left, "after": before + joined - left, "changed": 0})
}

/// Writes today; the families of the tests are there since long ago.
async fn write(office: &Office, desk: &Browser, seq: u64, op: Value) {
    let mut save = desk.changeset(json!([op]));
    (save["t"], save["t_contact"]) = (office.clock.now().into(), office.clock.now().into());
    let answer = desk.push(seq, json!([save])).await;
    assert_eq!(answer["results"][0]["st"], "applied", "{answer}");
}

#[tokio::test]
async fn a_death_and_a_move_stand_in_the_table_of_changes() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (_, foreign) = two_families(&office, &desk).await;
    assert_eq!(changes(&office, &desk, "").await, (counts(2, 0, 0), Vec::new()));
    let village = office.area(VILLAGE).await;
    let base = |rev: &str| json!({"fv": rev});
    let to = json!({"op": "move", "e": foreign, "area": village, "base": base("1.2")});
    write(&office, &desk, 3, to).await;
    assert_eq!(changes(&office, &desk, "").await, (counts(2, 0, 0), Vec::new()), "inside of the township");
    assert_eq!(changes(&office, &desk, VILLAGE).await, (counts(1, 1, 0), vec!["外村人 迁入".to_owned()]));
    assert_eq!(
        changes(&office, &desk, OTHER_VILLAGE).await,
        (counts(1, 0, 1), vec![" 转出".to_owned()]),
        "whose the file is now is theirs to read"
    );
    let died = json!({"op": "set", "e": foreign, "f": "status", "v": "died", "base": base("0.0")});
    write(&office, &desk, 4, died).await;
    let (totals, lines) = changes(&office, &desk, "").await;
    assert_eq!((totals, lines), (counts(2, 0, 1), vec!["外村人 去世".to_owned()]));
}

/// How many lines a ledger has.
async fn lines(desk: &Browser, asked: &str) -> Value {
    desk.get(&format!("lists/{asked}")).await.ok()["total"].clone()
}

#[tokio::test]
async fn every_number_of_the_overview_is_the_number_of_lines_of_its_list() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let worker = office.phone("worker").await.user;
    let (now, village) = (office.clock.now(), office.area(VILLAGE).await);
    let visit = json!({"op": "create", "e": id(), "type": "visit", "area": village, "parent": mine, "f": {
        "kind": "follow_up", "template": "FOLLOWUP", "completed_at": now, "answers": {"A25": 4}}});
    let need = json!({"op": "create", "e": id(), "type": "need", "area": village, "parent": mine, "f": {"kind": "N-MED", "state": "found"}});
    let answers = json!({"op": "set", "e": mine, "f": "responsible", "v": worker, "base": {"fv": "0.0"}});
    for (seq, op) in (3..).zip([visit, need, answers]) {
        write(&office, &desk, seq, op).await;
    }
    let told = desk.get("lists/overview").await.ok();
    let all = &told["all"];
    for (number, asked, expected) in [
        (&all["people"], "coverage".to_owned(), 2),
        (&all["visited"], "coverage?state=visited".to_owned(), 1),
        (&all["never"], "coverage?state=never".to_owned(), 1),
        (&all["overdue"], "coverage?state=overdue".to_owned(), 0),
        (&all["complete"], "coverage?state=complete".to_owned(), 0),
        (&all["open"], "help?state=open".to_owned(), 1),
        (&told["visits"], "follow_up?state=done".to_owned(), 1),
        (&told["kinds"][0]["open"], "help?state=N-MED".to_owned(), 1),
        (&told["kinds"][0]["late"], "help?state=overdue_N-MED".to_owned(), 0),
        (&told["ages"][0]["open"], "help?state=age_7".to_owned(), 1),
        (&told["help"]["found"], "help?state=found".to_owned(), 1),
        (&told["stars"][1]["visits"], "follow_up?state=stars_4".to_owned(), 1),
        (&told["areas"][0]["visited"], format!("coverage?state=visited&area={VILLAGE}"), 1),
        (&told["areas"][1]["visited"], format!("coverage?state=visited&area={OTHER_VILLAGE}"), 0),
        (&told["workers"][0]["visited"], format!("coverage?state=visited&worker={worker}"), 1),
        (&told["workers"][1]["people"], "coverage?worker=none".to_owned(), 1),
    ] {
        let list = lines(&desk, &asked).await;
        assert_eq!((number, &list), (&json!(expected), &json!(expected)), "{asked}: {told}");
    }
    assert_eq!((&told["unit"], &told["workers"][0]["name"]), (&json!("双桥镇"), &json!("worker")));
    // What was counted is counted anew when something changes.
    let died = json!({"op": "set", "e": mine, "f": "status", "v": "died", "base": {"fv": "0.0"}});
    write(&office, &desk, 6, died).await;
    assert_eq!(desk.get("lists/overview").await.ok()["all"]["people"], 1);
}

#[tokio::test]
async fn the_county_sees_townships_and_the_worker_who_left_is_told() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, foreign) = two_families(&office, &desk).await;
    let worker = office.phone("worker").await.user;
    for (seq, e) in [(3, mine), (4, foreign)] {
        let answers = json!({"op": "set", "e": e, "f": "responsible", "v": worker, "base": {"fv": "0.0"}});
        write(&office, &desk, seq, answers).await;
    }
    let now = office.clock.now();
    let operator = crate::commands::operator::open(&office.app).await.unwrap();
    let ended = StaffAct::End { account: worker.parse().unwrap() };
    office.app.db.staff_act(&operator, ended, now).await.unwrap();
    office.add_account("county", "county_clerk", &["339999"]).await;
    let county = office.desk("county").await;
    let told = county.get("lists/overview").await.ok();
    let names = |list: &Value| -> Vec<Value> {
        list.as_array().unwrap().iter().map(|one| json!([one["name"], one["people"]])).collect()
    };
    assert_eq!((names(&told["areas"]), &told["workers"]), (vec![json!(["双桥镇", 2])], &json!([])));
    let told = county.get(&format!("lists/overview?area={TOWNSHIP}")).await.ok();
    assert_eq!(names(&told["areas"]), [json!(["红旗村", 1]), json!(["石桥村", 1])]);
    assert_eq!((&told["workers"][0]["name"], &told["workers"][0]["left"]), (&json!("worker"), &json!(true)));
    let (from, into) = (VILLAGE.to_owned(), OTHER_VILLAGE.to_owned());
    office.command(Command::AreaMerge { from, into }).await;
    let told = county.get(&format!("lists/overview?area={TOWNSHIP}")).await.ok();
    assert_eq!(names(&told["areas"]), [json!(["石桥村", 2])], "a village that is none any more has no line");
    county.get("lists/overview?area=339998100").await.is_refused(404, "not_found");
}

#[tokio::test]
async fn villages_that_become_one_change_nobody_s_place_on_the_list() {
    let office = Office::new().await;
    two_families(&office, &office.desk("clerk").await).await;
    let (from, into) = (VILLAGE.to_owned(), OTHER_VILLAGE.to_owned());
    office.command(Command::AreaMerge { from, into }).await;
    let desk = office.desk("clerk").await;
    for area in ["", OTHER_VILLAGE] {
        assert_eq!(changes(&office, &desk, area).await, (counts(2, 0, 0), Vec::new()), "{area:?}");
    }
    let plaques = desk.get("lists/plaques").await.ok();
    let villages: Vec<&Value> =
        plaques["rows"].as_array().unwrap().iter().map(|row| &row["village"]).collect();
    assert!(
        !villages.contains(&&json!("红旗村")),
        "a village that is none any more has no line: {villages:?}"
    );
}

#[tokio::test]
async fn a_page_that_was_made_a_moment_ago_is_no_older_than_what_was_written_since() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let names = async |asked: &str| {
        let page = desk.get(&format!("lists/roster{asked}")).await.ok();
        let rows = page["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let plain = names("").await;
    let sorted = [names("?sort=name").await, names("?sort=name&down=true").await];
    office.clock.advance(61_000);
    assert_eq!(sorted, [names("?sort=name").await, names("?sort=name&down=true").await]);
    assert_eq!((names("").await, names("?size=1").await), (plain.clone(), plain[..1].to_vec()));

    let moved =
        json!([{"op": "set", "e": mine, "f": "live_addr", "v": "红旗村9组1号", "base": {"fv": "0.0"}}]);
    desk.push(3, json!([desk.changeset(moved)])).await;
    assert!(desk.get("lists/roster").await.text().contains("9组1号"), "the page of before was kept");
    office.add_account("other", "township_clerk", &["339999"]).await;
    assert_eq!(office.desk("other").await.get("lists/roster").await.ok()["total"], plain.len());
}

/// Names and categories before of the lines of a ledger.
async fn names(desk: &Browser, asked: &str) -> Vec<String> {
    let page = desk.get(&format!("lists/{asked}")).await.ok();
    page["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn after_every_change_the_next_page_shows_it() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, foreign) = two_families(&office, &desk).await;
    let everybody = || names(&desk, "roster");
    let here = format!("roster?area={VILLAGE}");
    assert_eq!(everybody().await, ["李伟", "外村人"]);
    assert_eq!(names(&desk, &here).await, ["李伟"]);
    let renamed = json!({"op": "set", "e": mine, "f": "name", "v": "李大伟", "base": {"fv": "1.1"}});
    write(&office, &desk, 3, renamed).await;
    assert_eq!(everybody().await, ["李大伟", "外村人"], "a name");
    let village = office.area(VILLAGE).await;
    let moved = json!({"op": "move", "e": foreign, "area": village, "base": {"fv": "1.2"}});
    write(&office, &desk, 4, moved).await;
    assert_eq!(names(&desk, &here).await, ["外村人", "李大伟"], "came to the village");
    assert_eq!(names(&desk, &format!("roster?area={OTHER_VILLAGE}")).await, [""; 0], "left the other");
    let deleted = json!({"op": "delete", "e": foreign, "base": {"rev": "1.4"}, "reason": "重复建档"});
    write(&office, &desk, 5, deleted).await;
    assert_eq!(names(&desk, &here).await, ["李大伟"], "deleted");
    write(&office, &desk, 6, json!({"op": "undelete", "e": foreign, "reason": "删错了"})).await;
    assert_eq!(names(&desk, &here).await, ["外村人", "李大伟"], "brought back");
}

#[tokio::test]
async fn the_table_of_changes_says_which_category_it_was_before() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let (one, village) = (id(), office.area(VILLAGE).await);
    let create = json!({"op": "create", "e": one, "type": "entitlement", "area": village, "parent": mine,
        "f": {"category": "81", "state": "paid"}});
    let mut long_ago = desk.changeset(json!([create]));
    (long_ago["t"], long_ago["t_contact"]) = (1_700_000_000_000_i64.into(), 1_700_000_000_000_i64.into());
    let answer = desk.push(3, json!([long_ago])).await;
    assert_eq!(answer["results"][0]["st"], "applied", "{answer}");
    let now = json!({"op": "set", "e": one, "f": "category", "v": "51", "base": {"fv": "1.3"}});
    write(&office, &desk, 4, now).await;
    let today = Timestamp::from_ms(office.clock.now()).day();
    let (from, to) = (today.plus_days(-1).unwrap(), today.plus_days(1).unwrap());
    let page = desk.get(&format!("lists/changes?from={from}&to={to}&state=changed")).await.ok();
    let line =
        page["rows"].as_array().unwrap().iter().find(|row| row["cause"] == "类别变更").expect("a line");
    assert_eq!((&line["was"], &line["category"]), (&json!("60岁退兵"), &json!("参战")), "{page}");
}

/// What the chain says of an action.
async fn told(auditor: &Browser, action: &str) -> Vec<Value> {
    let page = auditor.get("lists/audit?size=500").await.ok();
    let entries = page["rows"].as_array().unwrap().iter().map(|row| row[1].clone());
    let mut told: Vec<Value> = entries.filter(|entry| entry["action"] == action).collect();
    told.reverse();
    told.iter().map(|entry| entry["detail"].clone()).collect()
}

#[tokio::test]
async fn who_was_shown_lines_stands_in_the_chain_once_an_hour_for_a_ledger_and_an_area() {
    let office = Office::new().await;
    office.add_account("auditor", "auditor", &["339999"]).await;
    let (auditor, desk) = (office.desk("auditor").await, office.desk("clerk").await);
    two_families(&office, &desk).await;
    for nothing in ["roster?size=0", "roster?page=7", "help", "overview"] {
        desk.get(&format!("lists/{nothing}")).await.ok();
    }
    assert_eq!(told(&auditor, "list").await, [json!({}); 0], "nobody was shown anything");
    for shown in ["roster", "roster?page=1&size=1", "roster?sort=name&down=true"] {
        desk.get(&format!("lists/{shown}")).await.ok();
    }
    let all = json!({"ledger": "roster", "area": null});
    assert_eq!(told(&auditor, "list").await, [all.clone()]);
    desk.get(&format!("lists/roster?area={VILLAGE}")).await.ok();
    let village = json!({"ledger": "roster", "area": office.area(VILLAGE).await});
    assert_eq!(told(&auditor, "list").await, [all.clone(), village.clone()]);
    office.add_account("other", "township_clerk", &[TOWNSHIP]).await;
    office.desk("other").await.get("lists/roster").await.ok();
    assert_eq!(told(&auditor, "list").await, [all.clone(), village.clone(), all.clone()], "another person");
    office.clock.advance(60 * 60_000);
    office.desk("clerk").await.get("lists/roster").await.ok();
    let auditor = office.desk("auditor").await;
    assert_eq!(told(&auditor, "list").await.len(), 4, "another hour");
}

#[tokio::test]
async fn a_page_shows_no_more_than_a_hundred_lines() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let village = office.area(VILLAGE).await;
    let create = |n: usize| {
        let f = json!({"name": format!("王{n}")});
        desk.changeset(json!([{"op": "create", "e": id(), "type": "recipient", "area": village, "f": f}]))
    };
    desk.push(1, json!((0..120).map(create).collect::<Vec<_>>())).await;
    let page = desk.get("lists/roster?size=500").await.ok();
    assert_eq!((page["rows"].as_array().unwrap().len(), &page["pages"]), (100, &json!(2)));
}

#[tokio::test]
async fn who_prints_a_ledger_is_named_on_it_and_in_the_chain_each_time() {
    let office = Office::new().await;
    office.add_account("auditor", "auditor", &["339999"]).await;
    let (auditor, desk) = (office.desk("auditor").await, office.desk("clerk").await);
    two_families(&office, &desk).await;
    let before = office.clock.now();
    let paper = desk.post("lists/roster/paper", json!({"full": true, "reason": "核对证件"})).await;
    assert!(!paper.text().contains("339999194803120019"), "no paper has a number in full");
    let paper = paper.ok();
    let at = paper["at"].as_i64().unwrap();
    assert!(paper["by"] == "clerk" && (before..=office.clock.now()).contains(&at), "{paper}");
    assert_eq!((paper["rows"].as_array().unwrap().len(), &paper["pages"]), (2, &json!(1)));
    desk.post("lists/roster/paper", json!({"area": VILLAGE})).await.ok();
    desk.post("lists/help/paper", json!({})).await.ok();
    let of_all = json!({"ledger": "roster", "area": null, "rows": 2});
    let of_one = json!({"ledger": "roster", "area": office.area(VILLAGE).await, "rows": 1});
    assert_eq!(told(&auditor, "list_print").await, [of_all, of_one], "of nothing nothing is told");
    office.phone("worker").await.post("lists/roster/paper", json!({})).await.is_refused(403, "forbidden");
}

#[tokio::test]
async fn what_is_too_long_for_an_export_unasked_is_neither_printed_nor_copied() {
    let office = Office::with_limits(&["export-rows=1"]).await;
    office.add_account("auditor", "auditor", &["339999"]).await;
    let (auditor, desk) = (office.desk("auditor").await, office.desk("clerk").await);
    two_families(&office, &desk).await;
    let refused = desk.post("lists/roster/paper", json!({})).await.is_refused(422, "paper_too_long");
    assert_eq!((&refused["rows"], &refused["limit"]), (&json!(2), &json!(1)), "{refused}");
    desk.post("lists/roster/paper", json!({"area": VILLAGE})).await.ok();
    let village = office.area(VILLAGE).await;
    let copy = |rows: usize| desk.post("views/copied", json!({"rows": rows, "areas": [village]}));
    for rows in [0, 2] {
        copy(rows).await.is_refused(422, "copy_rows");
    }
    copy(1).await.ok();
    desk.post("views/copied", json!({"rows": 1, "areas": ["somewhere"]}))
        .await
        .is_refused(400, "bad_request");
    assert_eq!(told(&auditor, "list_print").await.len(), 1);
    assert_eq!(told(&auditor, "list_copy").await, [json!({"rows": 1, "areas": [village]})]);
    let phone = office.phone("worker").await;
    phone.post("views/copied", json!({"rows": 1, "areas": [village]})).await.ok();
}
