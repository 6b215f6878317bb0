//! What somebody carries off, or changes on the way, opens nothing.

use serde_json::{Value, json};

use super::client::{Browser, Office, PASSWORD, VILLAGE, id};
use crate::{commands::Command, plant};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

async fn revoke(office: &Office, phone: &Browser) {
    let device = phone.device.clone();
    office.command(Command::DeviceSet { device, state: "revoked".into() }).await;
}

#[tokio::test]
async fn a_copied_cookie_ends_with_the_device_that_it_was_copied_from() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let thief = phone.clone();
    thief.get("me").await.ok();
    revoke(&office, &phone).await;
    thief.get("me").await.is_refused(403, "revoked");
    thief.sync(json!({"push": {"first_seq": 1, "changesets": []}})).await.is_refused(403, "revoked");
    thief.post("grant", json!({})).await.is_refused(403, "revoked");
}

#[tokio::test]
async fn a_copied_cookie_of_a_shared_pc_ends_at_the_logout() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let thief = desk.clone();
    thief.get("me").await.ok();
    desk.post("logout", json!({})).await.ok();
    thief.get("me").await.is_refused(401, "login");
    thief.sync(json!({})).await.is_refused(401, "login");
}

#[tokio::test]
async fn a_copied_cookie_or_token_is_of_no_use_in_another_vault() {
    let office = Office::new().await;
    let (phone, other) = (office.phone("worker").await, office.phone("clerk").await);
    let mut thief = phone.clone();
    thief.vault = other.vault.clone();
    thief.get("me").await.is_refused(401, "login");
    // Under the other vault's name it is no token of that device either.
    let (mine, theirs) = (format!("g-{}", phone.vault), format!("g-{}", other.vault));
    thief.cookies = thief.cookies.iter().map(|cookie| cookie.replace(&mine, &theirs)).collect();
    thief.get("me").await.is_refused(401, "login");
    let mut with_token = other.clone();
    with_token.bearer = phone.bearer.clone();
    with_token.get("me").await.is_refused(401, "login");
}

#[tokio::test]
async fn a_shared_pc_logs_out_after_half_an_hour_or_half_a_day_whatever_is_done() {
    let office = Office::new().await;
    let idle = office.desk("clerk").await;
    office.clock.advance(30 * MINUTE_MS);
    idle.get("me").await.is_refused(401, "login");
    let busy = office.desk("clerk").await;
    for _ in 0..35 {
        office.clock.advance(20 * MINUTE_MS);
        busy.get("me").await.ok();
    }
    office.clock.advance(20 * MINUTE_MS);
    busy.get("me").await.is_refused(401, "login");
}

#[tokio::test]
async fn a_phone_that_was_away_for_ninety_days_logs_in_anew() {
    let office = Office::new().await;
    let mut phone = office.phone("worker").await;
    for _ in 0..3 {
        office.clock.advance(80 * DAY_MS);
        phone.get("me").await.ok();
    }
    office.clock.advance(91 * DAY_MS);
    phone.get("me").await.is_refused(401, "login");
    phone.login("worker", PASSWORD).await.is_refused(401, "grant");
}

/// P11. Whoever read a code over a shoulder, or made one for somebody above him, has no password.
#[tokio::test]
async fn a_code_without_the_password_writes_nothing_in_anybodys_name() {
    let office = Office::new().await;
    let mut thief = office.browser();
    thief.enrol(&office.code_for("worker").await).await.ok();
    let family = thief.changeset(
        json!([{"op": "create", "e": id(), "type": "recipient", "area": office.area(VILLAGE).await, "f": {"name": "李伟"}}]),
    );
    let push = json!({"push": {"first_seq": 1, "changesets": [family]}});
    thief.sync(push.clone()).await.is_refused(401, "login");
    thief.sync(json!({})).await.is_refused(401, "login");
    thief.login("worker", PASSWORD).await.ok();
    thief.bearer = None;
    assert_eq!(
        thief.sync(push).await.ok()["push"]["results"][0]["st"],
        "applied",
        "from here on the grant alone pushes"
    );
    // A fresh code for the same device is one without a password again.
    thief.enrol(&office.code_for("worker").await).await.ok();
    thief.sync(json!({})).await.is_refused(401, "login");
}

