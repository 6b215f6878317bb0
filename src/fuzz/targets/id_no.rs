//! ID numbers as people type them.
#![no_main]

use domain::id_no::IdNo;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = IdNo::read(text);
    let Ok(number) = IdNo::parse(text) else { return };
    assert_eq!(number.as_str().len(), 18);
    assert_eq!(IdNo::parse(number.as_str()).ok().as_ref(), Some(&number), "a number is its own writing");
    assert!(number.as_str().ends_with(number.tail()));
    let _ = (number.county(), number.birth(), number.sex(), number.has_known_province());
    assert!(!format!("{number:?}").contains(number.as_str()), "a number does not print");
});
