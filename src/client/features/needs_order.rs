//! Urgency and state of needs by their wire words: what is open, what cannot wait.

use crate::ui::Tone;
use domain::need::{NeedState, Urgency};

/// Whether somebody still has to do something.
pub(crate) fn is_open(state: &str) -> bool {
    NeedState::is_open_word(state)
}

/// 特急 or 急.
pub(crate) fn is_urgent(urgency: &str) -> bool {
    read(urgency) != Urgency::Normal
}

/// 特急 before 急 before 一般.
pub(crate) fn rank(urgency: &str) -> u8 {
    match read(urgency) {
        Urgency::Critical => 0,
        Urgency::Urgent => 1,
        Urgency::Normal => 2,
    }
}

/// The colour that repeats the word.
pub(crate) fn tone(urgency: &str) -> Tone {
    match read(urgency) {
        Urgency::Critical => Tone::Urgent,
        Urgency::Urgent => Tone::Bad,
        Urgency::Normal => Tone::Plain,
    }
}

/// The word of an urgency.
pub(crate) fn word(urgency: &str) -> &'static str {
    use crate::locale::words::person as w;
    match read(urgency) {
        Urgency::Critical => w::urgency_top(),
        Urgency::Urgent => w::urgency_urgent(),
        Urgency::Normal => w::urgency_normal(),
    }
}

/// A word of a later build counts as normal.
fn read(urgency: &str) -> Urgency {
    Urgency::from_word(urgency).unwrap_or(Urgency::Normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_need_waits_for_nobody() {
        assert!(is_open("found"));
        assert!(is_open("await_follow_up"));
        assert!(!is_open("dropped"));
    }
}
