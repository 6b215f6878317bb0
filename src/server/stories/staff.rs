//! The people of an office: who makes accounts, who gives villages, who stands in, who left.

use serde_json::{Value, json};

use super::{
    client::{Answer, Browser, OTHER_VILLAGE, Office, PASSWORD, TOWNSHIP, VILLAGE, id},
    devices::hello,
    story::two_families,
};
use crate::commands::Command;

const DAY_MS: i64 = 24 * 60 * 60_000;

/// The office of the tests with an administrator of the county.
async fn office() -> (Office, Browser) {
    let office = Office::new().await;
    office.add_account("root", "admin", &["339999"]).await;
    let admin = office.desk("root").await;
    (office, admin)
}

async fn person(by: &Browser, name: &str) -> Value {
    let people = by.get("accounts").await.ok()["people"].clone();
    let mut people = people.as_array().unwrap().clone();
    people.retain(|person| person["name"] == name);
    people.pop().unwrap_or_default()
}

async fn act(by: &Browser, name: &str, what: &str, body: Value) -> Answer {
    let id = by.get("accounts").await.ok()["people"]
        .as_array()
        .unwrap()
        .iter()
        .find(|person| person["name"] == name)
        .map(|person| person["id"].as_str().unwrap().to_owned())
        .unwrap_or_else(|| panic!("{name} is not seen"));
    by.post(&format!("accounts/{id}/{what}"), body).await
}

#[tokio::test]
async fn a_new_account_sets_its_own_password_before_anything_opens() {
    let (office, admin) = office().await;
    let village = office.area(VILLAGE).await;
    let new = json!({"user": "王芳", "role": "village_worker", "areas": [village]});
    let made = admin.post("accounts", new.clone()).await.ok();
    admin.post("accounts", new).await.is_refused(422, "account_exists");
    let once = made["password"].as_str().unwrap();
    let mut phone = office.browser();
    phone.enrol(&office.code_for("王芳").await).await.ok();
    phone.login("王芳", once).await.is_refused(401, "password_change");
    let change = |new: &str| json!({"user": "王芳", "password": once, "new_password": new});
    phone.post("login", change("short")).await.is_refused(422, "password_short");
    phone.post("login", change("a123456789")).await.is_refused(422, "password_common");
    phone.post("login", change(once)).await.is_refused(422, "password_same");
    phone.post("login", change("红旗村的新密码一个")).await.ok();
    phone.login("王芳", once).await.is_refused(401, "login");
    phone.login("王芳", "红旗村的新密码一个").await.ok();
    assert_eq!(phone.get("me").await.ok()["areas"][0]["code"], VILLAGE);
}

#[tokio::test]
async fn a_one_time_password_ends_after_a_week() {
    let (office, admin) = office().await;
    let given = act(&admin, "worker", "password", json!({})).await.ok();
    office.clock.advance(7 * DAY_MS + 1);
    let mut phone = office.browser();
    phone.login("worker", given["password"].as_str().unwrap()).await.is_refused(401, "password_over");
}

#[tokio::test]
async fn a_password_that_was_given_ends_what_was_open_and_loses_nothing_unsent() {
    let (office, admin) = office().await;
    let phone = office.phone("worker").await;
    let given = act(&admin, "worker", "password", json!({})).await.ok();
    phone.get("me").await.is_refused(401, "login");
    let village = office.area(VILLAGE).await;
    let family = phone.changeset(
        json!([{"op": "create", "e": super::client::id(), "type": "recipient", "area": village, "f": {"name": "李伟"}}]),
    );
    assert_eq!(phone.push(1, json!([family])).await["results"][0]["st"], "applied", "the grant still pushes");
    let body =
        json!({"user": "worker", "password": given["password"], "new_password": "another long password"});
    phone.post("login", body).await.ok();
}

