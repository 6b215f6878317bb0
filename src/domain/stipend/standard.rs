//! A standard: what is paid, how much, by which document, and from when to when.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Domicile, Item, PayRule, StipendError, entry::percent};
use crate::{day::Day, money::Money};

/// How much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// So much money.
    Amount(Money),
    /// A share, or a multiple, in basis points.
    Share(i64),
    /// A share of the stipend of a year, in basis points.
    OfStipend {
        /// The share.
        bp: i64,
        /// Whose standard it is a share of.
        year: i32,
    },
}

/// What a stipend follows from: the income of the year before, and the share of it that is paid at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// 人均收入 of a year.
    pub income: Money,
    /// The share in basis points.
    pub ratio_bp: i64,
}

impl Basis {
    /// The standard that follows: whole yuan, half a yuan up. `None` if it does not fit.
    pub fn standard(self) -> Option<Money> {
        const HALF: i128 = 500_000;
        let product = i128::from(self.income.fen()) * i128::from(self.ratio_bp);
        Money::from_yuan(i64::try_from((product + HALF).div_euclid(2 * HALF)).ok()?)
    }
}

/// A row of the office's standards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standard {
    /// The row.
    pub id: Uuid,
    /// What it is of.
    pub item: Item,
    /// How much.
    pub value: Value,
    /// Of a stipend: when it falls due, and what is paid of a period that was only begun.
    pub pay: Option<PayRule>,
    /// What it follows from, where that was said.
    pub basis: Option<Basis>,
    /// 文号 of the document that sets it.
    pub doc_no: String,
    /// The first day on which it holds.
    pub from: Day,
    /// The last; open if there is none.
    pub to: Option<Day>,
    /// The published row that it corrects.
    pub supersedes: Option<Uuid>,
}

impl Standard {
    /// The row as paper names it: what, how much, by which document.
    pub fn says(&self) -> String {
        let value = match self.value {
            Value::Amount(amount) => format!("{amount} 元"),
            Value::Share(bp) => percent(bp),
            Value::OfStipend { bp, year } => format!("{year} 年优待金的 {}", percent(bp)),
        };
        format!("{} {value}，{}", self.item.label(), self.doc_no)
    }

    /// Whether it holds on a day.
    pub fn holds(&self, on: Day) -> bool {
        on >= self.from && self.to.is_none_or(|to| on <= to)
    }

    /// Whether both say something of the same item on some day.
    pub fn meets(&self, other: &Standard) -> bool {
        let ends_before = |one: &Standard, next: &Standard| one.to.is_some_and(|to| to < next.from);
        self.item == other.item && !ends_before(self, other) && !ends_before(other, self)
    }
}

/// The published standards that are in force: none that was corrected.
#[derive(Clone, Copy, Debug)]
pub struct Standards<'a>(pub &'a [Standard]);

impl<'a> Standards<'a> {
    /// The row of an item that holds on a day.
    ///
    /// # Errors
    /// When none is published: that is no amount of zero.
    pub fn on(self, item: Item, on: Day) -> Result<&'a Standard, StipendError> {
        self.find(item, on).ok_or(StipendError::NoStandard { item, on })
    }

    /// The stipend's row for a domicile on a day: its own, else the one for all.
    ///
    /// # Errors
    /// When none is published, or there are only those by domicile and it is not known.
    pub fn stipend(self, domicile: Option<Domicile>, on: Day) -> Result<&'a Standard, StipendError> {
        let of = |domicile: Domicile| self.find(Item::Stipend(domicile), on);
        if let Some(found) = domicile.and_then(of).or_else(|| of(Domicile::All)) {
            return Ok(found);
        }
        let by_domicile = [Domicile::Rural, Domicile::Urban].into_iter().any(|one| of(one).is_some());
        match domicile {
            None if by_domicile => Err(StipendError::NoDomicile),
            named => {
                Err(StipendError::NoStandard { item: Item::Stipend(named.unwrap_or(Domicile::All)), on })
            }
        }
    }

    pub(super) fn find(self, item: Item, on: Day) -> Option<&'a Standard> {
        self.0.iter().find(|one| one.item == item && one.holds(on))
    }
}
