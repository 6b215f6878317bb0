//! How often families are visited: the county decides, every phone hears of it, and the ledger goes by it.

use serde_json::{Value, json};

use crate::stories::client::{Browser, Office, PASSWORD};

const DAY_MS: i64 = 24 * 60 * 60_000;

async fn county() -> (Office, Browser) {
    let office = Office::new().await;
    office.add_account("county", "county_clerk", &["339999"]).await;
    office.add_account("auditor", "auditor", &["339999"]).await;
    let clerk = office.desk("county").await;
    (office, clerk)
}

/// The entries of the audit chain that tell of settings.
async fn audit(auditor: &Browser) -> Vec<Value> {
    let page = auditor.get("lists/audit?size=500").await.ok();
    let entries = page["rows"].as_array().unwrap().iter().map(|row| row[1].clone());
    entries.filter(|entry| entry["action"] == "settings").collect()
}

fn changes(changes: Value) -> Value {
    json!({ "changes": changes })
}

async fn heard(office: &Office, phone: &Browser) -> Value {
    let hello = json!({"hello": {
        "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
        "build": "1.0.0", "t": office.clock.now(), "storage": {"persisted": true},
    }});
    phone.sync(hello).await.ok()["hello"]["settings"].clone()
}

#[tokio::test]
async fn a_wrong_value_changes_nothing_and_says_what_would_be_right() {
    let (office, clerk) = county().await;
    let post = async |what: Value| clerk.post("settings", changes(what)).await;
    let said = post(json!({"follow_up_a": "2", "follow_up_b": "37"})).await.is_refused(422, "setting_value");
    assert_eq!((&said["setting"], &said["allowed"]), (&json!("follow_up_b"), &json!("1 to 36")));
    post(json!({"confirm": "12-10/11-01"})).await.is_refused(422, "setting_value");
    // What phones lock and show is an administrator's.
    post(json!({"offline_days": "30"})).await.is_refused(422, "setting_unknown");
    post(json!({"keep_visits": "1"})).await.is_refused(422, "setting_unknown");
    clerk.post("settings", json!({"changes": {"follow_up_a": 2}})).await.is_refused(400, "bad_request");
    let said = clerk.get("settings").await.ok();
    assert_eq!(said["settings"]["follow_up_a"], json!({"value": "3", "allowed": "1 to 36"}));
    assert_eq!(heard(&office, &office.phone("worker").await).await, Value::Null);
}

#[tokio::test]
async fn a_county_changes_its_plan_and_phones_hear_of_it_at_the_next_contact() {
    let (office, clerk) = county().await;
    let phone = office.phone("worker").await;
    let changed =
        clerk.post("settings", changes(json!({"follow_up_a": "2", "confirm": "08-01/08-31"}))).await.ok();
    assert_eq!(changed["settings"]["confirm"]["value"], "08-01/08-31");
    let settings = heard(&office, &phone).await;
    assert_eq!((&settings["follow_up_a"], &settings["follow_up_b"]), (&json!("2"), &json!("6")));
    let township = office.desk("clerk").await;
    assert_eq!(township.get("settings").await.ok()["settings"]["follow_up_a"]["value"], "2");
    township.post("settings", changes(json!({"follow_up_a": "3"}))).await.is_refused(403, "forbidden");
    phone.get("settings").await.is_refused(403, "forbidden");
    let auditor = office.desk("auditor").await;
    let before = audit(&auditor).await;
    assert_eq!((before.len(), &before[0]["detail"]["after"]["confirm"]), (1, &json!("08-01/08-31")));
    assert_eq!(before[0]["detail"]["before"]["follow_up_a"], "3");
    assert!(before[0]["account"].is_string(), "who changed it stands in the chain");
    clerk.post("settings", changes(json!({"follow_up_a": "2"}))).await.ok();
    assert_eq!(audit(&auditor).await.len(), 1, "nothing changed");
}

#[tokio::test]
async fn an_administrator_changes_what_phones_lock_and_show() {
    let (office, county) = county().await;
    office.add_account("root", "admin", &["339999"]).await;
    let (admin, phone) = (office.desk("root").await, office.phone("worker").await);
    let post = async |what: Value| admin.post("settings/safety", changes(what)).await;
    let said = post(json!({"id_tail": "2", "offline_days": "31"})).await.is_refused(422, "setting_value");
    assert_eq!((&said["setting"], &said["allowed"]), (&json!("offline_days"), &json!("1 to 30")));
    post(json!({"follow_up_a": "2"})).await.is_refused(422, "setting_unknown");
    assert_eq!(heard(&office, &phone).await, Value::Null, "nothing was changed");
    let said = post(json!({"lock_minutes": "3", "restart_unlock": "strict"})).await.ok();
    assert_eq!(said["settings"]["restart_unlock"], "strict");
    assert_eq!(heard(&office, &phone).await["lock_minutes"], 3);
    let auditor = office.desk("auditor").await;
    assert_eq!(audit(&auditor).await[0]["detail"]["after"]["lock_minutes"], 3);
    county.post("settings/safety", changes(json!({"lock_minutes": "60"}))).await.is_refused(403, "forbidden");
}

#[tokio::test]
async fn an_office_may_ask_for_kinds_of_signs_and_for_another_password_after_a_time() {
    let (office, _) = county().await;
    office.add_account("root", "admin", &["339999"]).await;
    let admin = office.desk("root").await;
    let mut phone = office.phone("worker").await;
    let set = async |what: Value| admin.post("settings/safety", changes(what)).await.ok();
    set(json!({"password_kinds": "3", "password_days": "30"})).await;
    let own = |new: &str| json!({"old": PASSWORD, "new": new});
    phone.post("me/password", own("春风化雨润物细无声")).await.is_refused(422, "password_kinds");
    phone.login("worker", PASSWORD).await.ok();
    office.clock.advance(30 * DAY_MS);
    phone.login("worker", PASSWORD).await.is_refused(401, "password_old");
    let with = |new: &str| json!({"user": "worker", "password": PASSWORD, "new_password": new});
    phone.post("login", with(PASSWORD)).await.is_refused(422, "password_same");
    phone.post("login", with("春风化雨 Huayu 润物")).await.ok();
    phone.login("worker", "春风化雨 Huayu 润物").await.ok();
}
