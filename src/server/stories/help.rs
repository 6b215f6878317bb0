//! A need's steps at the server: what skips one is kept aside, whatever build sent it.

use super::{
    client::{Browser, Office, VILLAGE, id},
    story::two_families,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Sets fields of a need as a build would that knows nothing of steps.
fn set(need: Uuid, fields: Value) -> Vec<Value> {
    let fields = fields.as_object().expect("an object").clone();
    let set =
        |(f, v): (String, Value)| json!({"op": "set", "e": need, "f": f, "v": v, "base": {"fv": "0.0"}});
    fields.into_iter().map(set).collect()
}

/// Each later than the one before: of writes that did not know of each other the later stands.
async fn said(who: &Browser, seq: u64, ops: Vec<Value>) -> (String, String) {
    said_at(who, seq, seq, ops).await
}

async fn said_at(who: &Browser, seq: u64, second: u64, ops: Vec<Value>) -> (String, String) {
    let mut save = who.changeset(json!(ops));
    save["t"] = (1_700_000_000_000 + second * 1_000).into();
    let answer = who.push(seq, json!([save])).await;
    let verdict = &answer["results"][0];
    let text = |name: &str| verdict[name].as_str().unwrap_or_default().to_owned();
    (text("st"), text("why"))
}

/// A need that a worker found: the desk, his phone, the need.
async fn found(office: &Office) -> (Browser, Browser, Uuid) {
    let desk = office.desk("clerk").await;
    let (family, _) = two_families(office, &desk).await;
    let phone = office.phone("worker").await;
    let (need, area) = (id(), office.area(VILLAGE).await);
    let found = json!({"op": "create", "e": need, "type": "need", "area": area, "parent": family,
                       "f": {"kind": "N-MED", "state": "found"}});
    assert_eq!(said(&phone, 1, vec![found]).await.0, "applied");
    (desk, phone, need)
}

#[tokio::test]
async fn a_need_is_not_closed_from_a_phone_nor_by_an_office_that_skips_what_comes_before() {
    let office = Office::new().await;
    let (desk, phone, need) = found(&office).await;
    let held = ("held".to_owned(), "step".to_owned());
    assert_eq!(said(&phone, 2, set(need, json!({"state": "closed"}))).await, held);
    assert_eq!(said(&desk, 3, set(need, json!({"state": "closed"}))).await, held);
    assert_eq!(said(&desk, 4, set(need, json!({"state": "assigned"}))).await, held, "nobody is responsible");
    assert_eq!(said(&phone, 3, set(need, json!({"state": "dropped"}))).await, held, "no reason");
    assert_eq!(said(&phone, 4, set(need, json!({"state": "dropped", "reason": "已解决"}))).await.0, "merged");
}

async fn row(desk: &Browser, wanted: impl Fn(&Value) -> bool) -> Value {
    let (rows, _) = desk.pull_all(1).await;
    rows.into_iter().find(|row| wanted(row)).expect("a row")
}

#[tokio::test]
async fn an_office_lets_a_late_step_through_and_takes_the_other_of_two_states() {
    let office = Office::new().await;
    let (desk, phone, need) = found(&office).await;
    let of_need = |row: &Value| row["e"] == json!(need);
    let seen = row(&desk, of_need).await["rev"].clone();
    let on = |fields: Value, fv: &Value| {
        let mut ops = set(need, fields);
        ops.iter_mut().for_each(|op| op["base"] = json!({ "fv": fv }));
        ops
    };
    let assigned = on(json!({"state": "assigned", "responsible": "worker"}), &seen);
    assert_eq!(said(&desk, 3, assigned).await.0, "applied");
    // The worker, out of reach, gave up what he thought was only found.
    let dropped = on(json!({"state": "dropped", "reason": "已解决"}), &seen);
    assert_eq!(said_at(&phone, 2, 9, dropped).await, ("held".to_owned(), "step".to_owned()));
    let held = row(&desk, |row| row["type"] == "held").await["e"].clone();
    let through = json!({"op": "resolve", "e": held, "take": "other", "base": null});
    assert_eq!(said(&desk, 4, vec![through]).await.0, "merged");
    let state = row(&desk, of_need).await;
    let conflict = row(&desk, |row| row["type"] == "conflict").await;
    let said_states = (&state["f"]["state"], &conflict["f"]["other"]);
    assert_eq!(said_states, (&json!("dropped"), &json!("assigned")), "{state} {conflict}");
    let fv = state["fv"]["state"].as_str().map_or(state["rev"].clone(), |fv| json!(fv));
    let take = json!({"op": "resolve", "e": conflict["e"], "take": "other", "base": {"fv": fv}});
    assert_eq!(said(&desk, 5, vec![take]).await.0, "applied");
    assert_eq!(row(&desk, of_need).await["f"]["state"], "assigned");
}

#[tokio::test]
async fn a_visit_lands_though_the_need_that_it_follows_up_is_gone() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (family, _) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    let (need, visit, area) = (id(), id(), office.area(VILLAGE).await);
    let found = json!({"op": "create", "e": need, "type": "need", "area": area, "parent": family,
                       "f": {"kind": "N-MED", "state": "found"}});
    assert_eq!(said(&phone, 1, vec![found]).await.0, "applied");
    let rev = row(&desk, |row| row["e"] == json!(need)).await["rev"].clone();
    let delete = json!({"op": "delete", "e": need, "base": {"rev": rev}, "reason": "误录"});
    assert_eq!(said(&desk, 3, vec![delete]).await.0, "applied");
    // As the phone saves it: what it says of the need lies behind the visit.
    let made = json!({"op": "create", "e": visit, "type": "visit", "area": area, "parent": family,
                      "f": {"kind": "verification", "completed_at": 1, "answers": {"A10": "重病"}}});
    let behind = json!([{"op": "set", "e": need, "f": "verified_by", "v": visit, "base": {"fv": rev}},
                        {"op": "add", "e": need, "f": "evidence", "item": visit}]);
    let saves = json!([phone.changeset(json!([made])), phone.changeset(behind)]);
    let results = phone.push(2, saves).await["results"].clone();
    assert_eq!((&results[0]["st"], &results[1]["st"]), (&json!("applied"), &json!("held")), "{results}");
    assert_eq!(results[1]["why"], "deleted");
    let again = row(&desk, |row| row["type"] == "need").await;
    assert_eq!(
        again["f"]["found_by"],
        json!(visit),
        "what the visit found is not lost with the need of before"
    );
}
