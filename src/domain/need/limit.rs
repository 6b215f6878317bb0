//! How long a need may stay where it is. Being late is computed from this, never stored as a state.

use super::{NeedState, Urgency};
use crate::day::Day;

/// How long a need may stay in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Calendar days.
    Days(u32),
    /// Working days.
    WorkingDays(u32),
    /// Until the last measure is due.
    LastMeasure,
    /// Until the public notice has hung as long as the office said.
    NoticePeriod,
}

/// What a limit is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// The day of the step.
    pub day: Day,
    /// The last day on which a measure is due.
    pub last_measure: Option<Day>,
    /// The last day of the public notice.
    pub notice_until: Option<Day>,
}

impl NeedState {
    /// How long it may stay there by default; `None` where nothing presses.
    pub fn limit(self, urgency: Urgency) -> Option<Limit> {
        match (self, urgency) {
            (NeedState::Found, _) => Some(Limit::WorkingDays(2)),
            (NeedState::Assigned, Urgency::Critical) => Some(Limit::Days(1)),
            (NeedState::Assigned, Urgency::Urgent) => Some(Limit::Days(3)),
            (NeedState::Assigned, Urgency::Normal) => Some(Limit::Days(7)),
            (NeedState::Verifying, Urgency::Critical) => Some(Limit::WorkingDays(2)),
            (NeedState::Verifying | NeedState::Planned, _) => Some(Limit::WorkingDays(5)),
            (NeedState::PublicNotice, _) => Some(Limit::NoticePeriod),
            (NeedState::InProgress, _) => Some(Limit::LastMeasure),
            (NeedState::AwaitFollowUp, _) => Some(Limit::Days(30)),
            _ => None,
        }
    }
}

/// The last day on which the need is in time in this state; `None` where nothing presses.
pub fn due_on(state: NeedState, urgency: Urgency, since: Since) -> Option<Day> {
    match state.limit(urgency)? {
        Limit::Days(days) => since.day.plus_days(days.into()),
        Limit::WorkingDays(days) => since.day.plus_working_days(days),
        Limit::LastMeasure => since.last_measure,
        Limit::NoticePeriod => since.notice_until,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_due_by_its_limit_and_the_urgency() {
        let day = |text: &str| text.parse::<Day>().ok();
        // A Thursday.
        let since = Since {
            day: day("2026-11-26").expect("a day"),
            last_measure: day("2027-01-10"),
            notice_until: day("2026-12-03"),
        };
        use {NeedState as S, Urgency as U};
        for (state, urgency, due) in [
            (S::Found, U::Normal, day("2026-11-30")),
            (S::Assigned, U::Critical, day("2026-11-27")),
            (S::Assigned, U::Urgent, day("2026-11-29")),
            (S::Assigned, U::Normal, day("2026-12-03")),
            (S::Verifying, U::Critical, day("2026-11-30")),
            (S::Verifying, U::Normal, day("2026-12-03")),
            (S::Planned, U::Critical, day("2026-12-03")),
            (S::PublicNotice, U::Normal, day("2026-12-03")),
            (S::InProgress, U::Normal, day("2027-01-10")),
            (S::AllDone, U::Critical, None),
            (S::AwaitFollowUp, U::Normal, day("2026-12-26")),
            (S::Closed, U::Normal, None),
        ] {
            assert_eq!(due_on(state, urgency, since), due, "{state:?} {urgency:?}");
        }
    }
}
