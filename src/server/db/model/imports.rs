//! Lists that were written, and what undoing one does.

use serde::{Deserialize, Serialize};
use sync::wire::SealedValue;
use uuid::Uuid;

/// A list between its preview and its commit. It is full of numbers, so it is kept sealed.
#[derive(Clone, Debug)]
pub struct KeptImport {
    pub id: Uuid,
    /// The county or township whose people these are.
    pub area: Uuid,
    pub sealed: SealedValue,
}

/// What a list did, in lines and in people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tally {
    /// Lines of people.
    pub lines: u32,
    pub refused: u32,
    pub created: usize,
    pub changed: usize,
    pub same: usize,
    pub households: usize,
    /// Villages that were made for it.
    pub villages: usize,
}

/// A list as it is written.
#[derive(Clone, Debug)]
pub struct NewImport {
    pub id: Uuid,
    pub area: Uuid,
    pub file: String,
    pub tally: Tally,
    /// What stays of the list that was kept: its refused lines, sealed.
    pub left: Option<SealedValue>,
    /// The name of its header, and what is remembered of the columns; an empty text forgets it.
    pub columns: Option<(String, String)>,
    pub now: i64,
}

/// A list that was written, as the desk shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Imported {
    pub id: Uuid,
    pub at: i64,
    /// Who wrote it, by name.
    pub by: String,
    /// The county or township of the list, by name.
    pub area: String,
    pub file: String,
    pub tally: Tally,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone: Option<Undone>,
}

/// That a list was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Undone {
    pub at: i64,
    pub by: String,
    /// Families that are as they were before.
    pub families: usize,
    /// Families that stayed as they are, as somebody had worked on them since.
    pub kept: usize,
}

/// What came of undoing a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoing {
    /// Whether anything was written; else the families below are why not.
    pub is_done: bool,
    pub families: usize,
    pub touched: Vec<Touched>,
}

/// A family on which somebody worked since the list was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Touched {
    /// The file; nothing where it is out of the caller's sight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<Uuid>,
    pub name: String,
    /// Who did, by name; empty where that is not known.
    pub by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    pub what: Touch,
}

/// What somebody did to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// A field was written.
    Changed,
    /// A visit, a need, a proposal or the like hangs on it.
    Added,
    /// It is part of another file now.
    Merged,
    /// It lies elsewhere.
    Moved,
}
