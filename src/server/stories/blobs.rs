//! A photo's way to the office and back.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::client::{Answer, Browser, Office, VILLAGE, id};
use crate::tokens::hex;

pub(super) const CHUNK: usize = 48 * 1024;

pub(super) fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let noise = |x: u32, y: u32| image::Rgb([(x * 7 + y * 13) as u8, (x * y) as u8, (x ^ y) as u8]);
    let picture = image::DynamicImage::ImageRgb8(image::RgbImage::from_fn(400, 300, noise));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub(super) async fn announce(phone: &Browser, hash: &str, body: Value) -> Answer {
    let request =
        phone.request(Method::PUT, &format!("blobs/{hash}")).header(header::CONTENT_TYPE, "application/json");
    phone.send(request.body(Body::from(body.to_string())).unwrap()).await
}

pub(super) async fn send_chunk(
    phone: &Browser,
    hash: &str,
    offset: usize,
    bytes: &[u8],
    sum: &str,
) -> Answer {
    let request = phone
        .request(Method::PATCH, &format!("blobs/{hash}"))
        .header("upload-offset", offset)
        .header("chunk-sha-256", sum)
        .body(Body::from(bytes.to_vec()))
        .unwrap();
    phone.send(request).await
}

pub(super) async fn upload(phone: &Browser, hash: &str, bytes: &[u8]) {
    for (i, chunk) in bytes.chunks(CHUNK).enumerate() {
        let answer = send_chunk(phone, hash, i * CHUNK, chunk, &hex(&Sha256::digest(chunk))).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }
}

#[tokio::test]
async fn a_photo_arrives_in_chunks_and_is_seen_only_through_a_record() {
    let office = Office::new().await;
    let village = office.area(VILLAGE).await;
    let phone = office.phone("worker").await;
    let bytes = photo();
    assert!(bytes.len() > 2 * CHUNK, "{}", bytes.len());
    let hash = hex(&Sha256::digest(&bytes));
    let (family, e) = (id(), id());
    let said = json!({"bytes": bytes.len(), "kind": "photo", "e": e});
    assert_eq!(announce(&phone, &hash, said.clone()).await.ok()["offset"], 0);
    let first = &bytes[..CHUNK];
    assert_eq!(send_chunk(&phone, &hash, 0, first, "00").await.status.as_u16(), 460);
    assert_eq!(
        send_chunk(&phone, &hash, CHUNK, first, &hex(&Sha256::digest(first))).await.is_refused(409, "offset")
            ["offset"],
        0
    );
    assert_eq!(
        send_chunk(&phone, &hash, 0, first, &hex(&Sha256::digest(first))).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(announce(&phone, &hash, said).await.ok()["offset"], CHUNK);
    for (i, chunk) in bytes.chunks(CHUNK).enumerate().skip(1) {
        assert_eq!(
            send_chunk(&phone, &hash, i * CHUNK, chunk, &hex(&Sha256::digest(chunk))).await.status,
            StatusCode::NO_CONTENT
        );
    }
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["state"], "verified");
    phone.get(&format!("blobs/{hash}")).await.is_refused(404, "not_found");

    let ops = json!([
        {"op": "create", "e": family, "type": "recipient", "area": village, "f": {"name": "李伟"}},
        {"op": "create", "e": e, "type": "visit", "area": village, "parent": family, "f": {"kind": "FollowUp"}},
        {"op": "attach", "e": e, "blob": hash, "kind": "photo", "bytes": bytes.len()},
    ]);
    let pushed = phone.push(1, json!([phone.changeset(ops)])).await;
    assert_eq!(pushed["results"][0]["st"], "applied", "{pushed}");
    let whole = phone.get(&format!("blobs/{hash}")).await;
    assert_eq!(whole.status, StatusCode::OK);
    assert_eq!(whole.headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(whole.headers[header::CONTENT_SECURITY_POLICY], "sandbox");
    let part = phone.request(Method::GET, &format!("blobs/{hash}")).header(header::RANGE, "bytes=0-3");
    let part = phone.send(part.body(Body::empty()).unwrap()).await;
    assert_eq!((part.status, part.bytes.as_slice()), (StatusCode::PARTIAL_CONTENT, &whole.bytes[..4]));
    let small = phone.get(&format!("blobs/{hash}?w=320")).await;
    assert_eq!(image::load_from_memory(&small.bytes).unwrap().width(), 320);

    office.add_account("worker2", "village_worker", &["339999100202"]).await;
    let stranger = office.phone("worker2").await;
    stranger.get(&format!("blobs/{hash}")).await.is_refused(404, "not_found");
}

#[tokio::test]
async fn chunks_sealed_under_the_phones_key_are_opened_here() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let bytes = photo();
    let hash = hex(&Sha256::digest(&bytes));
    let (key, key_id) = (crypto::Key::from_bytes([7; 32]), id());
    let info = &office.app.keys.public()[0];
    let pk = crypto::hpke::PublicKey::from_bytes(&crypto::b64::decode(&info.pk).unwrap()).unwrap();
    let aad = key_id.to_string();
    let sealed =
        crypto::hpke::seal_to(&pk, crypto::hpke::Info::Blob, aad.as_bytes(), key.expose(), [3; 32]).unwrap();
    let key_json = json!({
        "id": key_id, "kid": info.kid, "alg": info.alg,
        "enc": crypto::b64::encode(&sealed.enc), "ct": crypto::b64::encode(&sealed.ct),
    });
    let said = json!({"bytes": bytes.len(), "kind": "photo", "e": id(), "key": key_json});
    announce(&phone, &hash, said).await.ok();
    for (i, chunk) in bytes.chunks(CHUNK).enumerate() {
        let n = u32::try_from(i).unwrap() + 1;
        let sent = crypto::seal::seal_chunk(&key, [n as u8; 24], &hash, n, chunk);
        let answer = send_chunk(&phone, &hash, i * CHUNK, &sent, &hex(&Sha256::digest(&sent))).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["state"], "verified");
}

