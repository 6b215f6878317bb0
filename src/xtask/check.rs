//! The gates beyond the tests, and the simulator on demand.

use crate::{shell, test, tidy};
use anyhow::Result;

/// The tests, then every gate; a tool that is not installed is skipped with a printed line.
pub(crate) fn ci() -> Result<()> {
    test::test(&test::TestArgs::everything())?;
    shell::cargo(&["fmt", "--all", "--check"])?;
    let native = ["clippy", "--workspace", "--exclude", "huifang-client", "--all-targets"];
    let with = ["--features", "huifang-sim/sql", "--", "-D", "warnings"];
    shell::cargo(&[&native[..], &with[..]].concat())?;
    let wasm =
        ["clippy", "-p", "huifang-client", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"];
    shell::cargo(&wasm)?;
    let pure = ["-p", "huifang-domain", "-p", "huifang-sync", "-p", "huifang-crypto"];
    let mut doc = shell::command("cargo", &["doc", "--no-deps"]);
    doc.args(pure).env("RUSTDOCFLAGS", "-D warnings");
    shell::run_command(doc)?;
    optional("cargo-deny", &["deny", "check", "bans", "licenses", "sources"])?;
    optional("cargo-machete", &["machete"])?;
    if shell::output("typos", &["--version"]).is_some() {
        shell::run("typos", &[])?;
    } else {
        println!("skipped: typos is not installed");
    }
    tidy::tidy()
}

fn optional(program: &str, args: &[&str]) -> Result<()> {
    if shell::output(program, &["--version"]).is_none() {
        println!("skipped: {program} is not installed");
        return Ok(());
    }
    shell::cargo(args)
}

/// The simulator, optimised, with its own arguments.
pub(crate) fn sim(args: &[String]) -> Result<()> {
    let mut all = vec!["run", "--release", "--package", "huifang-sim", "--bin", "huifang-sim"];
    // The memory store is quick to build; the others bring the server.
    if args.iter().any(|arg| arg.contains("sqlite") || arg.contains("postgres")) {
        all.extend(["--features", "sql"]);
    }
    all.push("--");
    all.extend(args.iter().map(String::as_str));
    shell::cargo(&all)
}
