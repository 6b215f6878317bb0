//! Every ledger over the wire: who gets it, of which days, and what becomes of families that move.

use domain::day::Timestamp;
use serde_json::{Value, json};

use super::{
    client::{Browser, OTHER_VILLAGE, Office, VILLAGE},
    story::two_families,
};
use crate::commands::Command;

const LEDGERS: [&str; 7] = ["follow_up", "help", "roster", "changes", "festival", "confirmation", "plaques"];

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
