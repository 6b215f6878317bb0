//! A throw-away server with an account of every role, for what is asked of a server from outside.

use crate::shell;
use anyhow::{Context, Result};
use serde_json::json;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub(crate) const PASSWORD: &str = "a long password for tests";
/// The demo's county and township, and what a role works in.
const COUNTY: &str = "339999";
pub(crate) const ROLES: [&str; 8] = [
    "village_worker",
    "township_clerk",
    "township_lead",
    "county_clerk",
    "county_lead",
    "unit_contact",
    "auditor",
    "admin",
];

/// A server over the demo township, gone with what it holds when dropped.
pub(crate) struct Office {
    server: Child,
    pub(crate) folder: PathBuf,
    pub(crate) address: String,
}

/// What a role sends with every request.
pub(crate) struct Session {
    pub(crate) vault: String,
    pub(crate) cookie: String,
}

/// What came of a login.
pub(crate) struct Login {
    pub(crate) status: u16,
    pub(crate) cookie: Option<String>,
    pub(crate) time: Duration,
}

impl Session {
    pub(crate) fn none() -> Session {
        Session { vault: "0".repeat(16), cookie: String::new() }
    }
}

impl Office {
    pub(crate) fn start(huifang: &Path) -> Result<Office> {
        let folder = shell::target_dir().join(format!("schemathesis-{}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let data = folder.to_string_lossy().into_owned();
        let demo = shell::command(huifang, &["demo", "--families", "12", "--data-dir", &data]);
        shell::run_command(with_little_log(demo))?;
        for role in ROLES {
            let add = ["account", "add", role, "--role", role, "--scope", COUNTY, "--data-dir", &data];
            let mut add = shell::command(huifang, &add);
            add.env("HUIFANG_PASSWORD", PASSWORD);
            shell::run_command(with_little_log(add))?;
        }
        // Limits would hide what lies behind them.
        let limits = "wrong-logins=1000000,syncs=1000000,unmask-village=1000000,unmask-office=1000000";
        let serve = ["serve", "--dev", "--listen", "127.0.0.1:0", "--limit", limits, "--data-dir", &data];
        let mut serve = with_little_log(shell::command(huifang, &serve));
        let mut server = serve.stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(server.stdout.take().context("the server's words")?).lines();
        let mut address = None;
        for line in lines {
            if let Some((_, found)) = line?.split_once("http://") {
                address = Some(found.trim().to_owned());
                break;
            }
        }
        Ok(Office { server, folder, address: address.context("the server names no address")? })
    }

    /// Logs in, and takes the time.
    pub(crate) fn log_in(&self, vault: &str, user: &str, password: &str) -> Result<Login> {
        let body = json!({"user": user, "password": password}).to_string();
        let mut stream = TcpStream::connect(&self.address)?;
        let began = Instant::now();
        write!(
            stream,
            "POST /api/v1/login HTTP/1.1\r\nHost: {}\r\nHuifang-Vault: {vault:0>16}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let time = began.elapsed();
        let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok()).context("no answer")?;
        let cookie = answer.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let value = value.split(';').next().unwrap_or_default();
            name.eq_ignore_ascii_case("set-cookie").then(|| value.to_owned())
        });
        Ok(Login { status, cookie, time })
    }
}

fn with_little_log(mut command: Command) -> Command {
    command.env("RUST_LOG", "error");
    command
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
