//! Logins, codes and sessions.

use axum::{body::Body, http::Method};
use serde_json::json;

use super::client::{Office, PASSWORD, VILLAGE};
use crate::commands::Command;

const MINUTE_MS: i64 = 60_000;

#[tokio::test]
async fn wrong_passwords_and_unknown_users_get_the_same_answer_and_the_same_wait() {
    let office = Office::new().await;
    for user in ["clerk", "nobody"] {
        let mut browser = office.browser();
        for _ in 0..5 {
            browser.login(user, "not the password").await.is_refused(401, "login");
        }
        let body = browser.login(user, PASSWORD).await.is_refused(429, "slow_down");
        assert!(body["wait_ms"].as_i64().unwrap() <= 1_000);
    }
    office.clock.advance(1_001);
    office.browser().login("clerk", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_code_is_good_for_one_device_until_its_first_sync() {
    let office = Office::new().await;
    let code = office.code_for("worker").await;
    let mut phone = office.browser();
    phone.enrol("WRONGCODE").await.is_refused(401, "login");
    phone.enrol(&code.to_lowercase()).await.ok();
    office.browser().enrol(&code).await.is_refused(401, "login");
    phone.cookies.clear();
    phone.enrol(&code).await.ok();
    phone.login("worker", PASSWORD).await.ok();
    phone.sync(json!({"push": {"first_seq": 1, "changesets": []}})).await.ok();
    phone.clone().enrol(&code).await.is_refused(401, "login");
}

#[tokio::test]
async fn a_browser_that_lost_its_grant_on_the_first_day_gets_it_again_by_its_session() {
    let office = Office::new().await;
    let mut phone = office.phone("worker").await;
    phone.cookies.clear();
    phone.get("me").await.is_refused(401, "login");
    office.browser().post("grant", json!({})).await.is_refused(401, "login");
    let given = phone.post("grant", json!({})).await;
    assert_eq!(given.status, 204);
    phone.keep_cookies(&given);
    phone.get("me").await.ok();
    office.clock.advance(24 * 60 * MINUTE_MS);
    phone.post("grant", json!({})).await.is_refused(401, "login");
    phone.get("me").await.ok();
}

#[tokio::test]
async fn a_phone_whose_grant_is_gone_comes_back_with_a_fresh_code() {
    let office = Office::new().await;
    let mut phone = office.phone("worker").await;
    phone.sync(json!({"push": {"first_seq": 1, "changesets": []}})).await.ok();
    phone.cookies.clear();
    office.clock.advance(2 * 24 * 60 * MINUTE_MS);
    phone.login("worker", "not the password").await.is_refused(401, "login");
    phone.login("worker", PASSWORD).await.is_refused(401, "grant");
    let of_another = office.code_for("clerk").await;
    phone.enrol(&of_another).await.is_refused(401, "login");
    let code = office.code_for("worker").await;
    phone.enrol(&code).await.ok();
    phone.login("worker", PASSWORD).await.ok();
    phone.get("me").await.ok();
    phone.sync(json!({"push": {"first_seq": 1, "changesets": []}})).await.ok();
    phone.clone().enrol(&code).await.is_refused(401, "login");
}

#[tokio::test]
async fn a_fresh_code_brings_no_revoked_device_back() {
    let office = Office::new().await;
    let mut phone = office.phone("worker").await;
    let revoked =
        crate::commands::Command::DeviceSet { device: phone.device.clone(), state: "revoked".into() };
    office.command(revoked).await;
    let code = office.code_for("worker").await;
    phone.enrol(&code).await.is_refused(403, "revoked");
    phone.cookies.clear();
    phone.login("worker", PASSWORD).await.is_refused(403, "revoked");
}

#[tokio::test]
async fn a_revoked_device_gets_no_grant_again() {
    let office = Office::new().await;
    let mut phone = office.phone("worker").await;
    let revoked =
        crate::commands::Command::DeviceSet { device: phone.device.clone(), state: "revoked".into() };
    office.command(revoked).await;
    phone.cookies.clear();
    phone.post("grant", json!({})).await.is_refused(403, "revoked");
}

#[tokio::test]
async fn an_expired_code_is_refused() {
    let office = Office::new().await;
    let code = office.code_for("worker").await;
    office.clock.advance(10 * MINUTE_MS + 1);
    office.browser().enrol(&code).await.is_refused(401, "login");
}

#[tokio::test]
async fn a_code_of_another_account_does_not_open_this_account() {
    let office = Office::new().await;
    let mut phone = office.browser();
    phone.enrol(&office.code_for("worker").await).await.ok();
    phone.login("clerk", PASSWORD).await.is_refused(401, "login");
}

#[tokio::test]
async fn a_code_of_another_office_opens_nothing() {
    let (office, other) = (Office::new().await, Office::new().await);
    office.browser().enrol(&other.code_for("worker").await).await.is_refused(401, "login");
}

#[tokio::test]
async fn a_shared_pc_is_forgotten_after_half_an_hour_and_at_logout() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    desk.get("me").await.ok();
    office.clock.advance(20 * MINUTE_MS);
    desk.get("me").await.ok();
    office.clock.advance(20 * MINUTE_MS);
    desk.get("me").await.ok();
    office.clock.advance(31 * MINUTE_MS);
    desk.get("me").await.is_refused(401, "login");
    let desk = office.desk("clerk").await;
    let bye = desk.post("logout", json!({})).await;
    assert!(bye.headers.contains_key("clear-site-data"));
    desk.get("me").await.is_refused(401, "login");
}

#[tokio::test]
async fn a_revoked_device_is_refused_everywhere() {
    let office = Office::new().await;
    let mut phone = office.phone("worker").await;
    office
        .command(crate::commands::Command::DeviceSet {
            device: phone.device.clone(),
            state: "revoked".into(),
        })
        .await;
    phone.get("me").await.is_refused(403, "revoked");
    phone.post("unmask", json!({})).await.is_refused(403, "revoked");
    phone.get(&format!("blobs/{}/state", "00".repeat(32))).await.is_refused(403, "revoked");
    phone.login("worker", PASSWORD).await.is_refused(403, "revoked");
    phone.sync(json!({"push": {"first_seq": 1, "changesets": []}})).await.is_refused(403, "revoked");
}

#[tokio::test]
async fn only_an_office_hands_out_codes_and_only_for_its_own_people() {
    let office = Office::new().await;
    office.add_account("county", "county_clerk", &["339999"]).await;
    let desk = office.desk("clerk").await;
    assert!(
        desk.post("devices/code", json!({"user": "worker"})).await.ok()["link"]
            .as_str()
            .unwrap()
            .contains("/enrol#")
    );
    desk.post("devices/code", json!({"user": "county"})).await.is_refused(404, "not_found");
    let phone = office.phone("worker").await;
    phone.post("devices/code", json!({"user": "clerk"})).await.is_refused(403, "forbidden");
}

#[tokio::test]
async fn a_new_login_ends_the_former_one_of_the_same_phone() {
    let office = Office::new().await;
    let mut phone = office.phone("worker").await;
    let before = phone.clone();
    before.get("me").await.ok();
    phone.login("worker", PASSWORD).await.ok();
    assert_eq!(before.get("me").await.status, 401);
    phone.get("me").await.ok();
}

#[tokio::test]
async fn a_password_of_the_command_line_ends_what_was_open_and_one_that_it_made_is_for_its_own_change() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let given = Command::AccountAssign {
        user: "clerk".into(),
        scope: Vec::new(),
        role: None,
        password: Some("a new and long password".into()),
    };
    office.command(given).await;
    assert_eq!(desk.get("me").await.status, 401);
    let add = Command::AccountAdd {
        user: "next".into(),
        role: "village_worker".into(),
        scope: vec![VILLAGE.into()],
        password: None,
    };
    let made = office.command(add).await["password"].as_str().unwrap().to_owned();
    office.browser().login("next", &made).await.is_refused(401, "password_change");
}

