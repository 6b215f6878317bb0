//! How long a conscript serves, and which months of it fall due when.

use serde::{Deserialize, Serialize};

use super::StipendError;
use crate::day::Day;

/// Months of a conscript's term.
pub const TERM_MONTHS: i32 = 24;
/// Months of a half-year.
const HALF_YEAR: i32 = 6;

/// After which span of service the stipend falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayMode {
    /// 按年: each year served.
    AnnualFull,
    /// 按半年: each half-year served.
    HalfYear,
    /// 按月: each month served.
    Monthly,
}

/// What is paid of a span that was begun when the service ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlyMode {
    /// 按实际月数: the months served, a month that was begun as a whole one.
    ActualMonths,
    /// 不满半年按半年: a half-year that was begun as a whole one.
    CeilHalfYear,
    /// 不满不发: nothing.
    FullOnly,
}

/// Both, as the office's document says them; none is a default (domain.md §12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayRule {
    /// When it falls due.
    pub mode: PayMode,
    /// What becomes of a span that was only begun.
    pub early: EarlyMode,
}

/// How a service ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// On this day: the term was over, or he was discharged, promoted or admitted to a college. Beyond the term his discharge was put off.
    On(Day),
    /// He was struck off or expelled, or concealed an illness: nothing is paid, and what was is to come back.
    Forfeited(Day),
}

/// The service of a conscript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The day on which his enlistment was approved.
    pub from: Day,
    /// How it ended; nothing while he serves.
    pub end: Option<End>,
}

/// Months that fall due on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub on: Day,
    /// The months.
    pub months: i32,
}

impl PayMode {
    fn months(self) -> i32 {
        match self {
            PayMode::AnnualFull => TERM_MONTHS / 2,
            PayMode::HalfYear => HALF_YEAR,
            PayMode::Monthly => 1,
        }
    }
}

impl Service {
    /// What falls due up to a day, in order. A span falls due on the day on which it is over; the term is not gone beyond, but for the months by which a
    /// discharge was put off.
    ///
    /// # Errors
    /// When the service ends before it begins.
    pub fn due(&self, rule: PayRule, until: Day) -> Result<Vec<Due>, StipendError> {
        match self.end {
            Some(End::Forfeited(_)) => Ok(Vec::new()),
            Some(End::On(end)) => self.served(rule, until, Some(end)),
            None => self.served(rule, until, None),
        }
    }

    /// What fell due up to a day before it was forfeited, and is to come back if it was paid.
    ///
    /// # Errors
    /// When the service ends before it begins.
    pub fn to_recover(&self, rule: PayRule, until: Day) -> Result<Vec<Due>, StipendError> {
        match self.end {
            Some(End::Forfeited(end)) if end < self.from => {
                Err(StipendError::Backwards { from: self.from, end })
            }
            Some(End::Forfeited(end)) => self.served(rule, until.min(end), None),
            _ => Ok(Vec::new()),
        }
    }

    fn served(&self, rule: PayRule, until: Day, end: Option<Day>) -> Result<Vec<Due>, StipendError> {
        if let Some(end) = end.filter(|end| *end < self.from) {
            return Err(StipendError::Backwards { from: self.from, end });
        }
        let (step, last) = (rule.mode.months(), end.map_or(until, |end| end.min(until)));
        let spans = (1..=TERM_MONTHS / step).map_while(|n| {
            let on = self.from.plus_months(n * step).filter(|on| *on <= last)?;
            Some(Due { on, months: step })
        });
        let mut due: Vec<Due> = spans.collect();
        let Some(end) = end.filter(|end| *end <= until) else { return Ok(due) };
        let whole = due.iter().map(|due| due.months).sum::<i32>();
        let begun = self.months_begun(end);
        let in_term = match rule.early {
            EarlyMode::FullOnly => 0,
            EarlyMode::ActualMonths => begun.min(TERM_MONTHS) - whole,
            EarlyMode::CeilHalfYear => {
                let half_years = (begun.min(TERM_MONTHS) + HALF_YEAR - 1) / HALF_YEAR;
                half_years * HALF_YEAR - whole
            }
        };
        let months = in_term + (begun - TERM_MONTHS).max(0);
        due.extend((months > 0).then_some(Due { on: end, months }));
        Ok(due)
    }

    /// Months up to a day, one that was begun as a whole one.
    fn months_begun(&self, end: Day) -> i32 {
        let years = end.year() - self.from.year();
        let months = years * 12 + i32::from(end.month()) - i32::from(self.from.month());
        let is_over = self.from.plus_months(months).is_some_and(|on| on >= end);
        if is_over { months } else { months + 1 }
    }
}
