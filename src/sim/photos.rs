//! The photo lane: a driver that sends chunk by chunk, over a line that is cut, and what must hold of it (I21).

use crate::{ledger::Photo, network::Happening, network::NO_ANSWER, world::World};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::rc::Rc;
use sync::{
    id::BlobHash,
    limits::BLOB_CHUNK_BYTES,
    replica::{BlobHead, BlobPhase, BlobStep, Event, RequestFailure},
    wire::{BlobState, Op},
};
use uuid::Uuid;

/// One upload of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Upload {
    pub(crate) n: usize,
    pub(crate) life: u64,
    pub(crate) id: u64,
    pub(crate) hash: BlobHash,
}

/// What reaches the office.
#[derive(Clone, Copy, Debug)]
pub enum PhotoStep {
    /// The photo is named; the office says where to go on.
    Announce,
    /// A chunk.
    #[expect(missing_docs, reason = "the names say it")]
    Chunk { offset: u64 },
    /// A chunk that comes late or a second time: for nobody.
    #[expect(missing_docs, reason = "the names say it")]
    Ghost { offset: u64 },
    /// The office is asked for its verdict.
    Ask,
}

impl World {
    /// A photo is taken: its bytes and head are on the disk before the visit speaks of it.
    pub(crate) fn take_photo(&mut self, n: usize, e: Uuid) -> Option<Op> {
        let len = self.between(1, 130_000);
        let mark = self.rng.next_u64();
        // A recording begins as one, or the office refuses it.
        let mut bytes = [b"OggS", mark.to_le_bytes().as_slice()].concat();
        bytes.resize(bytes.len() + usize::try_from(len).ok()?, bytes[4]);
        let hash = BlobHash(Sha256::digest(&bytes).into());
        let head = head_of(hash, bytes.len(), e, self.now + self.devices[n].skew)?;
        let disk = &mut self.devices[n].disk;
        disk.remember();
        disk.now.blobs.insert(hash, head.clone());
        let size = bytes.len() as u64;
        let photo = Photo { n, bytes: Rc::new(bytes), is_lost: false, sent: 0, cuts: 0 };
        self.ledger.photos.insert(hash, photo);
        self.tally.add("photos_taken");
        self.send(n, Event::BlobSaved(head));
        Some(Op::Attach { e, blob: hash, kind: "voice".to_owned(), bytes: size })
    }

    /// The engine asks for an upload.
    pub(crate) fn upload(&mut self, n: usize, id: u64, hash: BlobHash) {
        self.tally.add("uploads");
        let life = self.devices[n].life;
        self.go_on(Upload { n, life, id, hash }, PhotoStep::Announce);
    }

    fn go_on(&mut self, upload: Upload, step: PhotoStep) {
        let Upload { n, life, id, hash } = upload;
        let travel = self.between(40, 4_000);
        self.later(travel, Happening::Photo { n, life, id, hash, step });
    }

    /// A step of an upload, with what the line does to it.
    pub(crate) fn photo_step(&mut self, upload: Upload, step: PhotoStep) {
        let Upload { n, life, hash, .. } = upload;
        if let PhotoStep::Ghost { offset } = step {
            let _ = self.put_chunk(hash, offset, false);
            return;
        }
        if !self.is_alive(n, life) {
            return self.cut(hash);
        }
        let roll = if self.is_stormy { self.rng.below(1000) } else { 999 };
        if roll < 80 || !self.devices[n].is_linked {
            self.tally.add("uploads_cut");
            self.cut(hash);
            return self.upload_failed(upload, NO_ANSWER);
        }
        match step {
            PhotoStep::Announce => self.announce(upload),
            PhotoStep::Chunk { offset } => self.chunk(upload, offset, roll),
            PhotoStep::Ask => self.ask(upload),
            PhotoStep::Ghost { .. } => {}
        }
    }

