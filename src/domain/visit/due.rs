//! How often a family is visited, and when the next visit is due. The default plan; counties may set another.

use crate::{category::RegularPay, day::Day, entitlement::Entitlement};
use serde_json::{Map, Value as Json};

/// How often a family is visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// 重点: every quarter.
    A,
    /// Other persons with regular pay: every half year.
    B,
    /// All others: once a year.
    C,
}

impl Priority {
    /// Months between two follow-up visits.
    pub fn interval_months(self) -> i32 {
        match self {
            Priority::A => 3,
            Priority::B => 6,
            Priority::C => 12,
        }
    }

    /// Its letter.
    pub fn letter(self) -> char {
        match self {
            Priority::A => 'A',
            Priority::B => 'B',
            Priority::C => 'C',
        }
    }
}

/// What decides on the priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriorityFacts {
    /// 孤老
    pub lone_elder: bool,
    /// 半自理 or 享受护理
    pub frail: bool,
    /// 低保 or 特困
    pub on_relief: bool,
    /// A disability of grade 1–4.
    pub badly_disabled: bool,
    /// An open need that is 急 or 特急.
    pub urgent_need: bool,
    /// An entitlement with regular pay.
    pub regular_pay: bool,
}

impl PriorityFacts {
    /// From the fields of a file and its entitlements.
    pub fn of(
        recipient: &Map<String, Json>,
        entitlements: &[Entitlement],
        urgent_need: bool,
    ) -> PriorityFacts {
        let flag = |field: &str| recipient.get(field) == Some(&Json::Bool(true));
        let frail = matches!(recipient.get("self_care").and_then(Json::as_str), Some("2" | "3"));
        let paid = |one: &Entitlement| {
            one.is_paid() && one.category().is_some_and(|category| category.pay() != RegularPay::Nothing)
        };
        PriorityFacts {
            lone_elder: flag("lone_elder"),
            frail,
            on_relief: flag("relief_basic") || flag("relief_destitute"),
            badly_disabled: entitlements.iter().any(|one| matches!(one.grade, Some(1..=4))),
            urgent_need,
            regular_pay: entitlements.iter().any(paid),
        }
    }

    /// The priority.
    pub fn priority(self) -> Priority {
        let PriorityFacts { lone_elder, frail, on_relief, badly_disabled, urgent_need, regular_pay } = self;
        if lone_elder || frail || on_relief || badly_disabled || urgent_need {
            Priority::A
        } else if regular_pay {
            Priority::B
        } else {
            Priority::C
        }
    }
}

/// When the next follow-up is due: on the day promised at the last visit, but not later than the interval allows; `None` when the family was
/// never visited, which is due at once.
pub fn next_due(last_visit: Option<Day>, promised: Option<Day>, priority: Priority) -> Option<Day> {
    let last_visit = last_visit?;
    let by_interval = last_visit.plus_months(priority.interval_months())?;
    // A promise for a day before the visit is a slip of the pen.
    Some(promised.filter(|day| *day > last_visit).map_or(by_interval, |day| day.min(by_interval)))
}