#[tokio::test]
async fn who_may_make_change_and_see_accounts_is_kept() {
    let (office, admin) = office().await;
    office.add_account("neighbour", "township_clerk", &[OTHER_VILLAGE]).await;
    let (clerk, phone) = (office.desk("clerk").await, office.phone("worker").await);
    let neighbour = office.desk("neighbour").await;
    phone.get("accounts").await.is_refused(403, "forbidden");
    let new = json!({"user": "wang", "role": "admin", "areas": [office.area(TOWNSHIP).await]});
    clerk.post("accounts", new.clone()).await.is_refused(403, "forbidden");
    phone.post("accounts", new).await.is_refused(403, "forbidden");
    for what in ["password", "end", "resume", "forget-factor"] {
        act(&clerk, "worker", what, json!({})).await.is_refused(403, "forbidden");
    }
    assert_eq!(person(&neighbour, "worker").await, Value::Null, "he works in another's village");
    let worker = person(&admin, "worker").await["id"].clone();
    let path = format!("accounts/{}/areas", worker.as_str().unwrap());
    let village = json!({"areas": [office.area(OTHER_VILLAGE).await]});
    neighbour.post(&path, village.clone()).await.is_refused(404, "not_found");
    phone.post(&path, village.clone()).await.is_refused(403, "forbidden");
    clerk.post(&path, json!({"areas": []})).await.is_refused(422, "areas_missing");
    clerk.post(&path, json!({"areas": [office.area("339999").await]})).await.is_refused(404, "not_found");
    let role = json!({"areas": village["areas"], "role": "admin"});
    clerk.post(&path, role).await.is_refused(403, "forbidden");
    clerk.post(&path, village).await.ok();
    assert_eq!(phone.get("me").await.ok()["areas"][0]["code"], OTHER_VILLAGE);
    act(&clerk, "clerk", "areas", json!({"areas": [office.area(VILLAGE).await]}))
        .await
        .is_refused(403, "forbidden");
    let own = json!({"areas": [office.area("339999").await], "role": "village_worker"});
    act(&admin, "root", "areas", own).await.is_refused(422, "own_account");
    act(&admin, "root", "end", json!({})).await.is_refused(422, "own_account");
    for bad in ["", "x", "two words", "命令行", "王\u{202E}芳", "王\u{200B}芳", "ｃｌｅｒｋ", "..", "<b>王芳"]
    {
        let new = json!({"user": bad, "role": "village_worker", "areas": [office.area(VILLAGE).await]});
        admin.post("accounts", new).await.is_refused(422, "user_name_bad");
    }
    let alike = json!({"user": "CLERK", "role": "township_clerk", "areas": [office.area(TOWNSHIP).await]});
    admin.post("accounts", alike).await.is_refused(422, "account_exists");
}

/// Whoever works for a county has its second factor; a township's role in it would have none (domain.md §9.2).
#[tokio::test]
async fn a_role_is_given_areas_of_its_own_kind_alone() {
    let (office, admin) = office().await;
    let clerk = office.desk("clerk").await;
    let new = async |role: &str, code: &str| json!({"user": format!("new-{role}-{code}"), "role": role, "areas": [office.area(code).await]});
    for (role, code) in [
        ("township_clerk", "339999"),
        ("township_lead", VILLAGE),
        ("county_lead", VILLAGE),
        ("admin", TOWNSHIP),
        ("village_worker", TOWNSHIP),
        ("village_worker", "339999"),
    ] {
        admin.post("accounts", new(role, code).await).await.is_refused(422, "areas_of_role");
    }
    for (role, code) in [("township_lead", TOWNSHIP), ("village_worker", VILLAGE), ("county_clerk", "339999")]
    {
        admin.post("accounts", new(role, code).await).await.ok();
    }
    let township = json!({"areas": [office.area(TOWNSHIP).await]});
    act(&clerk, "worker", "areas", township).await.is_refused(422, "areas_of_role");
}

