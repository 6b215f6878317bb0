//! Days and times as people say them.

use crate::{locale::words::when as w, platform::clock};
use domain::day::{Day, Timestamp};

/// A moment: 今天 10:05, 昨天 16:40, 11 月 3 日 09:12, with the year if it is another.
pub(crate) fn moment(ms: i64) -> String {
    said(Timestamp::from_ms(ms), clock::today_day())
}

/// The time of day alone: 08:10.
pub(crate) fn clock_time(ms: i64) -> String {
    let (hour, minute) = Timestamp::from_ms(ms).hour_minute();
    format!("{hour:02}:{minute:02}")
}

fn said(at: Timestamp, today: Day) -> String {
    let day = at.day();
    let (hour, minute) = at.hour_minute();
    let time = format!("{hour:02}:{minute:02}");
    match today.days_since(day) {
        0 => w::today(time),
        1 => w::yesterday(time),
        _ if day.year() == today.year() => w::day(day.month(), day.day(), time),
        _ => w::long_ago(day.year(), day.month(), day.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_days_have_names() {
        let today: Day = "2026-11-23".parse().expect("a day");
        let at = |text: &str, minutes: i64| {
            let day: Day = text.parse().expect("a day");
            said(Timestamp::from_ms(Timestamp::start_of(day).ms() + minutes * 60_000), today)
        };
        assert_eq!(at("2026-11-23", 605), "今天 10:05");
        assert_eq!(at("2026-11-22", 1_000), "昨天 16:40");
        assert_eq!(at("2026-03-05", 0), "3 月 5 日 00:00");
        assert_eq!(at("2025-03-05", 0), "2025 年 3 月 5 日");
    }
}
