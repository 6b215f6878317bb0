//! Waiting.

use gloo_timers::{callback::Timeout, future::TimeoutFuture};

/// Waits so long.
pub(crate) async fn sleep(ms: i64) {
    TimeoutFuture::new(clamp(ms)).await;
}

/// A call that is made after a while, unless it is dropped.
pub(crate) struct Timer(#[expect(dead_code, reason = "dropping it stops the timer")] Timeout);

/// Calls after so long.
pub(crate) fn after(ms: i64, call: impl FnOnce() + 'static) -> Timer {
    Timer(Timeout::new(clamp(ms), call))
}

/// The browser's timers end at 2^31 − 1 milliseconds and fire at once beyond.
fn clamp(ms: i64) -> u32 {
    u32::try_from(ms.clamp(0, i64::from(i32::MAX))).unwrap_or_default()
}
