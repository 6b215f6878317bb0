//! `huifang-sim`: plays seeds, says what they did, and tells the story of one that fails.

use clap::Parser;
use sim::{
    Setup,
    many::{Series, run_many},
    office::Engine,
    run,
};
use std::{collections::BTreeSet, io::Write, process::ExitCode};
use sync::planted::Bug;

/// Simulates devices and office from seeds; exit 1 when an invariant fails or a fault kind did not occur.
#[derive(Parser, Debug)]
struct Args {
    /// How many seeds to play.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    start: u64,
    /// Steps under faults of each seed.
    #[arg(long, default_value_t = 260)]
    steps: u32,
    /// Plants a bug by its name in sync.md §6; it must be found.
    #[arg(long)]
    bug: Option<String>,
    /// Where the office stores: `memory`, and with the feature `sql` also `sqlite` and `postgres`.
    #[arg(long, default_value = "memory")]
    store: String,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let Some(engine) = Engine::named(&args.store)? else { return Ok(ExitCode::SUCCESS) };
    let bug = match &args.bug {
        Some(name) => Some(find(name)?),
        None => None,
    };
    let Args { start, seeds, steps, threads, .. } = args;
    let (of, until_found) = (engine.clone(), false);
    let series = run_many(&Series { start, seeds, steps, bug, engine: of, threads, until_found });
    let mut out = std::io::stdout().lock();
    writeln!(out, "seeds={} failing={} {}", series.seeds, series.failures.len(), series.tally)?;
    for (seed, what) in series.failures.iter().take(20) {
        writeln!(out, "seed {seed}: {what}")?;
    }
    if let Some((seed, _)) = series.failures.first() {
        writeln!(out, "--- the story of seed {seed}")?;
        for line in run(Setup { seed: *seed, engine, steps, bug, trace: true }).trace {
            writeln!(out, "{line}")?;
        }
    }
    let missing = if bug.is_some() { Vec::new() } else { series.tally.missing() };
    if !missing.is_empty() {
        writeln!(out, "never happened: {}", missing.join(" "))?;
    }
    let is_well = series.failures.is_empty() && missing.is_empty();
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn find(name: &str) -> anyhow::Result<Bug> {
    let known: BTreeSet<Bug> = Bug::ALL.into_iter().chain(Bug::OF_SQL).collect();
    known.iter().copied().find(|bug| bug.name() == name).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|bug| bug.name()).collect();
        anyhow::anyhow!("no bug is called {name}; known are {}", names.join(" "))
    })
}
