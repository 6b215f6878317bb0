//! `cargo xtask chaos`: the bad days of `src/server/tests/chaos` and `tests/chaos` at full length, against the server and the app as they ship.

use crate::{app, browser, run, shell, tools};
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::path::Path;

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
    /// The server's disk is full, or fails (F6)
    Full,
    /// The line is cut at every byte (F11)
    Cut,
    /// 500 phones come back at once (L1)
    Crowd,
    /// The browser dies in mid-save (F7)
    KilledBrowser,
    /// The browser's files are damaged on the disk (F8)
    DamagedStorage,
    /// The browser's storage is full (F10)
    FullStorage,
    /// 40 kbit/s, 800 ms, a reset every 30 s (F13)
    SlowLink,
    /// The office is out of reach, in four ways, whatever is pressed (F13)
    DeadEnds,
    /// Two and five tabs, and a stopped one (F17)
    Tabs,
    /// A sync under an open sheet
    OpenSheet,
}

/// Where a bad day is written down.
enum Script {
    /// A module of the server's tests.
    Server(&'static str),
    /// A file of `tests/chaos`.
    Browser(&'static str),
}

impl BadDay {
    fn script(self) -> Script {
        match self {
            BadDay::Kill => Script::Server("kill::"),
            BadDay::Full => Script::Server("full::"),
            BadDay::Cut => Script::Server("cut::"),
            BadDay::Crowd => Script::Server("crowd::"),
            BadDay::KilledBrowser => Script::Browser("killed_browser"),
            BadDay::DamagedStorage => Script::Browser("damaged_storage"),
            BadDay::FullStorage => Script::Browser("full_storage"),
            BadDay::SlowLink => Script::Browser("slow_link"),
            BadDay::DeadEnds => Script::Browser("dead_ends"),
            BadDay::Tabs => Script::Browser("tabs"),
            BadDay::OpenSheet => Script::Browser("open_sheet"),
        }
    }
}

pub(crate) fn chaos(args: &ChaosArgs) -> Result<()> {
    tools::strace()?;
    tools::sqlite()?;
    app::build()?;
    let huifang = run::server(run::Profile::Release)?;
    let days = if args.days.is_empty() { BadDay::value_variants() } else { &args.days };
    for day in days {
        match day.script() {
            Script::Server(module) => play_server(&huifang, module)?,
            Script::Browser(file) => play_browser(&huifang, file)?,
        }
    }
    Ok(())
}

fn play_server(huifang: &Path, module: &str) -> Result<()> {
    let test = ["test", "-p", "huifang-server", "--test", "chaos", "--", module, "--nocapture"];
    let mut command = shell::command("cargo", &test);
    command.env("HUIFANG", huifang);
    command.env("CHAOS_KILLS", KILLS).env("CHAOS_STRIDE", STRIDE).env("CHAOS_PHONES", PHONES);
    command.env("CHAOS_PHOTO_STRIDE", STRIDE);
    shell::run_command(command)
}

fn play_browser(huifang: &Path, file: &str) -> Result<()> {
    tools::playwright()?;
    let mut command = shell::command("npx", &["playwright", "test", "--project=chaos", file]);
    browser::environment(&mut command, huifang)?;
    shell::run_command(command)
}
