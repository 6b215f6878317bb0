//! Seeds on the memory store, and the power of the simulator (F1, F2).

use crate::{
    many::{Brought, Series, run_many},
    orderly::orderly_day,
};
use sync::planted::Bug;

/// Steps of a seed in tests.
const STEPS: u32 = 210;
/// Seeds of the shipping protocol.
const SEEDS: u64 = 5_000;
/// Within so many seeds each planted bug is found.
const POWER_SEEDS: u64 = 1_000;
/// Days on which people write one after the other.
const ORDERLY_SEEDS: u64 = 12;
const ORDERLY_STEPS: u32 = 60;
/// Threads; a test machine has two cores.
const THREADS: usize = 2;

fn series() -> Series {
    Series { steps: STEPS, threads: THREADS, ..Series::default() }
}

fn fail_no_seed(series: &Brought) {
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
    let shipping = run_many(&Series { seeds: SEEDS, ..series() });
    println!("{} seeds of {STEPS} steps: {}", shipping.seeds, shipping.tally);
    fail_no_seed(&shipping);
    assert_eq!(shipping.tally.missing(), Vec::<&str>::new(), "these never happened");
    for bug in Bug::ALL {
        let found = run_many(&Series { seeds: POWER_SEEDS, bug: Some(bug), until_found: true, ..series() });
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
    let days = [0, 1].map(|_| run_many(&Series { start: 7, seeds: 1, bug: Some(Bug::NoDedupe), ..series() }));
    assert_eq!(days[0].tally, days[1].tally);
    assert_eq!(days[0].failures, days[1].failures);
}

/// I15.
#[test]
fn clocks_a_year_off_change_nothing_where_people_write_one_after_the_other() {
    let year = 31_536_000_000;
    let skews: [&[i64]; 4] = [&[year, -year], &[-year, 0, year], &[-year], &[600_000, -year]];
    let mut compared = 0;
    for seed in 0..ORDERLY_SEEDS {
        let evening = orderly_day(seed, ORDERLY_STEPS, &[0]).expect("right clocks");
        for skew in skews {
            let other = orderly_day(seed, ORDERLY_STEPS, skew).expect("wrong clocks");
            assert_eq!(evening, other, "seed {seed}, clocks off by {skew:?}");
            compared += evening.len();
        }
    }
    println!("{compared} records compared");
    assert!(compared > 0, "nothing was compared");
}

/// The office on databases over SQL, by the code that ships.
#[cfg(feature = "sql")]
mod sql {
    use super::{Series, fail_no_seed, series};
    use crate::{many::run_many, office::Engine};
    use sync::planted::Bug;

    const SQLITE_SEEDS: u64 = 200;
    const POSTGRES_SEEDS: u64 = 20;
    /// Within so many seeds each bug planted in the store is found.
    const POWER_SEEDS: u64 = 1_000;

    fn engine(name: &str) -> Option<Engine> {
        Engine::named(name).expect("it is built in")
    }

    #[test]
    fn no_bad_day_breaks_an_invariant_on_sqlite_and_every_bug_planted_in_the_store_breaks_one() {
        let on_sqlite = || Series { engine: engine("sqlite").expect("it needs nothing"), ..series() };
        let shipping = run_many(&Series { seeds: SQLITE_SEEDS, ..on_sqlite() });
        println!("{} seeds on SQLite: {}", shipping.seeds, shipping.tally);
        fail_no_seed(&shipping);
        assert_eq!(shipping.tally.missing(), Vec::<&str>::new(), "these never happened");
        for bug in Bug::OF_SQL {
            let bugged = Series { seeds: POWER_SEEDS, bug: Some(bug), until_found: true, ..on_sqlite() };
            let found = run_many(&bugged);
            let first = found.failures.first();
            println!("{} on SQLite: {first:?}", bug.name());
            assert!(first.is_some(), "{} is not found within {POWER_SEEDS} seeds", bug.name());
        }
    }

    #[test]
    fn no_bad_day_breaks_an_invariant_on_postgresql() {
        let Some(engine) = engine("postgres") else { return };
        let shipping = run_many(&Series { seeds: POSTGRES_SEEDS, engine, ..series() });
        println!("{} seeds on PostgreSQL: {}", shipping.seeds, shipping.tally);
        fail_no_seed(&shipping);
    }

    #[test]
    fn a_seed_plays_the_same_day_on_sqlite_twice() {
        let day = || run_many(&Series { start: 7, seeds: 1, engine: engine("sqlite").unwrap(), ..series() });
        assert_eq!(day().tally, day().tally);
    }
}
