//! The audit chain as it was found.

use serde::Serialize;
use sync::wire::Witness;
use uuid::Uuid;

/// What a reading of the whole audit chain brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainReport {
    /// The last entry.
    pub head: Witness,
    /// Witnesses whose hash is the chain's.
    pub agreeing: u64,
    /// Entries in which a phone said that it had seen another chain.
    pub differing: u64,
    /// The first that were found; none if the chain is what it was.
    pub flaws: Vec<Flaw>,
}

/// Where the audit chain is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "flaw", rename_all = "snake_case")]
pub enum Flaw {
    /// The hash does not follow from the entry and the hash before it.
    #[error("entry {n} is not what was written")]
    Changed { n: u64 },
    #[error("the entries from {from} to {to} are gone")]
    Missing { from: u64, to: u64 },
    /// A column that serves queries says something else than the entry.
    #[error("entry {n} is filed under another day, person, action or number than it says")]
    Columns { n: u64 },
    #[error("entry {n} is not the one that the witness saw")]
    Witness { n: u64 },
    #[error("a witness saw entry {witness}, and the chain ends before it")]
    Truncated { witness: u64 },
    #[error("no entry tells of changeset {changeset}, which was stored")]
    Untold { changeset: Uuid },
}
