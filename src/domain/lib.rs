//! What the work is: recipients, visits, needs, their rules, and the table of record kinds. No I/O, no clock, no randomness.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod access;
pub mod day;
pub mod kinds;
pub mod money;
pub mod private;
pub mod text;
