//! What the build and the tests need from outside, installed where it is missing.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

const TRUNK: &str = "0.21.14";
const WASM_BINDGEN: &str = "0.2.126";
const CARGO_FUZZ: &str = "0.13.2";
const NODE_MAJOR_MIN: u32 = 20;

/// The target, bundler and glue of the web app.
pub(crate) fn web_build() -> Result<()> {
    let targets = shell::output("rustup", &["target", "list", "--installed"]);
    if targets.is_some_and(|list| !list.contains("wasm32-unknown-unknown")) {
        println!("Installing the wasm target.");
        shell::run("rustup", &["target", "add", "wasm32-unknown-unknown"])?;
    }
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", WASM_BINDGEN, &[])?;
    cargo_tool("trunk", "trunk", TRUNK, &["--no-default-features", "--features", "rustls"])
}

/// What instruments and builds the fuzz targets.
pub(crate) fn cargo_fuzz() -> Result<()> {
    cargo_tool("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, &[])
}

/// Installs a cargo tool of exactly this version unless it is there.
fn cargo_tool(program: &str, package: &str, version: &str, features: &[&str]) -> Result<()> {
    let installed = shell::output(program, &["--version"]);
    if installed.is_some_and(|text| text.split_whitespace().any(|word| word == version)) {
        return Ok(());
    }
    println!("Installing {package} {version}; this takes some minutes, once.");
    let mut args = vec!["install", package, "--version", version, "--locked", "--force"];
    args.extend_from_slice(features);
    shell::cargo(&args)
}

/// The browser, installed by `apt-get` as root, else the packages are named.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(path) = find_chromium() {
        return Ok(path);
    }
    apt_install(&["chromium", "chromium-driver", "fonts-noto-cjk"])?;
    find_chromium().context("chromium was installed but is not at /usr/bin/chromium")
}

/// The journeys read the server's database beside it.
pub(crate) fn sqlite() -> Result<()> {
    if shell::output("sqlite3", &["--version"]).is_some() {
        return Ok(());
    }
    apt_install(&["sqlite3"])
}

/// What kills the server at a write.
pub(crate) fn strace() -> Result<()> {
    if shell::output("strace", &["-V"]).is_some() {
        return Ok(());
    }
    apt_install(&["strace"])
}

/// Where the browser is, if it is.
fn find_chromium() -> Option<PathBuf> {
    let given = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let known =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    given.into_iter().chain(known).find(|path| path.exists())
}

/// The driver that the browser's unit tests speak to.
pub(crate) fn chromedriver() -> Result<PathBuf> {
    let path = PathBuf::from("/usr/bin/chromedriver");
    if !path.exists() {
        apt_install(&["chromium-driver"])?;
    }
    if path.exists() { Ok(path) } else { bail!("chromedriver is not at /usr/bin/chromedriver") }
}

fn apt_install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let is_root = shell::output("id", &["-u"]).is_some_and(|id| id == "0");
    if !is_root || shell::output("apt-get", &["--version"]).is_none() {
        bail!("please install the packages: {names} (for example: sudo apt-get install {names})");
    }
    println!("Installing {names}.");
    shell::run("apt-get", &["update", "-qq"])?;
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend_from_slice(packages);
    shell::run("apt-get", &args)
}

/// Node for the journeys, with a clear word when it is too old or absent, and the journeys' packages.
pub(crate) fn playwright() -> Result<()> {
    let version = shell::output("node", &["--version"]).unwrap_or_default();
    let major =
        version.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
    if major < NODE_MAJOR_MIN {
        let found =
            if version.is_empty() { "none was found".to_owned() } else { format!("{version} was found") };
        bail!(
            "the browser journeys need Node {NODE_MAJOR_MIN} or newer; {found}. Install it from nodejs.org or by nvm"
        );
    }
    let tests = shell::root().join("tests");
    let lock = tests.join("package-lock.json");
    let installed = tests.join("node_modules/.package-lock.json");
    if is_newer(&installed, &lock) {
        return Ok(());
    }
    println!("Installing the packages of the browser journeys.");
    let mut npm = shell::command("npm", &["ci", "--no-audit", "--no-fund"]);
    npm.current_dir(&tests).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    shell::run_command(npm)
}

fn is_newer(made: &std::path::Path, from: &std::path::Path) -> bool {
    let time = |path: &std::path::Path| path.metadata().and_then(|meta| meta.modified()).ok();
    matches!((time(made), time(from)), (Some(made), Some(from)) if made >= from)
}
