//! What a ledger is made of.

use super::Period;
use domain::{
    day::Day,
    stipend::Standard,
    visit::{Plan, PlanRules},
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// A record as a ledger reads it: a recipient, or something that hangs below one.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub e: Uuid,
    pub kind: &'static str,
    pub parent: Option<Uuid>,
    /// The village that it lies in.
    pub area: Uuid,
    pub fields: Fields,
    pub dates: Dates,
}

/// The fields of a record by name. A ledger holds those of a whole county, so that they lie in one row and their names are shared.
#[derive(Clone, Debug, Default)]
pub struct Fields(Box<[(&'static str, Value)]>);

impl Fields {
    /// What stands in a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    #[cfg(test)]
    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        let others = self.0.iter().filter(|(known, _)| *known != name).cloned();
        *self = others.chain([(name, value)]).collect();
    }
}

impl FromIterator<(&'static str, Value)> for Fields {
    fn from_iter<T: IntoIterator<Item = (&'static str, Value)>>(fields: T) -> Fields {
        Fields(fields.into_iter().collect())
    }
}

/// When what became of a record.
#[derive(Clone, Debug, Default)]
pub struct Dates {
    pub made: Option<Day>,
    /// When each field of [`Dates::FIELDS`] was written that is not as it was when the record was made.
    pub written: BTreeMap<String, Day>,
    /// What stood in each field of [`Dates::WITH_FORMER`] before, where that is known.
    pub former: BTreeMap<String, String>,
    /// When it came here from an area that the ledger does not cover.
    pub arrived: Option<Day>,
    /// It was deleted.
    pub gone: Option<Gone>,
}

impl Dates {
    /// Fields of which it is kept when they were written.
    pub const FIELDS: [&'static str; 4] = ["status", "state", "category", "grade"];
    /// Those of which it is told what they were before.
    pub const WITH_FORMER: [&'static str; 2] = ["category", "grade"];
}

/// A file that was deleted, or became part of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    pub on: Option<Day>,
    pub is_merged: bool,
}

/// A file that went to an area of others, who may read it and not we.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure {
    pub area: Uuid,
    pub on: Day,
}

/// A village of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub id: Uuid,
    pub name: String,
}

/// All that lies in the areas of a ledger.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// By code. One that became part of another is none.
    pub places: Vec<Place>,
    /// Shared with other ledgers: what one reads stays as it is stored.
    pub records: Vec<Arc<Source>>,
    pub departures: Vec<Departure>,
    /// Accounts with their names: records name people by account, and a ledger is read by people.
    pub people: BTreeMap<String, String>,
    /// The published standards that are in force, for a ledger that pays by them.
    pub standards: Vec<Standard>,
}

/// What a ledger is made of, and how.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    pub sources: &'a Sources,
    pub period: Period,
    pub rules: PlanRules,
    pub today: Day,
    /// Whether whole numbers are printed where the source holds them.
    pub full: bool,
    /// The word of the screen's filter; empty if nothing is chosen.
    pub state: &'a str,
}

impl Given<'_> {
    /// The county's plan as it stands today.
    pub(super) fn plan(&self) -> Plan {
        Plan::new(self.rules, self.today)
    }

    /// Who is named, where that is an account; else what was written.
    pub(super) fn person(&self, named: String) -> String {
        self.sources.people.get(&named).cloned().unwrap_or(named)
    }

    /// What a village is called.
    pub(super) fn village(&self, area: Uuid) -> &str {
        self.sources.places.iter().find(|place| place.id == area).map_or("", |place| place.name.as_str())
    }
}
