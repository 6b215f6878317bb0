//! A server on a temporary folder and clients that hold cookies.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use domain::{
    access::Role,
    list::grid::{Cell, Grid},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{Arc, Mutex},
};
use tokio::sync::OnceCell;
use tower::ServiceExt;
use uuid::Uuid;

use crate::{
    backup,
    bucket::Bucket,
    clock::Clock,
    commands::{Command, perform},
    config::Config,
    db::NewAccount,
    folder,
    limits::Limits,
    router::router,
    state::App,
    testing::{self, Folder},
    tokens,
    worker::Workers,
};

pub(super) const PASSWORD: &str = "a long password for tests";
/// Hashed once for all tests.
static PASSWORD_HASH: OnceCell<String> = OnceCell::const_new();
pub(super) const TOWNSHIP: &str = "339999100";
pub(super) const VILLAGE: &str = "339999100201";
pub(super) const OTHER_VILLAGE: &str = "339999100202";

/// A server with a township of two villages, a clerk, and a worker of the first village.
pub(super) struct Office {
    pub(super) app: App,
    pub(super) clock: Clock,
    router: Router,
    /// The authenticators of people who need one.
    authenticators: Mutex<BTreeMap<String, String>>,
    _folder: Arc<Folder>,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Asserts a refusal and returns its body.
    #[track_caller]
    pub(super) fn is_refused(&self, status: u16, err: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        let body = self.json();
        assert_eq!(body["err"], err);
        assert!(body["request"].is_string());
        body
    }

    #[track_caller]
    pub(super) fn ok(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        self.json()
    }
}

impl Office {
    pub(super) async fn new() -> Office {
        Office::begun(None, Limits::default()).await
    }

    pub(super) async fn with_photos_in(bucket: Bucket) -> Office {
        Office::begun(Some(bucket), Limits::default()).await
    }

    /// With ceilings set as `NAME=NUMBER`.
    pub(super) async fn with_limits(limits: &[&str]) -> Office {
        Office::begun(None, Limits::default().with(limits.iter().copied()).unwrap()).await
    }

    /// With workers that do this instead.
    pub(super) async fn with_workers(script: &str) -> Office {
        let Office { app, clock, router: before, authenticators, _folder } = Office::new().await;
        drop(before);
        let program = _folder.path().join("worker");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let app = app.with_workers(Workers::of(program));
        Office { router: router(app.clone()), app, clock, authenticators, _folder }
    }

    /// Whose workers find these rows in every workbook, cells parted by `|`.
    pub(super) async fn with_sheet(rows: &[&str]) -> Office {
        let cell = |text: &str| match text {
            "" => Cell::Empty,
            text => Cell::Text(text.to_owned()),
        };
        let rows = rows.iter().map(|row| row.split('|').map(cell).collect()).collect();
        let grid = Grid { sheet: "名单".to_owned(), rows, ..Grid::default() };
        let read = json!({"Ok": {"grid": grid, "other_lists": []}});
        Office::with_workers(&format!("cat > /dev/null\ncat <<'SHEET'\n{read}\nSHEET")).await
    }

    async fn begun(bucket: Option<Bucket>, limits: Limits) -> Office {
        let folder = Arc::new(Folder::new());
        let clock = Clock::default();
        let config = Config { limits, ..testing::config(&folder, false).with_photos_in(bucket) };
        let office = Office::over(config, clock, folder).await;
        for (code, name) in
            [("339999", "示范县"), (TOWNSHIP, "双桥镇"), (VILLAGE, "红旗村"), (OTHER_VILLAGE, "石桥村")]
        {
            office.command(Command::AreaAdd { code: code.into(), name: name.into(), parent: None }).await;
        }
        office.add_account("clerk", "township_clerk", &[TOWNSHIP]).await;
        office.add_account("worker", "village_worker", &[VILLAGE]).await;
        office
    }

    pub(super) async fn over(config: Config, clock: Clock, folder: Arc<Folder>) -> Office {
        let (app, _) = folder::open(config, clock.clone()).await.unwrap();
        Office { router: router(app.clone()), app, clock, authenticators: Mutex::default(), _folder: folder }
    }

