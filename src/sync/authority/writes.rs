//! What a push changes, stored by the shell in one transaction.

use crate::{
    id::{DeviceId, Inc},
    record::{Exit, Record},
    rev::Rev,
    wire::{Made, VerdictState, Why},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Everything a push writes. The shell stores it whole or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteSet {
    /// `sync_head` afterwards.
    pub head: Rev,
    /// Changed records, each whole, in order of id.
    pub records: Vec<Record>,
    /// New exit rows.
    pub exits: Vec<Exit>,
    /// New rows of the changeset log.
    pub changesets: Vec<LoggedChangeset>,
    /// New rows of `seq_id`: every accepted number, duplicates and rejected ones too.
    pub seqs: Vec<SeqRow>,
    /// New audit entries, in order. The shell chains them.
    pub audit: Vec<AuditEntry>,
    /// The highest accepted number of the incarnation afterwards.
    pub last: u64,
}

/// One accepted number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeqRow {
    /// The number.
    pub seq: u64,
    /// The changeset that stands there.
    pub op_id: Uuid,
}

/// One row of the changeset log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoggedChangeset {
    /// Its id, once for ever.
    pub id: Uuid,
    /// The device that brought it first.
    pub device: DeviceId,
    /// The incarnation that brought it first.
    pub inc: Inc,
    /// The number it came under first.
    pub seq: u64,
    /// Account id of the vault's user.
    pub author: Uuid,
    /// When it was saved by the phone's clock; 0 when it could not be read.
    pub t_dev: i64,
    /// The phone's last contact before that.
    pub t_contact: i64,
    /// When it counts as saved.
    pub t_eff: i64,
    /// When it came.
    pub t_recv: i64,
    /// The first verdict.
    pub st: VerdictState,
    /// The version it made; none when it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<Rev>,
    /// Why it was held or rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// Conflicts, proposals or the held record it made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<Made>,
    /// Its JSON text as sent, or the plaintext when it was sealed and opened. Members unknown to this build stay in it.
    pub body: String,
}

/// What the audit log keeps of one op: names and outcome, never a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Receipt, milliseconds since 1970 UTC.
    pub t: i64,
    /// Account id.
    pub user: Uuid,
    /// The device.
    pub device: DeviceId,
    /// The changeset, or the visit of a draft.
    pub changeset: Uuid,
    /// Index of the op in its changeset; absent when the changeset could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub i: Option<usize>,
    /// The op's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<String>,
    /// The record it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e: Option<Uuid>,
    /// The field it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f: Option<String>,
    /// Outcome of the changeset.
    pub st: VerdictState,
    /// Why it was held or rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// The version it made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rev: Option<Rev>,
    /// The conflict or proposal that this op made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Uuid>,
}
