//! Photos in memory: chunks as they arrive, judged when the last has come.

use super::{Chunk, refused};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use sync::{
    id::BlobHash,
    limits::BLOB_CHUNK_BYTES,
    replica::{BlobHead, RequestFailure},
    wire::BlobState,
};

/// A photo and how far it is.
#[derive(Clone, Debug)]
struct Kept {
    size: u64,
    bytes: Rc<Vec<u8>>,
    state: &'static str,
}

/// The photos of an office.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    photos: BTreeMap<BlobHash, Kept>,
    durable: BTreeSet<BlobHash>,
}

impl Shelf {
    /// Creates or finds an upload.
    pub(super) fn announce(&mut self, head: &BlobHead) -> u64 {
        let fresh = || Kept { size: head.bytes, bytes: Rc::default(), state: "partial" };
        let kept = self.photos.entry(head.hash).or_insert_with(fresh);
        if kept.state == "rejected" {
            *kept = fresh();
        }
        if kept.state == "partial" { kept.bytes.len() as u64 } else { kept.size }
    }

    /// Takes a chunk.
    pub(super) fn put(&mut self, chunk: &Chunk) -> Result<u64, RequestFailure> {
        if <[u8; 32]>::from(Sha256::digest(&chunk.bytes)) != chunk.said {
            return Err(refused(460, "bad_chunk"));
        }
        let Some(kept) = self.photos.get_mut(&chunk.hash) else { return Err(refused(410, "expired")) };
        if kept.state != "partial" || kept.bytes.len() as u64 != chunk.offset {
            return Err(refused(409, "offset"));
        }
        let end = chunk.offset + chunk.bytes.len() as u64;
        if end > kept.size || (chunk.bytes.len() != BLOB_CHUNK_BYTES && end != kept.size) {
            return Err(refused(460, "bad_chunk"));
        }
        Rc::make_mut(&mut kept.bytes).extend_from_slice(&chunk.bytes);
        if end == kept.size {
            let is_whole = Sha256::digest(kept.bytes.as_slice())[..] == chunk.hash.0;
            kept.state = if is_whole { "verified" } else { "rejected" };
        }
        Ok(end)
    }

    /// The state as phones read it.
    pub(super) fn state(&self, hash: BlobHash) -> Option<BlobState> {
        let state = match self.photos.get(&hash) {
            None => json!({"state": "absent"}),
            Some(kept) if kept.state == "partial" => {
                json!({"state": "partial", "offset": kept.bytes.len()})
            }
            Some(kept) => json!({"state": kept.state, "durable": self.durable.contains(&hash)}),
        };
        serde_json::from_value(state).ok()
    }

    /// What would be served.
    pub(super) fn bytes(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.photos.get(&hash).filter(|kept| kept.state == "verified").map(|kept| kept.bytes.to_vec())
    }

    /// A verified backup holds whole photos; they are durable from now on.
    pub(super) fn backed_up(&mut self) -> Shelf {
        let whole = self.photos.iter().filter(|(_, kept)| kept.state == "verified");
        let photos: BTreeMap<BlobHash, Kept> = whole.map(|(hash, kept)| (*hash, kept.clone())).collect();
        self.durable = photos.keys().copied().collect();
        Shelf { photos, durable: self.durable.clone() }
    }
}
