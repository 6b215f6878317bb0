//! `cargo xtask bench`: what design.md §3 promises, each figure beside its budget, in one table.

use crate::{app, browser, run, shell, test, tools};
use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;
use std::{fs, process::Stdio, time::Instant};

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// Leave out everything that needs a browser
    #[arg(long)]
    no_browser: bool,
}

/// One line of the table.
struct Row {
    what: String,
    figure: String,
    budget: String,
    within: Option<bool>,
}

impl Row {
    fn at_most(what: &str, figure: f64, budget: f64, unit: &str) -> Row {
        Row {
            budget: format!("≤ {budget} {unit}"),
            within: Some(figure <= budget),
            ..Row::of(what, figure, unit)
        }
    }

    fn at_least(what: &str, figure: f64, budget: f64, unit: &str) -> Row {
        Row {
            budget: format!("≥ {budget} {unit}"),
            within: Some(figure >= budget),
            ..Row::of(what, figure, unit)
        }
    }

    /// A figure that nothing was promised of.
    fn of(what: &str, figure: f64, unit: &str) -> Row {
        let figure = format!("{figure:.1} {unit}");
        Row { what: what.to_owned(), figure, budget: String::new(), within: None }
    }
}

/// Runs every measurement and prints the table. A missed budget is printed, not an error: machines differ.
pub(crate) fn bench(args: &BenchArgs) -> Result<()> {
    let dist = app::build()?;
    let mut rows = Vec::new();
    let kilobytes = test::app_bytes(&dist)? as f64 / 1024.0;
    rows.push(Row::at_most("app, all of it, brotli", kilobytes, 350.0, "KB"));
    rows.extend(import_rows()?);
    rows.extend(server_rows("load")?);
    rows.extend(server_rows("tables")?);
    if !args.no_browser {
        rows.extend(browser_rows()?);
    }
    print(&rows);
    Ok(())
}

/// Preview and commit of the 3,000-row list on an empty township.
fn import_rows() -> Result<Vec<Row>> {
    let huifang = run::server(run::Profile::Release)?;
    let data = shell::target_dir().join("bench-import");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let data_dir = data.to_string_lossy().into_owned();
    let list = shell::root().join("src/server/fixtures/township-list-3000.xlsx");
    let list = list.to_string_lossy().into_owned();
    let time = |args: &[&str]| -> Result<f64> {
        let start = Instant::now();
        let status = shell::command(&huifang, args).env("RUST_LOG", "warn").stdout(Stdio::null()).status()?;
        // 1 says that the list has errors, which this one has.
        anyhow::ensure!(matches!(status.code(), Some(0 | 1)), "huifang {} failed: {status}", args.join(" "));
        Ok(start.elapsed().as_secs_f64())
    };
    let area = |code: &str, name: &str| -> Result<f64> {
        time(&["area", "add", code, name, "--data-dir", &data_dir])
    };
    area("339999", "示范县")?;
    area("339999100", "双桥镇")?;
    let preview =
        time(&["import", &list, "--area", "339999100", "--check", "--json", "--data-dir", &data_dir])?;
    let commit =
        time(&["import", &list, "--area", "339999100", "--create-villages", "--data-dir", &data_dir])?;
    Ok(vec![Row::at_most("import of 3,000 rows, preview and commit", preview + commit, 3.0, "s")])
}

/// What a test of the server measures at length: `load` fifty phones at once, on both databases; `tables` ledgers of 50,000 families.
fn server_rows(name: &str) -> Result<Vec<Row>> {
    let huifang = run::server(run::Profile::Release)?;
    let test = ["test", "--release", "-p", "huifang-server", "--test", name, "--", "--nocapture"];
    let mut command = shell::command("cargo", &test);
    let output =
        command.env("HUIFANG", &huifang).env("HUIFANG_BENCH", "1").stderr(Stdio::inherit()).output()?;
    anyhow::ensure!(output.status.success(), "the test {name} failed: {}", output.status);
    let text = String::from_utf8(output.stdout)?;
    text.lines().filter(|line| line.starts_with('{')).map(read_row).collect()
}

/// What Chromium measures; the script prints one JSON line a figure.
fn browser_rows() -> Result<Vec<Row>> {
    tools::playwright()?;
    let huifang = run::server(run::Profile::Release)?;
    let results = shell::target_dir().join("bench.jsonl");
    if results.exists() {
        fs::remove_file(&results)?;
    }
    let mut command = shell::command("npx", &["playwright", "test", "--project=bench"]);
    browser::environment(&mut command, &huifang)?;
    command.env("BENCH", &results);
    shell::run_command(command)?;
    let text = fs::read_to_string(&results).context("the measurements wrote nothing")?;
    text.lines().map(read_row).collect()
}

/// A line of JSON that a measurement wrote.
fn read_row(line: &str) -> Result<Row> {
    let value: Value = serde_json::from_str(line)?;
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let figure = value["figure"].as_f64().with_context(|| format!("no figure in {line}"))?;
    let (what, unit) = (text("what"), text("unit"));
    Ok(match (value["budget"].as_f64(), value["at_least"].as_f64()) {
        (Some(budget), _) => Row::at_most(&what, figure, budget, &unit),
        (None, Some(budget)) => Row::at_least(&what, figure, budget, &unit),
        (None, None) => Row::of(&what, figure, &unit),
    })
}

fn print(rows: &[Row]) {
    println!("\n| What | Measured | Budget | |\n|---|---|---|---|");
    for row in rows {
        println!(
            "| {} | {} | {} | {} |",
            row.what,
            row.figure,
            row.budget,
            match row.within {
                None => "",
                Some(true) => "met",
                Some(false) => "MISSED",
            }
        );
    }
}
