//! What an office sees of its devices, and what it decides about them.

use serde_json::{Value, json};

use super::client::{Browser, OTHER_VILLAGE, Office, TOWNSHIP, VILLAGE, id};
use crate::commands::Command;

const HOUR_MS: i64 = 60 * 60_000;

pub(super) fn hello(office: &Office, said: Value) -> Value {
    let mut hello = json!({
        "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
        "build": "1.0.0", "t": office.clock.now(), "storage": {"persisted": true},
    });
    for (name, value) in said.as_object().unwrap() {
        hello[name] = value.clone();
    }
    json!({"hello": hello})
}

async fn device(desk: &Browser, phone: &Browser) -> Value {
    let rows = desk.get("devices").await.ok()["devices"].clone();
    rows.as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == phone.device.as_str())
        .cloned()
        .unwrap_or_default()
}

async fn set(desk: &Browser, phone: &Browser, state: &str, reason: &str) -> super::client::Answer {
    desk.post(&format!("devices/{}/state", phone.device), json!({"state": state, "reason": reason})).await
}

/// G3.
#[tokio::test]
async fn a_desk_sees_what_a_phone_said_and_not_what_it_has_sent_since() {
    let office = Office::new().await;
    let (desk, phone) = (office.desk("clerk").await, office.phone("worker").await);
    let new = device(&desk, &phone).await;
    assert_eq!(
        (&new["state"], &new["waiting"], &new["seen_at"]),
        (&json!("active"), &Value::Null, &Value::Null)
    );
    let said = hello(&office, json!({"next_seq": 3, "pending": 2, "oldest": 5, "drafts": 1, "blobs": 4}));
    phone.sync(said).await.ok();
    let row = device(&desk, &phone).await;
    assert_eq!(row["waiting"], json!({"saves": 2, "photos": 4, "drafts": 1, "oldest": 5}));
    assert_eq!(
        (&row["build"], &row["clock_off_min"], &row["own"]),
        (&json!("1.0.0"), &json!(0), &json!(false))
    );
    let village = office.area(VILLAGE).await;
    let family = |name: &str| {
        phone.changeset(
            json!([{"op": "create", "e": id(), "type": "recipient", "area": village, "f": {"name": name}}]),
        )
    };
    phone.push(1, json!([family("李伟"), family("王芳")])).await;
    let row = device(&desk, &phone).await;
    assert_eq!(row["waiting"], json!({"saves": 0, "photos": 4, "drafts": 1}));
    let people = desk.get("devices").await.ok()["people"].clone();
    let names: Vec<&str> =
        people.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!((names, &people[1]["areas"]), (vec!["clerk", "worker"], &json!(["红旗村"])));
}

/// G3.
#[tokio::test]
async fn a_doubtful_clock_and_a_lost_storage_are_told_once_until_somebody_dealt_with_them() {
    let office = Office::new().await;
    let (desk, phone) = (office.desk("clerk").await, office.phone("worker").await);
    let t = office.clock.now() + 3 * HOUR_MS;
    let incident = json!({"kind": "went_back", "inc": phone.inc, "lost": [4, 6]});
    for _ in 0..2 {
        let storage = json!({"persisted": false, "incident": incident});
        phone.sync(hello(&office, json!({"t": t, "storage": storage}))).await.ok();
    }
    let row = device(&desk, &phone).await;
    assert_eq!((&row["clock_off_min"], &row["persisted"]), (&json!(179), &json!(false)));
    let incidents = row["incidents"].as_array().unwrap();
    assert_eq!(
        (incidents.len(), &incidents[0]["kind"], &incidents[0]["lost"]),
        (1, &json!("went_back"), &json!(3))
    );
    let path = format!("devices/{}/incidents/{}", phone.device, incidents[0]["n"]);
    desk.post(&path, json!({"word": " "})).await.is_refused(422, "reason_missing");
    desk.post(&format!("devices/{}/incidents/1", phone.device), json!({"word": "看过"}))
        .await
        .is_refused(404, "not_found");
    for word in ["换了手机", "再记一次"] {
        desk.post(&path, json!({"word": word})).await.ok();
    }
    let settled = device(&desk, &phone).await["incidents"][0]["settled"].clone();
    assert_eq!((&settled["reason"], &settled["by"]), (&json!("换了手机"), &json!(desk.user)));
    phone.sync(hello(&office, json!({}))).await.ok();
    assert_eq!(device(&desk, &phone).await["clock_off_min"], 0, "the clock was set right");
}

