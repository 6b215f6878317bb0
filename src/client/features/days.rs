//! Days as people say them.

use crate::{locale::words::days as w, platform::clock};
use domain::day::Day;

/// A day of the past or near future: 今天, 昨天, 明天, 3 月 5 日, with the year if it is another.
pub(crate) fn said(iso: &str) -> String {
    match iso.parse() {
        Ok(day) => said_on(day, clock::today_day()),
        Err(_) => iso.to_owned(),
    }
}

/// How far a due day is: 超期 12 天, 今天到期, 还有 3 天.
pub(crate) fn left(days_left: i32) -> String {
    match days_left {
        0 => w::due_today().to_owned(),
        1.. => w::days_left(days_left as usize),
        _ => w::overdue(days_left.unsigned_abs() as usize),
    }
}

/// How far an ISO day is from today; negative for the past.
pub(crate) fn days_until(iso: &str) -> Option<i32> {
    let day: Day = iso.parse().ok()?;
    i32::try_from(day.days_since(clock::today_day())).ok()
}

/// The days that are often meant by something that happened, with their words.
pub(crate) fn recent(today: Day) -> Vec<(String, String)> {
    let day = |days, words: &str| Some((today.plus_days(days)?.to_string(), words.to_owned()));
    [day(0, w::today()), day(-1, w::yesterday())].into_iter().flatten().collect()
}

/// The days so many from today, with their words.
pub(crate) fn ahead(today: Day, days: &[i64]) -> Vec<(String, String)> {
    let day = |days: &i64| Some((today.plus_days(*days)?.to_string(), w::in_days(*days)));
    days.iter().filter_map(day).collect()
}

/// First and last day of so many months of a day's year.
pub(crate) fn months(of: Day, first: u8, count: i32) -> Option<(String, String)> {
    let first = Day::new(of.year(), first, 1)?;
    let last = first.plus_months(count)?.plus_days(-1)?;
    Some((first.to_string(), last.to_string()))
}

/// First and last day of a day's half-year.
pub(crate) fn half_year(of: Day) -> Option<(String, String)> {
    months(of, if of.month() <= 6 { 1 } else { 7 }, 6)
}

/// A half-year by one of its days: 2026 年下半年.
pub(crate) fn half_words(of: Day) -> String {
    if of.month() <= 6 { w::half_first(of.year()) } else { w::half_second(of.year()) }
}

/// The half-years up to a day, the last first: first and last day joined by a stroke, with its words.
pub(crate) fn half_years(today: Day, count: i32) -> Vec<(String, String)> {
    let half = |back: i32| {
        let day = Day::new(today.year(), today.month(), 1)?.plus_months(-6 * back)?;
        let (from, to) = half_year(day)?;
        Some((format!("{from}/{to}"), half_words(day)))
    };
    (0..count).filter_map(half).collect()
}

/// A day with its weekday: 11 月 23 日 星期一.
pub(crate) fn long(iso: &str) -> String {
    let Ok(day) = iso.parse::<Day>() else { return iso.to_owned() };
    let weekday = match day.weekday() {
        1 => w::monday(),
        2 => w::tuesday(),
        3 => w::wednesday(),
        4 => w::thursday(),
        5 => w::friday(),
        6 => w::saturday(),
        _ => w::sunday(),
    };
    w::long(day.month(), day.day(), weekday)
}

/// A day as it stands on paper, which is read years later: 2026 年 11 月 23 日.
pub(crate) fn whole(iso: &str) -> String {
    iso.parse::<Day>().map_or_else(|_| iso.to_owned(), |day| w::full(day.year(), day.month(), day.day()))
}

/// A day as it is said on another.
pub(crate) fn said_on(day: Day, today: Day) -> String {
    match today.days_since(day) {
        0 => w::today().to_owned(),
        1 => w::yesterday().to_owned(),
        -1 => w::tomorrow().to_owned(),
        _ if day.year() == today.year() => w::day(day.month(), day.day()),
        _ => w::full(day.year(), day.month(), day.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn near_days_have_names_and_far_days_their_year() {
        let today = day("2026-11-23");
        assert_eq!(said_on(day("2026-11-23"), today), "今天");
        assert_eq!(said_on(day("2026-11-22"), today), "昨天");
        assert_eq!(said_on(day("2026-11-24"), today), "明天");
        assert_eq!(said_on(day("2026-03-05"), today), "3 月 5 日");
        assert_eq!(said_on(day("2025-03-05"), today), "2025 年 3 月 5 日");
    }

    #[test]
    fn half_years_go_back_from_the_running_one() {
        let halves = half_years(day("2027-02-28"), 3);
        let expected = [
            ("2027-01-01/2027-06-30", "2027 年上半年"),
            ("2026-07-01/2026-12-31", "2026 年下半年"),
            ("2026-01-01/2026-06-30", "2026 年上半年"),
        ];
        assert_eq!(halves, expected.map(|(days, words)| (days.to_owned(), words.to_owned())));
    }

    #[test]
    fn what_is_overdue_says_since_when() {
        assert_eq!(left(-12), "超期 12 天");
        assert_eq!(left(0), "今天到期");
        assert_eq!(left(3), "还有 3 天");
    }
}
