//! Counts what each asks within an hour. The count is this process's own: beside a PostgreSQL every process has one.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{clock::Millis, error::ApiError};

const HOUR_MS: Millis = 60 * 60_000;

/// An hour of somebody, begun by what he asked first.
struct Hour {
    began: Millis,
    count: u32,
}

/// Who asked how often in his hour.
pub struct Pace<K>(Mutex<BTreeMap<K, Hour>>);

impl<K> Default for Pace<K> {
    fn default() -> Pace<K> {
        Pace(Mutex::default())
    }
}

impl<K: Ord> Pace<K> {
    /// Counts one more.
    ///
    /// # Errors
    /// When there were `max` in this hour: come back when it is over.
    pub fn count(&self, who: K, max: u32, now: Millis) -> Result<(), ApiError> {
        let mut hours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_running = |hour: &Hour| (0..HOUR_MS).contains(&(now - hour.began));
        if !hours.get(&who).is_some_and(is_running) {
            hours.retain(|_, hour| is_running(hour));
            hours.insert(who, Hour { began: now, count: 1 });
            return Ok(());
        }
        match hours.get_mut(&who) {
            Some(hour) if hour.count >= max => {
                Err(ApiError::SlowDown { wait_ms: hour.began + HOUR_MS - now })
            }
            Some(hour) => {
                hour.count += 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Takes one back that turned out to be none of those that are counted.
    pub fn forgive(&self, who: &K) {
        let mut hours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hour) = hours.get_mut(who) {
            hour.count = hour.count.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(result: Result<(), ApiError>) -> Option<Millis> {
        match result {
            Ok(()) => None,
            Err(ApiError::SlowDown { wait_ms }) => Some(wait_ms),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn as_many_as_are_allowed_pass_and_not_one_more() {
        let pace = Pace::default();
        for n in 0..600 {
            assert_eq!(wait(pace.count("a", 600, n)), None, "{n}");
        }
        assert_eq!(wait(pace.count("a", 600, 1_000)), Some(HOUR_MS - 1_000));
        assert_eq!(wait(pace.count("b", 600, 1_000)), None, "each has his own");
        assert_eq!(wait(pace.count("a", 600, HOUR_MS - 1)), Some(1));
        assert_eq!(wait(pace.count("a", 600, HOUR_MS)), None, "a new hour");
    }

    #[test]
    fn what_is_forgiven_is_free_again_and_a_clock_that_was_set_back_locks_nobody_out() {
        let pace = Pace::default();
        assert_eq!(wait(pace.count(1, 1, HOUR_MS)), None);
        pace.forgive(&1);
        assert_eq!(wait(pace.count(1, 1, HOUR_MS)), None);
        assert_eq!(wait(pace.count(1, 1, HOUR_MS)), Some(HOUR_MS));
        assert_eq!(wait(pace.count(1, 1, 0)), None);
        pace.forgive(&2);
    }
}