#[tokio::test]
async fn a_state_needs_the_scope_a_reason_and_another_device() {
    let office = Office::new().await;
    office.add_account("neighbour", "township_clerk", &[OTHER_VILLAGE]).await;
    office.add_account("both", "village_worker", &[VILLAGE, OTHER_VILLAGE]).await;
    office.add_account("root", "admin", &[]).await;
    let (desk, phone) = (office.desk("clerk").await, office.phone("worker").await);
    let (neighbour, both) = (office.desk("neighbour").await, office.phone("both").await);
    set(&phone, &phone, "active", "自己").await.is_refused(403, "forbidden");
    phone.get("devices").await.is_refused(403, "forbidden");
    set(&neighbour, &phone, "wipe", "丢了").await.is_refused(404, "not_found");
    set(&neighbour, &both, "wipe", "丢了").await.is_refused(404, "not_found");
    assert_eq!(device(&neighbour, &both).await, Value::default(), "one of his villages is not the caller's");
    desk.post("devices/code", json!({"user": "root"})).await.is_refused(404, "not_found");
    set(&desk, &phone, "wipe", "").await.is_refused(422, "reason_missing");
    set(&desk, &phone, "lost", "丢了").await.is_refused(422, "device_state_unknown");
    desk.post("devices/nothing/state", json!({"state": "wipe", "reason": "丢了"}))
        .await
        .is_refused(404, "not_found");
    let own = office.phone("clerk").await;
    set(&own, &own, "revoked", "丢了").await.is_refused(422, "own_device");
    assert_eq!(device(&own, &own).await["own"], true);

    set(&desk, &phone, "readonly", "先停收").await.ok();
    let village = office.area(VILLAGE).await;
    let family = phone.changeset(
        json!([{"op": "create", "e": id(), "type": "recipient", "area": village, "f": {"name": "李伟"}}]),
    );
    let held = phone.push(1, json!([family])).await;
    assert_eq!((&held["results"][0]["st"], &held["results"][0]["why"]), (&json!("held"), &json!("readonly")));
    set(&desk, &phone, "wipe", "先收上来").await.ok();
    let ordered = device(&desk, &phone).await;
    for _ in 0..2 {
        let answer = phone.sync(hello(&office, json!({"next_seq": 2}))).await.ok();
        assert_eq!(answer["hello"]["state"], "wipe");
    }
    let there = device(&desk, &phone).await;
    assert!(
        there["seen_at"].as_i64() >= ordered["set"]["at"].as_i64(),
        "each contact before a wipe is noted: {there}"
    );
    set(&desk, &phone, "revoked", "手机丢了").await.ok();
    phone.sync(hello(&office, json!({}))).await.is_refused(403, "revoked");
    set(&desk, &phone, "active", "找到了").await.is_refused(422, "device_revoked");
    let row = device(&desk, &phone).await;
    assert_eq!(
        (&row["state"], &row["set"]["reason"], &row["set"]["by"]),
        (&json!("revoked"), &json!("手机丢了"), &json!(desk.user))
    );
}

#[tokio::test]
async fn the_command_line_is_named_as_nobody_and_an_administrator_sees_his_county() {
    let office = Office::new().await;
    office.add_account("root", "admin", &[TOWNSHIP]).await;
    let (admin, phone) = (office.desk("root").await, office.phone("worker").await);
    office.command(Command::DeviceSet { device: phone.device.clone(), state: "readonly".into() }).await;
    let row = device(&admin, &phone).await;
    assert_eq!((&row["state"], &row["set"]["by"]), (&json!("readonly"), &Value::Null));
    set(&admin, &phone, "active", "恢复").await.ok();
    assert_eq!(device(&admin, &phone).await["state"], "active");
}

/// G4.
#[tokio::test]
async fn phones_hear_of_settings_and_take_their_files_again_when_they_show_less() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let said = async || phone.sync(hello(&office, json!({}))).await.ok()["hello"].clone();
    assert_eq!(said().await["settings"], Value::Null, "silence means the defaults");
    let set =
        |name: &str, value: &str| Command::SettingsSet { name: name.to_owned(), value: value.to_owned() };
    office.command(set("restart_unlock", "strict")).await;
    let answer = said().await;
    assert_eq!(
        (&answer["settings"]["restart_unlock"], &answer["settings"]["id_tail"]),
        (&json!("strict"), &json!(4))
    );
    let before = answer["scope_rev"].as_u64().unwrap();
    office.command(set("id_tail", "0")).await;
    assert_eq!(said().await["scope_rev"], before + 1);
    let pull = json!({"epoch": 1, "scope_rev": before, "cur": {}, "since": {}, "page_bytes": 65536});
    let page = phone.sync(json!({"pull": pull})).await.ok()["pull"].clone();
    assert_eq!(page["err"], "scope");
    assert!(page["areas"].as_array().unwrap().iter().any(|area| area["again"] == true), "{page}");
}

#[tokio::test]
async fn nobody_has_the_devices_of_a_higher_rank_in_his_hand() {
    let office = Office::new().await;
    office.add_account("lead", "township_lead", &[TOWNSHIP]).await;
    office.add_account("colleague", "township_clerk", &[TOWNSHIP]).await;
    let (clerk, lead) = (office.desk("clerk").await, office.desk("lead").await);
    let (of_lead, of_colleague) = (office.phone("lead").await, office.phone("colleague").await);
    let code = async |by: &Browser, user: &str| by.post("devices/code", json!({ "user": user })).await;
    code(&clerk, "lead").await.is_refused(404, "not_found");
    set(&clerk, &of_lead, "wipe", "丢了").await.is_refused(404, "not_found");
    assert_eq!(device(&clerk, &of_lead).await, Value::default());
    code(&clerk, "colleague").await.ok();
    code(&lead, "clerk").await.ok();
    set(&lead, &of_colleague, "wipe", "丢了").await.ok();
    code(&lead, "lead").await.ok();
}

#[tokio::test]
async fn another_code_ends_the_one_before_it_unless_a_device_has_used_it() {
    let office = Office::new().await;
    let (first, second) = (office.code_for("worker").await, office.code_for("worker").await);
    let (mut phone, mut stranger) = (office.browser(), office.browser());
    stranger.enrol(&first).await.is_refused(401, "login");
    phone.enrol(&second).await.ok();
    office.code_for("worker").await;
    phone.enrol(&second).await.ok();
}

#[tokio::test]
async fn a_vault_that_is_a_devices_is_no_other_devices_too() {
    let office = Office::new().await;
    let mut phone = office.phone("worker").await;
    phone.device = "ab".repeat(16);
    phone.enrol(&office.code_for("worker").await).await.is_refused(401, "login");
}
