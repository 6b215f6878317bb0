//! Villages that get another code, and villages that become one, as an administrator does it in the browser.

use domain::day::Timestamp;
use serde_json::{Value, json};

use super::{
    client::{Answer, Browser, OTHER_VILLAGE, Office, TOWNSHIP, VILLAGE},
    commands::{LI, list},
};
use crate::commands::Command;

/// Another township with a village of its own.
const ELSEWHERE: &str = "339999200201";

/// The office of the tests with an administrator, a neighbour township and a family in the first village.
async fn office() -> (Office, Browser) {
    let office = Office::new().await;
    for (code, name) in [("339999200", "青山镇"), (ELSEWHERE, "上坪村")] {
        let (code, name) = (code.to_owned(), name.to_owned());
        office.command(Command::AreaAdd { code, name, parent: None }).await;
    }
    office.command(list(&[LI])).await;
    office.add_account("root", "admin", &["339999"]).await;
    let admin = office.desk("root").await;
    (office, admin)
}

async fn facts(by: &Browser, code: &str) -> Value {
    let areas = by.get("areas").await.ok()["areas"].clone();
    areas.as_array().unwrap().iter().find(|area| area["code"] == code).cloned().unwrap_or_default()
}

async fn act(office: &Office, by: &Browser, code: &str, what: &str, body: Value) -> Answer {
    by.post(&format!("areas/{}/{what}", office.area(code).await), body).await
}

fn day(office: &Office, days: i64) -> String {
    Timestamp::from_ms(office.clock.now()).day().plus_days(days).unwrap().to_string()
}

