//! What came of a list: a verdict for every row, in the shape of the answer keys.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::grid::{Grid, column_letters};
use super::header::Column;

/// Whether a row becomes a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does, perhaps with warnings.
    Accept,
    /// It does not.
    Refuse,
}

/// One thing that was found in a row: a code for which the screens have a sentence, and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// What was found.
    pub code: &'static str,
    /// The field it concerns.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// The column as Excel letters it.
    #[serde(rename = "col", skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The column's heading, as the list has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// The other row that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_row: Option<u32>,
    /// For this the row is refused; else it is a warning.
    #[serde(skip)]
    pub refuses: bool,
}

impl Why {
    pub(crate) fn named(code: &'static str, field: &str) -> Why {
        Why { code, field: field.to_owned(), column: None, heading: None, other_row: None, refuses: false }
    }

    pub(crate) fn at(code: &'static str, column: &Column) -> Why {
        Why {
            code,
            field: column.meaning.field.to_owned(),
            column: Some(column_letters(column.at)),
            heading: Some(column.heading.clone()),
            other_row: None,
            refuses: false,
        }
    }

    pub(crate) fn with_other_row(mut self, row: u32) -> Why {
        self.other_row = Some(row);
        self
    }
}

/// One row of people.
#[derive(Clone, Debug)]
pub struct RowReport {
    /// The row as Excel counts.
    pub row: u32,
    /// Accepted or refused.
    pub verdict: Verdict,
    /// Everything found, errors and warnings, in the order of the columns.
    pub whys: Vec<Why>,
    /// Fields of the person, by the names of kind `recipient`; sealed ones in clear.
    pub recipient: BTreeMap<String, Value>,
    /// Fields of the entitlement, by the names of kind `entitlement`.
    pub entitlement: BTreeMap<String, Value>,
    /// The village's name as the list has it.
    pub village: Option<String>,
    /// The head of the household, if the list names one: only for what is proposed.
    pub head_name: Option<String>,
    /// His ID number.
    pub head_id: Option<String>,
    /// The id of the area of the row, if the tree has it.
    pub area: Option<String>,
}

impl RowReport {
    /// A text field of the person or the entitlement.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.recipient.get(field).or_else(|| self.entitlement.get(field))?.as_str()
    }

    /// The codes found, each once.
    pub fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<&'static str> = Vec::new();
        for why in &self.whys {
            if !codes.contains(&why.code) {
                codes.push(why.code);
            }
        }
        codes
    }

    pub(crate) fn refuse(&mut self, why: Why) {
        self.verdict = Verdict::Refuse;
        self.whys.push(Why { refuses: true, ..why });
    }

    /// The row's fields in one object, as the answer keys have them: the usual ones always, others if known.
    pub fn record(&self) -> Map<String, Value> {
        let mut record = Map::new();
        for field in ["name", "id_no", "category", "live_addr", "grade", "cause", "birth", "account_no"] {
            let value = self.recipient.get(field).or_else(|| self.entitlement.get(field));
            record.insert(field.to_owned(), value.cloned().unwrap_or(Value::Null));
        }
        let phone = self.recipient.get("mobile").or_else(|| self.recipient.get("phone2"));
        record.insert("phone".to_owned(), phone.cloned().unwrap_or(Value::Null));
        record.insert("village".to_owned(), json!(self.village));
        for (field, value) in self.recipient.iter().chain(&self.entitlement) {
            record.entry(field.clone()).or_insert_with(|| value.clone());
        }
        record
    }
}

/// A row that is no person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The row as Excel counts.
    pub row: u32,
    /// subtotal, total, footnote, header, example, section, empty.
    pub why: &'static str,
}

/// A village that the area tree lacks: to be made, or to be mapped to one that is there, by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownVillage {
    /// Its name in the list.
    pub name: String,
    /// Its code, if the list gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How many accepted rows name it.
    pub rows: u32,
    /// These rows, as Excel counts.
    #[serde(skip)]
    pub members: BTreeSet<u32>,
}

/// The whole list.
#[derive(Clone, Debug)]
pub struct ListReport {
    /// The sheet that was read.
    pub sheet: String,
    /// The header's row as Excel counts.
    pub header_row: u32,
    /// How many rows were accepted.
    pub accepted: u32,
    /// How many were refused.
    pub refused: u32,
    /// Every row of people, in order.
    pub rows: Vec<RowReport>,
    /// Every other row that holds something.
    pub skipped: Vec<Skipped>,
    /// Villages that the tree lacks.
    pub villages_unknown: Vec<UnknownVillage>,
}

impl ListReport {
    pub(crate) fn new(grid: &Grid, header: usize) -> ListReport {
        ListReport {
            sheet: grid.sheet.clone(),
            header_row: super::excel_row(header),
            accepted: 0,
            refused: 0,
            rows: Vec::new(),
            skipped: Vec::new(),
            villages_unknown: Vec::new(),
        }
    }

    /// Empty rows behind everything else are not worth a word.
    pub(crate) fn drop_trailing_empty(&mut self) {
        let last_person = self.rows.last().map_or(0, |row| row.row);
        while self.skipped.last().is_some_and(|skipped| skipped.why == "empty" && skipped.row > last_person) {
            self.skipped.pop();
        }
    }

    pub(crate) fn count(&mut self) {
        let count = |verdict| self.rows.iter().filter(|row| row.verdict == verdict).count();
        let (accepted, refused) = (count(Verdict::Accept), count(Verdict::Refuse));
        self.accepted = u32::try_from(accepted).unwrap_or(u32::MAX);
        self.refused = u32::try_from(refused).unwrap_or(u32::MAX);
    }

    /// The shape of the answer keys (design.md §6), with the place of each finding under `why`.
    pub fn to_json(&self, file: &str) -> Value {
        let rows: Vec<Value> = self.rows.iter().map(row_json).collect();
        json!({
            "file": file,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "accepted": self.accepted,
            "refused": self.refused,
            "rows": rows,
            "skipped": self.skipped,
            "villages_unknown": self.villages_unknown,
        })
    }
}

fn row_json(row: &RowReport) -> Value {
    let mut value = json!({ "row": row.row, "verdict": row.verdict, "codes": row.codes(), "why": row.whys });
    if row.verdict == Verdict::Accept {
        value["record"] = row.record().into();
    }
    value
}
