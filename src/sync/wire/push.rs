//! What goes up: changesets, their verdicts, and drafts handed over by a phone that loses its keys.

use super::err_or;
use crate::{rev::Rev, wire::Op};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use std::fmt;
use uuid::Uuid;

/// The `push` section. Changesets stay text until each is judged on its own: a bad one must not spoil the batch.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct PushRequest {
    pub first_seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<PushKey>,
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Changeset>))]
    pub changesets: Vec<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafts: Vec<SealedDraft>,
}

/// `K_out` (or `K_blob`) sealed to the server key `kid`, AAD the key's id.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct PushKey {
    pub id: Uuid,
    pub kid: String,
    pub alg: String,
    pub enc: String,
    pub ct: String,
}

/// A draft as it lies on the phone; its id is its visit's.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct SealedDraft {
    pub id: Uuid,
    pub sealed: SealedBody,
}

/// AEAD under `K_out` with AAD the id of the changeset or draft; `key` is the id of the batch's [`PushKey`].
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct SealedBody {
    pub key: Uuid,
    pub nonce: String,
    pub ct: String,
}

/// One save, applied whole or not at all. When sealed, the plaintext is this without `id`.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Changeset {
    pub id: Uuid,
    pub schema: u32,
    /// Milliseconds since 1970 UTC by the phone's clock.
    pub t: i64,
    /// The server's time at the last contact before `t`.
    pub t_contact: i64,
    /// The account id of the vault's user.
    pub author: Uuid,
    pub ops: Vec<Op>,
}

/// The answer to `push`: a receipt, or nothing of the section was applied.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum PushAnswer {
    /// Nothing was applied.
    Error(PushError),
    /// Everything was judged.
    Receipt(PushReceipt),
}

impl<'de> Deserialize<'de> for PushAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PushAnswer, D::Error> {
        Ok(match err_or(deserializer)? {
            Ok(receipt) => PushAnswer::Receipt(receipt),
            Err(error) => PushAnswer::Error(error),
        })
    }
}

/// Why nothing of a push was applied.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "err", rename_all = "snake_case")]
pub enum PushError {
    /// Another id stands at a number that the server has.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Fork { last: u64, id_at_last: Option<Uuid> },
    /// `first_seq` is beyond the next expected number.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Gap { last: u64 },
    /// The server cannot open the batch's key.
    Key,
}

/// What the server took, in the order sent.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct PushReceipt {
    pub acked: u64,
    pub durable: u64,
    pub results: Vec<Verdict>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafts: Vec<Uuid>,
}

/// What became of one changeset.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Verdict {
    pub id: Uuid,
    pub seq: u64,
    pub st: VerdictState,
    /// Of a duplicate, the first verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<VerdictState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<Rev>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<Made>,
}

/// A record that a verdict made: a conflict, proposal or held record.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Made {
    #[serde(rename = "type")]
    pub kind: String,
    pub e: Uuid,
}

/// The verdict on a changeset.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictState {
    /// All of it stands.
    Applied,
    /// Applied, and some value was set aside in the records named in `made`.
    Merged,
    /// The server had it already; `was` is the first verdict.
    Duplicate,
    /// Nothing applied; the whole is kept for a person at the office.
    Held,
    /// Nothing applied; it stays on the phone.
    Rejected,
}

impl VerdictState {
    /// Whether the changeset took effect by this push.
    pub fn is_written(self) -> bool {
        matches!(self, VerdictState::Applied | VerdictState::Merged)
    }
}

/// Why a changeset was held or rejected. Reasons of a later build are kept as they came.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// A record it writes does not exist.
    Missing,
    /// A record it writes is deleted.
    Deleted,
    /// A record it creates exists.
    Exists,
    /// A record it writes was merged into another.
    MergedAway,
    /// A record it writes lies outside the author's scope.
    OutOfScope,
    /// The device may read only.
    Readonly,
    /// The author's role may not write a field.
    Right,
    /// The record changed since the author saw it.
    Changed,
    /// What it decides is no longer open, or was seen in an older state.
    Stale,
    /// A step that the rules of the work do not allow from where the record stands.
    Step,
    /// An unfinished visit handed over by its phone.
    Draft,
    /// The device is revoked.
    Revoked,
    /// Its schema is unknown here.
    Schema,
    /// It is larger than a changeset may be.
    TooLarge,
    /// It does not open.
    BadSeal,
    /// It is not of the shape of a changeset.
    BadShape,
    /// It holds an op this server does not know.
    UnknownOp,
    /// It creates a kind this server does not know.
    UnknownKind,
    /// A value is not allowed.
    BadValue,
    /// A reason this build does not know.
    Other(String),
}

const WHY_WORDS: [(Why, &str); 19] = [
    (Why::Missing, "missing"),
    (Why::Deleted, "deleted"),
    (Why::Exists, "exists"),
    (Why::MergedAway, "merged_away"),
    (Why::OutOfScope, "out_of_scope"),
    (Why::Readonly, "readonly"),
    (Why::Right, "right"),
    (Why::Changed, "changed"),
    (Why::Stale, "stale"),
    (Why::Step, "step"),
    (Why::Draft, "draft"),
    (Why::Revoked, "revoked"),
    (Why::Schema, "schema"),
    (Why::TooLarge, "too_large"),
    (Why::BadSeal, "bad_seal"),
    (Why::BadShape, "bad_shape"),
    (Why::UnknownOp, "unknown_op"),
    (Why::UnknownKind, "unknown_kind"),
    (Why::BadValue, "bad_value"),
];

impl Why {
    /// The word on the wire.
    pub fn word(&self) -> &str {
        match self {
            Why::Other(word) => word,
            known => WHY_WORDS.iter().find(|(why, _)| why == known).map_or("", |(_, word)| word),
        }
    }

    /// The reason for a word on the wire.
    pub fn from_word(word: &str) -> Why {
        WHY_WORDS
            .iter()
            .find(|(_, known)| *known == word)
            .map_or_else(|| Why::Other(word.to_owned()), |(why, _)| why.clone())
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Serialize for Why {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Why {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Why, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer).map(|word| Why::from_word(&word))
    }
}