#[tokio::test]
async fn bytes_of_another_hash_or_no_picture_are_rejected() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let check = async |hash: &str, bytes: &[u8], why: &str| {
        announce(&phone, hash, json!({"bytes": bytes.len(), "kind": "photo", "e": id()})).await.ok();
        upload(&phone, hash, bytes).await;
        let state = phone.get(&format!("blobs/{hash}/state")).await.ok();
        assert_eq!((&state["state"], &state["why"]), (&json!("rejected"), &json!(why)));
    };
    check(&"ab".repeat(32), &photo(), "hash").await;
    let page = b"<html><script>alert(1)</script></html>";
    check(&hex(&Sha256::digest(page)), page, "format").await;
    let of = |bytes: usize| json!({"bytes": bytes, "kind": "photo", "e": id()});
    for bytes in [0, 1024 * 1024 + 1] {
        announce(&phone, &"cd".repeat(32), of(bytes)).await.is_refused(413, "too_large");
    }
    for bytes in [1, 1024 * 1024] {
        announce(&phone, &format!("{bytes:064x}"), of(bytes)).await.ok();
    }
}

#[tokio::test]
async fn an_auditor_and_the_person_learn_who_was_shown_a_paper() {
    let office = Office::new().await;
    let village = office.area(VILLAGE).await;
    let desk = office.desk("clerk").await;
    let bytes = photo();
    let hash = hex(&Sha256::digest(&bytes));
    let (family, e) = (id(), id());
    announce(&desk, &hash, json!({"bytes": bytes.len(), "kind": "photo", "e": e})).await.ok();
    upload(&desk, &hash, &bytes).await;
    let ops = json!([
        {"op": "create", "e": family, "type": "recipient", "area": village, "f": {"name": "李伟"}},
        {"op": "create", "e": e, "type": "paper", "area": village, "parent": family, "f": {"kind": "receipt"}},
        {"op": "attach", "e": e, "blob": hash, "kind": "photo", "bytes": bytes.len()},
    ]);
    let pushed = desk.push(1, json!([desk.changeset(ops)])).await;
    assert_eq!(pushed["results"][0]["st"], "applied", "{pushed}");
    for path in [format!("blobs/{hash}?w=320"), format!("blobs/{hash}")] {
        assert_eq!(desk.get(&path).await.status, StatusCode::OK);
    }
    office.add_account("auditor", "auditor", &["339999"]).await;
    let told = office.desk("auditor").await.get("lists/audit?what=files&size=50").await.ok();
    let entries: Vec<_> = told["rows"].as_array().unwrap().iter().map(|row| &row[1]).collect();
    let views: Vec<_> = entries.iter().filter(|entry| entry["action"] == "view_paper").collect();
    let [view] = views.as_slice() else { panic!("{told:#}") };
    assert_eq!((&view["detail"]["e"], &view["detail"]["blob"]), (&json!(family), &json!(hash)));
}

