//! What time it is, and how long something took.

/// Milliseconds since 1970 UTC, by the device's clock.
pub(crate) fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds fit a double for 280,000 years")]
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

/// This moment by both clocks.
pub(crate) fn moment() -> crate::vault::Moment {
    crate::vault::Moment { wall: now_ms(), steady: monotonic_ms() }
}

/// Milliseconds of a clock that does not jump when the device's is set.
pub(crate) fn monotonic_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the page was opened")]
    let now =
        web_sys::window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now()) as i64;
    now
}
