//! The server's time, passed in wherever a rule needs it, so that a test can turn it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Milliseconds since 1970 UTC.
pub type Millis = i64;

/// The system's clock, moved by an offset that only tests set.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The time now.
    pub fn now(&self) -> Millis {
        let since_1970 = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX));
        since_1970 + self.ahead_ms.load(Ordering::Relaxed)
    }

    /// Moves this clock and its clones, back where `ms` is less than nothing.
    pub fn advance(&self, ms: Millis) {
        self.ahead_ms.fetch_add(ms, Ordering::Relaxed);
    }
}
