//! How often families are visited: the county decides, every phone hears of it, and the ledger goes by it.

use serde_json::{Value, json};

use crate::stories::client::{Browser, Office};

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
    // What phones lock and show is not changed from a desk.
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
