//! What wrong codes cost, and for how long a code opens at all: pure, with time as a value.
//!
//! A phone has two clocks. The wall clock goes on while the app is closed, and whoever holds the phone may set it. The steady one cannot be
//! set, and begins anew with the app. So as long as the app runs a wait is counted by the steady clock alone; what passed while it was closed is
//! taken from the wall clock, never below nothing where that was set back, and never the last minute of a wait: however far the clock was set
//! forward, each further code costs a minute in front of the phone. All ten are counted on the disk before they are tried.
//! None of this binds whoever has copied the disk: there only the length of the code counts.

use serde::{Deserialize, Serialize};

/// A minute.
const MINUTE_MS: i64 = 60_000;
/// Wrong codes after which the next one must wait, with the wait.
const WAITS_MS: [(u32, i64); 4] =
    [(5, MINUTE_MS), (6, 5 * MINUTE_MS), (7, 15 * MINUTE_MS), (8, 60 * MINUTE_MS)];
/// Wrong codes after which the keys are destroyed.
pub(crate) const WRONG_MAX: u32 = 10;

/// One moment by both clocks, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) wall: i64,
    pub(crate) steady: i64,
}

/// Wrong codes so far, as they lie on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempts {
    pub(crate) wrong: u32,
    /// When the last was, by the wall clock.
    pub(crate) at: i64,
}

impl Attempts {
    /// One more that may be wrong.
    #[must_use]
    pub(crate) fn counted(self, wall: i64) -> Attempts {
        Attempts { wrong: self.wrong + 1, at: wall }
    }

    /// The wait that the last wrong one costs.
    fn wait_ms(self) -> i64 {
        WAITS_MS.iter().rev().find(|(wrong, _)| self.wrong >= *wrong).map_or(0, |(_, wait)| *wait)
    }

    /// How many codes may still be tried, where that is few enough to be said.
    pub(crate) fn left(self) -> Option<u32> {
        (self.wrong >= WAITS_MS[0].0).then_some(WRONG_MAX.saturating_sub(self.wrong))
    }
}

/// A wait as the running app counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wait {
    left_ms: i64,
    /// By the steady clock.
    since: i64,
}

impl Wait {
    /// What is left of it when the app starts.
    pub(crate) fn at_start(attempts: Attempts, now: Moment) -> Wait {
        let wait = attempts.wait_ms();
        let away = (now.wall - attempts.at).max(0);
        Wait { left_ms: (wait - away).max(wait.min(MINUTE_MS)), since: now.steady }
    }

    /// The whole of it, just after a wrong code.
    pub(crate) fn begun(attempts: Attempts, now: Moment) -> Wait {
        Wait { left_ms: attempts.wait_ms(), since: now.steady }
    }

    /// How long the next code must wait.
    pub(crate) fn left_ms(self, now: Moment) -> i64 {
        (self.left_ms - (now.steady - self.since).max(0)).max(0)
    }
}

/// The latest that the wall clock ever showed since a contact, as it lies on the disk: a clock that is set back makes nothing younger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// The contact, by the wall clock; a later one makes what was seen before meaningless.
    pub(crate) contact: i64,
    pub(crate) latest: i64,
}

impl Seen {
    /// With what the clock shows now.
    #[must_use]
    pub(crate) fn at(self, contact: i64, wall: i64) -> Seen {
        let before = if self.contact == contact { self.latest } else { contact };
        Seen { contact, latest: before.max(wall) }
    }

    /// Whether the last contact is longer ago than the office allows. Before the first there is none to be counted from.
    pub(crate) fn is_over(self, offline_ms: i64) -> bool {
        self.contact > 0 && self.latest - self.contact > offline_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;
    const DAY_MS: i64 = 24 * HOUR_MS;

    fn at(wall: i64, steady: i64) -> Moment {
        Moment { wall, steady }
    }

    fn wrong(wrong: u32, at: i64) -> Attempts {
        Attempts { wrong, at }
    }

    #[test]
    fn wrong_codes_wait_longer_from_the_fifth_on() {
        let wait = |n| Wait::begun(wrong(n, 0), at(0, 0)).left_ms(at(0, 0)) / MINUTE_MS;
        assert_eq!([1, 4, 5, 6, 7, 8, 9].map(wait), [0, 0, 1, 5, 15, 60, 60]);
    }

    #[test]
    fn a_running_app_counts_by_the_clock_that_cannot_be_set() {
        let wait = Wait::begun(wrong(6, 1_000), at(1_000, 500));
        assert_eq!(wait.left_ms(at(1_000 + DAY_MS, 500)), 5 * MINUTE_MS, "set forward");
        assert_eq!(wait.left_ms(at(-DAY_MS, 500 + MINUTE_MS)), 4 * MINUTE_MS, "set back");
        assert_eq!(wait.left_ms(at(1_000, 500 + 5 * MINUTE_MS)), 0);
    }

    #[test]
    fn a_restart_ends_no_wait_and_a_clock_set_forward_leaves_a_minute() {
        let start = |attempts, wall| Wait::at_start(attempts, at(wall, 0)).left_ms(at(wall, 0));
        assert_eq!(start(wrong(8, 0), 10 * MINUTE_MS), 50 * MINUTE_MS);
        assert_eq!(start(wrong(8, 0), 10 * DAY_MS), MINUTE_MS);
        assert_eq!(start(wrong(8, DAY_MS), 0), 60 * MINUTE_MS, "set back");
        assert_eq!(start(wrong(4, 0), 0), 0, "few wrong ones cost nothing");
    }

    #[test]
    fn what_is_left_is_said_when_it_is_few() {
        assert_eq!(wrong(4, 0).left(), None);
        assert_eq!(wrong(5, 0).left(), Some(5));
        assert_eq!(wrong(9, 0).counted(7), wrong(10, 7));
        assert_eq!(wrong(10, 7).left(), Some(0));
    }

    #[test]
    fn two_weeks_without_contact_are_over_and_a_clock_set_back_does_not_bring_them_back() {
        let life = 14 * DAY_MS;
        let seen = Seen::default().at(1_000, 1_000 + life);
        assert!(!seen.is_over(life));
        let seen = seen.at(1_000, 1_001 + life);
        assert!(seen.is_over(life));
        assert!(seen.at(1_000, 2_000).is_over(life), "set back");
        assert!(!seen.at(5_000, 6_000).is_over(life), "another contact counts from itself");
    }

    #[test]
    fn a_clock_that_was_wrong_by_years_at_the_contact_ends_nothing() {
        let seen = Seen::default().at(DAY_MS * 20_000, DAY_MS);
        assert!(!seen.is_over(DAY_MS));
        assert!(!Seen::default().at(0, DAY_MS * 20_000).is_over(DAY_MS), "no contact yet");
    }
}
