//! Many seeds on all cores, with their counts.

use crate::{Outcome, Setup, Tally, run};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};
use sync::planted::Bug;

/// What a series of seeds brought.
#[derive(Debug, Default)]
pub struct Series {
    /// Counts of all runs.
    pub tally: Tally,
    /// Seeds that failed, with what failed, in order.
    pub failures: Vec<(u64, String)>,
    /// How many seeds ran.
    pub seeds: u64,
}

/// Runs seeds from `start` on `threads` threads; with `until_found` it ends soon after the first failure.
pub fn run_many(
    start: u64,
    seeds: u64,
    steps: u32,
    bug: Option<Bug>,
    threads: usize,
    until_found: bool,
) -> Series {
    let next = AtomicU64::new(start);
    let end = start + seeds;
    let work = || {
        let mut part = Series::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return part;
            }
            let Outcome { tally, violation, .. } = run(Setup { seed, steps, bug, trace: false });
            part.tally.merge(&tally);
            part.seeds += 1;
            if let Some(violation) = violation {
                part.failures.push((seed, violation.0));
                if until_found {
                    next.store(end, Ordering::Relaxed);
                }
            }
        }
    };
    let mut series = Series::default();
    thread::scope(|scope| {
        let handles: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        for part in handles.into_iter().filter_map(|handle| handle.join().ok()) {
            series.tally.merge(&part.tally);
            series.failures.extend(part.failures);
            series.seeds += part.seeds;
        }
    });
    series.failures.sort();
    series
}