    /// The office on another machine, after a loss: its key from the safe, its data from a backup.
    pub(super) async fn restored(&self, from: &Path) -> Office {
        let folder = Arc::new(Folder::new());
        let config = testing::config(&folder, false).with_photos_in(self.app.config.bucket.clone());
        std::fs::copy(&self.app.config.key_file, &config.key_file).unwrap();
        backup::restore::restore(&config, from, false, None, self.clock.now()).await.unwrap();
        Office::over(config, self.clock.clone(), folder).await
    }

    /// The office after its server has stopped, and something was done to its files meanwhile.
    pub(super) async fn started_again(&self, meanwhile: impl FnOnce(&Config)) -> Office {
        self.app.db.disconnect().await.unwrap();
        meanwhile(&self.app.config);
        let config = Config { limits: self.app.config.limits, ..self.app.config.clone() };
        let office = Office::over(config, self.clock.clone(), Arc::clone(&self._folder)).await;
        *office.authenticators.lock().unwrap() = self.authenticators.lock().unwrap().clone();
        office
    }

    pub(super) async fn command(&self, command: Command) -> Value {
        perform(&self.app, command).await.unwrap().json
    }

    pub(super) async fn add_account(&self, user: &str, role: &str, scope: &[&str]) {
        let mut areas = Vec::new();
        for code in scope {
            areas.push(self.area(code).await.parse().unwrap());
        }
        let (now, role) = (self.clock.now(), Role::from_word(role).unwrap());
        let password_hash =
            PASSWORD_HASH.get_or_init(|| self.app.passwords.hash(PASSWORD.to_owned())).await.clone();
        let new = NewAccount { id: tokens::new_id(now), name: user.into(), role, password_hash, areas, now };
        self.app.db.add_account(new, None).await.unwrap();
    }

    pub(super) async fn area(&self, code: &str) -> String {
        let areas = self.app.db.areas().await.unwrap();
        areas.iter().find(|area| area.code == code).unwrap().id.to_string()
    }

    pub(super) async fn code_for(&self, user: &str) -> String {
        let answer = self.command(Command::DeviceCode { user: user.into(), origin: String::new() }).await;
        answer["code"].as_str().unwrap().to_owned()
    }

    /// A browser that nobody has used yet.
    pub(super) fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            vault: tokens::hex(&tokens::random::<8>()),
            device: tokens::hex(&tokens::random::<16>()),
            inc: tokens::hex(&tokens::random::<8>()),
            cookies: Vec::new(),
            bearer: None,
            user: String::new(),
        }
    }

    /// A request as it comes from outside, whole.
    pub(super) async fn receive(&self, request: Request<Body>) -> Answer {
        self.browser().send(request).await
    }

    /// An enrolled phone, logged in.
    pub(super) async fn phone(&self, user: &str) -> Browser {
        let mut phone = self.browser();
        phone.enrol(&self.code_for(user).await).await.ok();
        phone.login(user, PASSWORD).await.ok();
        phone
    }

    /// A shared PC, logged in.
    pub(super) async fn desk(&self, user: &str) -> Browser {
        let mut desk = self.browser();
        let mut answer = desk.login(user, PASSWORD).await;
        if answer.status == StatusCode::UNAUTHORIZED {
            let asked = answer.json();
            let known = self.authenticators.lock().unwrap().get(user).cloned();
            let secret = known.unwrap_or_else(|| asked["secret"].as_str().unwrap().to_owned());
            let code = code_of(&secret, self.clock.now());
            self.authenticators.lock().unwrap().insert(user.to_owned(), secret);
            answer = desk.post("login", json!({"user": user, "password": PASSWORD, "totp": code})).await;
            desk.user = answer.ok()["user"]["id"].as_str().unwrap().to_owned();
            desk.keep_cookies(&answer);
        }
        let answer = answer.ok();
        desk.device = answer["device"].as_str().unwrap().to_owned();
        desk
    }
}

