//! Photos, papers, signatures and recordings as they are taken: on the disk before anybody is told, and before the office has them.

use super::{Data, SaveError, VisitState, drafts::add_blob};
use crate::{
    driver::Driver,
    platform::{clock, reserve},
    store::StoreError,
    vault_store::{DraftBody, entry::list},
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::rc::Rc;
use sync::{
    id::BlobHash,
    replica::{BlobHead, BlobPhase, Event},
    wire::{Fields, Op},
};
use uuid::Uuid;

/// Under which a draft keeps photos of its printed sheet: no question has this code.
pub(super) const SHEET: &str = "_sheet";
/// And what was said and recorded.
pub(super) const VOICE: &str = "_voice";

/// A blob that was just taken.
pub(super) struct Taken<'a> {
    pub(super) hash: BlobHash,
    /// `photo id_photo paper sign strokes voice`.
    pub(super) kind: &'a str,
    pub(super) bytes: &'a [u8],
    /// A note names it, and no draft.
    is_noted: bool,
}

impl<'a> Taken<'a> {
    pub(super) fn new(kind: &'a str, bytes: &'a [u8]) -> Taken<'a> {
        Taken { hash: hash_of(bytes), kind, bytes, is_noted: false }
    }

    /// What a note names is kept until a save attaches it, however long that takes.
    pub(super) fn noted(self) -> Taken<'a> {
        Taken { is_noted: true, ..self }
    }

    /// What attaches it to a record.
    pub(super) fn attach(&self, e: Uuid) -> Op {
        let bytes = self.bytes.len() as u64;
        Op::Attach { e, blob: self.hash, kind: self.kind.to_owned(), bytes }
    }
}

/// The name of a blob.
pub(crate) fn hash_of(bytes: &[u8]) -> BlobHash {
    BlobHash(Sha256::digest(bytes).into())
}

/// What is attached to a record.
pub(super) fn blobs_of(fields: &Fields) -> &[Value] {
    list(fields, "blobs")
}

/// The name of a blob that is attached.
pub(super) fn hash_in(blob: &Value) -> Option<BlobHash> {
    blob["blob"].as_str()?.parse().ok()
}

/// Keeps a blob of a record, and in the same transaction the draft of that record which names it.
pub(super) async fn keep(
    driver: &Rc<Driver>,
    e: Uuid,
    taken: &Taken<'_>,
    draft: Option<DraftBody>,
) -> Result<(), SaveError> {
    let Taken { hash, kind, bytes, is_noted } = *taken;
    if bytes.len() > sync::limits::BLOB_BYTES_MAX {
        return Err(SaveError::TooLarge);
    }
    // A photo may not take the last room on the phone: a day's answers must still fit.
    let is_text = matches!(kind, "sign" | "strokes");
    if !is_text && !reserve::hold().await {
        driver.free_space().await;
        if !reserve::hold().await {
            return Err(SaveError::PhotoRoom);
        }
    }
    let head = BlobHead {
        hash,
        kind: kind.to_owned(),
        bytes: bytes.len() as u64,
        e,
        offset: 0,
        phase: BlobPhase::Waiting,
        t: clock::now_ms(),
        noted: is_noted,
    };
    let draft = draft.map(|body| (e, body));
    if let Err(error) = driver.store.put_blob(&head, bytes, draft.clone()).await {
        match error {
            StoreError::Full if !is_text => driver.free_space().await,
            _ => driver.free_after(error).await?,
        }
        driver.store.put_blob(&head, bytes, draft).await?;
    }
    driver.feed(Event::BlobSaved(head));
    Ok(())
}

impl Data {
    /// Keeps what goes with a visit and answers no question: with the visit under way if it is open, else in a save of its own.
    pub(super) async fn keep_aside(
        self,
        visit: Uuid,
        place: &str,
        taken: &Taken<'_>,
    ) -> Result<(), SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        if let Some(mut body) = driver.store.draft(visit) {
            add_blob(&mut body, place, taken);
            return self.keep_named(&driver, visit, body, taken).await;
        }
        let file = self.visit(visit).await.ok_or(SaveError::Unknown)?;
        if file.row.state == VisitState::Cancelled {
            return Err(SaveError::Right);
        }
        keep(&driver, visit, taken, None).await?;
        self.save(vec![taken.attach(visit)]).await
    }
}
