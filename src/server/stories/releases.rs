//! F18: what the app of every release sent on a recorded day is taken by this server as it was by the server of that day.
//!
//! `fixtures/releases/NAME` holds the office of the morning (`huifang.db.gz`, with a key of its own) and the requests of the day with their
//! answers (`day.json`). A release is recorded once, by `RELEASE=NAME npx playwright test --project=record`, and never again.

use axum::{
    body::Body,
    http::{Request, header},
};
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::client::{Answer, Office};
use crate::{clock::Clock, config::Config, testing::Folder};

#[derive(Deserialize)]
struct RecordedDay {
    /// When it began.
    at: i64,
    requests: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
    answer: RecordedAnswer,
}

#[derive(Deserialize)]
struct RecordedAnswer {
    status: u16,
    /// As `name=value`.
    cookies: Vec<String>,
    json: Value,
}

fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/releases");
    let mut names: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

/// The office as it was on the morning of the day, at the time of that day.
async fn office(release: &Path, at: i64) -> Office {
    let folder = Arc::new(Folder::new());
    let clock = Clock::default();
    clock.advance(at - clock.now());
    // The journeys' browsers take cookies from a loopback address.
    let config = Config::new(folder.path().to_owned(), None, true);
    let mut database = Vec::new();
    GzDecoder::new(fs::File::open(release.join("huifang.db.gz")).unwrap())
        .read_to_end(&mut database)
        .unwrap();
    fs::write(config.database_file(), database).unwrap();
    fs::copy(release.join("server.key"), &config.key_file).unwrap();
    Office::over(config, clock, folder).await
}

/// What must not change in an answer: what became of each changeset, which records came, how far an upload is.
fn essence(answer: &Value) -> Value {
    let each = |list: &Value, name: &str| -> Vec<Value> {
        list.as_array().into_iter().flatten().map(|item| item[name].clone()).collect()
    };
    json!({
        "err": answer["err"],
        "push": {
            "err": answer["push"]["err"],
            "acked": answer["push"]["acked"],
            "states": each(&answer["push"]["results"], "st"),
        },
        "pull": {
            "err": answer["pull"]["err"],
            "more": answer["pull"]["more"],
            "records": each(&answer["pull"]["rows"], "e"),
        },
        "blob": { "offset": answer["offset"], "state": answer["state"] },
        "user": answer["user"]["name"],
    })
}

/// Cookies and sessions are random: what the server of the day gave, and what this one gave in its place.
#[derive(Default)]
struct Tokens(Vec<(String, String)>);

impl Tokens {
    fn learn(&mut self, recorded: &RecordedAnswer, answer: &Answer) {
        let given = answer.headers.get_all(header::SET_COOKIE).iter();
        let given = given.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
        self.0.extend(recorded.cookies.iter().cloned().zip(given.map(str::to_owned)));
        if let Some(session) = recorded.json["session"].as_str() {
            self.0.push((session.to_owned(), answer.json()["session"].as_str().unwrap().to_owned()));
        }
    }

    fn exchange(&self, header: &str) -> String {
        self.0.iter().fold(header.to_owned(), |text, (then, now)| text.replace(then, now))
    }
}

async fn play(office: &Office, tokens: &Tokens, recorded: &Recorded) -> Answer {
    let mut request = Request::builder().method(recorded.method.as_str()).uri(&recorded.path);
    for (name, value) in &recorded.headers {
        request = request.header(name, tokens.exchange(value));
    }
    let body = crypto::b64::decode(&recorded.body).unwrap();
    office.receive(request.header(header::HOST, "office.example").body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_recorded_day_of_every_release_goes_as_it_went_then() {
    let releases = releases();
    assert!(!releases.is_empty());
    for release in releases {
        let day: RecordedDay = serde_json::from_slice(&fs::read(release.join("day.json")).unwrap()).unwrap();
        let office = office(&release, day.at).await;
        let mut tokens = Tokens::default();
        let mut saves = 0;
        for recorded in &day.requests {
            let answer = play(&office, &tokens, recorded).await;
            let what = format!("{}: {} {}", release.display(), recorded.method, recorded.path);
            assert_eq!(answer.status.as_u16(), recorded.answer.status, "{what}: {}", answer.text());
            tokens.learn(&recorded.answer, &answer);
            if recorded.answer.json.is_object() {
                let (now, then) = (essence(&answer.json()), essence(&recorded.answer.json));
                assert_eq!(now, then, "{what}");
            }
            saves += recorded.answer.json["push"]["results"].as_array().map_or(0, Vec::len);
        }
        assert!(saves > 0, "{}: nothing was saved that day", release.display());
    }
}
