//! Areas as an administrator sees and changes them.

use domain::day::Day;
use serde::Serialize;
use uuid::Uuid;

use super::{Area, Caller};

/// A village that becomes part of another of its township.
#[derive(Clone, Debug)]
pub struct AreaMerge {
    pub from: Uuid,
    pub into: Uuid,
    /// The administrator who decided it; the operator of the machine if `None`.
    pub by: Option<Caller>,
    /// The day from which the code of `from` is not valid any more.
    pub on: Day,
    pub now: i64,
}

/// Another code and name of an area.
#[derive(Clone, Debug)]
pub struct AreaRename {
    pub area: Uuid,
    pub code: String,
    pub name: String,
    /// The administrator who decided it; the operator of the machine if `None`.
    pub by: Option<Caller>,
    /// The day from which the code is valid.
    pub on: Day,
    pub now: i64,
}

/// An area, and how much of it would be touched by a change.
#[derive(Clone, Debug, Serialize)]
pub struct AreaFacts {
    #[serde(flatten)]
    pub area: Area,
    /// Families on file in the area itself.
    pub families: u64,
    /// Who works there by name of the area, and has not left.
    pub people: u64,
    /// Their enrolled devices.
    pub devices: u64,
    /// What it was called before, the newest first.
    pub former: Vec<FormerCode>,
}

/// A code and a name that an area had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormerCode {
    pub code: String,
    pub name: String,
    /// The first day on which it was not valid any more; nothing where nobody wrote it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// What a merge would move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MergePreview {
    pub families: u64,
    pub visits: u64,
    /// Changes that wait for the office's word: proposals and what was held.
    pub waiting: u64,
    /// Who works in the village, by name.
    pub people: Vec<String>,
    pub devices: u64,
    /// What their devices have not sent yet.
    pub unsent: u64,
}
