//! 立功奖励: what an award brings once.

use std::collections::BTreeSet;

use super::{Award, Domicile, Item, Standard, Standards, StipendError, Value};
use crate::{day::Day, money::Money, text::bare};

/// What is paid for an award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reward<'a> {
    /// The money.
    pub amount: Money,
    /// Every row that was used, the award's first.
    pub standards: Vec<&'a Standard>,
}

/// What an award brings on a day. A share is one of the stipend that held at the end of the year which the row names.
///
/// # Errors
/// When the award has no published row (which is no reward of zero), or the stipend has none that it is a share of.
pub fn reward<'a>(
    award: Award,
    domicile: Option<Domicile>,
    on: Day,
    standards: Standards<'a>,
) -> Result<Reward<'a>, StipendError> {
    let row = standards.on(Item::Reward(award), on)?;
    match row.value {
        Value::Amount(amount) => Ok(Reward { amount, standards: vec![row] }),
        Value::OfStipend { bp, year } => {
            let end = Day::new(year, 12, 31).ok_or(StipendError::TooMuch)?;
            let base = standards.stipend(domicile, end)?;
            let Value::Amount(stipend) = base.value else {
                return Err(StipendError::NoStandard { item: base.item, on: end });
            };
            let amount = stipend.share_bp(bp).ok_or(StipendError::TooMuch)?;
            Ok(Reward { amount, standards: vec![row, base] })
        }
        Value::Share(_) => Err(StipendError::NoStandard { item: row.item, on }),
    }
}

/// Takes the number of a notice of merit, which brings its reward once.
///
/// # Errors
/// When there is no number, or it was taken before.
pub fn take_notice(taken: &mut BTreeSet<String>, number: &str) -> Result<(), StipendError> {
    let number = bare(number);
    if number.is_empty() {
        return Err(StipendError::NoNotice);
    }
    if taken.insert(number) { Ok(()) } else { Err(StipendError::SameNotice) }
}

/// What awards add to the one-time death grant (Regulations of 2024, art. 16): a share of it, of several awards the highest only. A national rule, not to
/// be mixed with local rewards.
pub fn death_grant_more(awards: &[Award], grant: Money) -> Option<Money> {
    let share = |award: &Award| match award {
        Award::Medal => 4_000,
        // Of the lesser of the two that are called so: who gave the title is not said.
        Award::Title => 3_500,
        Award::War1 => 3_000,
        Award::War2 | Award::Merit1 => 2_500,
        Award::War3 | Award::Merit2 => 1_500,
        Award::War4 | Award::Merit3 => 500,
        Award::Excellent | Award::Commendation => 0,
    };
    grant.share_bp(awards.iter().map(share).max().unwrap_or(0))
}
