//! See ARCHITECTURE.md.
#![forbid(unsafe_code)]

pub mod day_text;
pub mod demo;
pub mod ledger;