    fn announce(&mut self, upload: Upload) {
        let Some(head) = self.devices[upload.n].disk.now.blobs.get(&upload.hash).cloned() else {
            return self.upload_failed(upload, NO_ANSWER);
        };
        match self.office.announce(upload.n, &head, self.now) {
            Ok(offset) => {
                if offset > 0 && offset < head.bytes {
                    self.tally.add("uploads_resumed");
                }
                self.chunk_or_ask(upload, offset);
            }
            Err(failure) => self.upload_failed(upload, failure),
        }
    }

    fn chunk_or_ask(&mut self, upload: Upload, offset: u64) {
        let bytes = self.ledger.photos.get(&upload.hash).map_or(0, |photo| photo.bytes.len() as u64);
        let next = if offset < bytes { PhotoStep::Chunk { offset } } else { PhotoStep::Ask };
        self.go_on(upload, next);
    }

    fn chunk(&mut self, upload: Upload, offset: u64, roll: u64) {
        let Upload { n, life, id, hash } = upload;
        if let Some(photo) = self.ledger.photos.get_mut(&hash) {
            photo.sent += (photo.bytes.len() as u64 - offset).min(BLOB_CHUNK_BYTES as u64);
        }
        if (120..150).contains(&roll) {
            self.tally.add("chunks_flipped");
            let taken = self.put_chunk(hash, offset, true);
            if taken.is_ok() {
                return self.fail(format!("I21 the office took a damaged chunk of {hash}"));
            }
            self.cut(hash);
            return self.upload_failed(upload, NO_ANSWER);
        }
        if (150..200).contains(&roll) {
            self.tally.add("chunks_doubled");
            let late = self.between(10, 60_000);
            self.later(late, Happening::Photo { n, life, id, hash, step: PhotoStep::Ghost { offset } });
        }
        match self.put_chunk(hash, offset, false) {
            Ok(_) if (80..120).contains(&roll) => {
                self.tally.add("chunk_answers_lost");
                self.cut(hash);
                self.upload_failed(upload, NO_ANSWER);
            }
            Ok(next) => {
                self.send(n, Event::BlobStepped { id, step: BlobStep::Offset { hash, offset: next } });
                self.chunk_or_ask(upload, next);
            }
            // It stands elsewhere: the office is asked where.
            Err(RequestFailure::Refused { status: 409 | 410, .. }) => {
                self.cut(hash);
                self.go_on(upload, PhotoStep::Announce);
            }
            Err(failure) => self.upload_failed(upload, failure),
        }
    }

    fn put_chunk(&mut self, hash: BlobHash, offset: u64, is_damaged: bool) -> Result<u64, RequestFailure> {
        let Some(photo) = self.ledger.photos.get(&hash) else { return Err(NO_ANSWER) };
        let all = Rc::clone(&photo.bytes);
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(all.len());
        let mut chunk = all[from..(from + BLOB_CHUNK_BYTES).min(all.len())].to_vec();
        let said = Sha256::digest(&chunk).into();
        if let Some(byte) = chunk.first_mut().filter(|_| is_damaged) {
            *byte ^= 1;
        }
        let put = self.office.put_chunk(hash, offset, chunk, said);
        if let Some(what) = self.office.broken.take() {
            self.fail(what);
        }
        put
    }

    fn ask(&mut self, upload: Upload) {
        let Upload { n, id, hash, .. } = upload;
        match self.office.photo_state(hash) {
            Some(state) => {
                if state.state == "verified" {
                    self.tally.add("photos_verified");
                    self.check_photo(hash);
                }
                self.send(n, Event::BlobStepped { id, step: BlobStep::State { hash, state } });
            }
            None => self.upload_failed(upload, NO_ANSWER),
        }
    }

    fn upload_failed(&mut self, upload: Upload, failure: RequestFailure) {
        let Upload { n, life, id, hash } = upload;
        if self.is_alive(n, life) {
            self.send(n, Event::BlobStepped { id, step: BlobStep::Failed { hash, failure } });
        }
    }

