//! What the office says about, and answers for, what it keeps of people.

use domain::access::Role;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use sync::{id::Inc, record::Record};
use uuid::Uuid;

use super::{BlobRow, Caller, HistoryLine};
use crate::retention::{Due, Keeping};

/// A version of the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeRow {
    pub version: String,
    pub text: String,
    /// Nobody: the command line, or a text that came with the program.
    pub written_by: Option<Uuid>,
    pub written_at: i64,
    pub approved_by: Option<Uuid>,
    /// None while it waits.
    pub approved_at: Option<i64>,
    /// Whether it is the one that is shown now.
    pub in_force: bool,
}

/// All that is kept about one person, and who may see it or did.
#[derive(Clone, Debug)]
pub struct Dossier {
    pub file: Record,
    /// What hangs below the file.
    pub children: Vec<Record>,
    /// Where it lies, from the county down.
    pub place: String,
    pub photos: Vec<BlobRow>,
    /// Newest first.
    pub changes: Vec<HistoryLine>,
    /// Newest first.
    pub looks: Vec<Look>,
    pub readers: Vec<MayRead>,
    pub names: BTreeMap<Uuid, String>,
    /// Sealed values in clear, by record and field; none unless they were asked for with a reason.
    pub opened: BTreeMap<(Uuid, String), String>,
}

/// Somebody looked at the file, or took it away in an export.
#[derive(Clone, Debug)]
pub struct Look {
    pub at: i64,
    pub account: Option<Uuid>,
    pub action: String,
    pub detail: Value,
}

impl Look {
    /// The day on which a device showed this file, as it said; empty for other looks.
    pub fn day(&self) -> &str {
        self.detail["on"].as_str().unwrap_or_default()
    }
}

/// Somebody whose areas the file lies in.
#[derive(Clone, Debug)]
pub struct MayRead {
    pub name: String,
    pub role: Role,
}

/// A list that is to hang in public.
#[derive(Clone, Debug)]
pub struct NewPublication {
    pub id: Uuid,
    pub area: Uuid,
    /// ISO days, both included.
    pub from: String,
    pub to: String,
    pub objections: String,
    pub now: i64,
}

/// A list that hangs in public, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    pub id: Uuid,
    pub area: Uuid,
    /// The area's name.
    pub unit: String,
    pub by: String,
    pub made_at: i64,
    pub from: String,
    pub to: String,
    pub objections: String,
    pub lines: u64,
    pub withdrawn_at: Option<i64>,
    pub reason: Option<String>,
    /// Its time is over, or it was taken down: it is served no longer.
    pub over: bool,
}

/// One line of it. There is no place here for more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct PublicLine {
    pub name: String,
    pub village: String,
    pub category: String,
    /// Fen.
    pub amount: i64,
}

/// A line of the report on what was kept for long enough, to be carried out.
#[derive(Clone, Copy, Debug)]
pub struct Retiring<'a> {
    /// In whose name.
    pub(crate) operator: &'a Caller,
    pub(crate) inc: Inc,
    pub(crate) first_seq: u64,
    pub(crate) line: &'a Due,
    pub(crate) keeping: Keeping,
    pub(crate) today: &'a str,
    pub(crate) now: i64,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    /// Done, by so many saves.
    Gone { saves: u64, erased: Erased },
    /// Something in it is not as it was seen: nothing was done.
    Changed,
}

/// How much lost its values, and how many photos are to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    pub records: u64,
    pub photos: u64,
}

impl std::ops::AddAssign for Erased {
    fn add_assign(&mut self, more: Erased) {
        self.records += more.records;
        self.photos += more.photos;
    }
}

/// Records that were deleted by hand and still hold their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leftovers {
    pub erasable: Vec<Uuid>,
    /// Others, of which an open kept save speaks.
    pub spoken_of: u64,
    /// Others, of people who wait for an answer about what is kept of them.
    pub requested: u64,
}
