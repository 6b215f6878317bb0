//! Seeds on the memory store, and the power of the simulator (F1, F2).

use crate::many::{Series, run_many};
use sync::planted::Bug;

/// Steps of a seed in tests.
const STEPS: u32 = 210;
/// Seeds of the shipping protocol.
const SEEDS: u64 = 5_000;
/// Within so many seeds each planted bug is found.
const POWER_SEEDS: u64 = 1_000;
/// Threads; a test machine has two cores.
const THREADS: usize = 2;

fn fail_no_seed(series: &Series) {
    assert!(
        series.failures.is_empty(),
        "{} of {} seeds fail: {:?}",
        series.failures.len(),
        series.seeds,
        series.failures
    );
}

/// Both in one test, so that the power counts only where the same seeds bring nothing without a bug.
#[test]
fn no_bad_day_breaks_an_invariant_and_every_planted_bug_breaks_one() {
    let shipping = run_many(0, SEEDS, STEPS, None, THREADS, false);
    println!("{} seeds of {STEPS} steps: {}", shipping.seeds, shipping.tally);
    fail_no_seed(&shipping);
    assert_eq!(shipping.tally.missing(), Vec::<&str>::new(), "these never happened");
    for bug in Bug::ALL {
        let found = run_many(0, POWER_SEEDS, STEPS, Some(bug), THREADS, true);
        let first = found.failures.first();
        println!(
            "{}: {}",
            bug.name(),
            first.map_or_else(|| "not found".to_owned(), |(seed, what)| format!("seed {seed}: {what}"))
        );
        assert!(first.is_some(), "{} is not found within {POWER_SEEDS} seeds", bug.name());
    }
}

#[test]
fn a_seed_plays_the_same_day_twice() {
    let days = [0, 1].map(|_| run_many(7, 1, STEPS, Some(Bug::NoDedupe), 1, false));
    assert_eq!(days[0].tally, days[1].tally);
    assert_eq!(days[0].failures, days[1].failures);
}
