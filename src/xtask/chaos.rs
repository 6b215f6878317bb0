//! `cargo xtask chaos`: the bad days of `src/server/tests/chaos` at full length, against the server as it ships.

use crate::{app, run, shell, tools};
use anyhow::Result;
use clap::{Args, ValueEnum};

/// Writes of the server at each of which it is killed.
const KILLS: &str = "320";
/// Every byte.
const STRIDE: &str = "1";
const PHONES: &str = "500";

#[derive(Args)]
pub(crate) struct ChaosArgs {
    /// Which bad days; all if none is named
    #[arg(value_enum)]
    days: Vec<BadDay>,
}

#[derive(Clone, Copy, ValueEnum)]
enum BadDay {
    /// The server is killed at every write (F4)
    Kill,
    /// The line is cut at every byte (F11)
    Cut,
    /// 500 phones come back at once (L1)
    Crowd,
}

impl BadDay {
    const ALL: [BadDay; 3] = [BadDay::Kill, BadDay::Cut, BadDay::Crowd];

    /// The module of the tests that plays it.
    fn module(self) -> &'static str {
        match self {
            BadDay::Kill => "kill::",
            BadDay::Cut => "cut::",
            BadDay::Crowd => "crowd::",
        }
    }
}

pub(crate) fn chaos(args: &ChaosArgs) -> Result<()> {
    tools::strace()?;
    tools::sqlite()?;
    app::build()?;
    let huifang = run::server(run::Profile::Release)?;
    let days = if args.days.is_empty() { &BadDay::ALL[..] } else { &args.days };
    for day in days {
        let test = ["test", "-p", "huifang-server", "--test", "chaos", "--", day.module(), "--nocapture"];
        let mut command = shell::command("cargo", &test);
        command.env("HUIFANG", &huifang);
        command.env("CHAOS_KILLS", KILLS).env("CHAOS_STRIDE", STRIDE).env("CHAOS_PHONES", PHONES);
        shell::run_command(command)?;
    }
    Ok(())
}