#[tokio::test]
async fn another_role_is_given_by_an_administrator_and_begins_with_a_new_login() {
    let (office, admin) = office().await;
    office.add_account("other", "village_worker", &[OTHER_VILLAGE]).await;
    let desk = office.desk("worker").await;
    let today = domain::day::Timestamp::from_ms(office.clock.now()).day();
    let other = person(&admin, "other").await["id"].clone();
    let leave = json!({"deputy": other, "from": today, "to": today});
    act(&admin, "worker", "deputies", leave).await.ok();
    let county = json!({"areas": [office.area("339999").await], "role": "county_clerk"});
    act(&office.desk("clerk").await, "worker", "areas", county.clone()).await.is_refused(403, "forbidden");
    act(&admin, "worker", "areas", county.clone()).await.ok();
    assert_eq!(person(&admin, "worker").await["role"], "county_clerk");
    desk.get("me").await.is_refused(401, "login");
    office.browser().login("worker", PASSWORD).await.is_refused(401, "totp_setup");
    assert_eq!(admin.get("accounts").await.ok()["deputies"], json!([]), "nobody stands in for a clerk");
    let told = office.app.db.accounts().await.unwrap();
    assert_eq!(told.iter().find(|one| one.name == "worker").unwrap().scope_rev, 2);
    // The same areas and role again change nothing that anybody would have to log in for.
    let now = office.desk("worker").await;
    act(&admin, "worker", "areas", county).await.ok();
    now.get("me").await.ok();
}

#[tokio::test]
async fn another_role_ends_codes_and_leaves_a_grant_to_hand_in_what_is_unsent() {
    let (office, admin) = office().await;
    let mut phone = office.phone("worker").await;
    let code = office.code_for("worker").await;
    let village = json!([office.area(VILLAGE).await]);
    let role = json!({"areas": [office.area(TOWNSHIP).await], "role": "township_clerk"});
    act(&admin, "worker", "areas", role).await.ok();
    office.browser().enrol(&code).await.is_refused(401, "login");
    // What the phone holds is not lost, and nothing is read to it.
    let family = phone.changeset(
        json!([{"op": "create", "e": super::client::id(), "type": "recipient", "area": village[0], "f": {"name": "李伟"}}]),
    );
    assert_eq!(phone.push(1, json!([family])).await["results"][0]["st"], "applied");
    phone.get("me").await.is_refused(401, "login");
    let pull = json!({"pull": {"epoch": 1, "scope_rev": 2, "cur": {}, "since": {}, "page_bytes": 65_536}});
    assert_eq!(phone.sync(pull).await.ok()["pull"], json!({"err": "session"}));
    // The grant of the old role is no second factor of the new one, until the office says so.
    phone.login("worker", PASSWORD).await.is_refused(401, "grant");
    phone.post("grant", json!({})).await.is_refused(401, "login");
    // A browser keeps one cookie of a name.
    phone.cookies.clear();
    phone.enrol(&office.code_for("worker").await).await.ok();
    phone.login("worker", PASSWORD).await.ok();
    assert_eq!(phone.get("me").await.ok()["user"]["role"], "township_clerk");
}

/// What the office is told to writes of a phone whose person was given another role since: one that a village proposes, one that an office makes.
async fn said_to_late_work(name: &str, role: &str) -> [Value; 3] {
    let (office, admin) = office().await;
    let desk = office.desk("clerk").await;
    let (family, _) = two_families(&office, &desk).await;
    let phone = office.phone(name).await;
    let village = office.area(VILLAGE).await;
    let at = match role {
        "village_worker" => VILLAGE,
        "township_clerk" => TOWNSHIP,
        _ => "339999",
    };
    act(&admin, name, "areas", json!({"areas": [office.area(at).await], "role": role})).await.ok();
    let visit = json!({"op": "create", "e": id(), "type": "visit", "area": village, "parent": family, "f": {"kind": "regular"}});
    let bank = json!({"op": "set", "e": family, "f": "bank", "v": "309", "base": {"fv": "0.0"}});
    let delete = json!({"op": "delete", "e": family, "base": {"rev": "9.9"}, "reason": "重复"});
    let save = [visit, bank, delete].map(|op| phone.changeset(json!([op])));
    let results = phone.push(1, json!(save)).await["results"].clone();
    [0, 1, 2].map(|n| json!([results[n]["st"], results[n]["made"][0]["type"], results[n]["why"]]))
}

