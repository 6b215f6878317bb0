//! Seals and opens bytes with keys that never print. Knows no recipient.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
