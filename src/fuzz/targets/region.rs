//! Region codes and names of places.
#![no_main]

use domain::region::{AreaCode, name_key};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = name_key(text);
    let Ok(code) = text.parse::<AreaCode>() else { return };
    assert_eq!(code.full().len(), 12);
    assert_eq!(code.full().parse::<AreaCode>().ok(), Some(code.clone()), "the long form is the same code");
    assert_eq!(AreaCode::try_from(String::from(code.clone())).ok(), Some(code.clone()), "what is written is read");
    assert!(code.contains(&code));
    let _ = code.level();
    if let Some(parent) = code.parent() {
        assert!(parent.contains(&code) && !code.contains(&parent));
    }
});
