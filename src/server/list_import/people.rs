//! The files that rows of a list meet, found by the ID number's keyed hash.

use domain::list::{plan::Existing, report::RowReport};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    record::{Record, Stored},
    rev::Rev,
};
use uuid::Uuid;

use crate::{
    db::{Caller, DbError},
    keys::Keys,
    state::App,
};

const KINDS: &[&str] = &["recipient", "entitlement", "household"];
const ID_NO: &str = "id_no";

/// A record with the version of each field.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: Uuid,
    fields: BTreeMap<String, (Stored, Rev)>,
    /// What this import wrote, in clear.
    pub(super) written: Map<String, Value>,
}

/// A person's file.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) recipient: Known,
    /// By category.
    pub(super) entitlements: BTreeMap<String, Known>,
}

/// All files in scope, by the keyed hash of the ID number.
#[derive(Clone, Debug, Default)]
pub(super) struct People {
    files: BTreeMap<String, Person>,
    households: BTreeSet<Uuid>,
}

impl People {
    /// Reads the caller's scope.
    pub(super) async fn read(app: &App, who: &Caller) -> Result<People, DbError> {
        let records = app.db.office_records(who, KINDS).await?;
        let mut entitlements: BTreeMap<Uuid, Vec<&Record>> = BTreeMap::new();
        for record in records.iter().filter(|record| record.kind == "entitlement") {
            if let Some(parent) = record.parent {
                entitlements.entry(parent).or_default().push(record);
            }
        }
        let mut people = BTreeMap::new();
        for record in records.iter().filter(|record| record.kind == "recipient") {
            let Some(Stored::Sealed(number)) = record.fields.get(ID_NO).map(|field| &field.value) else {
                continue;
            };
            let own = entitlements.get(&record.id).into_iter().flatten();
            let own =
                own.filter_map(|one| Some((one.text("category")?.to_owned(), Known::of(one)))).collect();
            people.insert(number.idx.clone(), Person { recipient: Known::of(record), entitlements: own });
        }
        let households = records.iter().filter(|record| record.kind == "household").map(|one| one.id);
        Ok(People { files: people, households: households.collect() })
    }

    /// How many files there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// The file of a row's person, if there is one.
    pub(super) fn find(&self, keys: &Keys, row: &RowReport) -> Option<&Person> {
        self.files.get(&index(keys, row)?)
    }

    /// The household that a person on file is of.
    pub(super) fn household(&self, person: &Person) -> Option<Uuid> {
        let id = person.recipient.text("household_id")?.parse().ok()?;
        self.households.contains(&id).then_some(id)
    }

    /// The file of a row's person, made if there is none. Nothing for a row without an ID number.
    pub(super) fn find_or_make(
        &mut self,
        keys: &Keys,
        row: &RowReport,
        fresh: impl FnOnce() -> Uuid,
    ) -> Option<&mut Person> {
        let person = self
            .files
            .entry(index(keys, row)?)
            .or_insert_with(|| Person { recipient: Known::fresh(fresh()), entitlements: BTreeMap::new() });
        Some(person)
    }
}

fn index(keys: &Keys, row: &RowReport) -> Option<String> {
    Some(keys.index(ID_NO, row.text(ID_NO)?))
}

impl Known {
    pub(super) fn fresh(id: Uuid) -> Known {
        Known { id, fields: BTreeMap::new(), written: Map::new() }
    }

    fn of(record: &Record) -> Known {
        let field = |(name, field): (&String, &sync::record::FieldState)| {
            (name.clone(), (field.value.clone(), field.fv))
        };
        Known { id: record.id, fields: record.fields.iter().map(field).collect(), written: Map::new() }
    }

    /// Whether it was there before this import.
    pub(super) fn is_on_file(&self) -> bool {
        !self.fields.is_empty()
    }

    /// A text that stands in clear.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        match self.fields.get(field) {
            Some((Stored::Plain(value), _)) => value.as_str(),
            _ => None,
        }
    }

    /// Whether a field holds anything.
    pub(super) fn holds(&self, field: &str) -> bool {
        match self.fields.get(field) {
            Some((Stored::Plain(value), _)) => !value.is_null() && value.as_str() != Some(""),
            Some((Stored::Sealed(sealed), _)) => !sealed.s.show.is_empty(),
            None => false,
        }
    }

    /// What a role is shown of a field; of a sealed one never more than what may be seen of it.
    pub(super) fn shown(&self, field: &str) -> Value {
        match self.fields.get(field) {
            Some((Stored::Plain(value), _)) => value.clone(),
            Some((Stored::Sealed(sealed), _)) => Value::from(sealed.s.show.clone()),
            None => Value::Null,
        }
    }

    /// The version of a field that the office has seen.
    pub(super) fn version(&self, field: &str) -> Rev {
        self.fields.get(field).map(|(_, fv)| *fv).unwrap_or_default()
    }

    /// The fields in clear as far as a comparison with the listed ones needs: a sealed value that equals the listed one is that one.
    pub(super) fn seen(&self, keys: &Keys, listed: &BTreeMap<String, Value>) -> Map<String, Value> {
        let mut seen: Map<String, Value> = self
            .fields
            .iter()
            .map(|(name, (value, _))| {
                let value = match value {
                    Stored::Plain(value) => value.clone(),
                    Stored::Sealed(sealed) => listed
                        .get(name)
                        .filter(|value| {
                            value.as_str().is_some_and(|text| keys.index(name, text) == sealed.idx)
                        })
                        .cloned()
                        .unwrap_or(Value::Null),
                };
                (name.clone(), value)
            })
            .collect();
        seen.extend(self.written.clone());
        seen
    }
}

impl Person {
    /// What a row is compared with.
    pub(super) fn existing<'a>(
        recipient: &'a Map<String, Value>,
        entitlement: Option<&'a Map<String, Value>>,
    ) -> Existing<'a> {
        Existing { recipient, entitlement }
    }
}