#[tokio::test]
async fn everybody_who_supervises_sees_how_much_lies_in_his_areas() {
    let (office, admin) = office().await;
    office.phone("worker").await;
    let red = facts(&admin, VILLAGE).await;
    assert_eq!((&red["families"], &red["people"], &red["devices"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(red["parent"].as_str().unwrap(), office.area(TOWNSHIP).await);
    assert_eq!(facts(&admin, TOWNSHIP).await["families"], 0, "what lies below is the village's");
    let clerk = office.desk("clerk").await;
    assert_eq!(facts(&clerk, VILLAGE).await["families"], 1);
    assert_eq!(facts(&clerk, ELSEWHERE).await, Value::Null);
    office.phone("worker").await.get("areas").await.is_refused(403, "forbidden");
}

#[tokio::test]
async fn two_villages_become_one_with_what_waits_and_who_works_there() {
    let (office, admin) = office().await;
    let (red, stone) = (office.area(VILLAGE).await, office.area(OTHER_VILLAGE).await);
    let phone = office.phone("worker").await;
    let (rows, _) = phone.pull_all(1).await;
    let family = rows.iter().find(|row| row["type"] == "recipient").unwrap()["e"].clone();
    let set = |field: &str| {
        phone.changeset(json!([{"op": "set", "e": family, "f": field, "v": "x", "base": {"fv": "0.0"}}]))
    };
    let pushed = phone.push(1, json!([set("bank"), set("remark")])).await;
    let made = |n: usize| pushed["results"][n]["made"][0].clone();
    assert_eq!((&made(0)["type"], &made(1)["type"]), (&json!("proposal"), &json!("held")));

    let before = act(&office, &admin, VILLAGE, "merge/preview", json!({"into": stone})).await.ok();
    let expected = json!({
        "families": 1, "visits": 0, "waiting": 2, "people": ["worker"], "devices": 1, "unsent": 0,
    });
    assert_eq!(before, expected);
    let on = day(&office, -3);
    let done = act(&office, &admin, VILLAGE, "merge", json!({"into": stone, "on": on})).await.ok();
    assert_eq!(done["moved"], 1);
    let closed = facts(&admin, VILLAGE).await;
    assert_eq!((&closed["families"], &closed["valid_to"]), (&json!(0), &json!(on)));
    assert_eq!(facts(&admin, OTHER_VILLAGE).await["families"], 1);

    // The worker has the new village, the family and what waits.
    let (rows, _) = phone.pull_all(2).await;
    let lies = |e: &Value| rows.iter().find(|row| row["e"] == *e).map(|row| row["area"].clone());
    for e in [&family, &made(0)["e"], &made(1)["e"]] {
        assert_eq!(lies(e), Some(json!(stone)));
    }
    let clerk = office.desk("clerk").await;
    let decided = [
        json!({"op": "decide", "e": made(0)["e"], "accept": false}),
        json!({"op": "resolve", "e": made(1)["e"], "take": "current", "reason": "重复"}),
    ]
    .map(|op| clerk.changeset(json!([op])));
    let answer = clerk.push(1, json!(decided)).await;
    for verdict in answer["results"].as_array().unwrap() {
        assert_eq!(verdict["st"], "applied", "{verdict}");
    }
    // What he saved before he knew goes where the family is.
    let late = phone.changeset(
        json!([{"op": "set", "e": family, "f": "phone2", "v": "0570-7654321", "base": {"fv": "0.0"}}]),
    );
    assert_eq!(phone.push(3, json!([late])).await["results"][0]["st"], "applied");
    assert_ne!(red, stone);
}

#[tokio::test]
async fn what_cannot_become_one_is_refused_and_nothing_moves() {
    let (office, admin) = office().await;
    let (red, stone) = (office.area(VILLAGE).await, office.area(OTHER_VILLAGE).await);
    let (elsewhere, township) = (office.area(ELSEWHERE).await, office.area(TOWNSHIP).await);
    for what in ["merge/preview", "merge"] {
        let ask = async |into: &str| act(&office, &admin, VILLAGE, what, json!({ "into": into })).await;
        ask(&red).await.is_refused(422, "area_itself");
        ask(&township).await.is_refused(422, "area_not_lowest");
        ask(&elsewhere).await.is_refused(422, "area_elsewhere");
        ask(&super::client::id().to_string()).await.is_refused(404, "not_found");
    }
    let on = |on: String| json!({"into": stone, "on": on});
    act(&office, &admin, VILLAGE, "merge", on(day(&office, 1))).await.is_refused(422, "area_day");
    act(&office, &admin, VILLAGE, "merge", on("1999-12-31".into())).await.is_refused(422, "area_day");
    assert_eq!(facts(&admin, VILLAGE).await["families"], 1);
    act(&office, &admin, VILLAGE, "merge", json!({"into": stone})).await.ok();
    act(&office, &admin, VILLAGE, "merge", json!({"into": stone})).await.is_refused(422, "area_closed");
    act(&office, &admin, OTHER_VILLAGE, "merge", json!({"into": red})).await.is_refused(422, "area_closed");
    let clerk = office.desk("clerk").await;
    for what in ["merge/preview", "merge", "rename"] {
        let body = json!({"into": red, "code": VILLAGE, "name": "红旗村", "on": day(&office, 0)});
        act(&office, &clerk, OTHER_VILLAGE, what, body).await.is_refused(403, "forbidden");
    }
}

/// A6.
#[tokio::test]
async fn a_village_gets_another_code_and_name_from_a_day_on() {
    let (office, admin) = office().await;
    let on = day(&office, -10);
    let new = |code: &str, name: &str, on: &str| json!({"code": code, "name": name, "on": on});
    let rename = async |code: &str, body: Value| act(&office, &admin, code, "rename", body).await;
    for (code, err) in [
        (OTHER_VILLAGE, "area_exists"),
        (ELSEWHERE, "area_code_outside"),
        ("339999200299", "area_code_outside"),
        (TOWNSHIP, "area_code_outside"),
        ("339999100000", "area_code_outside"),
        ("", "area_code_outside"),
        ("33999910029", "area_code_bad"),
        ("33999910029x", "area_code_bad"),
    ] {
        rename(VILLAGE, new(code, "红旗村", &on)).await.is_refused(422, err);
    }
    for name in ["", " ", "两 个", &"村".repeat(41)] {
        rename(VILLAGE, new(VILLAGE, name, &on)).await.is_refused(422, "area_name_bad");
    }
    rename(VILLAGE, new("339999100299", "红旗村", &day(&office, 1))).await.is_refused(422, "area_day");
    rename(TOWNSHIP, new("339999101", "双桥镇", &on)).await.is_refused(422, "area_not_lowest");
    rename(TOWNSHIP, new(TOWNSHIP, "双桥街道", &on)).await.ok();
    let phone = office.phone("worker").await;
    let done = rename(VILLAGE, new("339999100299", "红旗社区", &on)).await.ok();
    assert_eq!((&done["code"], &done["valid_from"]), (&json!("339999100299"), &json!(on)));
    let seen = facts(&admin, "339999100299").await;
    assert_eq!(seen["former"], json!([{"code": VILLAGE, "name": "红旗村", "until": on}]));
    assert_eq!((&seen["families"], &seen["name"]), (&json!(1), &json!("红旗社区")));
    let me = phone.get("me").await.ok();
    assert_eq!((&me["areas"][0]["code"], &me["scope_rev"]), (&json!("339999100299"), &json!(2)));
    let alike = new(OTHER_VILLAGE, "红旗社区", &on);
    rename(OTHER_VILLAGE, alike).await.is_refused(422, "area_name_exists");
    // The old code is free for another village.
    let add = json!({"text": format!("{VILLAGE} 新红旗村")});
    assert_eq!(admin.post("areas", add).await.ok()["added"], 1);
    // Another name alone leaves the day of the code.
    let renamed =
        act(&office, &admin, OTHER_VILLAGE, "rename", new(OTHER_VILLAGE, "石桥社区", &on)).await.ok();
    assert_ne!(renamed["valid_from"], json!(on));
}

#[tokio::test]
async fn a_village_of_a_name_that_its_township_has_is_not_made() {
    let (office, admin) = office().await;
    let (alike, elsewhere) = ("339999100299 红旗村", "339999200299 红旗村");
    let judged = admin.post("areas", json!({"text": alike, "check": true})).await.ok();
    assert_eq!(
        (&judged["refused"][0]["row"], &judged["refused"][0]["why"]),
        (&json!(1), &json!("known_name"))
    );
    let refused = admin.post("areas", json!({ "text": alike })).await.is_refused(422, "areas_bad");
    assert_eq!(refused["refused"][0]["why"], "known_name");
    let new = crate::db::NewArea {
        id: super::client::id(),
        code: "339999100299".to_owned(),
        name: "红旗村".to_owned(),
        parent: None,
        now: office.clock.now(),
    };
    let added = office.app.db.add_area(new).await;
    assert!(matches!(added, Err(crate::db::DbError::Refused("area_name_exists"))), "{added:?}");
    admin.post("areas", json!({ "text": elsewhere })).await.ok();
    // One that became part of another has left its name.
    let stone = office.area(OTHER_VILLAGE).await;
    act(&office, &admin, VILLAGE, "merge", json!({ "into": stone })).await.ok();
    admin.post("areas", json!({ "text": alike })).await.ok();
}

#[tokio::test]
async fn an_administrator_of_another_county_finds_no_village() {
    let (office, _) = office().await;
    for (code, name) in [("339998", "邻县"), ("339998100", "白水镇"), ("339998100201", "下坪村")] {
        let (code, name) = (code.to_owned(), name.to_owned());
        office.command(Command::AreaAdd { code, name, parent: None }).await;
    }
    office.add_account("other root", "admin", &["339998"]).await;
    let other = office.desk("other root").await;
    let body = json!({"code": VILLAGE, "name": "红旗村", "on": day(&office, 0), "into": office.area(OTHER_VILLAGE).await});
    for what in ["rename", "merge", "merge/preview"] {
        act(&office, &other, VILLAGE, what, body.clone()).await.is_refused(404, "not_found");
    }
    let into_foreign = json!({"into": office.area(VILLAGE).await});
    act(&office, &other, "339998100201", "merge", into_foreign).await.is_refused(404, "not_found");
}
