//! The browser, and the only place that speaks to it.

pub(crate) mod clock;
pub(crate) mod entropy;
pub(crate) mod panic_report;
pub(crate) mod prefs;
