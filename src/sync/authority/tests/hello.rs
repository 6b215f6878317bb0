//! G1, G2, G4, G6.

use crate::{
    authority::{HelloFacts, Standing, hello},
    id::AreaId,
    testing::id,
    wire::{DeviceState, Divergence, DivergenceKind, Hello, Limits, Witness},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn facts() -> HelloFacts {
    HelloFacts {
        epoch: 3,
        scope_rev: 7,
        standing: Standing::Active,
        last: Some((9, id("nine"))),
        durable: Some((4, id("four"))),
        limits: Limits { batch_bytes: 1, page_bytes: 2, wait_ms: 3 },
        keys: vec![],
        audit: Witness { n: 5, h: "bb".to_owned() },
        audit_at_seen: Some("aa".to_owned()),
        blobs: BTreeMap::new(),
        settings: BTreeMap::new(),
    }
}

fn asks(rest: Value) -> Hello {
    let mut hello = json!({"next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 3, "scope_rev": 7,
                           "schema": 1, "build": "x", "t": 0, "storage": {"persisted": true}});
    hello.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    serde_json::from_value(hello).unwrap()
}

#[test]
fn g1_acked_and_durable_come_with_their_ids() {
    let answer = hello(&asks(json!({})), facts()).answer;
    assert_eq!((answer.acked, answer.id_at_acked), (9, Some(id("nine"))));
    assert_eq!((answer.durable, answer.id_at_durable), (4, Some(id("four"))));
    assert_eq!((answer.schema, answer.blobs), ((1, 1), None));
    let new = hello(&asks(json!({})), HelloFacts { last: None, durable: None, ..facts() }).answer;
    assert_eq!((new.acked, new.id_at_acked, new.durable), (0, None, 0));
}

#[test]
fn g1_the_state_is_what_the_office_decided() {
    let state = |standing| hello(&asks(json!({})), HelloFacts { standing, ..facts() }).answer.state;
    assert_eq!(state(Standing::Active), DeviceState::Active);
    assert_eq!(state(Standing::Readonly), DeviceState::Readonly);
    assert_eq!(state(Standing::Wipe), DeviceState::Wipe);
    assert_eq!(state(Standing::Revoked), DeviceState::Wipe);
}

#[test]
fn g4_settings_are_handed_on_and_not_said_where_there_are_none() {
    let text = |facts| serde_json::to_value(hello(&asks(json!({})), facts).answer).unwrap();
    assert_eq!(text(facts()).get("settings"), None);
    let settings = BTreeMap::from([("id_tail".to_owned(), json!(2))]);
    assert_eq!(text(HelloFacts { settings, ..facts() })["settings"], json!({"id_tail": 2}));
}

#[test]
fn g2_a_witness_that_is_no_prefix_is_reported() {
    let differs = |seen: Value, at_seen: Option<&str>| {
        let facts = HelloFacts { audit_at_seen: at_seen.map(str::to_owned), ..facts() };
        hello(&asks(json!({"seen": seen})), facts).witness_differs
    };
    assert!(!hello(&asks(json!({})), facts()).witness_differs);
    assert!(!differs(json!({"n": 2, "h": "aa"}), Some("aa")));
    assert!(differs(json!({"n": 2, "h": "ab"}), Some("aa")));
    assert!(differs(json!({"n": 99, "h": "aa"}), None), "the chain is shorter than what the phone saw");
}

#[test]
fn g2_a_storage_incident_is_handed_on() {
    let incident = json!({"storage": {"persisted": true, "incident": {"kind": "went_back", "inc": "0101010101010101", "lost": [3, 5]}}});
    assert_eq!(hello(&asks(incident), facts()).incident.unwrap().lost, Some((3, 5)));
}

#[test]
fn g6_where_it_and_the_office_differed_is_handed_on() {
    let area = id("village");
    let said = asks(json!({"diverged": [{"kind": "torn", "areas": [area, "own"], "t": 5, "later": 1}]}));
    let expected = Divergence { kind: DivergenceKind::Torn, areas: vec![AreaId(area), AreaId::OWN], t: 5 };
    assert_eq!(hello(&said, facts()).diverged, [expected]);
    assert_eq!(hello(&asks(json!({})), facts()).diverged, [], "a phone of before says nothing");
    assert_eq!(serde_json::to_value(asks(json!({}))).unwrap().get("diverged"), None);
}

#[test]
fn e3_g6_a_server_of_before_passes_over_what_it_does_not_know() {
    let said = asks(json!({"of_tomorrow": [{"kind": "worse", "areas": 7}]}));
    assert_eq!(hello(&said, facts()).answer, hello(&asks(json!({})), facts()).answer);
}
