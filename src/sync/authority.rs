//! The office's side: judges what phones push, and says what becomes of it.
//!
//! Pure and synchronous. The shell loads, the authority decides, the shell writes:
//!
//! 1. [`Batch::open`] takes the `push` section apart (400 when the envelope is malformed);
//! 2. inside the writing transaction the shell calls [`push`] with what it has [`Loaded`] so far; a decision that needs
//!    more answers [`Missing`], the shell loads those keys and calls again (three or four rounds at most);
//! 3. the shell stores the [`WriteSet`] whole, commits, and only then answers.

mod apply;
mod audit;
mod batch;
mod check;
mod guard;
mod held;
mod hello;
mod loaded;
mod opener;
mod push;
mod village;
mod work;
mod writes;

#[cfg(test)]
mod tests;

pub use batch::{BadEnvelope, Batch};
pub use hello::{HelloFacts, HelloOutcome, hello};
pub use loaded::{Key, Loaded, Missing};
pub use opener::Opener;
pub use push::{PushContext, PushOutcome, Standing, push};
pub use village::{VILLAGE_STEP_COUNT, VillageStep, move_village};
pub use writes::{AuditEntry, LoggedChangeset, SeqRow, WriteSet};
