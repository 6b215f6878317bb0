//! Simulated devices, network, disks and clock around the real sync crate, in one thread from one seed.
//!
//! [`run`] plays one seed: 2–5 replicas and one office work, fail and recover for [`Setup::steps`] steps, then faults stop and
//! everything must come to rest. The checkers of [`check`] cite the invariants of `sync.md` §7.
#![forbid(unsafe_code)]

pub mod check;
pub mod device;
pub mod disk;
mod end;
pub mod ledger;
mod line;
pub mod many;
pub mod network;
pub mod office;
pub mod orderly;
pub mod photos;
pub mod tally;
#[cfg(test)]
mod tests;
pub mod trace;
pub mod worker;
pub mod world;

pub use check::Violation;
pub use tally::Tally;
pub use world::{Outcome, Setup, run};
