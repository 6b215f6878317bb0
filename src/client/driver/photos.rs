//! The upload of one blob, chunk by chunk, sealed as it lies.

use super::{Driver, request::wire_key};
use crate::platform::http::Answer;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, rc::Rc};
use sync::{
    id::BlobHash,
    limits::BLOB_CHUNK_BYTES,
    replica::{BlobHead, BlobStep, Event, LOST, RequestFailure},
    wire::BlobState,
};

/// A conflict of offsets, answered so often, ends the attempt.
const CONFLICTS_MAX: usize = 8;

#[derive(Deserialize)]
struct Offset {
    offset: u64,
}

impl Driver {
    pub(super) async fn upload(self: Rc<Driver>, id: u64, hash: BlobHash, _offset: u64) {
        let step = match self.try_upload(id, hash).await {
            Ok(state) => BlobStep::State { hash, state },
            Err(failure) => BlobStep::Failed { hash, failure },
        };
        self.aborts.borrow_mut().remove(&id);
        self.feed(Event::BlobStepped { id, step });
    }

    /// The server names the offset to go on from: its word is newer than ours.
    async fn try_upload(self: &Rc<Driver>, id: u64, hash: BlobHash) -> Result<BlobState, RequestFailure> {
        let unread = RequestFailure::Network { at_once: false };
        let head = self.store.blob_head(hash).await.ok().flatten().ok_or(unread.clone())?;
        if self.store.blob_key(hash).await.is_ok_and(|key| key.is_none()) {
            return Ok(BlobState { state: LOST.to_owned(), ..BlobState::default() });
        }
        let mut offset = self.announce(id, &head).await?;
        let mut conflicts = 0;
        while offset < head.bytes {
            match self.send_chunk(id, &head, offset).await {
                Ok(next) => offset = next,
                Err(RequestFailure::Refused { status: 409 | 410, .. }) if conflicts < CONFLICTS_MAX => {
                    conflicts += 1;
                    offset = self.announce(id, &head).await?;
                }
                Err(failure) => return Err(failure),
            }
            self.feed(Event::BlobStepped { id, step: BlobStep::Offset { hash, offset } });
            self.feed(Event::Progress { id });
        }
        let url = format!("/api/v1/blobs/{hash}/state");
        let answer = self.exchange(id, "GET", url, Vec::new(), None).await?;
        domain::json::from_slice(&answer.bytes).map_err(|_| unread)
    }

    /// Creates or finds the blob at the server; how much of it is there.
    async fn announce(&self, id: u64, head: &BlobHead) -> Result<u64, RequestFailure> {
        let unread = || RequestFailure::Network { at_once: false };
        let wraps = self.store.wraps().await.ok().flatten().ok_or_else(unread)?;
        let key_id = self.store.blob_key(head.hash).await.ok().flatten();
        let seals = std::iter::once(&wraps.blob.seal).chain(&wraps.earlier_blob);
        let seal = seals
            .into_iter()
            .find(|seal| key_id.as_ref().is_none_or(|id| *id == seal.id))
            .ok_or_else(unread)?;
        let key = wire_key(seal).map_err(|_| unread())?;
        let body = json!({ "bytes": head.bytes, "kind": head.kind, "e": head.e, "key": key });
        let url = format!("/api/v1/blobs/{}", head.hash);
        let body = serde_json::to_vec(&body).map_err(|_| unread())?;
        let answer = self.exchange(id, "PUT", url, Vec::new(), Some(body)).await?;
        offset_of(&answer).ok_or_else(unread)
    }

    /// Sends the chunk that begins at an offset; the offset after it.
    async fn send_chunk(&self, id: u64, head: &BlobHead, offset: u64) -> Result<u64, RequestFailure> {
        let unread = || RequestFailure::Network { at_once: false };
        // The server takes whole chunks only, so that an offset is the end of one.
        let n = u32::try_from(offset / BLOB_CHUNK_BYTES as u64 + 1).map_err(|_| unread())?;
        let chunk = self.store.sealed_chunk(head.hash, n).await.ok().flatten().ok_or_else(unread)?;
        let headers = vec![
            ("Upload-Offset", offset.to_string()),
            ("Chunk-SHA-256", hex(&Sha256::digest(&chunk))),
            ("Content-Type", "application/octet-stream".to_owned()),
        ];
        let url = format!("/api/v1/blobs/{}", head.hash);
        let answer = self.exchange(id, "PATCH", url, headers, Some(chunk)).await?;
        answer.upload_offset.ok_or_else(unread)
    }
}

fn offset_of(answer: &Answer) -> Option<u64> {
    domain::json::from_slice::<Offset>(&answer.bytes).ok().map(|answer| answer.offset)
}

/// Lower-case hexadecimal text.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
