//! The project's chores. `cargo xtask run` and `cargo xtask test` are the two that everybody needs; each installs what it lacks.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

mod app;
mod bench;
mod browser;
mod chaos;
mod check;
mod compress;
mod postbuild;
mod run;
mod shell;
mod test;
mod tidy;
mod tools;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Builds, runs, tests and measures Huifang")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build app and server and start them with the synthetic township
    Run(run::RunArgs),
    /// Everything that CI runs
    Test(test::TestArgs),
    /// The tests, then formatting, lints, licences, unused dependencies, typos and the house rules
    Ci,
    /// Build the web app into dist/
    App,
    /// Measure what design.md promises and print one table
    Bench(bench::BenchArgs),
    /// Simulate many bad days of sync; arguments go to the simulator
    Sim {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Play the bad days of a running office at full length: killed, cut off, crowded
    Chaos(chaos::ChaosArgs),
    /// Check the house rules that a compiler does not
    Tidy,
    /// Take pictures of every page into target/shots
    Shots,
}

fn main() -> Result<()> {
    match Args::parse().task {
        Task::Run(args) => run::run(&args),
        Task::Test(args) => test::test(&args),
        Task::Ci => check::ci(),
        Task::App => app::build().map(|_| ()),
        Task::Bench(args) => bench::bench(&args),
        Task::Sim { args } => check::sim(&args),
        Task::Chaos(args) => chaos::chaos(&args),
        Task::Tidy => tidy::tidy(),
        Task::Shots => browser::shots(),
    }
}
