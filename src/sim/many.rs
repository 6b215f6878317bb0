//! Many seeds on all cores, with their counts.

use crate::{Outcome, Setup, Tally, office::Engine, run};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};
use sync::planted::Bug;

/// Which seeds to play, and how.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// The first seed.
    pub start: u64,
    /// How many.
    pub seeds: u64,
    /// Steps under faults of each.
    pub steps: u32,
    /// A bug planted in the shipping functions.
    pub bug: Option<Bug>,
    /// What the offices store in.
    pub engine: Engine,
    /// Threads.
    pub threads: usize,
    /// End soon after the first failure.
    pub until_found: bool,
}

/// What a series of seeds brought.
#[derive(Debug, Default)]
pub struct Brought {
    /// Counts of all runs.
    pub tally: Tally,
    /// Seeds that failed, with what failed, in order.
    pub failures: Vec<(u64, String)>,
    /// How many seeds ran.
    pub seeds: u64,
}

/// Plays a series.
pub fn run_many(series: &Series) -> Brought {
    let next = AtomicU64::new(series.start);
    let end = series.start + series.seeds;
    let work = || {
        let mut part = Brought::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return part;
            }
            let Series { steps, bug, engine, .. } = series.clone();
            let Outcome { tally, violation, .. } = run(Setup { seed, engine, steps, bug, trace: false });
            part.tally.merge(&tally);
            part.seeds += 1;
            if let Some(violation) = violation {
                part.failures.push((seed, violation.0));
                if series.until_found {
                    next.store(end, Ordering::Relaxed);
                }
            }
        }
    };
    let mut brought = Brought::default();
    thread::scope(|scope| {
        let handles: Vec<_> = (0..series.threads.max(1)).map(|_| scope.spawn(work)).collect();
        for part in handles.into_iter().filter_map(|handle| handle.join().ok()) {
            brought.tally.merge(&part.tally);
            brought.failures.extend(part.failures);
            brought.seeds += part.seeds;
        }
    });
    brought.failures.sort();
    brought
}
