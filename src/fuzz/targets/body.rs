//! Bodies of requests: a byte that says how they are packed, then the bytes. Nothing inflates beyond its limit.
#![no_main]

use axum::{body::Body, http::HeaderMap};
use futures::executor::block_on;
use libfuzzer_sys::fuzz_target;
use server::body::{self, BodyLimits};
use sync::wire::{LoginRequest, SyncRequest};

const LIMITS: BodyLimits = BodyLimits { sent_bytes_max: 64 << 10, inflated_bytes_max: 1 << 20 };

fuzz_target!(|data: &[u8]| {
    let Some((how, sent)) = data.split_first() else { return };
    let mut headers = HeaderMap::new();
    let content_type = if how & 4 == 0 { "application/json" } else { "application/json; charset=utf-8" };
    headers.insert("content-type", content_type.parse().expect("a header"));
    match how & 3 {
        0 => None,
        1 => headers.insert("content-encoding", "gzip".parse().expect("a header")),
        2 => headers.insert("content-encoding", "identity".parse().expect("a header")),
        _ => headers.insert("content-encoding", "br".parse().expect("a header")),
    };
    if let Ok(inflated) = block_on(body::bytes(&headers, Body::from(sent.to_vec()), LIMITS)) {
        assert!(inflated.len() <= LIMITS.inflated_bytes_max);
    }
    let _ = block_on(body::json::<SyncRequest>(&headers, Body::from(sent.to_vec()), LIMITS));
    let _ = block_on(body::json::<LoginRequest>(&headers, Body::from(sent.to_vec()), BodyLimits::SMALL));
});
