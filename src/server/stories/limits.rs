//! How often and how much: as much as the office allows, and not one more.

use axum::{
    body::{Body, Bytes},
    http::{Method, header},
};
use futures::{
    FutureExt, StreamExt,
    stream::{self, FuturesUnordered},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    client::{Answer, Browser, Office, PASSWORD, TOWNSHIP, VILLAGE, id},
    commands::{LI, list},
};
use crate::plant;

const HOUR_MS: i64 = 60 * 60_000;
const WANG: [&str; 5] = ["王芳", "339999193508090027", "参战", "红旗村", "13800005678"];

/// A family with a number in the worker's village.
async fn family(office: &Office) -> Uuid {
    let desk = office.desk("clerk").await;
    let (e, village) = (id(), office.area(VILLAGE).await);
    let id_no = plant::seal(&office.app.keys, e, "id_no", "339999194803120019");
    let fields = json!({"name": "李伟", "id_no": id_no});
    let create = json!([{"op": "create", "e": e, "type": "recipient", "area": village, "f": fields}]);
    let made = desk.push(1, json!([desk.changeset(create)])).await;
    assert_eq!(made["results"][0]["st"], "applied", "{made}");
    e
}

async fn unmask(who: &Browser, e: Uuid) -> Answer {
    who.post("unmask", json!({"e": e, "f": "id_no", "reason": "核对证件"})).await
}

#[tokio::test]
async fn a_village_is_shown_thirty_numbers_an_hour_and_an_office_more() {
    let office = Office::with_limits(&["unmask-office=40"]).await;
    let e = family(&office).await;
    let (phone, desk) = (office.phone("worker").await, office.desk("clerk").await);
    for n in 0..30 {
        assert_eq!(unmask(&phone, e).await.status, 200, "{n}");
    }
    office.clock.advance(60_000);
    let refused = unmask(&phone, e).await.is_refused(429, "slow_down");
    let wait_ms = refused["wait_ms"].as_i64().unwrap();
    assert!((HOUR_MS - 90_000..=HOUR_MS - 60_000).contains(&wait_ms), "{wait_ms}");
    let other_phone = office.phone("worker").await;
    unmask(&other_phone, e).await.is_refused(429, "slow_down");
    for n in 0..40 {
        assert_eq!(unmask(&desk, e).await.status, 200, "{n}");
    }
    unmask(&desk, e).await.is_refused(429, "slow_down");
    office.clock.advance(wait_ms + 1);
    unmask(&phone, e).await.ok();
}

/// I25: the queue is bounded, and whoever finds it full is told when to come back. Places are held by bodies that do not come.
#[tokio::test]
async fn whoever_finds_the_queue_full_is_told_to_wait() {
    let office = Office::new().await;
    let (phone, other) = (office.phone("worker").await, office.phone("worker").await);
    let withheld = || {
        let never = stream::pending::<Result<Bytes, std::io::Error>>();
        let request = phone.request(Method::POST, "sync").header(header::CONTENT_TYPE, "application/json");
        phone.send(request.body(Body::from_stream(never)).unwrap())
    };
    let mut waiting: FuturesUnordered<_> = (0..256).map(|_| withheld()).collect();
    while office.app.queue.available_permits() > 0 {
        assert!(waiting.next().now_or_never().is_none(), "nobody is answered");
        tokio::task::yield_now().await;
    }
    let answer = other.sync(json!({})).await;
    let wait_ms = answer.is_refused(503, "busy")["wait_ms"].as_i64().unwrap();
    let seconds: i64 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert_eq!((wait_ms, seconds), (2_000, 2));
    drop(waiting);
    other.sync(json!({})).await.ok();
}

/// I25.
#[tokio::test]
async fn a_device_syncs_so_often_an_hour_and_then_waits() {
    let office = Office::with_limits(&["syncs=6"]).await;
    let (phone, other) = (office.phone("worker").await, office.phone("worker").await);
    for n in 0..6 {
        assert_eq!(phone.sync(json!({})).await.status, 200, "{n}");
    }
    let answer = phone.sync(json!({})).await;
    let wait_ms = answer.is_refused(429, "slow_down")["wait_ms"].as_i64().unwrap();
    assert!((HOUR_MS - 60_000..=HOUR_MS).contains(&wait_ms), "{wait_ms}");
    let seconds: i64 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    assert_eq!(seconds, wait_ms / 1000);
    other.sync(json!({})).await.ok();
    office.clock.advance(wait_ms);
    phone.sync(json!({})).await.ok();
}

