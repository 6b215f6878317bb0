//! The first start: an empty folder becomes an office, once.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Method, header},
};
use serde_json::{Value, json};

use super::client::{Answer, Office, PASSWORD};
use crate::{
    clock::Clock,
    testing::{self, Folder},
};

const LIST: &str = "区划代码\t名称\n339999100000\t双桥镇\n339999100201\t红旗村\n339999100202\t石桥村\n";

async fn empty() -> Office {
    let folder = Arc::new(Folder::new());
    let config = testing::config(&folder, false);
    Office::over(config, Clock::default(), folder).await
}

fn asked(text: &str) -> Value {
    json!({"county_code": "339999", "county_name": "示范县", "text": text, "user": "admin1", "password": PASSWORD})
}

async fn set_up(office: &Office, code: &str, body: Value) -> Answer {
    let browser = office.browser();
    let request = browser
        .request(Method::POST, "setup")
        .header(header::CONTENT_TYPE, "application/json")
        .header("setup-code", code);
    browser.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn an_empty_folder_becomes_an_office_and_the_door_closes_for_ever() {
    let office = empty().await;
    let code = office.app.keys.set_up_code();
    assert_eq!(office.browser().get("setup").await.ok()["open"], true);
    let mut check = asked(LIST);
    check["check"] = json!(true);
    let judged = set_up(&office, &code, check).await.ok();
    assert_eq!((&judged["townships"], &judged["villages"]), (&json!(1), &json!(2)));
    assert!(office.app.db.accounts().await.unwrap().is_empty());
    set_up(&office, &code.to_lowercase().replace('-', " "), asked(LIST)).await.ok();
    assert_eq!(office.browser().get("setup").await.ok()["open"], false);
    set_up(&office, &code, asked(LIST)).await.is_refused(422, "setup_closed");
    let admin = office.desk("admin1").await;
    let seen = admin.get("accounts").await.ok();
    assert_eq!(seen["areas"].as_array().unwrap().len(), 4);
    let worker =
        json!({"user": "worker", "role": "village_worker", "areas": [office.area("339999100201").await]});
    admin.post("accounts", worker).await.ok();
}

#[tokio::test]
async fn nobody_sets_up_an_office_without_the_code_of_its_server() {
    let office = empty().await;
    let other = empty().await.app.keys.set_up_code();
    for code in ["", "AAAA-BBBB-CCCC", &other, &other] {
        set_up(&office, code, asked(LIST)).await.is_refused(422, "setup_code_wrong");
    }
    set_up(&office, "", asked(LIST)).await.is_refused(422, "setup_code_wrong");
    let code = office.app.keys.set_up_code();
    set_up(&office, &code, asked(LIST)).await.is_refused(429, "slow_down");
    office.clock.advance(60_000);
    set_up(&office, &code, asked(LIST)).await.ok();
}

#[tokio::test]
async fn each_fault_is_named_and_nothing_is_written() {
    let office = empty().await;
    let code = office.app.keys.set_up_code();
    let bad =
        LIST.to_owned() + "339999100201\t又一个红旗村\n330106001\t别县镇\n33999910020\t短了\n没有代码\n";
    let body = set_up(&office, &code, asked(&bad)).await.is_refused(422, "areas_bad");
    let whys: Vec<_> = body["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["row"].clone(), one["why"].clone()))
        .collect();
    let expected = [(5, "twice"), (6, "outside_county"), (7, "bad_code"), (8, "no_code")];
    assert_eq!(whys, expected.map(|(row, why)| (json!(row), json!(why))));
    assert_eq!(body["refused"][0]["first_row"], 3);
    for (member, value, err) in [
        ("county_code", "339999100", "county_code_bad"),
        ("county_code", "", "county_code_bad"),
        ("county_name", " ", "county_name_missing"),
        ("county_name", "示范\u{202e}县", "county_name_bad"),
        ("county_name", "县".repeat(41).as_str(), "county_name_bad"),
        ("user", "a b", "user_name_bad"),
        ("password", "12345678", "password_common"),
        ("text", "", "areas_missing"),
    ] {
        let mut body = asked(LIST);
        body[member] = json!(value);
        set_up(&office, &code, body).await.is_refused(422, err);
    }
    assert!(
        office.app.db.areas().await.unwrap().is_empty() && office.app.db.accounts().await.unwrap().is_empty()
    );
}

#[tokio::test]
async fn what_could_be_two_names_says_both_and_what_is_taken_is_told_by_name() {
    let office = empty().await;
    let code = office.app.keys.set_up_code();
    let mut check =
        asked("339999100 双桥镇\n339999100201 下杨(村),甲\n339999100202 石桥村\n339999100203 石桥村");
    check["check"] = json!(true);
    let said = set_up(&office, &code, check).await.ok();
    let refused = &said["refused"];
    assert_eq!((&refused[0]["why"], &refused[0]["names"]), (&json!("two_names"), &json!(["下杨(村)", "甲"])));
    assert_eq!((&refused[1]["why"], &refused[1]["first_row"]), (&json!("same_name"), &json!(3)));
    let mut check = asked("乡镇\t村\t代码\n双桥镇\t红旗村\t339999100201\n双桥镇\t石桥村\t339999100202");
    check["check"] = json!(true);
    let said = set_up(&office, &code, check).await.ok();
    let names: Vec<_> = said["lines"].as_array().unwrap().iter().map(|line| &line["name"]).collect();
    assert_eq!(said["refused"], json!([]));
    assert_eq!(names, ["双桥镇", "红旗村", "石桥村"]);
}

#[tokio::test]
async fn an_office_that_was_made_by_commands_has_no_door() {
    let office = Office::new().await;
    assert_eq!(office.browser().get("setup").await.ok()["open"], false);
    let code = office.app.keys.set_up_code();
    set_up(&office, &code, asked(LIST)).await.is_refused(422, "setup_closed");
}
