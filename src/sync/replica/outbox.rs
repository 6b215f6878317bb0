//! The heads of what waits: changesets, drafts, photos. Bodies stay in the store.

use crate::{
    id::{AreaId, BlobHash, Inc},
    wire::Verdict,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A row of store `out` without its body. It names ids, sizes and verdict words, nothing personal, and may lie in clear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxHead {
    /// The incarnation that numbered it.
    pub inc: Inc,
    /// Its number.
    pub seq: u64,
    /// The changeset's id, kept when renumbered.
    pub id: Uuid,
    /// When it was saved, by the device's clock.
    pub t: i64,
    /// Bytes of its JSON text.
    pub bytes: usize,
    /// Id of the key it is sealed under; none where the store keeps it plain. One push carries one key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Uuid>,
    /// The records it writes.
    pub touched: Vec<Uuid>,
    /// The blobs it attaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<BlobHash>,
    /// The verdict with a duplicate's first verdict in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Whether the records show the verdict and a pull has passed it.
    #[serde(default)]
    pub settled: bool,
    /// When its verdict came, by the device's clock.
    #[serde(default)]
    pub t_acked: i64,
    /// A rejected changeset that a person has dealt with.
    #[serde(default)]
    pub dismissed: bool,
}

/// A row of store `draft` without its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftHead {
    /// Id of the visit.
    pub id: Uuid,
    /// Where its recipient lies; none while the vault is locked.
    pub area: Option<AreaId>,
    /// Bytes of its sealed body.
    pub bytes: usize,
}

/// The head row (`n = 0`) of store `blob`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobHead {
    /// SHA-256 of the bytes saved.
    pub hash: BlobHash,
    /// `photo id_photo paper sign strokes voice`.
    pub kind: String,
    /// Size of the plain bytes.
    pub bytes: u64,
    /// The record that attaches it.
    pub e: Uuid,
    /// Bytes that the server has.
    pub offset: u64,
    /// How far it is.
    pub phase: BlobPhase,
    /// When it was saved, by the device's clock, or, once verified, when that was learned, by the server's.
    pub t: i64,
    /// Named by a note from which a save will attach it, and by nothing else yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noted: bool,
}

/// How far a blob is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlobPhase {
    /// On this phone.
    Waiting,
    /// All bytes are at the office and not yet verified.
    Sent,
    /// The office has it.
    Verified,
    /// A verified backup of the office has it too: this copy may go.
    Durable,
    /// The office refused it, with the reason.
    Rejected(String),
}

impl BlobPhase {
    /// Whether all of it is at the office.
    pub fn is_at_office(&self) -> bool {
        matches!(self, BlobPhase::Sent | BlobPhase::Verified | BlobPhase::Durable)
    }
}

impl OutboxHead {
    /// Whether the server has judged it.
    pub fn is_acked(&self) -> bool {
        self.verdict.is_some()
    }
}
