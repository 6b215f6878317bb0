//! Ops of any schema, brought to the present one; what is read back from what was written is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sync::{
    upcast::{SCHEMA_MIN, upcast},
    wire::{Op, SCHEMA},
};

fuzz_target!(|data: &[u8]| {
    let Ok(changeset) = serde_json::from_slice::<Value>(data) else { return };
    let schema = changeset["schema"].as_u64().unwrap_or_default();
    let ops = changeset["ops"].clone();
    let is_known = (u64::from(SCHEMA_MIN)..=u64::from(SCHEMA)).contains(&schema);
    let present = upcast(schema, ops.clone());
    assert_eq!(present.is_ok(), is_known);
    let Ok(present) = present else { return };
    if schema == u64::from(SCHEMA) {
        assert_eq!(present, ops, "the present schema is left as it is");
    }
    for op in present.as_array().into_iter().flatten() {
        let on_phone = domain::json::from_value::<Op>(op.clone());
        let Ok(op) = serde_json::from_value::<Op>(op.clone()) else { continue };
        assert_eq!(on_phone.ok().as_ref(), Some(&op), "phone and office read an op alike");
        let written = serde_json::to_value(&op).expect("an op can be written");
        assert_eq!(serde_json::from_value::<Op>(written).ok(), Some(op));
    }
});
