//! A door before a field: rules over a record and those around it, which the server asks for every write whatever build sent it.

use crate::{access::Role, day::Day};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The plain fields of a record, whoever holds it.
pub trait Fields {
    /// The value of a field, if it has one.
    fn field(&self, name: &str) -> Option<&Value>;
}

impl Fields for BTreeMap<String, Value> {
    fn field(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

impl Fields for Map<String, Value> {
    fn field(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

/// What is asked before a field may change.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    /// The field.
    pub field: &'static str,
    /// Fields with the id of a record below the same parent, which the rule looks at.
    pub names: &'static [&'static str],
    /// The kind of the records below the same parent that it looks at; empty for none.
    pub siblings: &'static str,
    /// Whether the turn may stand.
    pub allows: fn(&Turn<'_>) -> bool,
}

impl Guard {
    /// Whether the rule looks at more than the record itself.
    pub fn looks_around(&self) -> bool {
        !self.names.is_empty() || !self.siblings.is_empty()
    }
}

/// A change of a guarded field, as the record and those around it would be after the whole save.
pub struct Turn<'a> {
    /// The record.
    pub id: Uuid,
    /// Who writes.
    pub role: Role,
    /// The day on which it was written.
    pub day: Day,
    /// Whether an office chose this value: of a save that was kept for it, or of two that met. It chooses where the record stands, not a way there.
    pub is_decided: bool,
    /// As it was; nothing for a new record.
    pub before: Option<&'a dyn Fields>,
    /// As it would be.
    pub after: &'a dyn Fields,
    /// The records that [`Guard::names`] name, in that order; nothing where none is there.
    pub named: Vec<Option<&'a dyn Fields>>,
    /// The records of the kind [`Guard::siblings`].
    pub siblings: Vec<&'a dyn Fields>,
}
