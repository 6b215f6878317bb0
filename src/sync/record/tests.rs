//! The record at rest: its form is frozen, and nothing is lost in it.

use crate::{
    record::Record,
    testing::{CLERK, WORKER, id, village},
};
use serde_json::{Value, json};

#[test]
fn every_record_survives_being_stored() {
    let mut world = village();
    let set = |f: &str, v: Value| json!({"op": "set", "e": id("r"), "f": f, "v": v, "base": {"fv": "0.0"}});
    world.save(CLERK, "clash", json!([set("name", json!(null)), set("x", json!(["pair", 2, 3]))]));
    world.save(WORKER, "proposal", json!([set("bank", json!({"ct": 1}))]));
    world.save(WORKER, "held", json!([set("remark", json!("x"))]));
    for record in world.store.records() {
        let text = serde_json::to_string(record).unwrap();
        let read: Record = serde_json::from_str(&text).unwrap();
        assert_eq!(&read, record, "{text}");
    }
}

#[test]
fn the_form_at_rest_is_frozen() {
    let world = village();
    insta::assert_json_snapshot!(world.store.record(id("r")).unwrap());
}

#[test]
fn what_is_damaged_is_not_read() {
    let world = village();
    let stored = json!(world.store.record(id("r")).unwrap());
    let read = |change: fn(&mut Value)| {
        let mut stored = stored.clone();
        change(&mut stored);
        serde_json::from_value::<Record>(stored).is_ok()
    };
    assert!(read(|_| {}));
    assert!(!read(|stored| stored["placed"] = json!(9)));
    assert!(!read(|stored| stored["f"]["name"][0] = json!(9)));
    assert!(!read(|stored| stored["f"]["name"] = json!([0])));
    assert!(!read(|stored| stored["f"]["id_no"][1] = json!("x")));
}
