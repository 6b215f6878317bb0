//! What Lighthouse says of the built app as a phone first meets it.

use crate::{app, office::Office, run, shell, tools};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{fs, path::PathBuf};

const LIGHTHOUSE: &str = "12.8.2";
/// What shows itself to somebody who is not known yet.
const PAGES: [&str; 2] = ["/", "/login"];
/// The least that each is to have, of 100.
const WANTED: [(&str, f64); 3] = [("performance", 90.0), ("accessibility", 100.0), ("best-practices", 100.0)];
const CHROME_FLAGS: &str = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync";

/// Judges each page as a phone with a slow line (Lighthouse's `mobile`) and prints one table.
pub(crate) fn lighthouse() -> Result<()> {
    app::build()?;
    let chromium = tools::chromium()?;
    let program = installed()?;
    let huifang = run::server(run::Profile::Release)?;
    let office = Office::start(&huifang)?;
    println!("{:<10}{:>16}{:>16}{:>16}", "page", WANTED[0].0, WANTED[1].0, WANTED[2].0);
    let mut short = Vec::new();
    for page in PAGES {
        let report = office.folder.join("lighthouse.json");
        let said = report.to_string_lossy().into_owned();
        let url = format!("http://{}{page}", office.address);
        let only = WANTED.map(|(category, _)| category).join(",");
        let mut judge = shell::command(
            &program,
            &[
                &url,
                "--quiet",
                // The slow line is played and not guessed from a fast one: a guess counts whatever was there by then, the whole app too.
                "--throttling-method=devtools",
                "--output=json",
                &format!("--output-path={said}"),
                &format!("--only-categories={only}"),
            ],
        );
        judge.arg(format!("--chrome-flags={CHROME_FLAGS}")).env("CHROME_PATH", &chromium);
        shell::run_command(judge)?;
        let report: Value =
            serde_json::from_slice(&fs::read(&report).context("reading what Lighthouse said")?)?;
        let scores = WANTED
            .map(|(category, _)| 100.0 * report["categories"][category]["score"].as_f64().unwrap_or(0.0));
        println!("{page:<10}{:>16.0}{:>16.0}{:>16.0}", scores[0], scores[1], scores[2]);
        let missed = WANTED.iter().zip(scores).filter(|((_, wanted), score)| score < wanted);
        short.extend(missed.map(|((category, _), _)| format!("{category} of {page}")));
    }
    ensure!(short.is_empty(), "less than wanted: {}", short.join(", "));
    Ok(())
}

/// Lighthouse from npm, in a folder of its own.
fn installed() -> Result<PathBuf> {
    let folder = shell::target_dir().join("lighthouse");
    let program = folder.join("node_modules/.bin/lighthouse");
    let version = shell::output(&program.to_string_lossy(), &["--version"]).unwrap_or_default();
    if version.trim() != LIGHTHOUSE {
        println!("Installing lighthouse {LIGHTHOUSE}.");
        fs::create_dir_all(&folder)?;
        let folder = folder.to_string_lossy();
        let package = format!("lighthouse@{LIGHTHOUSE}");
        shell::run("npm", &["install", "--no-audit", "--no-fund", "--prefix", &folder, &package])?;
    }
    Ok(program)
}
