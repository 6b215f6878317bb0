//! A picture from outside: refused, or written anew as one that is taken again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use server::photos;

fuzz_target!(|data: &[u8]| {
    let Ok(written) = photos::rewrite(data) else { return };
    assert_ne!(photos::content_type(&written), "application/octet-stream");
    assert!(photos::thumbnail(&written).is_ok(), "what was written is read again");
});
