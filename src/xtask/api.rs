//! The API from outside: `docs/authz.md` from the table of rights, and every operation asked by every role with whatever its description allows.

use crate::{
    office::{Answer, Office, ROLES, Session},
    run, shell,
};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

const SCHEMATHESIS: &str = "4.32.5";
/// A login for a known name and one for an unknown one may differ by less than this (S6), in milliseconds.
const APART_MS_MAX: f64 = 10.0;
/// Logins of each sort whose time is taken.
const LOGINS: usize = 32;
/// Wrong passwords of one account before it must wait.
const FREE_TRIES: usize = 4;

#[derive(Args)]
pub(crate) struct SchemathesisArgs {
    /// Requests to each operation at most, in each phase
    #[arg(long, default_value_t = 50)]
    examples: u32,
    /// The roles that ask, and `anonymous`; all if none is named
    roles: Vec<String>,
}

/// Writes `docs/authz.md`.
pub(crate) fn authz() -> Result<()> {
    let test = ["test", "-p", "huifang-server", "--lib", "the_page_says_what_the_table_says"];
    let mut write = shell::command("cargo", &test);
    write.env("HUIFANG_WRITE_AUTHZ", "1");
    shell::run_command(write)
}

/// Asks a throw-away server; the first answer of 500 or above fails.
pub(crate) fn schemathesis(args: &SchemathesisArgs) -> Result<()> {
    let program = installed()?;
    let huifang = run::server(run::Profile::Debug)?;
    let all = || ["anonymous"].into_iter().chain(ROLES).map(str::to_owned).collect();
    let roles = if args.roles.is_empty() { all() } else { args.roles.clone() };
    let mut failed = Vec::new();
    for role in roles {
        println!("\n== as {role}");
        let office = Office::start(&huifang)?;
        let session = if role == "anonymous" { Session::none() } else { office.session(&huifang, &role)? };
        // A logout would end what the others need, so it comes last.
        let rest = ["--exclude-operation-id", "Logout"];
        let last = ["--include-operation-id", "Logout"];
        for part in [rest, last] {
            if !ask(&office, &program, &session, args.examples, &part)? {
                failed.push(role.clone());
            }
        }
    }
    ensure!(failed.is_empty(), "answers of 500 or above, or none: as {}", failed.join(", "));
    Ok(())
}

/// Schemathesis from PyPI, in an environment of its own.
fn installed() -> Result<PathBuf> {
    let folder = shell::target_dir().join("schemathesis");
    let program = folder.join("bin/schemathesis");
    let version = shell::output(&program.to_string_lossy(), &["--version"]).unwrap_or_default();
    if !version.ends_with(SCHEMATHESIS) {
        println!("Installing schemathesis {SCHEMATHESIS}.");
        shell::run("python3", &["-m", "venv", &folder.to_string_lossy()])?;
        let pip = folder.join("bin/pip");
        shell::run(&pip.to_string_lossy(), &["install", "-q", &format!("schemathesis=={SCHEMATHESIS}")])?;
    }
    Ok(program)
}

/// Whether no answer was of 500 or above.
fn ask(office: &Office, program: &Path, session: &Session, examples: u32, part: &[&str]) -> Result<bool> {
    let mut ask = Command::new(program);
    ask.arg("run").arg(format!("http://{}/api/openapi.json", office.address));
    ask.args(["--checks", "not_a_server_error", "--warnings", "off", "--continue-on-failure"]);
    ask.args(["--generation-with-security-parameters", "false"]);
    ask.args(["--phases", "examples,coverage,fuzzing", "--generation-database", "none"]);
    ask.args(["--max-examples", &examples.to_string(), "--seed", "1"]);
    ask.args(["--header", &format!("Huifang-Vault: {}", session.vault)]);
    if !session.cookie.is_empty() {
        ask.args(["--header", &format!("Cookie: {}", session.cookie)]);
        ask.args(["--header", &format!("Authorization: Bearer {}", session.bearer)]);
    }
    ask.args(part).current_dir(&office.folder);
    println!("+ schemathesis run {}", part.join(" "));
    Ok(ask.status().context("schemathesis")?.success())
}

/// How long a login takes for a known name with a wrong password, and for an unknown one: nobody shall learn names by the clock (security.md §7, S6).
pub(crate) fn login_time() -> Result<()> {
    let huifang = run::server(run::Profile::Release)?;
    let office = Office::start(&huifang)?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..LOGINS {
        // In turns, so that whatever else the machine does falls on both.
        known.push(office.log_in(ROLES[n / FREE_TRIES], "not the password")?);
        unknown.push(office.log_in(&format!("nobody {}", n / FREE_TRIES), "not the password")?);
    }
    for login in known.iter().chain(&unknown) {
        ensure!(login.status == 401, "a wrong password was answered with {}", login.status);
    }
    let median = |logins: &mut Vec<Answer>| {
        logins.sort_by_key(|login| login.time);
        logins[logins.len() / 2].time.as_secs_f64() * 1000.0
    };
    let (known, unknown) = (median(&mut known), median(&mut unknown));
    let apart = (known - unknown).abs();
    println!(
        "{LOGINS} logins each, median: known name {known:.1} ms, unknown name {unknown:.1} ms, difference {apart:.1} ms"
    );
    ensure!(apart < APART_MS_MAX, "a name that is known is told from one that is not: {apart:.1} ms apart");
    Ok(())
}