async fn log_in_from(office: &Office, address: &str, user: &str, password: &str) -> Answer {
    let browser = office.browser();
    let request = browser
        .request(Method::POST, "login")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", address)
        .body(Body::from(json!({"user": user, "password": password}).to_string()));
    browser.send(request.unwrap()).await
}

#[tokio::test]
async fn one_address_guesses_so_often_an_hour_whoever_it_says_it_is() {
    let office = Office::with_limits(&["wrong-logins=6"]).await;
    log_in_from(&office, "203.0.113.7", "clerk", PASSWORD).await.ok();
    for n in 0..6 {
        log_in_from(&office, "203.0.113.7", &format!("nobody {n}"), "not the password")
            .await
            .is_refused(401, "login");
    }
    log_in_from(&office, "203.0.113.7", "clerk", PASSWORD).await.is_refused(429, "slow_down");
    log_in_from(&office, "203.0.113.8", "clerk", PASSWORD).await.ok();
    office.clock.advance(HOUR_MS);
    log_in_from(&office, "203.0.113.7", "clerk", PASSWORD).await.ok();
}

#[tokio::test]
async fn codes_are_guessed_as_seldom_as_passwords() {
    let office = Office::with_limits(&["wrong-logins=3"]).await;
    let mut phone = office.browser();
    for _ in 0..3 {
        phone.enrol("WRONGCODE").await.is_refused(401, "login");
    }
    let code = office.code_for("worker").await;
    phone.enrol(&code).await.is_refused(429, "slow_down");
    office.clock.advance(HOUR_MS);
    phone.enrol(&office.code_for("worker").await).await.ok();
}

/// Guesses that come at once get no further than guesses in a row.
#[tokio::test]
async fn twenty_guesses_at_once_are_five() {
    let office = Office::new().await;
    let guesses = (0..20).map(|_| async {
        let mut browser = office.browser();
        browser.login("clerk", "not the password").await.status.as_u16()
    });
    let answers = futures::future::join_all(guesses).await;
    let judged = answers.iter().filter(|status| **status == 401).count();
    assert_eq!((judged, answers.iter().filter(|status| **status == 429).count()), (5, 15));
}

async fn export(who: &Browser, wanted: Value) -> Answer {
    who.post("exports/follow_up_ledger", wanted).await
}

async fn approve(who: &Browser, asked: &Value) -> Answer {
    who.post(&format!("exports/approvals/{asked}"), json!({})).await
}

/// A masked export with its reason.
fn why() -> Value {
    json!({"reason": "县局抽查"})
}

/// An office where an export of two lines is a long one.
async fn strict_office() -> Office {
    let office = Office::with_limits(&["export-rows=1"]).await;
    office.command(list(&[LI, WANG])).await;
    office.add_account("lead", "township_lead", &[TOWNSHIP]).await;
    office
}

#[tokio::test]
async fn a_long_export_needs_a_second_person_once_for_each() {
    let office = strict_office().await;
    let (desk, lead) = (office.desk("clerk").await, office.desk("lead").await);
    for reason in [json!(null), json!(""), json!(" 查 ")] {
        let said = export(&desk, json!({ "reason": reason })).await.is_refused(422, "reason_missing");
        assert_eq!((&said["rows"], &said["limit"]), (&json!(2), &json!(1)), "masked, and too long");
    }
    let said = export(&desk, why()).await.is_refused(422, "approval_needed");
    assert_eq!((&said["rows"], &said["limit"]), (&json!(2), &json!(1)));
    let again =
        export(&desk, json!({"from": "", "reason": "县局抽查"})).await.is_refused(422, "approval_needed");
    assert_eq!(again["asked"], said["asked"], "asked once");
    approve(&desk, &said["asked"]).await.is_refused(403, "forbidden");
    let shown = lead.get("exports/approvals").await.ok();
    assert_eq!(
        (&shown[0]["name"], &shown[0]["allow"], &shown[0]["wanted"]["rows"]),
        (&json!("clerk"), &json!(true), &json!(2))
    );
    approve(&lead, &said["asked"]).await.ok();
    approve(&lead, &said["asked"]).await.ok();
    let own = desk.get("exports/approvals").await.ok();
    assert_eq!(
        (&own[0]["state"], &own[0]["own"], &own[0]["allow"]),
        (&json!("approved"), &json!(true), &json!(false))
    );
    assert_eq!(shown[0]["wanted"]["reason"], "县局抽查", "whoever allows it is told why");
    let full = json!({"full": true, "reason": "县局抽查"});
    export(&desk, full).await.is_refused(422, "approval_needed");
    let file = export(&desk, why()).await;
    assert_eq!(file.status, 200, "{}", file.text());
    let next = export(&desk, why()).await.is_refused(422, "approval_needed");
    assert_ne!(next["asked"], said["asked"], "an approval is for one file");
    approve(&lead, &said["asked"]).await.is_refused(404, "not_found");
}

