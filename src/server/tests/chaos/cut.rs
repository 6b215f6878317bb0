//! F11: the line is cut at every byte, in both directions. The effect is there exactly once, and a photo sends at most one chunk again.

use crate::{
    number,
    phone::{Cut, Phone, hex, made, office, random_id},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

const CHUNK: usize = 48 * 1024;

/// Every `stride`-th byte of a request and of its answer.
fn cuts(request: usize, answer: usize, stride: usize) -> impl Iterator<Item = Cut> {
    let on_the_way = (0..=request).step_by(stride).map(Cut::Request);
    on_the_way.chain((0..answer).step_by(stride).map(Cut::Answer))
}

/// Pushes one changeset, first over a line that is cut, then whole.
fn push_cut(phone: &Phone, seq: usize, changeset: &Value, cut: Cut) -> Value {
    let push = json!({"push": {"first_seq": seq, "changesets": [changeset]}});
    phone.exchange_cut(&phone.sync_request(&push), cut);
    phone.push(seq, std::slice::from_ref(changeset)).unwrap()
}

#[test]
fn a_push_cut_at_any_byte_has_its_effect_once() {
    let stride = number("CHAOS_STRIDE", 23);
    let office = office();
    let server = office.serve();
    let phone = Phone::enrol(&office, &server.address);
    let first = phone.family();
    let request = phone.sync_request(&json!({"push": {"first_seq": 1, "changesets": [first]}}));
    let answer = phone.exchange(&request).unwrap();
    let (mut expected, mut doubled, mut seq) = (BTreeSet::from(made(&first)), 0, 1);
    for cut in cuts(request.len(), answer.bytes, stride) {
        seq += 1;
        let changeset = phone.family();
        let receipt = push_cut(&phone, seq, &changeset, cut);
        assert_eq!(receipt["acked"], seq, "{receipt}");
        let verdict = &receipt["results"][0]["st"];
        assert!(verdict == "applied" || verdict == "duplicate", "{receipt}");
        doubled += usize::from(verdict == "duplicate");
        expected.extend(made(&changeset));
    }
    let rows = phone.pull_all();
    let there: BTreeSet<String> = rows.iter().map(|row| row["e"].as_str().unwrap().to_owned()).collect();
    assert_eq!((there.len(), &there), (rows.len(), &expected));
    assert!(doubled > 0, "no cut came after the effect");
    println!("{seq} pushes cut, {doubled} after their effect: each is there once");
}

#[test]
fn a_pull_cut_at_any_byte_changes_nothing() {
    let stride = number("CHAOS_STRIDE", 23);
    let office = office();
    let server = office.serve();
    let phone = Phone::enrol(&office, &server.address);
    let changesets: Vec<Value> = (0..5).map(|_| phone.family()).collect();
    phone.push(1, &changesets).unwrap();
    let pull = json!({"pull": {"epoch": 1, "scope_rev": 1, "cur": {}, "since": {}, "page_bytes": 65536}});
    let request = phone.sync_request(&pull);
    let before = phone.pull_all();
    let answer = phone.exchange(&request).unwrap();
    let mut count = 0;
    for cut in cuts(request.len(), answer.bytes, stride) {
        phone.exchange_cut(&request, cut);
        count += 1;
    }
    assert_eq!(phone.pull_all(), before);
    println!("{count} pulls cut: the next one brings everything");
}

/// Noise, so that its size grows with its pixels; no two that differ in `seed` have the same hash.
fn photo(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let noise = |x: u32, y: u32| {
        image::Rgb([(x * 7 + y * 13 + seed) as u8, (x * y) as u8, (x ^ y ^ (seed >> 8)) as u8])
    };
    let picture = image::DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, noise));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn announce(phone: &Phone, hash: &str, bytes: usize) -> usize {
    let body = json!({"bytes": bytes, "kind": "photo", "e": random_id()}).to_string();
    let answer =
        phone.exchange(&phone.request("PUT", &format!("blobs/{hash}"), &[], body.as_bytes())).unwrap();
    usize::try_from(answer.json()["offset"].as_u64().unwrap()).unwrap()
}

/// The request that carries the chunk at an offset, and the offset after it.
fn chunk_request(phone: &Phone, hash: &str, bytes: &[u8], offset: usize) -> (Vec<u8>, usize) {
    let end = (offset + CHUNK).min(bytes.len());
    let chunk = &bytes[offset..end];
    let headers = [("Upload-Offset", offset.to_string()), ("Chunk-Sha-256", hex(&Sha256::digest(chunk)))];
    (phone.request("PATCH", &format!("blobs/{hash}"), &headers, chunk), end)
}

fn state(phone: &Phone, hash: &str) -> Value {
    phone.exchange(&phone.request("GET", &format!("blobs/{hash}/state"), &[], &[])).unwrap().json()["state"]
        .clone()
}

#[test]
fn a_photo_cut_at_any_byte_goes_on_where_it_was() {
    let stride = number("CHAOS_PHOTO_STRIDE", 2003);
    let office = office();
    let server = office.serve();
    let phone = Phone::enrol(&office, &server.address);
    let bytes = photo(180, 120, 0);
    let hash = hex(&Sha256::digest(&bytes));
    let (mut offset, mut cuts, mut again) = (announce(&phone, &hash, bytes.len()), 0, 0);
    assert!(bytes.len() > CHUNK, "it has a boundary of chunks in it");
    while offset < bytes.len() {
        let (request, end) = chunk_request(&phone, &hash, &bytes, offset);
        for cut in (0..request.len()).step_by(stride) {
            phone.exchange_cut(&request, Cut::Request(cut));
            cuts += 1;
            assert_eq!(announce(&phone, &hash, bytes.len()), offset, "a part of a chunk was taken");
            again += cut;
        }
        // The whole chunk arrives, its answer does not.
        phone.exchange_cut(&request, Cut::Answer(0));
        let _ = phone.exchange(&request);
        offset = announce(&phone, &hash, bytes.len());
        assert_eq!(offset, end);
    }
    assert_eq!(state(&phone, &hash), "verified");
    println!(
        "a photo of {} bytes cut {cuts} times on its way: verified, {} bytes sent again per cut",
        bytes.len(),
        again / cuts
    );
}

#[test]
fn a_photo_whose_answer_is_cut_at_any_byte_is_sent_once() {
    let stride = number("CHAOS_STRIDE", 23);
    let office = office();
    let server = office.serve();
    let phone = Phone::enrol(&office, &server.address);
    let (mut cuts, mut length) = (0, 1);
    while cuts * stride < length {
        let bytes = photo(8, 8, u32::try_from(cuts).unwrap());
        let hash = hex(&Sha256::digest(&bytes));
        assert_eq!(announce(&phone, &hash, bytes.len()), 0);
        let (request, end) = chunk_request(&phone, &hash, &bytes, 0);
        if cuts == 0 {
            length = phone.exchange(&request).unwrap().bytes;
        } else {
            phone.exchange_cut(&request, Cut::Answer(cuts * stride));
        }
        assert_eq!(announce(&phone, &hash, bytes.len()), end, "what arrived is asked for again");
        assert_eq!(state(&phone, &hash), "verified");
        cuts += 1;
    }
    println!("{cuts} photos whose answer was cut: each is there, and none is sent again");
}
