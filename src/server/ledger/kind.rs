//! Which ledgers there are, and of which days each can be made.

use super::{
    Column, changes, confirmation, coverage, festival, follow_up, help, merit, plaques, roster, stipend,
};
use clap::ValueEnum;
use domain::day::Day;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A ledger. Its word stands in addresses, in the audit chain and in the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Ledger {
    /// 定期回访台账: one line a visit, one a family that was due and not visited
    #[serde(alias = "follow_up_ledger")]
    #[value(name = "followup", aliases = ["follow_up", "follow-up", "follow_up_ledger", "定期回访台账"])]
    FollowUp,
    /// 困难帮扶台账: one line a difficulty that was dealt with in the period
    #[value(aliases = ["困难帮扶台账"])]
    Help,
    /// 优抚对象花名册: one line a person on the register today
    #[value(aliases = ["优抚对象花名册"])]
    Roster,
    /// 增减变动表: who came, went or changed; of the running month if no days are named
    #[value(aliases = ["增减变动表"])]
    Changes,
    /// 走访建档情况表: one line a person on the register, visited in the period or not; of the running half-year if no days are named
    #[value(aliases = ["走访建档情况表"])]
    Coverage,
    /// 走访慰问情况统计表: one line a festival and village
    #[value(aliases = ["走访慰问情况统计表"])]
    Festival,
    /// 年度确认进度表: one line a village; of the running year if no days are named
    #[value(aliases = ["年度确认进度表"])]
    Confirmation,
    /// 光荣牌悬挂统计表: one line a village, as of today
    #[value(aliases = ["光荣牌悬挂统计表"])]
    Plaques,
    /// 优待金发放表: one line a conscript's family to whom money fell due in the year, or for whom it cannot be computed; of the running year if no days are named
    #[value(aliases = ["优待金发放表"])]
    Stipend,
    /// 立功奖励发放表: one line a notice of merit that was delivered in the year; of the running year if no days are named
    #[value(aliases = ["立功奖励发放表"])]
    Merit,
}

/// The kinds of records that the overview is made of.
pub(crate) const OVERVIEW_KINDS: &[&str] = &["recipient", "entitlement", "visit", "need", "measure"];

/// First and last day, both included; open where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

/// Days of which a ledger cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.says())]
pub enum NoPeriod {
    Backwards,
    AsOfToday,
    OneYear,
    Ahead,
}

impl NoPeriod {
    /// What is wrong, and what to do.
    pub fn says(self) -> &'static str {
        match self {
            NoPeriod::Backwards => "the day of from lies after the day of to",
            NoPeriod::AsOfToday => "this list is as of today: leave out from and to",
            NoPeriod::OneYear => "this table is of one year: let from and to lie in the same year",
            NoPeriod::Ahead => {
                "this table tells what has happened, and these days lie ahead: choose earlier ones"
            }
        }
    }
}

impl Period {
    /// The half-year of the overview, which tells what has happened.
    ///
    /// # Errors
    /// When its end lies before its beginning, or all of it ahead.
    pub fn half(self, today: Day) -> Result<Period, NoPeriod> {
        Ledger::Coverage.period(self, today)
    }

    fn check(&self) -> Result<(), NoPeriod> {
        let is_backwards = self.from.zip(self.to).is_some_and(|(from, to)| from > to);
        if is_backwards { Err(NoPeriod::Backwards) } else { Ok(()) }
    }

    /// Whether a day lies in it.
    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|from| day >= from) && self.to.is_none_or(|to| day <= to)
    }

    /// A whole year.
    pub fn year(year: i32) -> Period {
        Period { from: Day::new(year, 1, 1), to: Day::new(year, 12, 31) }
    }

    /// The half-year of a day, but for the ends that are named.
    pub fn or_half_of(self, day: Day) -> Period {
        let from = Day::new(day.year(), if day.month() <= 6 { 1 } else { 7 }, 1);
        let to = from.and_then(|first| first.plus_months(6)).and_then(|next| next.plus_days(-1));
        Period { from: self.from.or(from), to: self.to.or(to) }
    }

    /// The month of a day.
    pub fn month_of(day: Day) -> Period {
        let from = Day::new(day.year(), day.month(), 1);
        let to = from.and_then(|first| first.plus_months(1)).and_then(|next| next.plus_days(-1));
        Period { from, to }
    }
}

