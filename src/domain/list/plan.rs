//! What an accepted row changes in the file that exists, if one does.

use serde_json::{Map, Value};

use super::report::RowReport;

/// The fields of the records that a row meets: found by ID number, and by category below it. Sealed values in clear.
#[derive(Clone, Copy, Debug)]
pub struct Existing<'a> {
    /// The person's fields.
    pub recipient: &'a Map<String, Value>,
    /// The fields of his entitlement of the row's category, if he has it.
    pub entitlement: Option<&'a Map<String, Value>>,
}

/// What a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The person or the entitlement is new.
    New,
    /// Fields change.
    Changed,
    /// Nothing to write.
    Same,
}

/// One field to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldWrite {
    /// The field's name.
    pub field: String,
    /// Its new value, in clear.
    pub value: Value,
}

/// The writes of a row; empty lists mean that the record stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct RowPlan {
    /// What the row does.
    pub change: Change,
    /// Whether the person's record is to be created.
    pub creates_recipient: bool,
    /// Whether the entitlement's record is to be created.
    pub creates_entitlement: bool,
    /// Writes to the person.
    pub recipient: Vec<FieldWrite>,
    /// Writes to the entitlement.
    pub entitlement: Vec<FieldWrite>,
}

/// Plans the writes of an accepted row. What the list leaves empty stays; what is the same is not written.
pub fn plan(row: &RowReport, existing: Option<Existing>) -> RowPlan {
    let recipient = writes(&row.recipient, existing.map(|existing| existing.recipient));
    let entitlement = writes(&row.entitlement, existing.and_then(|existing| existing.entitlement));
    let creates_recipient = existing.is_none();
    let creates_entitlement = existing.is_none_or(|existing| existing.entitlement.is_none());
    let change = if creates_recipient || creates_entitlement {
        Change::New
    } else if recipient.is_empty() && entitlement.is_empty() {
        Change::Same
    } else {
        Change::Changed
    };
    RowPlan { change, creates_recipient, creates_entitlement, recipient, entitlement }
}

fn writes<'a>(
    listed: impl IntoIterator<Item = (&'a String, &'a Value)>,
    current: Option<&Map<String, Value>>,
) -> Vec<FieldWrite> {
    listed
        .into_iter()
        .filter(|(_, value)| !is_empty(value))
        .filter(|(field, value)| current.and_then(|fields| fields.get(*field)) != Some(value))
        .map(|(field, value)| FieldWrite { field: field.clone(), value: value.clone() })
        .collect()
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}