#[tokio::test]
async fn nobody_approves_what_he_asked_for_and_an_approval_lapses() {
    let office = strict_office().await;
    office.add_account("county", "county_lead", &["339999"]).await;
    let (lead, county) = (office.desk("lead").await, office.desk("county").await);
    let asked = export(&lead, why()).await.is_refused(422, "approval_needed")["asked"].clone();
    approve(&lead, &asked).await.is_refused(422, "own_request");
    approve(&county, &json!(999_999)).await.is_refused(404, "not_found");
    approve(&county, &asked).await.ok();
    office.clock.advance(24 * HOUR_MS);
    let lead = office.desk("lead").await;
    let late = export(&lead, why()).await.is_refused(422, "approval_needed");
    assert_eq!(late["asked"], asked, "the same request, to be allowed again");
    approve(&office.desk("county").await, &asked).await.ok();
    assert_eq!(export(&lead, why()).await.status, 200);
}

#[tokio::test]
async fn a_refusal_is_told_with_its_reason_and_the_export_can_be_asked_for_anew() {
    let office = strict_office().await;
    let (desk, lead) = (office.desk("clerk").await, office.desk("lead").await);
    let asked = export(&desk, why()).await.is_refused(422, "approval_needed")["asked"].clone();
    let refuse = async |who: &Browser, asked: &Value, reason: &str| {
        who.post(&format!("exports/approvals/{asked}/refuse"), json!({ "reason": reason })).await
    };
    refuse(&desk, &asked, "不同意").await.is_refused(403, "forbidden");
    refuse(&lead, &asked, " ").await.is_refused(422, "reason_missing");
    refuse(&lead, &json!(999_999), "不同意").await.is_refused(404, "not_found");
    refuse(&lead, &asked, "这个季度已经报过").await.ok();
    approve(&lead, &asked).await.is_refused(404, "not_found");
    assert_eq!(lead.get("exports/approvals").await.ok(), json!([]), "it waits for nobody");
    let own = desk.get("exports/approvals").await.ok();
    assert_eq!((&own[0]["state"], &own[0]["refused"]), (&json!("refused"), &json!("这个季度已经报过")));
    let again = export(&desk, why()).await.is_refused(422, "approval_needed")["asked"].clone();
    assert_ne!(again, asked, "what was refused is asked for anew");
    let own = desk.get("exports/approvals").await.ok();
    assert_eq!((own.as_array().unwrap().len(), &own[0]["n"]), (1, &again));
    // What was allowed is taken back as long as nobody has fetched it.
    approve(&lead, &again).await.ok();
    refuse(&lead, &again, "先核对").await.ok();
    export(&desk, why()).await.is_refused(422, "approval_needed");
    let third = export(&desk, why()).await.is_refused(422, "approval_needed")["asked"].clone();
    approve(&lead, &third).await.ok();
    assert_eq!(export(&desk, why()).await.status, 200);
    assert_eq!(desk.get("exports/approvals").await.ok(), json!([]), "what was refused before is over");
    let by_lead = export(&lead, why()).await.is_refused(422, "approval_needed")["asked"].clone();
    refuse(&lead, &by_lead, "不同意").await.is_refused(422, "own_request");
}

/// What a village holds is short, and whole numbers need their reason before anything else.
#[tokio::test]
async fn a_short_export_needs_nobody_and_whole_numbers_a_reason() {
    let office = Office::with_limits(&["export-rows=2"]).await;
    office.command(list(&[LI, WANG])).await;
    let desk = office.desk("clerk").await;
    assert_eq!(export(&desk, json!({})).await.status, 200);
    for reason in [json!(null), json!(""), json!(" 查 ")] {
        export(&desk, json!({"full": true, "reason": reason})).await.is_refused(422, "reason_missing");
    }
    assert_eq!(export(&desk, json!({"full": true, "reason": "县局抽查"})).await.status, 200);
}
