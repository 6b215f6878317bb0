//! How a phone and the office exchange work without losing any of it: pure state machines and the wire format between them.
//!
//! Time, randomness and storage come in as values. `SPEC.md` beside this file numbers the rules.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod authority;
pub mod digest;
pub mod id;
pub mod limits;
pub mod local;
pub mod memory;
pub mod merge;
pub mod planted;
pub mod pull;
pub mod record;
pub mod replica;
pub mod rev;
pub mod scope;
pub mod upcast;
pub mod value;
pub mod wire;

#[cfg(test)]
mod testing;