/// The code was used and the phone has synced: whoever read it over a shoulder comes too late, with another device or the same.
#[tokio::test]
async fn a_replayed_code_enrols_nobody() {
    let office = Office::new().await;
    let code = office.code_for("worker").await;
    let mut phone = office.browser();
    phone.enrol(&code).await.ok();
    let mut thief = office.browser();
    thief.enrol(&code).await.is_refused(401, "login");
    phone.login("worker", PASSWORD).await.ok();
    phone.sync(json!({"push": {"first_seq": 1, "changesets": []}})).await.ok();
    let mut with_its_name = phone.clone();
    with_its_name.cookies.clear();
    with_its_name.enrol(&code).await.is_refused(401, "login");
    thief.vault = phone.vault.clone();
    thief.enrol(&code).await.is_refused(401, "login");
}

#[tokio::test]
async fn another_algorithm_than_the_offices_own_is_refused() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let (e, village) = (id(), office.area(VILLAGE).await);
    let honest = json!(plant::seal(&office.app.keys, e, "id_no", "339999194803120019"));
    let create = |sealed: &Value| {
        let fields = json!({"name": "李伟", "id_no": sealed});
        phone.changeset(json!([{"op": "create", "e": e, "type": "recipient", "area": village, "f": fields}]))
    };
    let mut changesets = Vec::new();
    for alg in ["", "none", "intl-0", "gm-1", "INTL-1"] {
        let mut sealed = honest.clone();
        sealed["alg"] = json!(alg);
        changesets.push(create(&sealed));
    }
    let tampered = changesets.len() as u64;
    let answer = phone.push(1, json!(changesets)).await;
    for verdict in answer["results"].as_array().unwrap() {
        assert_eq!((&verdict["st"], &verdict["why"]), (&json!("rejected"), &json!("bad_value")), "{verdict}");
    }
    // Beside the honest value, whose bytes are the same.
    let mut other = honest.clone();
    other["alg"] = json!("gm-1");
    let write = json!([{"op": "sealed", "e": e, "f": "id_no", "v": other, "base": {"fv": "0.0"}}]);
    let taken = phone.push(tampered + 1, json!([create(&honest), phone.changeset(write)])).await;
    let states = [&taken["results"][0]["st"], &taken["results"][1]["st"]];
    assert_eq!(states, [&json!("applied"), &json!("rejected")], "{taken}");
}

#[tokio::test]
async fn sealed_values_that_changed_places_are_refused() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let (a, b, village) = (id(), id(), office.area(VILLAGE).await);
    let seal = |e, field, number| json!(plant::seal(&office.app.keys, e, field, number));
    let of_a = seal(a, "id_no", "339999194803120019");
    let of_b = seal(b, "id_no", "33999919510305002X");
    let create = |e, sealed: &Value| {
        let f = json!({"name": "李伟", "id_no": sealed});
        phone.changeset(json!([{"op": "create", "e": e, "type": "recipient", "area": village, "f": f}]))
    };
    let put = |e, field: &str, sealed: &Value| {
        let op = json!({"op": "sealed", "e": e, "f": field, "v": sealed, "base": {"fv": "0.0"}});
        phone.changeset(json!([op]))
    };
    // Of one file in the other, of one field in another, and the lock of one with the content of the other.
    let mut mixed = of_a.clone();
    mixed["ct"] = of_b["ct"].clone();
    let changesets = [
        create(a, &of_b),
        create(a, &of_a),
        create(b, &of_b),
        put(a, "id_no", &of_b),
        put(b, "id_no", &of_a),
        put(a, "medical_no", &of_a),
        put(a, "id_no", &mixed),
    ];
    let answer = phone.push(1, json!(changesets)).await;
    let states: Vec<&str> =
        answer["results"].as_array().unwrap().iter().map(|verdict| verdict["st"].as_str().unwrap()).collect();
    let refused = "rejected";
    assert_eq!(states, [refused, "applied", "applied", refused, refused, refused, refused], "{answer}");
    let desk = office.desk("clerk").await;
    let full = |e| json!({"e": e, "f": "id_no", "reason": "核对证件"});
    for (e, number) in [(a, "339999194803120019"), (b, "33999919510305002X")] {
        assert_eq!(desk.post("unmask", full(e)).await.ok()["text"], number);
    }
}
