//! 义务兵家庭优待金 and 立功奖励 (domain.md §6.1–§6.3): dated standards as an office publishes them, and what follows from them for a family.
//!
//! The program knows no amount: each comes from a row that names its document, and what is computed names that row.

mod entry;
mod item;
mod reward;
mod service;
mod sheet;
mod standard;
mod year;

pub use entry::{Column, Entered, Fault, Why};
pub use item::{Award, Domicile, Item, ItemFault, Region, UnknownItem};
pub use reward::{Reward, death_grant_more, reward, take_notice};
pub use service::{Due, EarlyMode, End, PayMode, PayRule, Service, TERM_MONTHS};
pub use sheet::{Heading, Judged, ROWS_MAX, Sheet, SheetError, read};
pub use standard::{Basis, Standard, Standards, Value};
pub use year::{Family, Line, Span, year};

use crate::day::Day;
use thiserror::Error;

/// Why nothing can be computed for a family or an award.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StipendError {
    /// No published standard of this item holds on this day.
    #[error("no standard of {} is published for {on}", item.word())]
    NoStandard {
        /// What is asked for.
        item: Item,
        /// When.
        on: Day,
    },
    /// There are standards by domicile, and the file does not say which.
    #[error("the file says no domicile")]
    NoDomicile,
    /// The service ends before it begins.
    #[error("the service ends on {end}, before it begins on {from}")]
    Backwards {
        /// Its first day.
        from: Day,
        /// Its last.
        end: Day,
    },
    /// An award of no known name.
    #[error("no award")]
    Award,
    /// A notice of merit without a number.
    #[error("no number of the notice")]
    NoNotice,
    /// The number of a notice that was taken before.
    #[error("the number of the notice is taken")]
    SameNotice,
    /// An amount beyond all measure.
    #[error("the amount does not fit")]
    TooMuch,
}

#[cfg(test)]
mod tests;
