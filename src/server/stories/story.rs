//! A worker's phone and a clerk's desk, from enrolment to a decided proposal.

use serde_json::json;
use uuid::Uuid;

use super::client::{Browser, OTHER_VILLAGE, Office, PASSWORD, TOWNSHIP, VILLAGE, id};
use crate::plant;

fn sealed(office: &Office, e: Uuid, field: &str, text: &str) -> serde_json::Value {
    serde_json::to_value(plant::seal(&office.app.keys, e, field, text)).unwrap()
}

/// The clerk's desk enters a family in the worker's village and one outside it.
pub(super) async fn two_families(office: &Office, desk: &Browser) -> (Uuid, Uuid) {
    let (mine, foreign) = (id(), id());
    let create = |e: Uuid, area: &str, name: &str, number: &str| {
        json!([{"op": "create", "e": e, "type": "recipient", "area": area, "f": {
            "name": name, "mobile": "13800000000",
            "id_no": sealed(office, e, "id_no", number), "birth": sealed(office, e, "birth", "1948-03-12"),
            "account_no": sealed(office, e, "account_no", "6222020200112233445"),
            "certs": [{"kind": "残疾人证", "number": "33999919480312001944"}],
        }}])
    };
    let (village, other) = (office.area(VILLAGE).await, office.area(OTHER_VILLAGE).await);
    let changesets = json!([
        desk.changeset(create(mine, &village, "李伟", "339999194803120019")),
        desk.changeset(create(foreign, &other, "外村人", "339999193508090027")),
    ]);
    let made = desk.push(1, changesets).await;
    assert_eq!((&made["results"][0]["st"], &made["acked"]), (&json!("applied"), &json!(2)), "{made}");
    (mine, foreign)
}

#[tokio::test]
async fn a_phone_is_sent_its_villages_and_no_number_in_full() {
    let office = Office::new().await;
    let (mine, foreign) = two_families(&office, &office.desk("clerk").await).await;
    let phone = office.phone("worker").await;
    assert_eq!(phone.get("me").await.ok()["areas"].as_array().unwrap().len(), 1);
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536});
    let answer = phone.sync(json!({"pull": pull})).await;
    let text = answer.text();
    let numbers = ["339999194803120019", "1948-03-12", "6222020200112233445", "3445", "33999919480312001944"];
    for secret in numbers.into_iter().chain(["外村人", foreign.to_string().as_str()]) {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let pull = answer.ok()["pull"].clone();
    let row = &pull["rows"][0];
    assert_eq!((&row["e"], &row["f"]["name"]), (&json!(mine), &json!("李伟")));
    assert_eq!(row["f"]["id_no"]["show"], "**************0019");
    assert_eq!(row["f"]["birth"]["show"], "1948");
    assert_eq!(pull["digest"][office.area(VILLAGE).await]["n"], 1);
}

#[tokio::test]
async fn what_a_worker_proposes_the_desk_decides() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (mine, _) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    let (rows, _) = phone.pull_all(1).await;
    let changeset = phone.changeset(json!([
        {"op": "set", "e": mine, "f": "mobile", "v": "13911112222", "base": {"fv": rows[0]["rev"]}},
        {"op": "set", "e": mine, "f": "bank", "v": "309", "base": {"fv": "0.0"}},
    ]));
    let pushed = phone.push(1, json!([changeset])).await;
    assert_eq!(pushed["results"][0]["st"], "merged", "{pushed}");
    let proposal = pushed["results"][0]["made"][0]["e"].clone();
    let again = phone.push(1, json!([changeset])).await;
    assert_eq!(
        (&again["results"][0]["st"], &again["results"][0]["was"]),
        (&json!("duplicate"), &json!("merged"))
    );

    let (rows, page) = desk.pull_all(1).await;
    let full = rows.iter().find(|row| row["e"] == json!(mine)).unwrap();
    assert_eq!((&full["f"]["birth"], &full["f"]["mobile"]), (&json!("1948-03-12"), &json!("13911112222")));
    assert!(rows.iter().any(|row| row["e"] == proposal && row["type"] == "proposal"));
    assert!(page["digest"][office.area(TOWNSHIP).await].is_object());
    let decision = desk.changeset(json!([
        {"op": "decide", "e": proposal, "accept": true},
        {"op": "set", "e": mine, "f": "bank", "v": "309", "base": {"fv": "0.0"}},
    ]));
    let decided = desk.push(3, json!([decision])).await;
    assert_eq!(decided["results"][0]["st"], "applied", "{decided}");
}

#[tokio::test]
async fn a_number_is_shown_in_full_for_a_reason_and_only_in_scope() {
    let office = Office::new().await;
    let (mine, foreign) = two_families(&office, &office.desk("clerk").await).await;
    let phone = office.phone("worker").await;
    let ask =
        |e: Uuid, f: &str, reason: &str| phone.post("unmask", json!({"e": e, "f": f, "reason": reason}));
    ask(foreign, "id_no", "核对证件").await.is_refused(404, "not_found");
    ask(mine, "account_no", "核对证件").await.is_refused(404, "not_found");
    for nothing_or_a_book in [" ", &"核".repeat(501)] {
        ask(mine, "id_no", nothing_or_a_book).await.is_refused(422, "reason_missing");
    }
    assert_eq!(ask(mine, "id_no", "核对证件").await.ok()["text"], "339999194803120019");
}

#[tokio::test]
async fn hello_says_where_a_device_stands() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let hello = json!({
        "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
        "build": "test", "t": 1, "storage": {"persisted": true}, "ask": ["00".repeat(32)],
    });
    let answer = phone.sync(json!({"hello": hello})).await.ok();
    let said = &answer["hello"];
    assert_eq!((&said["state"], &said["acked"], &said["epoch"]), (&json!("active"), &json!(0), &json!(1)));
    assert_eq!(said["blobs"]["00".repeat(32)]["state"], "absent");
    assert_eq!(said["keys"][0]["alg"], "intl-1");
    assert!(said["audit"]["n"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn a_locked_phone_pushes_and_does_not_read() {
    let office = Office::new().await;
    let mut phone = office.browser();
    phone.enrol(&office.code_for("worker").await).await.ok();
    phone.login("worker", PASSWORD).await.ok();
    phone.bearer = None;
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536});
    let answer = phone.sync(json!({"push": {"first_seq": 1, "changesets": []}, "pull": pull})).await.ok();
    assert_eq!(answer["push"]["acked"], 0);
    assert_eq!(answer["pull"]["err"], "session");
    phone.get("me").await.is_refused(401, "login");
}

#[tokio::test]
async fn other_areas_are_announced_before_any_row() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    office
        .command(crate::commands::Command::AccountAssign {
            user: "worker".into(),
            scope: vec![OTHER_VILLAGE.into()],
            role: None,
            password: None,
        })
        .await;
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536});
    let answer = phone.sync(json!({"pull": pull})).await.ok();
    assert_eq!((&answer["pull"]["err"], &answer["pull"]["scope_rev"]), (&json!("scope"), &json!(2)));
    assert_eq!(answer["pull"]["areas"][0]["code"], OTHER_VILLAGE);
}
