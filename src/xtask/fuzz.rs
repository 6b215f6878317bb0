//! `cargo xtask fuzz`: coverage-guided fuzzing of everything that reads what others wrote (`src/fuzz`), within the limits of every run:
//! no crash, no input that takes a second, no more than 256 MB.

mod seeds;

use crate::{shell, tools};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

const HANG_SECONDS: &str = "1";
const MEMORY_MB_MAX: &str = "256";

/// A program of `src/fuzz`.
struct Target {
    name: &'static str,
    /// The length of its longest input.
    bytes_max: u32,
    /// Whether it needs the server's code: those build apart, for much longer.
    office: bool,
}

const TARGETS: [Target; 9] = [
    Target { name: "push", bytes_max: 16_384, office: false },
    Target { name: "upcast", bytes_max: 8_192, office: false },
    Target { name: "pull", bytes_max: 16_384, office: false },
    Target { name: "envelope", bytes_max: 4_096, office: false },
    Target { name: "region", bytes_max: 64, office: false },
    Target { name: "id_no", bytes_max: 64, office: false },
    Target { name: "body", bytes_max: 16_384, office: true },
    Target { name: "photo", bytes_max: 65_536, office: true },
    Target { name: "list", bytes_max: 65_536, office: true },
];

#[derive(Args)]
pub(crate) struct FuzzArgs {
    /// Which targets; all if none is named
    targets: Vec<String>,
    /// How long each runs
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// What one run came to.
struct Outcome {
    target: &'static str,
    executions: u64,
    /// Edges of the code that some input reached.
    edges: u64,
    inputs: u64,
    memory_mb: u64,
    found: Vec<String>,
}

/// Builds the targets, runs each and prints the table; fails when anything was found.
pub(crate) fn fuzz(args: &FuzzArgs) -> Result<()> {
    let names = || TARGETS.iter().map(|target| target.name);
    if let Some(unknown) = args.targets.iter().find(|wanted| !names().any(|name| name == **wanted)) {
        bail!("there is no target {unknown}; there are: {}", names().collect::<Vec<_>>().join(", "));
    }
    tools::cargo_fuzz()?;
    let is_wanted =
        |target: &&Target| args.targets.is_empty() || args.targets.iter().any(|name| name == target.name);
    let folder = shell::target_dir().join("fuzz");
    let mut outcomes = Vec::new();
    for office in [false, true] {
        let wanted: Vec<&Target> =
            TARGETS.iter().filter(is_wanted).filter(|target| target.office == office).collect();
        if wanted.is_empty() {
            continue;
        }
        let programs = build(&folder, office)?;
        for target in wanted {
            outcomes.push(run(&programs, &folder, target, args.seconds)?);
        }
    }
    print(&outcomes);
    let found: usize = outcomes.iter().map(|outcome| outcome.found.len()).sum();
    if found > 0 {
        bail!("{found} inputs broke a limit; they are in {}", folder.join("found").display());
    }
    Ok(())
}

/// Builds the targets with or without the server on the stable compiler and returns the folder of the programs.
fn build(folder: &Path, office: bool) -> Result<PathBuf> {
    let host = shell::output("rustc", &["--print", "host-tuple"]).context("rustc does not name its host")?;
    let built = folder.join("build");
    let mut cargo =
        shell::command("cargo", &["fuzz", "build", "--fuzz-dir", "src/fuzz", "--sanitizer", "none"]);
    cargo.arg("--target").arg(&host).arg("--target-dir").arg(&built);
    if office {
        cargo.args(["--features", "office"]);
    }
    // The instrumentation is behind flags that the stable compiler takes only so.
    cargo.env("RUSTC_BOOTSTRAP", "1");
    shell::run_command(cargo)?;
    Ok(built.join(host).join("release"))
}

fn run(programs: &Path, folder: &Path, target: &Target, seconds: u32) -> Result<Outcome> {
    let name = target.name;
    let (corpus, found) = (folder.join("corpus").join(name), folder.join("found").join(name));
    for folder in [&corpus, &found] {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    seeds::plant(name, &corpus)?;
    let before = names(&found)?;
    println!("+ {name}, {seconds} s");
    let output = shell::command(programs.join(name), &["-print_final_stats=1"])
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={HANG_SECONDS}"))
        .arg(format!("-rss_limit_mb={MEMORY_MB_MAX}"))
        .arg(format!("-max_len={}", target.bytes_max))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(&corpus)
        .stdout(Stdio::null())
        .output()
        .with_context(|| format!("could not start the target {name}"))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let log_file = folder.join(format!("{name}.log"));
    fs::write(&log_file, log.as_bytes())?;
    let mut found = names(&found)?;
    found.retain(|input| !before.contains(input));
    if !output.status.success() && found.is_empty() {
        bail!("{name} ended with {} and left no input; see {}", output.status, log_file.display());
    }
    Ok(Outcome {
        target: name,
        executions: statistic(&log, "stat::number_of_executed_units:"),
        edges: last_after(&log, "cov: "),
        inputs: fs::read_dir(&corpus)?.count() as u64,
        memory_mb: statistic(&log, "stat::peak_rss_mb:"),
        found,
    })
}

fn names(folder: &Path) -> Result<Vec<String>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// The number behind a name in the statistics; 0 when the run ended before it printed them.
fn statistic(log: &str, name: &str) -> u64 {
    let line = log.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.trim().parse().ok()).unwrap_or_default()
}

/// The number behind the last occurrence of `word`.
fn last_after(log: &str, word: &str) -> u64 {
    let rest = log.rsplit_once(word).map_or("", |(_, rest)| rest);
    rest.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn print(outcomes: &[Outcome]) {
    println!(
        "\n| Target | Executions | Edges reached | Inputs kept | Memory, MB | Found |\n|---|---|---|---|---|---|"
    );
    for outcome in outcomes {
        let found = if outcome.found.is_empty() { "nothing".to_owned() } else { outcome.found.join(", ") };
        println!(
            "| {} | {} | {} | {} | {} | {found} |",
            outcome.target, outcome.executions, outcome.edges, outcome.inputs, outcome.memory_mb
        );
    }
}