#[tokio::test]
async fn what_a_phone_hands_in_after_another_role_does_what_both_roles_may() {
    let expected = [
        json!(["applied", null, null]),
        json!(["merged", "proposal", null]),
        json!(["held", "held", "right"]),
    ];
    // Whoever became a clerk deletes nothing with the grant of a village, and whoever became a village worker nothing with that of an office.
    assert_eq!(said_to_late_work("worker", "township_clerk").await, expected);
    assert_eq!(said_to_late_work("clerk", "village_worker").await, expected);
    let nothing = said_to_late_work("worker", "auditor").await;
    assert!(nothing.iter().all(|said| said[0] == "held" && said[2] == "right"), "{nothing:?}");
}

#[tokio::test]
async fn a_role_that_the_command_line_gives_ends_the_same() {
    let (office, _) = office().await;
    let (mut phone, desk) = (office.phone("worker").await, office.desk("worker").await);
    let code = office.code_for("worker").await;
    let role = |role: &str, scope: &[&str]| Command::AccountAssign {
        user: "worker".into(),
        scope: scope.iter().map(|code| (*code).to_owned()).collect(),
        role: Some(role.into()),
        password: None,
    };
    office.command(role("village_worker", &[])).await;
    phone.get("me").await.ok();
    office.command(role("township_clerk", &[TOWNSHIP])).await;
    phone.get("me").await.is_refused(401, "login");
    desk.get("me").await.is_refused(401, "login");
    office.browser().enrol(&code).await.is_refused(401, "login");
    phone.login("worker", PASSWORD).await.is_refused(401, "grant");
}

#[tokio::test]
async fn other_areas_end_open_codes_and_nothing_else() {
    let (office, admin) = office().await;
    let phone = office.phone("worker").await;
    let code = office.code_for("worker").await;
    let other = json!({"areas": [office.area(OTHER_VILLAGE).await]});
    act(&admin, "worker", "areas", other).await.ok();
    office.browser().enrol(&code).await.is_refused(401, "login");
    assert_eq!(phone.get("me").await.ok()["areas"][0]["code"], OTHER_VILLAGE, "he goes on, elsewhere");
}

#[tokio::test]
async fn where_an_administrator_worked_one_stays() {
    let (office, admin) = office().await;
    let village = json!({"areas": [office.area(VILLAGE).await]});
    act(&admin, "root", "areas", village.clone()).await.is_refused(422, "last_admin");
    office.add_account("second", "admin", &["339999"]).await;
    act(&admin, "second", "end", json!({})).await.ok();
    act(&admin, "root", "areas", village.clone()).await.is_refused(422, "last_admin");
    act(&admin, "second", "resume", json!({})).await.ok();
    let second = office.desk("second").await;
    act(&admin, "root", "areas", village.clone()).await.is_refused(422, "areas_of_role");
    let worker = json!({"areas": village["areas"], "role": "village_worker"});
    act(&second, "second", "areas", worker).await.is_refused(422, "own_account");
}

