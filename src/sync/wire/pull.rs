//! What comes down: rows and exits in rev order, with cursors per area.

use super::err_or;
use crate::{id::AreaId, rev::Rev, wire::Fields};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The `pull` section. An area that is absent from `cur` or `since` stands at `0.0`.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct PullRequest {
    pub epoch: u16,
    pub scope_rev: u64,
    pub cur: BTreeMap<AreaId, Rev>,
    /// The cursor at which the client last held the area whole.
    pub since: BTreeMap<AreaId, Rev>,
    pub page_bytes: usize,
}

/// The answer to `pull`.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum PullAnswer {
    /// No page, and why.
    Error(PullError),
    /// One page.
    Page(PullPage),
}

impl<'de> Deserialize<'de> for PullAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PullAnswer, D::Error> {
        Ok(match err_or(deserializer)? {
            Ok(page) => PullAnswer::Page(page),
            Err(error) => PullAnswer::Error(error),
        })
    }
}

/// Why there is no page.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "err", rename_all = "snake_case")]
pub enum PullError {
    /// The server was restored from a backup: everything is pulled again into `stage`.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Epoch { epoch: u16, acked: BTreeMap<crate::id::Inc, u64> },
    /// The caller's areas changed, or an area must be pulled again.
    #[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
    Scope { scope_rev: u64, areas: Vec<AreaNode> },
    /// Reading needs a session.
    Session,
    /// The device is to be wiped; reading is over.
    Wipe,
}

/// A node of the caller's scope, its top included, archives left out.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct AreaNode {
    pub id: AreaId,
    pub code: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<AreaId>,
    /// Whether the client restarts this area.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// One page of rows of all areas in rev order; it never ends inside a rev.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct PullPage {
    pub epoch: u16,
    pub head: Rev,
    pub cur: BTreeMap<AreaId, Rev>,
    pub more: bool,
    pub rows: Vec<Row>,
    /// Present when nothing is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<BTreeMap<AreaId, AreaDigest>>,
}

/// A row (full, partial or deleted) or an exit, told apart by the members present.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct Row {
    /// `"exit"`: the record left this area; the client drops it if its own rev is older.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    pub e: Uuid,
    pub rev: Rev,
    pub area: AreaId,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub full: bool,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered: Option<Rev>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Object>))]
    pub f: Option<Fields>,
    /// Version of the fields that `fv` does not name; else the row's rev.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fv0: Option<Rev>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fv: Option<BTreeMap<String, Rev>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub del: bool,
    /// Of a merged record, the one it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<Uuid>,
}

impl Default for AreaId {
    fn default() -> AreaId {
        AreaId::OWN
    }
}

/// Number and hash of an area's live records.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "wire names, explained in SPEC.md")]
pub struct AreaDigest {
    pub n: u64,
    /// SHA-256 over the lines `e rev`, sorted by `e`, in lower-case hex.
    pub h: String,
}
