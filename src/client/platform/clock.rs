//! What time it is.

/// Milliseconds since 1970 UTC, by the device's clock.
pub(crate) fn now_ms() -> i64 {
    // Whole milliseconds fit a double until the year 287396.
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    let now = js_sys::Date::now() as i64;
    now
}