#[tokio::test]
async fn an_account_sends_so_much_a_day_and_the_rest_later() {
    let office = Office::with_limits(&["upload-mb=2"]).await;
    let phone = office.phone("worker").await;
    let of = |bytes: usize| json!({"bytes": bytes, "kind": "photo", "e": id()});
    let whole = 1024 * 1024;
    announce(&phone, &"01".repeat(32), of(whole)).await.ok();
    office.clock.advance(23 * 60 * 60_000);
    announce(&phone, &"02".repeat(32), of(whole - CHUNK)).await.ok();
    announce(&phone, &"03".repeat(32), of(1)).await.ok();
    let refused = announce(&phone, &"04".repeat(32), of(1)).await.is_refused(429, "upload_quota");
    let wait = refused["wait_ms"].as_i64().unwrap();
    assert!((59 * 60_000..=60 * 60_000).contains(&wait), "until the first is a day old: {wait}");
    announce(&phone, &"01".repeat(32), of(whole)).await.ok();
    let other = office.phone("worker").await;
    announce(&other, &"04".repeat(32), of(1)).await.is_refused(429, "upload_quota");
    announce(&office.phone("clerk").await, &"05".repeat(32), of(whole)).await.ok();
    office.clock.advance(60 * 60_000);
    announce(&phone, &"04".repeat(32), of(1)).await.ok();
}

/// What becomes of a photo whose worker does this: the answer to its last chunk, and where it stands then.
async fn judged_by(script: &str) -> (Office, Browser, String, Answer) {
    let office = Office::with_workers(script).await;
    let phone = office.phone("worker").await;
    let bytes = &photo()[..CHUNK];
    let hash = hex(&Sha256::digest(bytes));
    announce(&phone, &hash, json!({"bytes": CHUNK, "kind": "photo", "e": id()})).await.ok();
    let last = send_chunk(&phone, &hash, 0, bytes, &hash).await;
    (office, phone, hash, last)
}

#[tokio::test]
async fn a_photo_that_breaks_its_decoder_is_refused_with_a_word_and_the_server_lives() {
    for (script, why) in [
        ("kill -SEGV $$", "decode"),
        ("exit 101", "decode"),
        ("kill -ABRT $$", "costly"),
        ("kill -XCPU $$", "costly"),
    ] {
        let (_office, phone, hash, last) = judged_by(script).await;
        assert_eq!(last.status, StatusCode::NO_CONTENT, "{}", last.text());
        let state = phone.get(&format!("blobs/{hash}/state")).await.ok();
        assert_eq!((&state["state"], &state["why"]), (&json!("rejected"), &json!(why)), "{script}");
    }
}

