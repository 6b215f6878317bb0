//! `cargo xtask run`: from a fresh clone to a township on screen.

use crate::{app, shell};
use anyhow::{Context, Result};
use clap::Args;
use std::{fs, path::PathBuf};

#[derive(Args)]
pub(crate) struct RunArgs {
    /// Where the server listens
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// The address under which phones reach the server, when a proxy with https stands in front
    #[arg(long)]
    public_url: Option<String>,
    /// Start from a new demo township
    #[arg(long)]
    fresh: bool,
}

pub(crate) fn run(args: &RunArgs) -> Result<()> {
    app::build()?;
    let huifang = server(Profile::Release)?;
    let data = shell::target_dir().join("demo");
    if args.fresh && data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("removing {}", data.display()))?;
    }
    let data_dir = data.to_string_lossy().into_owned();
    if !data.exists() {
        let mut demo = shell::command(&huifang, &["demo", "--data-dir", &data_dir]);
        demo.env("RUST_LOG", "warn");
        shell::run_command(demo)?;
    }
    let mut serve = vec!["serve", "--dev", "--demo-hints", "--listen", &args.listen, "--data-dir", &data_dir];
    if let Some(url) = &args.public_url {
        serve.extend(["--public-url", url]);
    }
    shell::run_command(shell::command(&huifang, &serve))
}

/// Which build of the server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For tests: quick to build, reads the app from `dist/`.
    Debug,
    /// For use and for measuring: carries the app inside.
    Release,
}

/// Builds the server and returns its path.
pub(crate) fn server(profile: Profile) -> Result<PathBuf> {
    let mut args = vec!["build", "--package", "huifang-server", "--bin", "huifang"];
    if profile == Profile::Release {
        args.push("--release");
    }
    shell::cargo(&args)?;
    let folder = if profile == Profile::Release { "release" } else { "debug" };
    Ok(shell::target_dir().join(folder).join("huifang"))
}
