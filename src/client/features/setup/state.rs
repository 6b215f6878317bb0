//! What is entered for a new office, and the requests that judge it and make it.

use crate::{
    features::{area_rows::Judged, credentials::NewPassword, problems},
    locale::words::setup as w,
    platform::http::{self, Request},
};
use leptos::prelude::*;
use serde_json::{Value, json};

/// A list of thousands, and a password that is hashed long.
const ANSWER_MS: i64 = 60_000;

/// How far the set-up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Areas,
    Admin,
    Done,
}

/// What is entered.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) step: RwSignal<Step>,
    pub(super) code: RwSignal<String>,
    pub(super) county_code: RwSignal<String>,
    pub(super) county_name: RwSignal<String>,
    pub(super) text: RwSignal<String>,
    pub(super) judged: RwSignal<Option<Judged>>,
    pub(super) user: RwSignal<String>,
    pub(super) new: NewPassword,
    pub(super) busy: RwSignal<bool>,
    pub(super) problem: RwSignal<String>,
}

impl Form {
    /// The code stands behind `#` in the link that the server printed.
    pub(super) fn new(hash: &str) -> Form {
        let empty = || RwSignal::new(String::new());
        Form {
            step: RwSignal::new(Step::Areas),
            code: RwSignal::new(hash.trim_start_matches('#').to_owned()),
            county_code: empty(),
            county_name: empty(),
            text: empty(),
            judged: RwSignal::new(None),
            user: empty(),
            new: NewPassword::new(),
            busy: RwSignal::new(false),
            problem: empty(),
        }
    }

    /// What the office is asked to judge, or to make with this password.
    pub(super) fn body(self, password: Option<String>) -> Value {
        let text = |one: RwSignal<String>| one.get_untracked();
        json!({
            "county_code": text(self.county_code), "county_name": text(self.county_name), "text": text(self.text),
            "check": password.is_none(), "user": text(self.user), "password": password.unwrap_or_default(),
        })
    }

    /// Sends something, and shows what is wrong with it.
    pub(super) async fn send(
        self,
        path: &'static str,
        content_type: &'static str,
        body: Vec<u8>,
    ) -> Option<Value> {
        self.busy.set(true);
        self.problem.set(String::new());
        let headers =
            vec![("Content-Type", content_type.to_owned()), ("Setup-Code", self.code.get_untracked())];
        let request =
            Request { method: "POST", url: path.to_owned(), headers, body: Some(body), gzip: false };
        let answer = http::send_within(request, ANSWER_MS).await;
        self.busy.set(false);
        let Ok(answer) = answer else {
            self.problem.set(w::offline().to_owned());
            return None;
        };
        let said: Value = domain::json::from_slice(&answer.bytes).unwrap_or_default();
        if answer.status == 200 {
            return Some(said);
        }
        if said["err"] == "areas_bad" {
            self.judged.set(Some(Judged::read(&said)));
        }
        self.problem.set(sentence(&said));
        None
    }
}

/// Whether the office waits to be set up. Without an answer it is taken for set up: the login says that it cannot be reached.
pub(super) async fn is_open() -> bool {
    let request = Request {
        method: "GET",
        url: "/api/v1/setup".to_owned(),
        headers: Vec::new(),
        body: None,
        gzip: false,
    };
    let Ok(answer) = http::send_within(request, ANSWER_MS).await else { return false };
    domain::json::from_slice::<Value>(&answer.bytes).is_ok_and(|said| said["open"] == true)
}

fn sentence(said: &Value) -> String {
    let err = said["err"].as_str().unwrap_or_default();
    let known = match err {
        "setup_closed" => w::closed_says(),
        "setup_code_wrong" => w::code_wrong(),
        "slow_down" => w::code_wait(),
        "county_code_bad" => w::county_code_bad(),
        "county_name_missing" => w::county_name_missing(),
        "county_name_bad" => w::county_name_bad(),
        "areas_bad" => w::areas_bad(),
        "areas_missing" => w::areas_missing(),
        "user_name_bad" => w::user_bad(),
        "encrypted" => w::sheet_locked(),
        "empty" => w::sheet_empty(),
        "too_many_rows" | "too_long" | "inflated_too_large" | "too_large" => w::sheet_long(),
        "not_xlsx" | "damaged" => w::sheet_bad(),
        _ => return problems::asked(err).map_or_else(|| w::failed(err), str::to_owned),
    };
    known.to_owned()
}