#[tokio::test]
async fn who_left_opens_nothing_and_his_phone_hands_everything_over() {
    let (office, admin) = office().await;
    let (phone, silent) = (office.phone("worker").await, office.phone("worker").await);
    let code = office.code_for("worker").await;
    act(&admin, "worker", "end", json!({})).await.ok();
    phone.get("me").await.is_refused(401, "login");
    office.browser().login("worker", PASSWORD).await.is_refused(401, "account_ended");
    office.browser().login("worker", "not the password").await.is_refused(401, "login");
    office.browser().enrol(&code).await.is_refused(401, "login");
    let clerk = office.desk("clerk").await;
    clerk.post("devices/code", json!({"user": "worker"})).await.is_refused(422, "account_ended");
    // Both are told of the end at their next contact, and what was not sent is taken for a person to look at.
    let of = async |browser: &Browser| {
        let devices = clerk.get("devices").await.ok()["devices"].clone();
        devices.as_array().unwrap().iter().find(|one| one["id"] == browser.device).cloned().unwrap()
    };
    for browser in [&phone, &silent] {
        let device = of(browser).await;
        assert_eq!((&device["state"], &device["set"]["left"]), (&json!("wipe"), &json!(true)), "{device}");
        assert!(device["seen_at"].as_i64().is_none_or(|at| at < device["set"]["at"].as_i64().unwrap()));
    }
    office.clock.advance(1);
    let village = office.area(VILLAGE).await;
    let family = phone.changeset(
        json!([{"op": "create", "e": id(), "type": "recipient", "area": village, "f": {"name": "李伟"}}]),
    );
    let mut said = hello(&office, json!({"next_seq": 2, "pending": 1}));
    said["push"] = json!({"first_seq": 1, "changesets": [family]});
    // It does not know yet that nobody is logged in.
    said["pull"] = json!({"epoch": 1, "scope_rev": 0, "cur": {}, "since": {}, "page_bytes": 65_536});
    let answer = phone.sync(said).await.ok();
    assert_eq!(answer["hello"]["state"], "wipe", "{answer}");
    assert_eq!(answer["pull"]["err"], "wipe", "{answer}");
    let results = &answer["push"];
    let verdict = &results["results"][0];
    assert_eq!(
        (&results["acked"], &verdict["st"], &verdict["why"]),
        (&json!(1), &json!("held"), &json!("revoked")),
        "{answer}"
    );
    let (done, waits) = (of(&phone).await, of(&silent).await);
    assert!(done["seen_at"].as_i64() > done["set"]["at"].as_i64(), "{done}");
    assert_eq!(done["waiting"]["saves"], 0, "{done}");
    assert!(waits["seen_at"].as_i64().is_none_or(|at| at < waits["set"]["at"].as_i64().unwrap()), "{waits}");
    assert!(person(&clerk, "worker").await["ended_at"].is_i64());
    act(&admin, "worker", "resume", json!({})).await.ok();
    office.phone("worker").await.get("me").await.ok();
}

#[tokio::test]
async fn a_deputy_has_the_villages_from_day_to_day_and_not_longer() {
    let office = Office::new().await;
    office.add_account("other", "village_worker", &[OTHER_VILLAGE]).await;
    let (clerk, phone) = (office.desk("clerk").await, office.phone("other").await);
    let codes = async |phone: &Browser| -> Vec<String> {
        let me = phone.get("me").await.ok();
        let mut codes: Vec<String> = me["areas"]
            .as_array()
            .unwrap()
            .iter()
            .map(|area| area["code"].as_str().unwrap().to_owned())
            .collect();
        codes.sort();
        codes
    };
    let today = domain::day::Timestamp::from_ms(office.clock.now()).day();
    let day = |days: i64| today.plus_days(days).unwrap().to_string();
    let deputy = person(&clerk, "other").await["id"].clone();
    let leave = |from: i64, to: i64| json!({"deputy": deputy, "from": day(from), "to": day(to)});
    act(&clerk, "worker", "deputies", leave(3, 2)).await.is_refused(422, "deputy_days");
    act(&clerk, "worker", "deputies", leave(-3, -1)).await.is_refused(422, "deputy_days");
    act(&clerk, "other", "deputies", leave(1, 2)).await.is_refused(422, "deputy_same");
    act(&clerk, "worker", "deputies", leave(1, 2)).await.ok();
    act(&clerk, "worker", "deputies", leave(2, 5)).await.is_refused(422, "deputy_exists");
    assert_eq!(codes(&phone).await, [OTHER_VILLAGE]);
    office.clock.advance(DAY_MS);
    assert_eq!(codes(&phone).await, [VILLAGE, OTHER_VILLAGE]);
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536});
    let told = phone.sync(json!({ "pull": pull })).await.ok();
    assert_eq!((&told["pull"]["err"], &told["pull"]["scope_rev"]), (&json!("scope"), &json!(2)));
    office.clock.advance(2 * DAY_MS);
    assert_eq!(codes(&phone).await, [OTHER_VILLAGE]);
    assert_eq!(phone.get("me").await.ok()["scope_rev"], 3);
    let clerk = office.desk("clerk").await;
    act(&clerk, "worker", "deputies", leave(3, 4)).await.ok();
    let planned = clerk.get("accounts").await.ok()["deputies"][0]["id"].as_str().unwrap().to_owned();
    let worker = office.phone("worker").await;
    worker.post(&format!("deputies/{planned}/end"), json!({})).await.is_refused(403, "forbidden");
    clerk.post(&format!("deputies/{planned}/end"), json!({})).await.ok();
    clerk.post(&format!("deputies/{planned}/end"), json!({})).await.is_refused(404, "not_found");
    office.clock.advance(DAY_MS);
    assert_eq!(codes(&phone).await, [OTHER_VILLAGE]);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_other_sessions_end() {
    let office = Office::new().await;
    let (phone, other) = (office.phone("worker").await, office.phone("worker").await);
    let change = |old: &str, new: &str| json!({"old": old, "new": new});
    phone
        .post("me/password", change("not it", "another long password"))
        .await
        .is_refused(422, "password_wrong");
    phone.post("me/password", change(PASSWORD, "1234567")).await.is_refused(422, "password_short");
    phone.post("me/password", change(PASSWORD, "woaini1314")).await.is_refused(422, "password_common");
    phone.post("me/password", change(PASSWORD, PASSWORD)).await.is_refused(422, "password_same");
    phone.post("me/password", change(PASSWORD, &"x9".repeat(600))).await.is_refused(422, "password_long");
    phone.post("me/password", change(PASSWORD, &"双拥工作".repeat(20))).await.ok();
    phone.get("me").await.ok();
    other.get("me").await.is_refused(401, "login");
    let mut again = other.clone();
    again.login("worker", PASSWORD).await.is_refused(401, "login");
    again.login("worker", &"双拥工作".repeat(20)).await.ok();
}

