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

/// Pictures that the handbook and the guide show.
const PICTURES: [&str; 7] = [
    "desk-health-1440",
    "desk-import-preview-1440",
    "phone-enrol-360",
    "phone-form-360",
    "phone-outbox-360",
    "phone-today-360",
    "phone-unlock-360",
];

/// Pictures of every page at both sizes into `target/shots`, those of the handbook and the guide also into `docs/pictures`.
pub(crate) fn shots() -> Result<()> {
    app::build()?;
    tools::playwright()?;
    let huifang = run::server(run::Profile::Debug)?;
    let mut command = shell::command("npx", &["playwright", "test", "--project=shots"]);
    environment(&mut command, &huifang)?;
    shell::run_command(command)?;
    let (shots, pictures) = (shell::target_dir().join("shots"), shell::root().join("docs/pictures"));
    std::fs::create_dir_all(&pictures)?;
    for name in PICTURES.map(|name| format!("{name}.png")) {
        std::fs::copy(shots.join(&name), pictures.join(&name))?;
    }
    println!("The pictures are in {}.", shots.display());
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
