//! A code for a worker's phone: what is shown, and how long it is good.

use serde::Deserialize;

/// The answer of the office.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct DeviceCode {
    pub(crate) code: String,
    pub(crate) link: String,
    /// Milliseconds since 1970 UTC.
    pub(crate) until: i64,
}

/// The code in groups of four, as it is read aloud.
pub(crate) fn spoken(code: &str) -> String {
    let plain: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    plain.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Whole minutes left, rounded up; nothing once it is over.
pub(crate) fn minutes_left(until: i64, now: i64) -> Option<i64> {
    let left = until - now;
    (left > 0).then(|| (left + 59_999) / 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_groups() {
        assert_eq!(spoken("ABCD-EFGH-12"), "ABCD EFGH 12");
    }

    #[test]
    fn a_code_that_is_over_has_no_minutes() {
        assert_eq!(minutes_left(60_001, 0), Some(2));
        assert_eq!(minutes_left(60_000, 0), Some(1));
        assert_eq!(minutes_left(1_000, 1_000), None);
    }
}