#[tokio::test]
async fn at_a_shared_pc_the_session_goes_on_under_another_cookie() {
    let office = Office::new().await;
    let before = office.desk("clerk").await;
    let changed = before.post("me/password", json!({"old": PASSWORD, "new": "another long password"})).await;
    let mut after = before.clone();
    after.cookies.clear();
    after.keep_cookies(&changed);
    changed.ok();
    assert_eq!(after.cookies.len(), 1, "{:?}", after.cookies);
    assert_ne!(after.cookies, before.cookies);
    after.get("me").await.ok();
    before.get("me").await.is_refused(401, "login");
}

#[tokio::test]
async fn guesses_at_the_old_password_have_to_wait_as_at_the_door() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let guess = json!({"old": "not it", "new": "another long password"});
    for _ in 0..5 {
        phone.post("me/password", guess.clone()).await.is_refused(422, "password_wrong");
    }
    phone.post("me/password", guess).await.is_refused(429, "slow_down");
}

#[tokio::test]
async fn an_administrator_adds_villages_and_each_bad_row_is_named() {
    let (office, admin) = office().await;
    let add = |text: &str| json!({ "text": text });
    let refused =
        admin.post("areas", add("339999100203 柳河村\n33999910020 短了\n339999200201 无镇村")).await;
    let body = refused.is_refused(422, "areas_bad");
    let whys: Vec<_> =
        body["refused"].as_array().unwrap().iter().map(|one| (&one["row"], &one["why"])).collect();
    assert_eq!(whys, [(&json!(2), &json!("bad_code")), (&json!(3), &json!("no_township"))]);
    assert_eq!(admin.post("areas", add("339999100203 柳河村")).await.ok()["added"], 1);
    assert_eq!(
        admin.post("areas", add("339999100203 柳河村")).await.is_refused(422, "areas_bad")["refused"][0]["why"],
        "known"
    );
    admin.post("areas", add("")).await.is_refused(422, "areas_missing");
    office.desk("clerk").await.post("areas", add("339999100204 东岭村")).await.is_refused(403, "forbidden");
    let areas = office.desk("clerk").await.get("accounts").await.ok()["areas"].clone();
    let added = areas.as_array().unwrap().iter().find(|area| area["code"] == "339999100203").unwrap();
    let today = domain::day::Timestamp::from_ms(office.clock.now()).day().to_string();
    assert_eq!(added["valid_from"], today);
}
