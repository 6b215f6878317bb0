//! Those who help, after the last dealing with them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    found_in_database,
    retention::{DAY_MS, dated, lead, whats},
};
use crate::{
    commands::Command,
    stories::client::{Browser, Office, TOWNSHIP, id},
};

const YEAR_MS: i64 = 365 * DAY_MS;
const NAME: &str = "热心的钱师傅";
const PHONE: &str = "13700007777";

async fn create(office: &Office, desk: &Browser, seq: u64, kind: &str, f: Value) -> Uuid {
    let (e, area) = (id(), office.area(TOWNSHIP).await);
    let op = json!([{"op": "create", "e": e, "type": kind, "area": area, "f": f}]);
    let said = desk.push(seq, json!([dated(office, desk, op)])).await;
    assert_eq!(said["results"][0]["st"], "applied", "{said}");
    e
}

fn sponsor(agreement: &Value) -> Value {
    json!({"name": NAME, "kind": "person", "contact": "本人", "phone": PHONE, "agreement": agreement})
}

#[tokio::test]
async fn a_sponsor_goes_when_nobody_has_dealt_with_him_for_long_and_what_he_gave_stays() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    let e = create(&office, &desk, 1, "sponsor", sponsor(&Value::Null)).await;
    office.clock.advance(2 * YEAR_MS);
    let desk = office.desk("clerk").await;
    let gift = json!({"sponsor": e, "amount": 50_000, "given_on": "2026-01-01"});
    let donation = create(&office, &desk, 1, "donation", gift).await;
    office.clock.advance(2 * YEAR_MS);
    let report = lead(&office).await.get("retention").await.ok();
    assert_eq!(whats(&report), [""; 0], "he gave something two years ago: {report}");
    office.clock.advance(YEAR_MS + 5 * DAY_MS);
    let lead = lead(&office).await;
    let report = lead.get("retention").await.ok();
    assert_eq!(whats(&report), ["sponsor"], "{report}");
    assert_eq!((&report["due"][0]["name"], &report["due"][0]["recipient"]), (&json!(NAME), &json!(e)));
    lead.post("retention", json!({"digest": report["digest"]})).await.ok();
    for gone in [NAME, PHONE] {
        assert_eq!(found_in_database(&office, gone).await, 0, "{gone}");
    }
    let (rows, _) = office.desk("clerk").await.pull_all(1).await;
    let row = rows.iter().find(|row| row["e"] == json!(donation)).unwrap();
    assert_eq!(row["f"]["amount"], 50_000, "{row}");
}

#[tokio::test]
async fn an_open_promise_and_an_agreement_without_an_end_hold_a_sponsor() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    create(
        &office,
        &desk,
        1,
        "sponsor",
        sponsor(&json!({"from": "2020-01-01", "to": null, "scope": "助老"})),
    )
    .await;
    let promised = create(&office, &desk, 2, "sponsor", sponsor(&json!({"to": "2021-01-01"}))).await;
    let pledge = create(&office, &desk, 3, "pledge", json!({"sponsor": promised, "amount": 9_900})).await;
    office.clock.advance(4 * YEAR_MS);
    let report = lead(&office).await.get("retention").await.ok();
    assert_eq!((whats(&report).len(), &report["held_back"]["open_pledge"]), (0, &json!(1)), "{report}");
    let desk = office.desk("clerk").await;
    create(&office, &desk, 1, "donation", json!({"pledge": pledge, "sponsor": promised, "amount": 9_900}))
        .await;
    office.command(Command::RetentionSet { name: "keep_sponsors".into(), months: "6".into() }).await;
    office.clock.advance(YEAR_MS);
    let report = lead(&office).await.get("retention").await.ok();
    assert_eq!(whats(&report), ["sponsor"], "{report}");
}