#[tokio::test]
async fn a_photo_whose_worker_was_ended_from_outside_is_judged_later() {
    // The first time somebody ends it, the second it does its work.
    let done = "printf '{\"Ok\":null}\\n\\377\\330\\377'";
    let script = format!("test -e \"$0.second\" && exec {done}; : > \"$0.second\"; kill -KILL $$");
    let (_office, phone, hash, last) = judged_by(&script).await;
    assert_eq!(last.is_refused(503, "busy")["wait_ms"], 30_000);
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["state"], "complete", "nothing is lost");
    announce(&phone, &hash, json!({"bytes": CHUNK, "kind": "photo", "e": id()})).await.ok();
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["state"], "verified");
}

#[tokio::test]
async fn f11_an_upload_goes_on_from_where_it_stands_whatever_offset_is_sent() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let bytes = photo();
    let hash = hex(&Sha256::digest(&bytes));
    let said = json!({"bytes": bytes.len(), "kind": "photo", "e": id()});
    announce(&phone, &hash, said.clone()).await.ok();
    let sum = |part: &[u8]| hex(&Sha256::digest(part));
    for (i, chunk) in bytes.chunks(CHUNK).enumerate() {
        let stands = i * CHUNK;
        let around =
            [stands.wrapping_sub(1), stands + 1, stands + CHUNK - 1, stands + CHUNK, stands + CHUNK + 1];
        let anywhere = (0..bytes.len() + CHUNK).step_by(4_999);
        for offset in anywhere.chain(around).filter(|offset| *offset != stands) {
            let from = offset.min(bytes.len());
            let rest = &bytes[from..(from + CHUNK).min(bytes.len())];
            let refused = send_chunk(&phone, &hash, offset, rest, &sum(rest)).await;
            assert_eq!(refused.is_refused(409, "offset")["offset"], stands, "sent at {offset}");
        }
        // A part of a chunk would leave an offset that is the end of none.
        for length in [0, 1, chunk.len() / 2, chunk.len() - 1] {
            let part = &chunk[..length];
            let refused = send_chunk(&phone, &hash, stands, part, &sum(part)).await;
            assert_eq!(refused.status.as_u16(), 460, "{length} bytes at {stands}");
        }
        assert_eq!(announce(&phone, &hash, said.clone()).await.ok()["offset"], stands);
        let taken = send_chunk(&phone, &hash, stands, chunk, &sum(chunk)).await;
        assert_eq!(taken.status, StatusCode::NO_CONTENT, "{}", taken.text());
    }
    assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["state"], "verified");
    let again = send_chunk(&phone, &hash, 0, &bytes[..CHUNK], &sum(&bytes[..CHUNK])).await;
    assert_eq!(again.is_refused(409, "offset")["offset"], bytes.len(), "the last answer was lost");
}

#[tokio::test]
async fn a_recording_begins_as_one_or_is_none() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    for (bytes, state) in [(b"OggS and sound", "verified"), (b"#!/bin/sh echo", "rejected")] {
        let hash = hex(&Sha256::digest(bytes));
        announce(&phone, &hash, json!({"bytes": bytes.len(), "kind": "voice", "e": id()})).await.ok();
        upload(&phone, &hash, bytes).await;
        assert_eq!(phone.get(&format!("blobs/{hash}/state")).await.ok()["state"], state);
    }
}

#[tokio::test]
async fn an_id_that_is_a_path_names_no_photo() {
    let office = Office::new().await;
    let phone = office.phone("worker").await;
    let long = "a".repeat(65);
    let ids =
        ["..%2f..%2fserver.key", "%2e%2e%2fserver.key", "..%5cserver.key", "%00", "C:", "server.key", &long];
    for id in ids {
        let said = json!({"bytes": 4, "kind": "photo", "e": super::client::id()});
        let answers = [
            announce(&phone, id, said).await,
            send_chunk(&phone, id, 0, b"byte", &hex(&Sha256::digest(b"byte"))).await,
            phone.get(&format!("blobs/{id}/state")).await,
            phone.get(&format!("blobs/{id}")).await,
        ];
        for answer in answers {
            assert!(matches!(answer.status.as_u16(), 400 | 404), "{id}: {} {}", answer.status, answer.text());
        }
    }
}
