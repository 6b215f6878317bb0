//! The ledgers and lists that an office hands up on paper. Each is a module that says its columns and makes its lines.
//!
//! A projection of records, rebuilt on every call. It knows no scope: the caller hands over what he may see.

mod changes;
mod confirmation;
mod coverage;
mod facts;
mod festival;
mod file;
mod follow_up;
mod help;
mod kind;
mod merit;
mod overview;
mod plaques;
mod roster;
mod sheet;
mod source;
mod stipend;
mod table;
mod words;

pub use facts::FileFacts;
pub(crate) use file::is_read;
pub(crate) use kind::OVERVIEW_KINDS;
pub use kind::{Ledger, NoPeriod, Period};
pub use overview::{Counting, Group, Overview, Worker, overview};
pub use sheet::{Heading, sheet, text_cell};
pub use source::{Dates, Departure, Fields, Given, Gone, Place, Source, Sources};
pub use table::{Cell, Column, Line, Table, keyed};
pub use words::LedgerWords;

/// The lines of a ledger, with what they count.
pub fn table(ledger: Ledger, given: &Given<'_>) -> Table {
    match ledger {
        Ledger::FollowUp => follow_up::table(given),
        Ledger::Help => help::table(given),
        Ledger::Roster => roster::table(given),
        Ledger::Changes => changes::table(given),
        Ledger::Coverage => coverage::table(given),
        Ledger::Festival => festival::table(given),
        Ledger::Confirmation => confirmation::table(given),
        Ledger::Plaques => plaques::table(given),
        Ledger::Stipend => stipend::table(given),
        Ledger::Merit => merit::table(given),
    }
}

#[cfg(test)]
mod formulas;
#[cfg(test)]
mod tests;
