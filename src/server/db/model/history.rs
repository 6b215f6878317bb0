//! The history of a file, line by line.

use serde::Serialize;
use serde_json::Value;
use sync::id::DeviceId;
use uuid::Uuid;

/// One thing that somebody did to a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryLine {
    /// When, as the office reckons it.
    pub at: i64,
    /// The account; none for the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Uuid>,
    /// Whether it was done at a shared PC; nothing where the device is not known any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
    /// The device that showed the file, for `view`: days are counted for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// `create begin set add remove move delete undelete merge unmerge unmask view`; `begin` is a field of a new file.
    pub word: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was written; nothing where the caller may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What stood there, where that is known and may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The value is not for the caller's eyes.
    pub is_hidden: bool,
    pub outcome: Outcome,
    /// Whether the value, or the merge, stands to this day.
    pub is_current: bool,
    /// Of a merge, and of what was written beside it: the save, so that all of it can be taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub save: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged: Option<Merged>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A record became part of another, and others in the same save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Merged {
    pub from: Uuid,
    pub into: Uuid,
    pub beside: Vec<(Uuid, Uuid)>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Applied,
    /// It waits for the office, or waited.
    Proposed,
    /// Another value was written meanwhile.
    Clashed,
}
