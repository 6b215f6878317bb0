//! A throw-away server with an account of every role, for what is asked of a server from outside.

use crate::shell;
use anyhow::{Context, Result};
use serde_json::{Value, json};
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
    /// The grant of an enrolled device: without one some roles need a second factor.
    pub(crate) cookie: String,
    pub(crate) bearer: String,
}

/// Where somebody of a role works in the demo.
fn scope_of(role: &str) -> &'static str {
    match role {
        "village_worker" => "339999100201",
        "township_clerk" | "township_lead" => "339999100",
        _ => "339999",
    }
}

/// What a request was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) time: Duration,
    cookie: Option<String>,
    body: Value,
}

impl Session {
    pub(crate) fn none() -> Session {
        Session { vault: "0".repeat(16), cookie: String::new(), bearer: String::new() }
    }
}

impl Office {
    pub(crate) fn start(huifang: &Path) -> Result<Office> {
        let folder = shell::target_dir().join(format!("office-{}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let data = folder.to_string_lossy().into_owned();
        let demo = shell::command(huifang, &["demo", "--families", "12", "--data-dir", &data]);
        shell::run_command(with_little_log(demo))?;
        for role in ROLES {
            let scope = scope_of(role);
            let add = ["account", "add", role, "--role", role, "--scope", scope, "--data-dir", &data];
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

    /// A session on a device of that role's own.
    pub(crate) fn session(&self, huifang: &Path, role: &str) -> Result<Session> {
        let vault = format!("{:016x}", std::process::id());
        let data = self.folder.to_string_lossy();
        let said = shell::output(
            &huifang.to_string_lossy(),
            &["device", "code", role, "--json", "--data-dir", &data],
        )
        .context("no code was made")?;
        let said: Value = serde_json::from_str(&said)?;
        let enrol = json!({"code": said["code"], "device": format!("{vault}{vault}"), "vault": vault});
        let enrolled = self.post("enrol", &vault, "", &enrol)?;
        let cookie =
            enrolled.cookie.with_context(|| format!("{role} was not enrolled: {}", enrolled.body))?;
        let login = self.post("login", &vault, &cookie, &json!({"user": role, "password": PASSWORD}))?;
        let bearer = login.body["session"].as_str();
        let bearer = bearer.with_context(|| format!("{role} could not log in: {}", login.body))?.to_owned();
        Ok(Session { vault, cookie, bearer })
    }

    /// Logs in at a browser that nobody knows, and takes the time.
    pub(crate) fn log_in(&self, user: &str, password: &str) -> Result<Answer> {
        self.post("login", &"0".repeat(16), "", &json!({"user": user, "password": password}))
    }

    fn post(&self, operation: &str, vault: &str, cookie: &str, body: &Value) -> Result<Answer> {
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.address)?;
        let began = Instant::now();
        write!(
            stream,
            "POST /api/v1/{operation} HTTP/1.1\r\nHost: {}\r\nHuifang-Vault: {vault}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let time = began.elapsed();
        let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).context("no answer")?;
        let cookie = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let value = value.split(';').next().unwrap_or_default();
            name.eq_ignore_ascii_case("set-cookie").then(|| value.to_owned())
        });
        Ok(Answer { status, time, cookie, body: serde_json::from_str(body).unwrap_or_default() })
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
