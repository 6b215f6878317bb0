//! A village's families go from one worker to another, with what the first has not sent yet.

use serde_json::{Value, json};
use uuid::Uuid;

use super::client::{Browser, OTHER_VILLAGE, Office, TOWNSHIP, VILLAGE, id};

/// Families in the first village, entered at the desk.
async fn families(office: &Office, desk: &Browser, count: usize) -> Vec<Uuid> {
    let village = office.area(VILLAGE).await;
    let ids: Vec<Uuid> = (0..count).map(|_| id()).collect();
    let create = |e: &Uuid| {
        desk.changeset(
            json!([{"op": "create", "e": e, "type": "recipient", "area": village, "f": {"name": "李伟"}}]),
        )
    };
    let changesets: Vec<Value> = ids.iter().map(create).collect();
    assert_eq!(desk.push(1, json!(changesets)).await["acked"], count);
    ids
}

async fn account(desk: &Browser, name: &str) -> Value {
    let people = desk.get("accounts").await.ok()["people"].clone();
    people.as_array().unwrap().iter().find(|person| person["name"] == name).unwrap()["id"].clone()
}

#[tokio::test]
async fn the_village_goes_over_and_what_was_unsent_is_held_and_not_lost() {
    let office = Office::new().await;
    office.add_account("other", "village_worker", &[OTHER_VILLAGE]).await;
    let desk = office.desk("clerk").await;
    let (giver, taker) = (office.phone("worker").await, office.phone("other").await);
    let ids = families(&office, &desk, 3).await;
    let (from, to) = (account(&desk, "worker").await, account(&desk, "other").await);
    let area = office.area(VILLAGE).await;
    let before = desk.post("handovers/preview", json!({"area": area, "from": from})).await.ok();
    assert_eq!(before["families"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&before["families"][0]["responsible"], &before["unsent"]["devices"]),
        (&Value::Null, &json!(1))
    );

    let (rows, _) = giver.pull_all(1).await;
    let request = json!({"area": area, "from": from, "to": to, "families": ids, "keep_village": false, "reason": "换人"});
    let done = desk.post("handovers", request).await.ok();
    assert_eq!(
        (&done["families"], &done["village_left"], &done["village_came"]),
        (&json!(3), &json!(true), &json!(true))
    );
    assert_eq!(
        (&done["from_name"], &done["to_name"], &done["village"]),
        (&json!("worker"), &json!("other"), &json!("红旗村"))
    );

    // What the giver saved before he knew goes up first, and waits for a person.
    let late = giver.changeset(json!([
        {"op": "set", "e": ids[0], "f": "mobile", "v": "13911112222", "base": {"fv": rows[0]["rev"]}},
    ]));
    let pushed = giver.push(1, json!([late])).await;
    assert_eq!(
        (&pushed["results"][0]["st"], &pushed["results"][0]["why"]),
        (&json!("held"), &json!("out_of_scope"))
    );
    let pull = json!({"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536});
    let told = giver.sync(json!({ "pull": pull })).await.ok();
    assert_eq!(told["pull"]["err"], "scope");
    assert!(!told.to_string().contains(VILLAGE), "{told}");

    let (rows, _) = taker.pull_all(2).await;
    let mine: Vec<&Value> = rows.iter().filter(|row| row["type"] == "recipient").collect();
    assert_eq!(mine.len(), 3);
    assert!(mine.iter().all(|row| row["f"]["responsible"] == to), "{rows:?}");
    let (rows, _) = desk.pull_all(1).await;
    assert!(rows.iter().any(|row| row["type"] == "held"));
    for phone in [&giver, &taker] {
        let told = phone.get("handovers").await.ok();
        assert_eq!((&told["rows"][0]["families"], &told["rows"][0]["by"]), (&json!(3), &json!("clerk")));
    }
    assert_eq!(desk.get("handovers").await.ok()["rows"].as_array().unwrap().len(), 1);
    // Without a village he is still the office's: he can be given another.
    let path = format!("accounts/{}/areas", from.as_str().unwrap());
    desk.post(&path, json!({"areas": [area]})).await.ok();
}

#[tokio::test]
async fn chosen_families_go_over_and_the_village_stays_with_both() {
    let office = Office::new().await;
    office.add_account("other", "village_worker", &[OTHER_VILLAGE]).await;
    let desk = office.desk("clerk").await;
    let ids = families(&office, &desk, 2).await;
    let (from, to) = (account(&desk, "worker").await, account(&desk, "other").await);
    let area = office.area(VILLAGE).await;
    let hand = |families: &[Uuid]| json!({"area": area, "from": from, "to": to, "families": families, "keep_village": true, "reason": "分一半"});
    let done = desk.post("handovers", hand(&ids[..1])).await.ok();
    assert_eq!((&done["village_left"], &done["village_came"]), (&json!(false), &json!(true)));
    assert_eq!(office.phone("worker").await.get("me").await.ok()["areas"].as_array().unwrap().len(), 1);
    let after = desk.post("handovers/preview", json!({"area": area, "from": from})).await.ok();
    let named: Vec<bool> =
        after["families"].as_array().unwrap().iter().map(|family| family["responsible"] == to).collect();
    assert_eq!(named.iter().filter(|named| **named).count(), 1);
    // Once more changes nothing in the files.
    desk.post("handovers", hand(&ids[..1])).await.ok();
    desk.post("handovers", hand(&[])).await.is_refused(422, "families_missing");
    desk.post("handovers", hand(&[id()])).await.is_refused(422, "families_changed");
}

#[tokio::test]
async fn only_the_office_of_both_hands_over() {
    let office = Office::new().await;
    office.add_account("other", "village_worker", &[OTHER_VILLAGE]).await;
    office.add_account("neighbour", "township_clerk", &[OTHER_VILLAGE]).await;
    office.add_account("root", "admin", &["339999"]).await;
    let desk = office.desk("clerk").await;
    let ids = families(&office, &desk, 1).await;
    let (from, to) = (account(&desk, "worker").await, account(&desk, "other").await);
    let clerk = account(&desk, "clerk").await;
    let area = office.area(VILLAGE).await;
    let hand = |from: &Value, to: &Value, reason: &str| json!({"area": area, "from": from, "to": to, "families": ids, "keep_village": false, "reason": reason});
    let (phone, neighbour, admin) =
        (office.phone("worker").await, office.desk("neighbour").await, office.desk("root").await);
    for by in [&phone, &admin] {
        by.post("handovers", hand(&from, &to, "换人")).await.is_refused(403, "forbidden");
        by.post("handovers/preview", json!({"area": area, "from": from})).await.is_refused(403, "forbidden");
    }
    neighbour.post("handovers", hand(&from, &to, "换人")).await.is_refused(404, "not_found");
    neighbour.post("handovers/preview", json!({"area": area})).await.is_refused(404, "not_found");
    desk.post("handovers", hand(&from, &from, "换人")).await.is_refused(422, "handover_same");
    desk.post("handovers", hand(&from, &clerk, "换人")).await.is_refused(422, "not_a_worker");
    desk.post("handovers", hand(&from, &to, " ")).await.is_refused(422, "reason_missing");
    assert_eq!(desk.get("handovers").await.ok()["rows"], json!([]));
    assert_eq!(phone.get("me").await.ok()["areas"].as_array().unwrap().len(), 1);
}

/// A family of which the hand-over says nothing, and one that is not there: neither half is left behind.
#[tokio::test]
async fn a_hand_over_that_is_refused_has_changed_neither_files_nor_village() {
    let office = Office::new().await;
    office.add_account("other", "village_worker", &[OTHER_VILLAGE]).await;
    let desk = office.desk("clerk").await;
    let ids = families(&office, &desk, 2).await;
    let (from, to) = (account(&desk, "worker").await, account(&desk, "other").await);
    let area = office.area(VILLAGE).await;
    let hand = |ids: &[Uuid], to: &Value| json!({"area": area, "from": from, "to": to, "families": ids, "keep_village": false, "reason": "换人"});
    let before = desk.pull_all(1).await.0;
    desk.post("handovers", hand(&[ids[0], id()], &to)).await.is_refused(422, "families_changed");
    desk.post("handovers", hand(&ids, &account(&desk, "clerk").await)).await.is_refused(422, "not_a_worker");
    assert_eq!(desk.pull_all(1).await.0, before);
    assert_eq!(desk.get("handovers").await.ok()["rows"], json!([]));
    desk.post("handovers", hand(&ids, &to)).await.ok();
}

#[tokio::test]
async fn nothing_but_a_village_goes_over_and_only_from_a_village_worker() {
    let office = Office::new().await;
    office.add_account("peer", "township_clerk", &[TOWNSHIP]).await;
    office.add_account("other", "village_worker", &[OTHER_VILLAGE]).await;
    let desk = office.desk("clerk").await;
    let (peer, from, to) =
        (account(&desk, "peer").await, account(&desk, "worker").await, account(&desk, "other").await);
    let hand = async |area: &str, from: &Value| {
        let area = office.area(area).await;
        let request = json!({"area": area, "from": from, "to": to, "families": [], "keep_village": false, "reason": "换人"});
        desk.post("handovers", request).await
    };
    hand(TOWNSHIP, &peer).await.is_refused(422, "areas_of_role");
    hand(TOWNSHIP, &from).await.is_refused(422, "areas_of_role");
    hand(VILLAGE, &peer).await.is_refused(422, "not_a_worker");
    let code = office.code_for("other").await;
    hand(VILLAGE, &from).await.ok();
    office.browser().enrol(&code).await.is_refused(401, "login");
}