impl Ledger {
    /// What it is called, on paper and in menus.
    pub fn title(self) -> &'static str {
        match self {
            Ledger::FollowUp => "定期回访台账",
            Ledger::Help => "困难帮扶台账",
            Ledger::Roster => "优抚对象花名册",
            Ledger::Changes => "优抚对象增减变动表",
            Ledger::Coverage => "走访建档情况表",
            Ledger::Festival => "走访慰问情况统计表",
            Ledger::Confirmation => "年度确认进度表",
            Ledger::Plaques => "光荣牌悬挂统计表",
            Ledger::Stipend => "优待金发放表",
            Ledger::Merit => "立功奖励发放表",
        }
    }

    /// The name of its file, without the ending.
    pub fn file_name(self) -> &'static str {
        match self {
            Ledger::FollowUp => "follow_up_ledger",
            Ledger::Help => "help",
            Ledger::Roster => "roster",
            Ledger::Changes => "changes",
            Ledger::Coverage => "coverage",
            Ledger::Festival => "festival",
            Ledger::Confirmation => "confirmation",
            Ledger::Plaques => "plaques",
            Ledger::Stipend => "stipend",
            Ledger::Merit => "merit",
        }
    }

    /// Its columns behind the number of the line.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Ledger::FollowUp => follow_up::COLUMNS,
            Ledger::Help => help::COLUMNS,
            Ledger::Roster => roster::COLUMNS,
            Ledger::Changes => changes::COLUMNS,
            Ledger::Coverage => coverage::COLUMNS,
            Ledger::Festival => festival::COLUMNS,
            Ledger::Confirmation => confirmation::COLUMNS,
            Ledger::Plaques => plaques::COLUMNS,
            Ledger::Stipend => stipend::COLUMNS,
            Ledger::Merit => merit::COLUMNS,
        }
    }

    /// The kinds of records that it is made of.
    pub fn kinds(self) -> &'static [&'static str] {
        match self {
            Ledger::FollowUp | Ledger::Coverage => &["recipient", "entitlement", "visit", "need"],
            Ledger::Help => OVERVIEW_KINDS,
            Ledger::Festival => &["recipient", "visit"],
            Ledger::Confirmation | Ledger::Stipend | Ledger::Merit => &["recipient", "entitlement", "visit"],
            Ledger::Roster | Ledger::Changes | Ledger::Plaques => &["recipient", "entitlement"],
        }
    }

    /// What is to be said where it has no lines.
    pub fn nothing(self) -> &'static str {
        match self {
            Ledger::FollowUp => "no family was visited or due in this village and period",
            Ledger::Help => "no difficulty was dealt with in this village and period",
            Ledger::Roster => "nobody is on the register of this village",
            Ledger::Changes => "nobody came, went or changed in this village and period",
            Ledger::Coverage => "nobody of whom this is asked is on the register of this village",
            Ledger::Festival => "no family was visited for a festival in this village and period",
            Ledger::Confirmation | Ledger::Plaques => "there is no village here",
            Ledger::Stipend => "nothing fell due to a conscript's family of this village in this year",
            Ledger::Merit => "no notice of merit was delivered in this village and year",
        }
    }

    /// Whether it pays by the office's published standards.
    pub fn pays(self) -> bool {
        matches!(self, Ledger::Stipend | Ledger::Merit)
    }

    /// Whether it tells how things stand, and knows no days.
    pub fn is_of_today(self) -> bool {
        matches!(self, Ledger::Roster | Ledger::Plaques)
    }

    /// The days that it is made of, where these are asked for.
    ///
    /// # Errors
    /// When there are no such days, or not for this ledger.
    pub fn period(self, asked: Period, today: Day) -> Result<Period, NoPeriod> {
        asked.check()?;
        let named = asked.from.or(asked.to);
        let lies_ahead = asked.from.is_some_and(|from| from > today);
        match self {
            _ if self.is_of_today() && named.is_some() => Err(NoPeriod::AsOfToday),
            Ledger::Changes | Ledger::Confirmation | Ledger::Coverage | Ledger::Stipend | Ledger::Merit
                if lies_ahead =>
            {
                Err(NoPeriod::Ahead)
            }
            Ledger::Changes => {
                let month = Period::month_of(named.unwrap_or(today));
                let (from, to) = (asked.from.or(month.from), asked.to.or(month.to));
                Ok(Period { from, to })
            }
            Ledger::Coverage => Ok(asked.or_half_of(named.unwrap_or(today))),
            Ledger::Confirmation | Ledger::Stipend | Ledger::Merit => {
                let years = [asked.from, asked.to].map(|day| day.map(Day::year));
                let year = years[0].or(years[1]).unwrap_or(today.year());
                match years.into_iter().flatten().all(|other| other == year) {
                    true => Ok(Period::year(year)),
                    false => Err(NoPeriod::OneYear),
                }
            }
            _ => Ok(asked),
        }
    }
}
