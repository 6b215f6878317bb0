//! What runs in Chromium: the store's contract, the journeys, and the pictures.

use crate::{app, run, shell, tools};
use anyhow::Result;
use std::path::Path;

/// The client's own tests: logic natively, the store's contract in the browser.
pub(crate) fn unit_tests() -> Result<()> {
    let driver = tools::chromedriver()?;
    shell::cargo(&["test", "-p", "huifang-client"])?;
    let mut test = shell::command(
        "cargo",
        &["test", "-p", "huifang-client", "--target", "wasm32-unknown-unknown", "--bin", "huifang-client"],
    );
    test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    shell::run_command(test)
}

/// The journeys against a server built for tests.
pub(crate) fn journeys(huifang: &Path) -> Result<()> {
    let mut command = shell::command("npx", &["playwright", "test", "--project=journeys"]);
    environment(&mut command, huifang)?;
    shell::run_command(command)
}

/// Pictures of every page at both sizes into `target/shots`.
pub(crate) fn shots() -> Result<()> {
    app::build()?;
    tools::playwright()?;
    let huifang = run::server(run::Profile::Debug)?;
    let mut command = shell::command("npx", &["playwright", "test", "--project=shots"]);
    environment(&mut command, &huifang)?;
    shell::run_command(command)?;
    println!("The pictures are in {}.", shell::target_dir().join("shots").display());
    Ok(())
}

/// What the journeys know of the build: the server, the browser, and where pictures go.
pub(crate) fn environment(command: &mut std::process::Command, huifang: &Path) -> Result<()> {
    command
        .current_dir(shell::root().join("tests"))
        .env("HUIFANG", huifang)
        .env("CHROMIUM", tools::chromium()?)
        .env("SHOTS", shell::target_dir().join("shots"));
    Ok(())
}
