//! Each way a request can be wrong, and the words of its refusal.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    sync::{Arc, Mutex},
};
use sync::wire::{SUM_HEADER, sum};
use tracing::Level;

use super::client::{OTHER_VILLAGE, Office, id};
use crate::commands::Command;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// E5.
#[tokio::test]
async fn an_answer_names_the_sum_of_its_text_and_a_request_of_another_sum_is_refused() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let body = json!({"v": 1, "device": phone.device, "inc": phone.inc}).to_string();
    let ask = |said: String, accepted: &str| {
        let request = phone.request(Method::POST, "sync").header(header::CONTENT_TYPE, "application/json");
        request
            .header(SUM_HEADER, said)
            .header(header::ACCEPT_ENCODING, accepted)
            .body(Body::from(body.clone()))
            .unwrap()
    };
    let answer = phone.send(ask(sum(body.as_bytes()), "gzip")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let mut text = answer.bytes.clone();
    if answer.headers.contains_key(header::CONTENT_ENCODING) {
        text.clear();
        GzDecoder::new(answer.bytes.as_slice()).read_to_end(&mut text).unwrap();
    }
    assert_eq!(answer.headers[SUM_HEADER], sum(&text));
    let refused = phone.send(ask(sum(b"another"), "identity")).await;
    refused.is_refused(460, "damaged");
    assert!(refused.headers.contains_key(SUM_HEADER));
}

#[tokio::test]
async fn a_request_without_vault_cookie_or_json_is_refused() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let body = json!({"v": 1, "device": phone.device, "inc": phone.inc}).to_string();
    let without_vault = axum::http::Request::post("/api/v1/sync")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.clone()))
        .unwrap();
    phone.send(without_vault).await.is_refused(400, "bad_request");
    let mut stranger = phone.clone();
    stranger.cookies.clear();
    stranger.post("sync", json!({})).await.is_refused(401, "login");
    let as_text = phone.request(Method::POST, "sync").header(header::CONTENT_TYPE, "text/plain");
    phone.send(as_text.body(Body::from(body)).unwrap()).await.is_refused(415, "not_json");
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = phone
            .request(Method::POST, "sync")
            .header(header::CONTENT_TYPE, "application/json")
            .header(name, value)
            .body(Body::from("{}"))
            .unwrap();
        phone.send(request).await.is_refused(400, "bad_request");
    }
}

#[tokio::test]
async fn a_malformed_envelope_is_refused_whole() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let mut other_device = phone.clone();
    other_device.device = "0".repeat(32);
    other_device.sync(json!({})).await.is_refused(400, "bad_request");
    for sections in [
        json!({"v": 2}),
        json!({"inc": "xyz"}),
        json!({"push": {"first_seq": 0, "changesets": []}}),
        json!({"push": {"first_seq": 1, "changesets": [{"no": "id"}]}}),
        json!({"pull": {"epoch": 1}}),
        json!({"hello": "hello"}),
    ] {
        phone.sync(sections).await.is_refused(400, "bad_request");
    }
}

