//! A phone that speaks HTTP by hand, so that an exchange can be cut at any byte.

use crate::program::Place;
use serde_json::{Value, json};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use uuid::Uuid;

const PASSWORD: &str = "tall-grass-window-31";
const PATIENCE: Duration = Duration::from_secs(60);

/// Where an exchange is cut.
#[derive(Clone, Copy)]
pub(crate) enum Cut {
    /// After so many bytes of the request.
    Request(usize),
    /// After so many bytes of the answer.
    Answer(usize),
}

/// An enrolled phone with an open session.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) address: String,
    vault: String,
    device: String,
    inc: String,
    cookies: Vec<String>,
    bearer: Option<String>,
    user: String,
    /// Its village.
    pub(crate) area: String,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    cookies: Vec<String>,
    pub(crate) body: Vec<u8>,
    /// With its head.
    pub(crate) bytes: usize,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)))
    }
}

/// A folder with one village and its worker.
pub(crate) fn office() -> Place {
    office_in(Place::new())
}

/// One village and its worker in this folder.
pub(crate) fn office_in(place: Place) -> Place {
    let place = place.township(&["红旗村"]);
    place.worker(PASSWORD);
    place
}

impl Phone {
    /// A phone of `worker`, who has a village.
    pub(crate) fn enrol(place: &Place, address: &str) -> Phone {
        let code =
            place.done(&["device", "code", "worker", "--json"]).json()["code"].as_str().unwrap().to_owned();
        let hex = |bytes: usize| hex(&random()[..bytes]);
        let mut phone = Phone {
            address: address.to_owned(),
            vault: hex(8),
            device: hex(16),
            inc: hex(8),
            cookies: Vec::new(),
            bearer: None,
            user: String::new(),
            area: String::new(),
        };
        let body = json!({"code": code, "device": phone.device, "vault": phone.vault});
        let enrolled = phone.post("enrol", &body);
        phone.cookies.clone_from(&enrolled.cookies);
        let answer = enrolled.json();
        phone.user = answer["user"]["id"].as_str().unwrap().to_owned();
        phone.area = answer["areas"][0]["id"].as_str().unwrap().to_owned();
        let session = phone.post("login", &json!({"user": "worker", "password": PASSWORD}));
        phone.bearer = Some(session.json()["session"].as_str().unwrap().to_owned());
        phone
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        let answer = self.exchange(&self.request("POST", path, &[], body.to_string().as_bytes())).unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer
    }

    /// A request as it goes over the wire.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: &[u8],
    ) -> Vec<u8> {
        let mut head = format!(
            "{method} /api/v1/{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\nHuifang-Vault: {}\r\n",
            self.address,
            body.len(),
            self.vault
        );
        if !self.cookies.is_empty() {
            head += &format!("Cookie: {}\r\n", self.cookies.join("; "));
        }
        if let Some(bearer) = &self.bearer {
            head += &format!("Authorization: Bearer {bearer}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let mut request = (head + "\r\n").into_bytes();
        request.extend(body);
        request
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When the connection broke before the last byte.
    pub(crate) fn exchange(&self, request: &[u8]) -> Result<Answer> {
        let mut line = self.connect()?;
        line.write_all(request)?;
        let mut bytes = Vec::new();
        line.read_to_end(&mut bytes)?;
        parse(&bytes).ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))
    }

    /// Sends a request over a line that is cut; whatever came back is lost.
    pub(crate) fn exchange_cut(&self, request: &[u8], cut: Cut) {
        let mut line = self.connect().unwrap();
        match cut {
            Cut::Request(bytes) => line.write_all(&request[..bytes]).unwrap(),
            Cut::Answer(bytes) => {
                line.write_all(request).unwrap();
                let mut some = vec![0; bytes];
                line.read_exact(&mut some).unwrap();
            }
        }
        let _ = line.shutdown(Shutdown::Both);
    }

    fn connect(&self) -> Result<TcpStream> {
        let line = TcpStream::connect(&self.address)?;
        line.set_read_timeout(Some(PATIENCE))?;
        line.set_nodelay(true)?;
        Ok(line)
    }

    /// A sync with these sections, as it goes over the wire.
    pub(crate) fn sync_request(&self, sections: &Value) -> Vec<u8> {
        let mut body = json!({"v": 1, "device": self.device, "inc": self.inc});
        for (name, section) in sections.as_object().unwrap() {
            body[name] = section.clone();
        }
        self.request("POST", "sync", &[], body.to_string().as_bytes())
    }

    /// Pushes changesets from `first_seq` on; the receipt.
    ///
    /// # Errors
    /// When the connection broke.
    pub(crate) fn push(&self, first_seq: usize, changesets: &[Value]) -> Result<Value> {
        let push = json!({"push": {"first_seq": first_seq, "changesets": changesets}});
        let answer = self.exchange(&self.sync_request(&push))?;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        Ok(answer.json()["push"].clone())
    }

    /// The last number that the office has acknowledged.
    pub(crate) fn acked(&self) -> usize {
        let hello = json!({"hello": {
            "next_seq": 1, "acked": 0, "pending": 0, "drafts": 0, "blobs": 0, "epoch": 1, "scope_rev": 1, "schema": 1,
            "build": "test", "t": 1, "storage": {"persisted": true}, "ask": [],
        }});
        let answer = self.exchange(&self.sync_request(&hello)).unwrap().json();
        usize::try_from(answer["hello"]["acked"].as_u64().unwrap()).unwrap()
    }

    /// Every row that the office has for the phone.
    pub(crate) fn pull_all(&self) -> Vec<Value> {
        let (mut cur, mut rows) = (json!({}), Vec::new());
        loop {
            let pull =
                json!({"pull": {"epoch": 1, "scope_rev": 1, "cur": cur, "since": {}, "page_bytes": 65536}});
            let page = self.exchange(&self.sync_request(&pull)).unwrap().json()["pull"].clone();
            assert!(page["err"].is_null(), "{page}");
            rows.extend(page["rows"].as_array().unwrap().iter().cloned());
            cur = page["cur"].clone();
            if page["more"] == false {
                return rows;
            }
        }
    }

    /// A family with its first visit: two records that are there together or not at all.
    pub(crate) fn family(&self) -> Value {
        let (family, visit) = (random_id(), random_id());
        let ops = json!([
            {"op": "create", "e": family, "type": "recipient", "area": self.area, "f": {"name": format!("王{}", &family.to_string()[..6])}},
            {"op": "create", "e": visit, "type": "visit", "area": self.area, "parent": family, "f": {"kind": "FollowUp"}},
        ]);
        json!({"id": random_id(), "schema": 1, "t": 1_700_000_000_000_i64, "t_contact": 1_700_000_000_000_i64, "author": self.user, "ops": ops})
    }
}

/// The ids of the records that a changeset of [`Phone::family`] makes.
pub(crate) fn made(changeset: &Value) -> [String; 2] {
    [0, 1].map(|n| changeset["ops"][n]["e"].as_str().unwrap().to_owned())
}

pub(crate) fn random_id() -> Uuid {
    sync::id::uuid_v7(1_700_000_000_000, random()[..10].try_into().unwrap())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let body = bytes[end + 4..].to_vec();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    if length.is_some_and(|(_, value)| value.parse() != Ok(body.len())) {
        return None;
    }
    let cookies = headers.iter().filter(|(name, _)| name == "set-cookie");
    let cookies = cookies.filter_map(|(_, value)| value.split(';').next()).map(str::to_owned).collect();
    Some(Answer { status, cookies, body, bytes: bytes.len() })
}
