//! A device that speaks to servers over real connections, as a browser does: one line to each, opened again when it breaks.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

/// One vault and its cookies.
pub(crate) struct Device {
    /// The servers that it may ask, any of which is as good as another.
    pub(crate) addresses: Vec<String>,
    /// Which one it asks now.
    pub(crate) at: usize,
    line: Option<BufReader<TcpStream>>,
    vault: String,
    pub(crate) device: String,
    pub(crate) inc: String,
    cookies: Vec<String>,
    bearer: Option<String>,
    pub(crate) user: String,
}

/// A status and a body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Device {
    pub(crate) fn new(addresses: Vec<String>, at: usize) -> Device {
        let hex = |bytes: usize| Uuid::from_bytes(random()).simple().to_string()[..2 * bytes].to_owned();
        let at = at % addresses.len();
        let (vault, device, inc) = (hex(8), hex(16), hex(8));
        Device {
            addresses,
            at,
            line: None,
            vault,
            device,
            inc,
            cookies: Vec::new(),
            bearer: None,
            user: String::new(),
        }
    }

    pub(crate) fn enrol(&mut self, code: &str) {
        let body = json!({"code": code, "device": self.device, "vault": self.vault});
        let answer = self.post("enrol", &body).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        self.user = answer.body["user"]["id"].as_str().unwrap().to_owned();
    }

    pub(crate) fn login(&mut self, user: &str, password: &str) {
        let answer = self.post("login", &json!({"user": user, "password": password})).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        self.bearer = Some(answer.body["session"].as_str().unwrap().to_owned());
    }

    /// A sync with one section.
    pub(crate) fn sync(&mut self, section: &str, content: &Value) -> io::Result<Answer> {
        let body = json!({"v": 1, "device": self.device, "inc": self.inc, section: content});
        self.post("sync", &body)
    }

    /// A changeset of this device's user that makes a family.
    pub(crate) fn family(&self, area: &str) -> (String, Value) {
        let (id, e) = (new_id(), new_id().to_string());
        let ops = json!([{"op": "create", "e": e, "type": "recipient", "area": area, "f": {"name": "李伟"}}]);
        let changeset = json!({
            "id": id, "schema": 1, "t": 1_700_000_000_000_i64, "t_contact": 1_700_000_000_000_i64, "author": self.user, "ops": ops,
        });
        (e, changeset)
    }

    /// The next server, on a new line.
    pub(crate) fn go_elsewhere(&mut self) {
        self.line = None;
        self.at = (self.at + 1) % self.addresses.len();
    }

    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.ask("GET", path, "")
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        self.ask("POST", path, &body.to_string())
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        let mut head = format!(
            "{method} /api/v1/{path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nhuifang-vault: {}\r\ncontent-length: {}\r\n",
            self.addresses[self.at],
            self.vault,
            body.len()
        );
        if !self.cookies.is_empty() {
            head.push_str(&format!("cookie: {}\r\n", self.cookies.join("; ")));
        }
        if let Some(bearer) = &self.bearer {
            head.push_str(&format!("authorization: Bearer {bearer}\r\n"));
        }
        let asked = format!("{head}\r\n{body}");
        let answer = self.exchange(asked.as_bytes());
        if answer.is_err() {
            self.line = None;
        }
        answer
    }

    fn exchange(&mut self, asked: &[u8]) -> io::Result<Answer> {
        if self.line.is_none() {
            let stream = TcpStream::connect(&self.addresses[self.at])?;
            stream.set_read_timeout(Some(Duration::from_secs(40)))?;
            stream.set_nodelay(true)?;
            self.line = Some(BufReader::new(stream));
        }
        let line = self.line.as_mut().unwrap();
        line.get_mut().write_all(asked)?;
        let bad = || io::Error::new(io::ErrorKind::InvalidData, "no answer");
        let mut text = String::new();
        line.read_line(&mut text)?;
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(bad)?;
        let mut length = 0;
        loop {
            text.clear();
            line.read_line(&mut text)?;
            let Some((name, value)) = text.trim().split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse().map_err(|_| bad())?,
                "set-cookie" => {
                    self.cookies.push(value.split(';').next().unwrap_or_default().to_owned());
                }
                _ => {}
            }
        }
        let mut bytes = vec![0; length];
        line.read_exact(&mut bytes)?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).map_err(|_| bad())? })
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn new_id() -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(1_700_000_000_000, &random()).into_uuid()
}
