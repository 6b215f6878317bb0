//! The envelope of a sync, `hello`, enrolment and login.

use crate::{
    id::{AreaId, BlobHash, DeviceId, Inc, VaultId},
    wire::{AreaNode, Fields, PullAnswer, PullRequest, PushAnswer, PushRequest},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// `POST /api/v1/sync`. The sections are worked through in the order of the members.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct SyncRequest {
    pub v: u32,
    pub device: DeviceId,
    pub inc: Inc,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hello: Option<Hello>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<PushRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull: Option<PullRequest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purged: Option<Purged>,
}

/// The answer of a sync, a section for each that was asked.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct SyncAnswer {
    pub v: u32,
    /// The server's time.
    pub t: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hello: Option<HelloAnswer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<PushAnswer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull: Option<PullAnswer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purged: Option<PurgedAnswer>,
}

/// The body of a refused request.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Refusal {
    /// `bad_request login revoked too_large damaged not_json slow_down busy full`, or a later word.
    pub err: String,
    pub request: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<i64>,
}

/// What the phone says of itself.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Hello {
    pub next_seq: u64,
    pub acked: u64,
    pub pending: u64,
    /// When the oldest unsent changeset was saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<i64>,
    pub drafts: u64,
    pub blobs: u64,
    pub epoch: u16,
    pub scope_rev: u64,
    pub schema: u32,
    pub build: String,
    pub t: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Witness>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<BlobHash>,
    /// The server key to which what lies here unsent is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_to: Option<String>,
    pub storage: StorageReport,
    /// What lay here and was not what the office has, until it was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diverged: Vec<Divergence>,
}

/// A head of the audit chain.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Witness {
    pub n: u64,
    pub h: String,
}

/// The state of the phone's storage.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct StorageReport {
    pub persisted: bool,
    /// Bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
}

/// The phone's storage lost something.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Incident {
    pub kind: IncidentKind,
    /// The incarnation that lost it.
    pub inc: Inc,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<(u64, u64)>,
}

/// What happened to the storage.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// The database is new where one should be.
    Empty,
    /// The newest transactions are gone.
    WentBack,
    /// A number is missing in the outbox.
    Hole,
    /// A row does not open.
    Damaged,
}

/// Areas that were not what the office has, or that it would have taken away.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Divergence {
    pub kind: DivergenceKind,
    pub areas: Vec<AreaId>,
    /// When it was noticed, by the device's clock.
    pub t: i64,
}

/// How a device noticed that it and the office differ.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivergenceKind {
    /// The digest of an area, or its number of rows, was another; it is pulled again.
    Digest,
    /// A row was missing that the office took to be there; the area is pulled again.
    Torn,
    /// A purge was not done: it came without a new scope, or would have taken more than half.
    Purge,
}

/// What the server says of the device.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct HelloAnswer {
    pub epoch: u16,
    pub scope_rev: u64,
    pub state: DeviceState,
    pub acked: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_at_acked: Option<Uuid>,
    pub durable: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_at_durable: Option<Uuid>,
    pub schema: (u32, u32),
    pub limits: Limits,
    pub keys: Vec<KeyInfo>,
    pub audit: Witness,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blobs: Option<BTreeMap<BlobHash, BlobState>>,
    /// The office's settings for phones, read by [`domain::policy::Policy::read`]. A server of before this member says nothing, which
    /// means the defaults.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub settings: Fields,
}

/// What the office decided about the device.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// In use.
    Active,
    /// Pulls are served, pushes held.
    Readonly,
    /// Hands its work over blind, then destroys its keys.
    Wipe,
}

/// Sizes the server asks for, and the earliest next sync.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Limits {
    pub batch_bytes: usize,
    pub page_bytes: usize,
    pub wait_ms: i64,
}

/// A public key of the server.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct KeyInfo {
    pub kid: String,
    pub alg: String,
    /// base64url without padding.
    pub pk: String,
}

/// How far the server has a blob.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct BlobState {
    /// `absent partial complete verified rejected`.
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// A verified backup contains it. A server of before this member never says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub durable: bool,
}

/// The areas whose keys the phone destroyed.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Purged {
    pub scope_rev: u64,
    pub areas: Vec<AreaId>,
    pub rows: u64,
}

/// The purge is on record.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct PurgedAnswer {
    pub ok: bool,
}

/// `POST /api/v1/enrol`.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct EnrolRequest {
    pub code: String,
    pub device: DeviceId,
    pub vault: VaultId,
}

/// The device is enrolled; the grant comes as a cookie. Reading needs a login beside it.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct EnrolAnswer {
    pub user: EnrolledUser,
    pub t: i64,
    pub epoch: u16,
    pub keys: Vec<KeyInfo>,
    pub scope_rev: u64,
    pub areas: Vec<AreaNode>,
}

/// The account that a device serves.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct EnrolledUser {
    pub id: Uuid,
    pub name: String,
    /// The role's name, as in `huifang kinds --json`.
    pub role: String,
}

/// `POST /api/v1/login`.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct LoginRequest {
    pub user: String,
    pub password: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<String>,
    /// In place of a one-time password, which opens nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_password: Option<String>,
}

/// A session is open.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct LoginAnswer {
    pub session: String,
    pub until: i64,
    pub t: i64,
    pub epoch: u16,
    /// On a shared PC, the device made by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<EnrolledUser>,
    /// The keys to which sealed fields are sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyInfo>,
    /// Codes that each stand once for the second factor, told when it was set up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recovery: Vec<String>,
}
