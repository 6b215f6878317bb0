//! The project's chores. `cargo xtask run` and `cargo xtask test` are the two that everybody needs; each installs what it lacks.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]

mod api;
mod app;
mod bench;
mod browser;
mod chaos;
mod check;
mod compress;
mod fuzz;
mod lighthouse;
mod office;
mod postbuild;
mod run;
mod sbom;
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
    /// Write docs/authz.md from the table of rights
    Authz,
    /// Ask every operation of the API as every role with whatever its description allows; no answer may be of 500 or above
    Schemathesis(api::SchemathesisArgs),
    /// Take the time of logins with known and unknown names
    LoginTime,
    /// Let Lighthouse judge the built app as a phone first meets it
    Lighthouse,
    /// Fuzz everything that reads what others wrote, and print one table
    Fuzz(fuzz::FuzzArgs),
    /// List what server and app are made of, as CycloneDX, into target/sbom
    Sbom,
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
        Task::Authz => api::authz(),
        Task::Schemathesis(args) => api::schemathesis(&args),
        Task::LoginTime => api::login_time(),
        Task::Lighthouse => lighthouse::lighthouse(),
        Task::Fuzz(args) => fuzz::fuzz(&args),
        Task::Sbom => sbom::sbom(),
        Task::Tidy => tidy::tidy(),
        Task::Shots => browser::shots(),
    }
}
