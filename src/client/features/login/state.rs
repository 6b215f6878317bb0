//! The form of a login, and the truth about why it failed.

use crate::{
    features::{credentials::Further, problems},
    locale::words::login as w,
    session::SessionError,
};
use leptos::prelude::*;

/// What stands in the form.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) user: RwSignal<String>,
    pub(super) password: RwSignal<String>,
    pub(super) user_problem: RwSignal<String>,
    pub(super) password_problem: RwSignal<String>,
    pub(super) problem: RwSignal<String>,
    pub(super) further: Further,
    pub(super) busy: RwSignal<bool>,
}

impl Form {
    pub(super) fn new() -> Form {
        let empty = || RwSignal::new(String::new());
        Form {
            user: empty(),
            password: empty(),
            user_problem: empty(),
            password_problem: empty(),
            problem: empty(),
            further: Further::new(),
            busy: RwSignal::new(false),
        }
    }

    /// Whether it can be sent; says at each field what is missing.
    pub(super) fn check(self, password_only: bool) -> bool {
        let (user, password) = self.values();
        let user_missing = !password_only && user.is_empty();
        let say = |missing: bool, words: &str| if missing { words.to_owned() } else { String::new() };
        self.user_problem.set(say(user_missing, w::user_missing()));
        self.password_problem.set(say(password.is_empty(), w::password_missing()));
        self.problem.set(String::new());
        !user_missing && !password.is_empty()
    }

    /// User name and password as typed; a space around the name is a slip, one in the password is not.
    pub(super) fn values(self) -> (String, String) {
        (self.user.get_untracked().trim().to_owned(), self.password.get_untracked())
    }
}

/// Why a login failed.
pub(super) fn sentence(error: &SessionError) -> String {
    let known = match error {
        SessionError::Wrong => w::wrong(),
        SessionError::Offline => w::offline(),
        SessionError::Revoked => w::revoked(),
        SessionError::Storage => w::storage(),
        SessionError::Forgotten => w::forgotten(),
        SessionError::Wait { wait_ms } => return waiting(*wait_ms),
        SessionError::OutOfOrder => return w::refused("out_of_order"),
        SessionError::Grant
        | SessionError::Memory
        | SessionError::FingerLeft
        | SessionError::Estranged
        | SessionError::FingerMute
        | SessionError::Newer
        | SessionError::Unsent
        | SessionError::Unpublished
        | SessionError::Pin { .. }
        | SessionError::PinOver
        | SessionError::SecondFactor { .. } => return problems::session(error),
        SessionError::Refused { err } => {
            return problems::asked(err).map_or_else(|| w::refused(err), str::to_owned);
        }
    };
    known.to_owned()
}

fn waiting(wait_ms: i64) -> String {
    const SECONDS_SAID_MAX: i64 = 90;
    let seconds = (wait_ms + 999) / 1_000;
    let count = |n: i64| usize::try_from(n).unwrap_or_default();
    if seconds > SECONDS_SAID_MAX {
        w::wait_minutes(count((seconds + 59) / 60))
    } else {
        w::wait_seconds(count(seconds.max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_said_in_what_people_count() {
        assert!(sentence(&SessionError::Wait { wait_ms: 1_200 }).contains("2 秒"));
        assert!(sentence(&SessionError::Wait { wait_ms: 900_000 }).contains("15 分钟"));
    }

    #[test]
    fn every_failure_says_another_thing() {
        let errors = [
            SessionError::Wrong,
            SessionError::Offline,
            SessionError::Revoked,
            SessionError::Storage,
            SessionError::Forgotten,
            SessionError::Refused { err: "x".to_owned() },
        ];
        let mut words: Vec<String> = errors.iter().map(sentence).collect();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), errors.len());
    }
}
