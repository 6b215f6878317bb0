//! Bad days of the real program: killed at every write, cut at every byte, crowded. Short here; `cargo xtask chaos` plays them at length.
#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]
#![expect(clippy::print_stdout, reason = "each test says what it has played")]

#[path = "../support/program.rs"]
mod program;

mod crowd;
mod cut;
mod full;
mod kill;
mod phone;

/// A number that `cargo xtask chaos` sets for the long run, or the one of the short run.
fn number(name: &str, short: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(short)
}
