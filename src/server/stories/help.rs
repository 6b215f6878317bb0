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

async fn said(who: &Browser, seq: u64, ops: Vec<Value>) -> (String, String) {
    let mut save = who.changeset(json!(ops));
    // Each later than the one before: of writes that did not know of each other the later stands.
    save["t"] = (1_700_000_000_000 + seq * 1_000).into();
    let answer = who.push(seq, json!([save])).await;
    let verdict = &answer["results"][0];
    let text = |name: &str| verdict[name].as_str().unwrap_or_default().to_owned();
    (text("st"), text("why"))
}

#[tokio::test]
async fn a_need_is_not_closed_from_a_phone_nor_by_an_office_that_skips_what_comes_before() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let (family, _) = two_families(&office, &desk).await;
    let phone = office.phone("worker").await;
    let (need, area) = (id(), office.area(VILLAGE).await);
    let found = json!({"op": "create", "e": need, "type": "need", "area": area, "parent": family,
                       "f": {"kind": "N-MED", "state": "found"}});
    assert_eq!(said(&phone, 1, vec![found]).await.0, "applied");
    let held = ("held".to_owned(), "step".to_owned());
    assert_eq!(said(&phone, 2, set(need, json!({"state": "closed"}))).await, held);
    assert_eq!(said(&desk, 3, set(need, json!({"state": "closed"}))).await, held);
    assert_eq!(said(&desk, 4, set(need, json!({"state": "assigned"}))).await, held, "nobody is responsible");
    assert_eq!(said(&phone, 3, set(need, json!({"state": "dropped"}))).await, held, "no reason");
    assert_eq!(said(&phone, 4, set(need, json!({"state": "dropped", "reason": "已解决"}))).await.0, "merged");
}