    fn cut(&mut self, hash: BlobHash) {
        if let Some(photo) = self.ledger.photos.get_mut(&hash) {
            photo.cuts += 1;
        }
    }

    /// I21: what is verified are the bytes that were taken, and no cut cost more than a chunk.
    fn check_photo(&mut self, hash: BlobHash) {
        let Some(photo) = self.ledger.photos.get(&hash).cloned() else { return };
        if self.office.photo_bytes(hash).as_ref() != Some(photo.bytes.as_ref()) {
            self.fail(format!("I21 {hash} is verified, and is not what was taken"));
        }
        let most = photo.bytes.len() as u64 + photo.cuts * BLOB_CHUNK_BYTES as u64;
        if photo.sent > most {
            let cuts = photo.cuts;
            self.fail(format!("I21 {hash}: {} bytes sent after {cuts} cuts, at most {most}", photo.sent));
        }
    }

    /// I21: a photo leaves the phone only when the office has it for good.
    pub(crate) fn check_photos_removed(&mut self, n: usize, removed: &[BlobHash]) {
        for hash in removed {
            let state = self.office.photo_state(*hash);
            // After a restore the office must take a backup again before it says so of what came back.
            let is_kept =
                |state: &BlobState| state.state == "verified" && (state.durable || self.office.epoch() > 1);
            if !state.as_ref().is_some_and(is_kept) {
                self.fail(format!("I21 d{n}: {hash} left the phone, the office says {state:?}"));
            }
        }
    }

    /// After a restore the office may begin from nothing.
    pub(crate) fn forget_sent(&mut self) {
        for photo in self.ledger.photos.values_mut() {
            (photo.sent, photo.cuts) = (0, 0);
        }
    }

    /// Photos that went with a disk.
    pub(crate) fn mourn_photos(&mut self, n: usize) {
        let kept = &self.devices[n].disk.now.blobs;
        let own =
            self.ledger.photos.iter_mut().filter(|(hash, photo)| photo.n == n && !kept.contains_key(hash));
        for (_, photo) in own.filter(|(_, photo)| !photo.is_lost) {
            photo.is_lost = true;
            self.tally.add("photos_destroyed");
        }
    }

    /// Whether a photo still waits for the office.
    pub(crate) fn waiting_photo(&self, n: usize) -> Option<BlobHash> {
        let waits = |head: &&BlobHead| matches!(head.phase, BlobPhase::Waiting | BlobPhase::Sent);
        self.devices[n].disk.now.blobs.values().find(waits).map(|head| head.hash)
    }

    /// I21, I23: every photo that no disk lost is with the office, whole.
    pub(crate) fn broken_photo(&self) -> Option<String> {
        let kept: Vec<BlobHash> =
            self.ledger.photos.iter().filter(|(_, photo)| !photo.is_lost).map(|(hash, _)| *hash).collect();
        for hash in kept {
            let n = self.ledger.photos[&hash].n;
            let state = self.office.photo_state(hash).map(|state| state.state);
            let is_kept = self.is_over(n)
                && (self.devices[n].disk.now.blobs.contains_key(&hash) || self.office.epoch() > 1);
            if state.as_deref() != Some("verified") && is_kept {
                continue;
            }
            if state.as_deref() != Some("verified") {
                return Some(format!("I21 the office says of {hash}: {state:?}"));
            }
            if self.office.photo_bytes(hash).as_ref()
                != self.ledger.photos.get(&hash).map(|photo| photo.bytes.as_ref())
            {
                return Some(format!("I21 {hash} is at the office, and is not what was taken"));
            }
        }
        None
    }
}

/// Read from text, as the store of a phone reads it.
fn head_of(hash: BlobHash, bytes: usize, e: Uuid, t: i64) -> Option<BlobHead> {
    let head = json!({"hash": hash, "kind": "voice", "bytes": bytes, "e": e, "offset": 0, "phase": "waiting", "t": t});
    serde_json::from_value(head).ok()
}
