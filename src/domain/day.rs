//! Calendar days, and moments in time. The work is done in one time zone, UTC+8, without summer time.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use time::{Date, Duration, Month, UtcOffset};

const CHINA_OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// The last working day of a week, as [`Day::weekday`] counts.
const FRIDAY: u8 = 5;
/// More days than the calendar has, from one end to the other.
const DAYS_MAX: u64 = 8_000_000;

/// A calendar day where the work happened; on the wire `"2026-11-23"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DayError {
    /// Not of the form `2026-11-23`.
    #[error("not of the form 2026-11-23")]
    Form,
    /// The calendar has no such day.
    #[error("no such day")]
    NoSuchDay,
}

impl Day {
    /// The day of a year, month 1–12 and day of month; `None` if the calendar has none.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Day> {
        Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok().map(Day)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1–12.
    pub fn month(self) -> u8 {
        u8::from(self.0.month())
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// This day and so many more; `None` beyond the calendar.
    pub fn plus_days(self, days: i64) -> Option<Day> {
        (days.unsigned_abs() <= DAYS_MAX)
            .then(|| Duration::days(days))
            .and_then(|span| self.0.checked_add(span))
            .map(Day)
    }

    /// The day on which so many working days are over; weekends do not count, holidays do. `None` beyond the calendar.
    pub fn plus_working_days(self, days: u32) -> Option<Day> {
        let mut day = self;
        for _ in 0..days {
            day = day.plus_days(1)?;
            while day.weekday() > FRIDAY {
                day = day.plus_days(1)?;
            }
        }
        Some(day)
    }

    /// The same day of a later (or earlier) month; the last of the month where it has no such day.
    pub fn plus_months(self, months: i32) -> Option<Day> {
        let index =
            self.year().checked_mul(12)?.checked_add(i32::from(self.month()) - 1)?.checked_add(months)?;
        let (year, month) = (index.div_euclid(12), u8::try_from(index.rem_euclid(12)).ok()? + 1);
        (self.day().saturating_sub(3)..=self.day()).rev().find_map(|day| Day::new(year, month, day))
    }

    /// Days from `earlier` to this day; negative if it is later.
    pub fn days_since(self, earlier: Day) -> i64 {
        (self.0 - earlier.0).whole_days()
    }

    /// Full years from birth on `self` to `on`; `None` if `on` is before.
    pub fn age_on(self, on: Day) -> Option<u32> {
        let before_birthday = (on.month(), on.day()) < (self.month(), self.day());
        u32::try_from(on.year() - self.year() - i32::from(before_birthday)).ok()
    }

    /// The weekday, 1 = Monday … 7 = Sunday.
    pub fn weekday(self) -> u8 {
        self.0.weekday().number_from_monday()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Day, DayError> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shape {
            return Err(DayError::Form);
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<u16>().map_err(|_| DayError::Form);
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let small = |n: u16| u8::try_from(n).map_err(|_| DayError::NoSuchDay);
        Day::new(i32::from(year), small(month)?, small(day)?).ok_or(DayError::NoSuchDay)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// A moment: milliseconds since 1970 UTC, as on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// A moment from milliseconds since 1970 UTC.
    pub const fn from_ms(ms: i64) -> Timestamp {
        Timestamp(ms)
    }

    /// Milliseconds since 1970 UTC.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// The calendar day of this moment in UTC+8; days beyond the calendar become its ends.
    pub fn day(self) -> Day {
        let days = self.0.saturating_add(CHINA_OFFSET_MS).div_euclid(DAY_MS);
        let limit = if days < 0 { Date::MIN } else { Date::MAX };
        let epoch = Date::from_calendar_date(1970, Month::January, 1).unwrap_or(Date::MIN);
        Day(epoch).plus_days(days).unwrap_or(Day(limit))
    }

    /// Hour and minute of this moment in UTC+8.
    pub fn hour_minute(self) -> (u8, u8) {
        let minutes = self.0.saturating_add(CHINA_OFFSET_MS).rem_euclid(DAY_MS) / 60_000;
        (u8::try_from(minutes / 60).unwrap_or(0), u8::try_from(minutes % 60).unwrap_or(0))
    }

    /// The first moment of a day in UTC+8.
    pub fn start_of(day: Day) -> Timestamp {
        let midnight = day.0.midnight().assume_offset(UtcOffset::UTC);
        Timestamp(midnight.unix_timestamp() * 1_000 - CHINA_OFFSET_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, DayError, Timestamp};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn only_iso_days_that_exist_are_read() {
        assert_eq!("2026-02-30".parse::<Day>(), Err(DayError::NoSuchDay));
        for text in ["2026-2-3", "2026/02/03", "", "２０２６-01-01", "2026-01-011", "-026-01-01"] {
            assert_eq!(text.parse::<Day>(), Err(DayError::Form), "{text}");
        }
        assert_eq!(serde_json::to_string(&day("2024-02-29")).unwrap(), "\"2024-02-29\"");
        assert!(serde_json::from_str::<Day>("\"2023-02-29\"").is_err());
    }

    #[test]
    fn months_are_added_to_the_end_of_shorter_ones() {
        assert_eq!(day("2025-01-31").plus_months(1), Some(day("2025-02-28")));
        assert_eq!(day("2024-12-31").plus_months(2), Some(day("2025-02-28")));
        assert_eq!(day("2025-03-15").plus_months(-3), Some(day("2024-12-15")));
        assert_eq!(day("9999-12-31").plus_months(1), None);
    }

    #[test]
    fn working_days_pass_over_weekends() {
        for (from, days, to) in [
            ("2026-11-26", 0, "2026-11-26"),
            ("2026-11-26", 1, "2026-11-27"),
            ("2026-11-26", 2, "2026-11-30"),
            ("2026-11-28", 1, "2026-11-30"),
            ("2026-11-23", 5, "2026-11-30"),
        ] {
            assert_eq!(day(from).plus_working_days(days), Some(day(to)), "{from} {days}");
        }
        assert_eq!(day("9999-12-30").plus_working_days(5), None);
    }

    #[test]
    fn a_year_of_life_is_full_on_the_birthday() {
        assert_eq!(day("1965-11-23").age_on(day("2025-11-22")), Some(59));
        assert_eq!(day("1965-11-23").age_on(day("2025-11-23")), Some(60));
        assert_eq!(day("2025-11-23").age_on(day("2025-11-22")), None);
    }

    #[test]
    fn a_moment_belongs_to_the_day_in_china() {
        let evening = Timestamp::from_ms(1_764_172_799_999);
        assert_eq!(evening.day(), day("2025-11-26"));
        assert_eq!(Timestamp::from_ms(1_764_172_800_000).day(), day("2025-11-27"));
        assert_eq!(Timestamp::start_of(day("2025-11-27")), Timestamp::from_ms(1_764_172_800_000));
        assert_eq!(evening.hour_minute(), (23, 59));
        assert_eq!(Timestamp::from_ms(i64::MAX).day(), day("9999-12-31"));
    }

    #[test]
    fn days_are_counted_across_leap_years() {
        assert_eq!(day("2024-03-01").days_since(day("2024-02-28")), 2);
        assert_eq!(day("2026-11-23").plus_days(39), Some(day("2027-01-01")));
        assert_eq!(day("2026-11-23").weekday(), 1);
        assert_eq!(day("2026-11-23").plus_days(i64::MAX), None);
        assert_eq!(day("2026-11-23").plus_days(i64::MIN), None);
    }
}
