//! The second factor of whoever works for more than one township, at a browser that is no enrolled device.

use serde_json::{Value, json};
use totp_rs::Secret;

use super::client::{Browser, Office, PASSWORD, VILLAGE, code_of};

const STEP_MS: i64 = 30_000;

async fn county() -> Office {
    let office = Office::new().await;
    office.add_account("county", "county_clerk", &["339999"]).await;
    office
}

fn with(code: &str) -> Value {
    json!({"user": "county", "password": PASSWORD, "totp": code})
}

/// Sets it up and returns secret and recovery codes.
async fn set_up(office: &Office, browser: &mut Browser) -> (String, Vec<String>) {
    let asked = browser.login("county", PASSWORD).await.is_refused(401, "totp_setup");
    let secret = asked["secret"].as_str().unwrap().to_owned();
    assert!(asked["uri"].as_str().unwrap().starts_with("otpauth://totp/Huifang:county?secret="));
    let done = browser.post("login", with(&code_of(&secret, office.clock.now()))).await.ok();
    let codes = done["recovery"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
    (secret, codes.collect())
}

#[tokio::test]
async fn it_is_asked_of_the_county_without_a_device_and_of_nobody_else() {
    let office = county().await;
    office.browser().login("clerk", PASSWORD).await.ok();
    office.browser().login("county", "not the password").await.is_refused(401, "login");
    office.browser().login("county", PASSWORD).await.is_refused(401, "totp_setup");
    let mut own = office.browser();
    own.enrol(&office.code_for("county").await).await.ok();
    own.login("county", PASSWORD).await.ok();
    for (user, role) in [("root", "admin"), ("auditor", "auditor"), ("lead", "county_lead")] {
        office.add_account(user, role, &["339999"]).await;
        office.browser().login(user, PASSWORD).await.is_refused(401, "totp_setup");
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_for_its_time() {
    let office = county().await;
    let (secret, _) = set_up(&office, &mut office.browser()).await;
    let browser = office.browser();
    browser.post("login", with(&code_of(&secret, office.clock.now()))).await.is_refused(401, "totp_wrong");
    office.clock.advance(2 * STEP_MS);
    office.browser().login("county", PASSWORD).await.is_refused(401, "totp");
    let now = office.clock.now();
    browser.post("login", with(&code_of(&secret, now - 3 * STEP_MS))).await.is_refused(401, "totp_wrong");
    browser.post("login", with(&code_of(&secret, now))).await.ok();
    browser.post("login", with(&code_of(&secret, now))).await.is_refused(401, "totp_wrong");
    browser.post("login", with(&code_of(&secret, now - STEP_MS))).await.is_refused(401, "totp_wrong");
    browser.post("login", with(&code_of(&secret, now + STEP_MS))).await.ok();
}

#[tokio::test]
async fn wrong_codes_have_to_wait_as_wrong_passwords_do() {
    let office = county().await;
    set_up(&office, &mut office.browser()).await;
    for _ in 0..5 {
        office.browser().post("login", with("000000")).await.is_refused(401, "totp_wrong");
    }
    office.browser().login("county", PASSWORD).await.is_refused(429, "slow_down");
}

/// Whoever has the password alone says the vault of an enrolled device that is not his.
#[tokio::test]
async fn the_name_of_a_vault_is_no_second_factor_and_changes_nothing() {
    let office = county().await;
    set_up(&office, &mut office.browser()).await;
    let mut own = office.phone("county").await;
    let mut of_worker = office.phone("worker").await;
    for borrowed in [&mut own, &mut of_worker] {
        borrowed.cookies.clear();
    }
    for wrong in 0..5 {
        let refused = office.browser().post("login", with("000000")).await;
        assert!(matches!(refused.status.as_u16(), 401 | 429), "{wrong}");
        let told = own.post("login", json!({"user": "county", "password": PASSWORD})).await;
        assert!(matches!(told.status.as_u16(), 401 | 429), "{wrong}");
    }
    office.browser().login("county", PASSWORD).await.is_refused(429, "slow_down");
    let wait = || office.clock.advance(60 * 60_000);
    wait();
    of_worker.login("county", PASSWORD).await.is_refused(401, "totp");
    wait();
    let next = json!({"user": "county", "password": PASSWORD, "new_password": "a quite other password 7"});
    own.post("login", next).await.is_refused(401, "grant");
    wait();
    office.browser().login("county", "a quite other password 7").await.is_refused(401, "login");
}

#[tokio::test]
async fn who_has_a_device_sets_it_up_with_an_administrators_word_and_not_by_the_password_alone() {
    let office = county().await;
    office.add_account("root", "admin", &["339999"]).await;
    let admin = office.desk("root").await;
    office.phone("county").await;
    office.browser().login("county", PASSWORD).await.is_refused(422, "totp_closed");
    let people = admin.get("accounts").await.ok()["people"].clone();
    let county = people.as_array().unwrap().iter().find(|person| person["name"] == "county").unwrap();
    let act = |what: &str| format!("accounts/{}/{what}", county["id"].as_str().unwrap());
    let once = admin.post(&act("password"), json!({})).await.ok()["password"].clone();
    let next = json!({"user": "county", "password": once, "new_password": PASSWORD});
    office.browser().post("login", next).await.is_refused(401, "totp_setup");
    admin.post(&act("forget-factor"), json!({})).await.ok();
    let by_once = json!({"user": "county", "password": once});
    office.browser().post("login", by_once).await.is_refused(401, "password_change");
    set_up_with(&office, json!({"user": "county", "password": once, "new_password": PASSWORD})).await;
    admin.post(&act("forget-factor"), json!({})).await.ok();
    office.browser().login("county", PASSWORD).await.is_refused(401, "totp_setup");
}

/// Sets it up with these words of a login.
async fn set_up_with(office: &Office, mut login: Value) {
    let asked = office.browser().post("login", login.clone()).await.is_refused(401, "totp_setup");
    login["totp"] = code_of(asked["secret"].as_str().unwrap(), office.clock.now()).into();
    office.browser().post("login", login).await.ok();
}

#[tokio::test]
async fn ten_recovery_codes_stand_in_once_each() {
    let office = county().await;
    let (_, codes) = set_up(&office, &mut office.browser()).await;
    assert_eq!(codes.len(), 10);
    office.browser().post("login", with(&codes[0].to_lowercase())).await.ok();
    office.browser().post("login", with(&codes[0])).await.is_refused(401, "totp_wrong");
    office.browser().post("login", with(&codes[1])).await.ok();
}

#[tokio::test]
async fn a_secret_is_not_given_again_once_it_counts_and_is_forgotten_by_an_administrator() {
    let office = county().await;
    let (secret, codes) = set_up(&office, &mut office.browser()).await;
    let mut open = office.browser();
    let answer = open.post("login", with(&codes[0])).await;
    answer.ok();
    open.keep_cookies(&answer);
    let asked = office.browser().login("county", PASSWORD).await.is_refused(401, "totp");
    assert!(!asked.to_string().contains(&secret));
    office.add_account("root", "admin", &["339999"]).await;
    let admin = office.desk("root").await;
    let people = admin.get("accounts").await.ok()["people"].clone();
    let county = people.as_array().unwrap().iter().find(|person| person["name"] == "county").unwrap();
    let path = format!("accounts/{}/forget-factor", county["id"].as_str().unwrap());
    assert_eq!(open.get("me").await.status, 200);
    admin.post(&path, json!({})).await.ok();
    assert_eq!(open.get("me").await.status, 401, "a login that came with it counts no longer");
    office.browser().post("login", with(&codes[2])).await.is_refused(401, "totp_setup");
}

/// A tab that locked itself holds what was not sent, under the device that it is.
#[tokio::test]
async fn whoever_logs_in_again_in_the_same_tab_goes_on_as_the_same_device() {
    let office = county().await;
    let mut tab = office.browser();
    let (_, codes) = set_up(&office, &mut tab).await;
    let first = tab.post("login", with(&codes[0])).await.ok();
    let again = tab.post("login", with(&codes[1])).await;
    assert_eq!(again.ok()["device"], first["device"]);
    tab.cookies.clear();
    tab.keep_cookies(&again);
    tab.device = first["device"].as_str().unwrap().to_owned();
    tab.user = first["user"]["id"].as_str().unwrap().to_owned();
    assert_eq!(tab.push(1, json!([])).await["acked"], 0);
    // Somebody else in the same tab does not.
    let other = tab.post("login", json!({"user": "clerk", "password": PASSWORD})).await.ok();
    assert_ne!(other["device"], first["device"]);
}

/// What the login entries of the chain name, the oldest first.
async fn told(office: &Office) -> Vec<Value> {
    office.add_account("auditor", "auditor", &["339999"]).await;
    let rows = office.desk("auditor").await.get("lists/audit?size=500").await.ok()["rows"].clone();
    let entries = rows.as_array().unwrap().iter().rev().map(|row| row[1].clone());
    entries.filter(|entry| entry["action"] == "login").map(|entry| entry["detail"]["by"].clone()).collect()
}

#[tokio::test]
async fn the_chain_says_by_what_each_login_came() {
    let office = county().await;
    let (secret, codes) = set_up(&office, &mut office.browser()).await;
    office.clock.advance(2 * STEP_MS);
    let code = code_of(&secret, office.clock.now());
    office.browser().post("login", with(&code)).await.ok();
    office.browser().post("login", with(&codes[0])).await.ok();
    office.browser().login("clerk", PASSWORD).await.ok();
    office.phone("worker").await;
    office.add_account("root", "admin", &["339999"]).await;
    let village = office.area(VILLAGE).await;
    let made = json!({"user": "xinren", "role": "village_worker", "areas": [village]});
    let one_time = office.desk("root").await.post("accounts", made).await.ok()["password"].clone();
    let change =
        json!({"user": "xinren", "password": one_time, "new_password": "another long password for it"});
    office.browser().post("login", change).await.ok();
    let told = told(&office).await;
    let expected = [
        json!(["password", "totp"]),
        json!(["password", "totp"]),
        json!(["password", "recovery_code"]),
        json!(["password"]),
        json!(["password", "grant"]),
        // The administrator at his desk.
        json!(["password", "totp"]),
        json!(["one_time_password"]),
    ];
    assert_eq!(told[..expected.len()], expected);
    let bodies = told.iter().map(Value::to_string).collect::<String>();
    for secret in [&code, &codes[0], &secret] {
        assert!(!bodies.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn the_secret_lies_sealed_in_the_database() {
    let office = county().await;
    let (secret, _) = set_up(&office, &mut office.browser()).await;
    let account =
        office.app.db.accounts().await.unwrap().into_iter().find(|one| one.name == "county").unwrap();
    let stored = office.app.db.second_factor(account.id).await.unwrap().unwrap();
    let bytes = Secret::try_from_base32(&secret).unwrap();
    for plain in [secret.clone(), crypto::b64::encode(bytes.as_ref())] {
        assert!(!stored.secret.contains(&plain));
    }
}