#[tokio::test]
async fn bodies_are_bounded_before_and_after_inflating() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let send = |body: Vec<u8>, encoding: Option<&str>| {
        let mut request =
            phone.request(Method::POST, "sync").header(header::CONTENT_TYPE, "application/json");
        if let Some(encoding) = encoding {
            request = request.header(header::CONTENT_ENCODING, encoding);
        }
        phone.send(request.body(Body::from(body)).unwrap())
    };
    send(vec![b' '; 300 * 1024], None).await.is_refused(413, "too_large");
    send(gzip(&vec![b' '; 8 * 1024 * 1024]), Some("gzip")).await.is_refused(413, "too_large");
    let whole = gzip(json!({"v": 1, "device": phone.device, "inc": phone.inc}).to_string().as_bytes());
    send(whole[..whole.len() - 9].to_vec(), Some("gzip")).await.is_refused(460, "damaged");
    assert_eq!(send(whole, Some("gzip")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_small_request_and_every_list_has_its_bound() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    desk.post("login", json!({"user": "x".repeat(20_000), "password": "y"}))
        .await
        .is_refused(413, "too_large");
    let announced =
        desk.request(Method::POST, "imports?area=339999100").body(Body::from(vec![0; (16 << 20) + 1]));
    desk.send(announced.unwrap()).await.is_refused(413, "too_large");
    let bomb = desk
        .request(Method::POST, "imports?area=339999100")
        .header(header::CONTENT_ENCODING, "gzip")
        .body(Body::from(gzip(&vec![0; 17 << 20])));
    desk.send(bomb.unwrap()).await.is_refused(413, "too_large");
}

#[tokio::test]
async fn an_area_outside_the_scope_is_not_found_and_a_worker_has_no_office() {
    let office = Office::new().await;
    let (code, name) = ("339999200".to_owned(), "青山镇".to_owned());
    office.command(Command::AreaAdd { code, name, parent: None }).await;
    let elsewhere = office.area("339999200").await;
    let desk = office.desk("clerk").await;
    for area in [elsewhere.as_str(), "339999200", "339999", "110101"] {
        let page = desk.get(&format!("lists/follow_up_ledger?area={area}")).await;
        page.is_refused(404, "not_found");
        desk.post("exports/follow_up_ledger", json!({"area": area})).await.is_refused(404, "not_found");
    }
    desk.get("lists/follow_up_ledger?area=339999100201").await.ok();
    let said = desk.post("imports", json!({})).await.is_refused(422, "area_missing");
    assert!(said["say"].as_str().unwrap().contains("area=CODE"));
    let phone = office.phone("worker").await;
    phone.get("lists/follow_up_ledger").await.is_refused(403, "forbidden");
    phone.post("exports/follow_up_ledger", json!({})).await.is_refused(403, "forbidden");
    phone.post("imports?area=339999100201", json!({})).await.is_refused(403, "forbidden");
    phone.post("imports", json!({})).await.is_refused(403, "forbidden");
}

#[tokio::test]
async fn a_ledger_of_days_that_are_none_is_refused() {
    let office = Office::new().await;
    let desk = office.desk("clerk").await;
    for (from, to) in [("2026-02-30", ""), ("", "1.3.2026"), ("now", "2026-12-31")] {
        desk.get(&format!("lists/follow_up_ledger?from={from}&to={to}")).await.is_refused(400, "bad_request");
        let asked = json!({"from": from, "to": to});
        desk.post("exports/follow_up_ledger", asked).await.is_refused(400, "bad_request");
    }
    desk.get("lists/follow_up_ledger?from=&to=2026-12-31").await.ok();
}

#[tokio::test]
async fn work_on_another_area_is_held_and_never_lost() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let other = office.area(OTHER_VILLAGE).await;
    let changeset = phone.changeset(json!([
        {"op": "create", "e": id(), "type": "recipient", "area": other, "f": {"name": "外村人"}},
    ]));
    let answer = phone.push(1, json!([changeset])).await;
    assert_eq!(
        (&answer["results"][0]["st"], &answer["results"][0]["why"]),
        (&json!("held"), &json!("out_of_scope"))
    );
    let (rows, _) = phone.pull_all(1).await;
    assert!(rows.iter().any(|row| row["type"] == "held" && row["area"] == "own"), "{rows:?}");
    let desk = office.desk("clerk").await;
    let (rows, _) = desk.pull_all(1).await;
    assert!(rows.iter().any(|row| row["type"] == "held"));
}

#[tokio::test]
async fn numbers_with_a_gap_or_another_history_are_refused() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let empty = || phone.changeset(json!([]));
    let first = empty();
    phone.push(1, json!([first])).await;
    assert_eq!(phone.push(3, json!([empty()])).await, json!({"err": "gap", "last": 1}));
    let fork = phone.push(1, json!([empty()])).await;
    assert_eq!((&fork["err"], &fork["id_at_last"]), (&json!("fork"), &first["id"]));
}

#[tokio::test]
async fn what_is_no_page_and_no_route_is_not_found() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    phone.get("nothing").await.is_refused(404, "not_found");
    phone.get("lists/recipients").await.is_refused(403, "forbidden");
    phone.get("lists/nothing").await.is_refused(404, "not_found");
}

/// What the log got, as its lines of JSON.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn taken(&self) -> Vec<Value> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"].clone()).collect()
    }
}

#[tokio::test]
async fn the_log_says_what_was_refused_to_whom_and_no_value() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log =
        tracing_subscriber::fmt().json().with_max_level(Level::WARN).with_writer(move || writer.clone());
    // With one subscriber alone, a line that another test's thread reaches first is believed to interest nobody.
    let _other = tracing::Dispatch::new(tracing_subscriber::registry());
    let _log = tracing::subscriber::set_default(log.finish());
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    lines.taken();

    let refused = phone.get("accounts").await;
    refused.is_refused(403, "forbidden");
    let line = lines.taken().pop().unwrap();
    assert_eq!(line["operation"], "GET /api/v1/accounts");
    assert_eq!((&line["code"], &line["device"]), (&json!("forbidden"), &json!(phone.device)));
    assert_ne!(line["account"], "nobody");

    let mut stranger = phone.clone();
    stranger.cookies.clear();
    stranger.post("login", json!({"user": "worker", "password": "not the password"})).await;
    let line = lines.taken().pop().unwrap().to_string();
    assert!(line.contains("POST /api/v1/login") && line.contains("nobody"), "{line}");
    assert!(!line.contains("not the password") && !line.contains("worker"), "{line}");
}
