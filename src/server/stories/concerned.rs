//! Whose files a lost device held, for whoever tells them (PIPL §57).

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    client::{Answer, Browser, OTHER_VILLAGE, Office, TOWNSHIP, VILLAGE, id},
    privacy::cells,
    story::two_families,
};

const HOUR_MS: i64 = 60 * 60_000;

/// The device is in reach.
async fn contact(office: &Office, phone: &Browser) {
    let hello = json!({
        "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
        "build": "1.0.0", "t": office.clock.now(), "storage": {"persisted": true},
    });
    phone.sync(json!({ "hello": hello })).await.ok();
}

async fn ask(who: &Browser, phone: &Browser) -> Answer {
    who.post(&format!("devices/{}/concerned", phone.device), json!({"reason": "手机在集市上丢了"})).await
}

/// A family in the first village.
fn family(desk: &Browser, area: &str, name: &str) -> (Uuid, Value) {
    let e = id();
    let f = json!({"name": name, "mobile": "13911112222"});
    (e, desk.changeset(json!([{"op": "create", "e": e, "type": "recipient", "area": area, "f": f}])))
}

async fn entries(office: &Office) -> Vec<Value> {
    office.add_account("auditor", "auditor", &["339999"]).await;
    let chain = office.desk("auditor").await.get("lists/audit?size=500").await.ok();
    let of = |row: &Value| row.to_string().contains("device_concerned").then(|| row.clone());
    chain["rows"].as_array().unwrap().iter().filter_map(of).collect()
}

#[tokio::test]
async fn the_list_names_whose_files_were_on_it_at_its_last_contact_and_which_were_opened() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    ask(&desk, &phone).await.is_refused(422, "never_in_reach");
    let village = office.area(VILLAGE).await;
    let (gone, created) = family(&desk, &village, "=1+1");
    desk.push(3, json!([created])).await;
    contact(&office, &phone).await;
    phone
        .post("views", json!({"files": [{"e": mine, "on": "2026-11-25"}, {"e": mine, "on": "2026-11-26"}]}))
        .await
        .ok();
    office.clock.advance(2 * HOUR_MS);
    let desk = office.desk("clerk").await;
    let (_, later) = family(&desk, &village, "后来的人");
    let (rows, _) = desk.pull_all(1).await;
    let rev = rows.iter().find(|row| row["e"] == json!(gone)).unwrap()["rev"].clone();
    let delete = json!([{"op": "delete", "e": gone, "base": {"rev": rev}, "reason": "重复登记"}]);
    desk.push(1, json!([later, desk.changeset(delete)])).await;

    desk.post(&format!("devices/{}/concerned", phone.device), json!({"reason": " "}))
        .await
        .is_refused(422, "reason_missing");
    let text = cells(&ask(&desk, &phone).await);
    for part in [
        "设备丢失告知名单",
        "worker",
        "手机在集市上丢了",
        "红旗村",
        "李伟",
        "138****0000",
        "2026-11-26",
        "'=1+1",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    for part in ["外村人", "后来的人", "13800000000", "2026-11-25", "0019"] {
        assert!(!text.contains(part), "{part} is in\n{text}");
    }
    let said = entries(&office).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].to_string().contains("手机在集市上丢了"), "{said:?}");
    let report = cells(&desk.post(&format!("recipients/{mine}/report"), json!({})).await);
    assert!(report.contains("导出了含本人的设备丢失告知名单"), "{report}");
}

#[tokio::test]
async fn a_village_that_was_taken_away_since_was_on_it_all_the_same() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    contact(&office, &phone).await;
    office.clock.advance(2 * HOUR_MS);
    let desk = office.desk("clerk").await;
    let accounts = desk.get("accounts").await.ok();
    let worker =
        accounts["people"].as_array().unwrap().iter().find(|one| one["name"] == "worker").unwrap().clone();
    let path = format!("accounts/{}/areas", worker["id"].as_str().unwrap());
    desk.post(&path, json!({"areas": [office.area(OTHER_VILLAGE).await]})).await.ok();
    let text = cells(&ask(&desk, &phone).await);
    assert!(text.contains("李伟"), "{text}");
}

#[tokio::test]
async fn who_may_not_see_families_or_supervises_others_gets_no_list() {
    let office = Office::new().await;
    two_families(&office, &office.desk("clerk").await).await;
    let phone = office.phone("worker").await;
    contact(&office, &phone).await;
    for (user, role, area) in [
        ("admin", "admin", "339999"),
        ("contact", "unit_contact", "339999"),
        ("other", "village_worker", OTHER_VILLAGE),
    ] {
        office.add_account(user, role, &[area]).await;
        ask(&office.desk(user).await, &phone).await.is_refused(403, "forbidden");
    }
    ask(&phone, &phone).await.is_refused(403, "forbidden");
    office.add_account("lead", "township_lead", &[TOWNSHIP]).await;
    assert_eq!(ask(&office.desk("lead").await, &phone).await.status, 200);
    let nobody = office.desk("clerk").await.post("devices/00/concerned", json!({"reason": "丢了"})).await;
    nobody.is_refused(404, "not_found");
}

#[tokio::test]
async fn a_long_list_is_seen_by_two() {
    let office = Office::with_limits(&["export-rows=1"]).await;
    let desk = office.desk("clerk").await;
    two_families(&office, &desk).await;
    let village = office.area(VILLAGE).await;
    desk.push(3, json!([family(&desk, &village, "王芳").1])).await;
    let phone = office.phone("worker").await;
    contact(&office, &phone).await;
    let waits = ask(&desk, &phone).await.is_refused(422, "approval_needed");
    office.add_account("lead", "township_lead", &[TOWNSHIP]).await;
    let lead = office.desk("lead").await;
    let asked = lead.get("exports/approvals").await.ok();
    assert_eq!(asked[0]["wanted"]["device"], phone.device.as_str(), "{asked}");
    lead.post(&format!("exports/approvals/{}", waits["asked"]), json!({})).await.ok();
    assert!(cells(&ask(&desk, &phone).await).contains("王芳"));
    ask(&desk, &phone).await.is_refused(422, "approval_needed");
}