/// One vault of one browser.
#[derive(Clone)]
pub(super) struct Browser {
    router: Router,
    pub(super) vault: String,
    pub(super) device: String,
    pub(super) inc: String,
    pub(super) cookies: Vec<String>,
    pub(super) bearer: Option<String>,
    pub(super) user: String,
}

impl Browser {
    /// The same vault, with another machine behind the office's address.
    pub(super) fn at(&self, office: &Office) -> Browser {
        Browser { router: office.router.clone(), ..self.clone() }
    }

    pub(super) async fn enrol(&mut self, code: &str) -> Answer {
        let body = json!({"code": code, "device": self.device, "vault": self.vault});
        let answer = self.post("enrol", body).await;
        if answer.status == StatusCode::OK {
            self.user = answer.json()["user"]["id"].as_str().unwrap().to_owned();
        }
        self.keep_cookies(&answer);
        answer
    }

    pub(super) async fn login(&mut self, user: &str, password: &str) -> Answer {
        let answer = self.post("login", json!({"user": user, "password": password})).await;
        if answer.status == StatusCode::OK {
            let body = answer.json();
            self.user = body["user"]["id"].as_str().unwrap().to_owned();
            if body["device"].is_null() {
                self.bearer = Some(body["session"].as_str().unwrap().to_owned());
            }
        }
        self.keep_cookies(&answer);
        answer
    }

    pub(super) fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            assert!(text.starts_with("__Host-") && text.contains("; Secure"), "{text}");
            assert!(text.contains("HttpOnly") && text.contains("SameSite=Strict"), "{text}");
            self.cookies.push(text.split(';').next().unwrap().to_owned());
        }
    }

    /// A request of this vault; the caller adds what differs.
    pub(super) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        self.request_at(method, &format!("/api/v1/{path}"))
    }

    /// The same with the whole path.
    pub(super) fn request_at(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "office.example")
            .header("huifang-vault", &self.vault);
        if !self.cookies.is_empty() {
            request = request.header(header::COOKIE, self.cookies.join("; "));
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        request
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Sends a workbook, of which the workers make what they do.
    pub(super) async fn post_sheet(&self, path: &str) -> Answer {
        let request =
            self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/octet-stream");
        self.send(request.body(Body::from("a workbook")).unwrap()).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// A sync with these sections.
    pub(super) async fn sync(&self, sections: Value) -> Answer {
        let mut body = json!({"v": 1, "device": self.device, "inc": self.inc});
        for (name, section) in sections.as_object().unwrap() {
            body[name] = section.clone();
        }
        self.post("sync", body).await
    }

    /// Pushes changesets and returns the push section.
    pub(super) async fn push(&self, first_seq: u64, changesets: Value) -> Value {
        self.sync(json!({"push": {"first_seq": first_seq, "changesets": changesets}})).await.ok()["push"]
            .clone()
    }

    /// Pulls everything from the start and returns the rows and the last page.
    pub(super) async fn pull_all(&self, scope_rev: u64) -> (Vec<Value>, Value) {
        let (mut cur, mut rows) = (json!({}), Vec::new());
        loop {
            let pull =
                json!({"epoch": 1, "scope_rev": scope_rev, "cur": cur, "since": {}, "page_bytes": 65536});
            let page = self.sync(json!({"pull": pull})).await.ok()["pull"].clone();
            assert!(page["err"].is_null(), "{page}");
            rows.extend(page["rows"].as_array().unwrap().iter().cloned());
            cur = page["cur"].clone();
            if page["more"] == false {
                return (rows, page);
            }
        }
    }

    /// A changeset of this vault's user.
    pub(super) fn changeset(&self, ops: Value) -> Value {
        let id = tokens::new_id(1);
        json!({"id": id, "schema": 1, "t": 1_700_000_000_000_i64, "t_contact": 1_700_000_000_000_i64, "author": self.user, "ops": ops})
    }
}

/// The code of a second factor at a moment.
pub(super) fn code_of(secret: &str, now: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new()
        .with_algorithm(totp_rs::Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(secret)
        .build()
        .unwrap();
    totp.generate(u64::try_from(now / 1_000).unwrap()).to_string()
}

pub(super) fn id() -> Uuid {
    tokens::new_id(1)
}
