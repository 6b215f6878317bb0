//! The follow-up ledger (定期回访台账): one line a visit made in the period, one a family that was due and not visited.
//!
//! A projection of records, rebuilt on every call. It knows no scope: the caller hands over what he may see.

mod entry;
mod sheet;
mod words;

pub use entry::{Entry, EntryState, Period, Source, Totals, entries, totals};
pub use sheet::{Heading, TITLE, sheet, text_cell};
pub use words::{COLUMNS, LedgerWords};

#[cfg(test)]
mod formulas;
#[cfg(test)]
mod tests;
