//! The answer to a sync as a phone reads it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::wire::SyncAnswer;

fuzz_target!(|data: &[u8]| {
    let Ok(answer) = domain::json::from_slice::<SyncAnswer>(data) else { return };
    let written = serde_json::to_vec(&answer).expect("an answer can be written");
    let again = domain::json::from_slice::<SyncAnswer>(&written);
    assert_eq!(again.ok(), Some(answer), "what was written is read as it was");
});
