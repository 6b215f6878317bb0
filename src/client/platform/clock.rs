//! What time it is.

/// Milliseconds since 1970 UTC, by the device's clock.
pub(crate) fn now_ms() -> i64 {
    // Whole milliseconds fit a double until the year 287396.
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    let now = js_sys::Date::now() as i64;
    now
}

/// Today in China's one time zone.
pub(crate) fn today_day() -> domain::day::Day {
    domain::day::Timestamp::from_ms(now_ms()).day()
}

/// Today as ISO text.
pub(crate) fn today() -> String {
    today_day().to_string()
}
