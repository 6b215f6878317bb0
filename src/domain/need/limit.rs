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

/// What is known of a difficulty that was closed.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    /// The day on which it was.
    pub closed_on: Day,
    /// Since when it had waited for the follow-up visit.
    pub awaited_on: Option<Day>,
    /// Of each measure, the day by which it was to be done, and the day on which it was.
    pub measures: &'a [(Option<Day>, Option<Day>)],
}

impl Closing<'_> {
    /// Whether the help came in time (domain.md §5.3): each measure by its day, and the follow-up visit within its limit. A measure of which it is not
    /// known when it was done was done when the need was closed; one that was promised for no day is never late.
    pub fn is_in_time(&self) -> bool {
        let is_late = |(due, done): &(Option<Day>, Option<Day>)| {
            due.is_some_and(|due| done.unwrap_or(self.closed_on) > due)
        };
        let since = |day| Since { day, last_measure: None, notice_until: None };
        let until =
            self.awaited_on.and_then(|day| due_on(NeedState::AwaitFollowUp, Urgency::Normal, since(day)));
        !self.measures.iter().any(is_late) && until.is_none_or(|until| self.closed_on <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_in_time_when_its_measures_and_its_follow_up_were() {
        let day = |text: &str| text.parse::<Day>().ok();
        let (due, before, after) = (day("2026-10-10"), day("2026-10-09"), day("2026-10-11"));
        for (measures, awaited_on, expected) in [
            (&[(due, before)][..], day("2026-10-12"), true),
            (&[(due, due), (due, after)], day("2026-10-12"), false),
            (&[(due, None)], day("2026-10-12"), false),
            (&[(None, after)], None, true),
            (&[], None, true),
            (&[(due, before)], day("2026-09-30"), false),
            (&[(due, before)], day("2026-10-01"), true),
        ] {
            let closed_on = day("2026-10-31").expect("a day");
            let closing = Closing { closed_on, awaited_on, measures };
            assert_eq!(closing.is_in_time(), expected, "{closing:?}");
        }
    }

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