/// What is no page of the app is shown as none and stands in no frame, a refusal and a path that is no file too.
#[tokio::test]
async fn every_answer_refuses_to_be_a_page() {
    let office = Office::new().await;
    for path in ["/healthz", "/metrics", "/api/v1/nowhere", "/api/v1/me", "/nothing.png"] {
        let browser = office.browser();
        let answer = browser.send(browser.request_at(Method::GET, path).body(Body::empty()).unwrap()).await;
        let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(
            header("content-security-policy").is_some_and(|policy| policy.contains("frame-ancestors 'none'")),
            "{path}"
        );
        assert!(header("strict-transport-security").is_some(), "{path}");
    }
}

#[tokio::test]
async fn one_sees_where_one_is_logged_in_and_ends_it_elsewhere() {
    let office = Office::new().await;
    let (phone, pc) = (office.phone("worker").await, office.desk("worker").await);
    office.add_account("other", "village_worker", &[VILLAGE]).await;
    let other = office.phone("other").await;
    let said = phone.get("me/sessions").await.ok();
    let devices: Vec<_> = said["sessions"].as_array().unwrap().iter().map(|one| &one["device"]).collect();
    assert_eq!(devices.len(), 2, "{said}");
    assert!(devices.contains(&&json!(pc.device)) && devices.contains(&&json!(phone.device)));

    let end = |device: &str| format!("me/sessions/{device}/end");
    let (right, wrong) = (json!({"password": PASSWORD}), json!({"password": "not the password"}));
    phone.post(&end(&pc.device), wrong).await.is_refused(422, "password_wrong");
    phone.post(&end(&other.device), right.clone()).await.is_refused(404, "not_found");
    phone.post(&end(&phone.device), right.clone()).await.is_refused(422, "own_device");
    pc.get("me").await.ok();
    phone.post(&end(&pc.device), right).await.ok();
    pc.get("me").await.is_refused(401, "login");
    other.get("me").await.ok();
    assert_eq!(phone.get("me/sessions").await.ok()["sessions"].as_array().unwrap().len(), 1);
}
