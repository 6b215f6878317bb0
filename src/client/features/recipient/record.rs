//! The records of a file, each seen alike: the person's own, and one for each entitlement.

use super::state::Boxed;
use crate::{
    data::{FieldView, RecipientFile},
    platform::clock,
};
use domain::{
    access::Role,
    age_alarm::Born,
    category::Category,
    completeness::{self, Completeness, Entitled, is_blank},
    guardian,
    kinds::{FieldClass, Kind, Right, kind},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One record of a file.
#[derive(Clone)]
pub(super) struct Record {
    file: Boxed<RecipientFile>,
    entitlement: Option<usize>,
}

impl Record {
    /// The person's own.
    pub(super) fn person(file: &Boxed<RecipientFile>) -> Record {
        Record { file: file.clone(), entitlement: None }
    }

    /// The entitlements, in the order of the file.
    pub(super) fn entitlements(file: &Boxed<RecipientFile>) -> Vec<Record> {
        (0..file.entitlements.len())
            .map(|place| Record { file: file.clone(), entitlement: Some(place) })
            .collect()
    }

    pub(super) fn id(&self) -> Uuid {
        self.entitlement.map_or(self.file.row.id, |place| self.file.entitlements[place].id)
    }

    pub(super) fn kind(&self) -> &'static str {
        if self.entitlement.is_some() { "entitlement" } else { "recipient" }
    }

    pub(super) fn fields(&self) -> &BTreeMap<String, FieldView> {
        self.entitlement.map_or(&self.file.fields, |place| &self.file.entitlements[place].fields)
    }

    pub(super) fn view(&self, field: &str) -> Option<&FieldView> {
        self.fields().get(field)
    }

    /// The word of a field, or nothing.
    pub(super) fn text(&self, field: &str) -> &str {
        self.view(field).and_then(|view| view.value.as_str()).unwrap_or_default()
    }

    /// The category of an entitlement, if this build knows it.
    pub(super) fn category(&self) -> Option<Category> {
        self.text("category").parse().ok()
    }

    /// Whether a field has a value, seen or not, or one that waits for the office.
    pub(super) fn is_filled(&self, field: &str) -> bool {
        self.view(field).is_some_and(|view| view.masked || view.proposed.is_some() || !is_blank(&view.value))
    }

    /// Whether an empty value says something: only what stands in the file and is seen can be taken out of it.
    pub(super) fn may_be_emptied(&self, field: &str) -> bool {
        let is_sealed = kind(self.kind()).is_some_and(|kind| kind.class(field) == FieldClass::Sealed);
        !is_sealed && self.view(field).is_some_and(|view| !view.masked && !is_blank(&view.value))
    }

    /// What a role may do with a field.
    pub(super) fn right(&self, role: Role, field: &str) -> Right {
        kind(self.kind()).map_or(Right::None, |kind| right(kind, role, field))
    }
}

/// What a role may do with a field of a kind. A set is written or nothing: the office cannot be proposed a part of one.
pub(super) fn right(kind: &Kind, role: Role, field: &str) -> Right {
    match kind.right(role, field) {
        Right::Propose if kind.class(field) == FieldClass::Set => Right::None,
        right => right,
    }
}

/// The categories of a file's entitlements.
pub(super) fn categories(file: &Boxed<RecipientFile>) -> Vec<Category> {
    Record::entitlements(file).iter().filter_map(Record::category).collect()
}

/// An empty field that the forms ask for, and the record it belongs to.
#[derive(Clone)]
pub(super) struct Gap {
    pub(super) record: Record,
    pub(super) field: &'static str,
}

impl Gap {
    /// Whether both are of one field of one record.
    pub(super) fn is(&self, other: &Gap) -> bool {
        self.field == other.field && self.record.id() == other.record.id()
    }
}

/// What is known of the person's age: the day of birth, or the year where the day is not shown.
pub(super) fn born(file: &Boxed<RecipientFile>) -> Option<Born> {
    let day = file.fields.get("birth").and_then(|view| view.value.as_str()?.parse().ok()).map(Born::On);
    day.or(file.row.birth_year.map(Born::In))
}

/// How whole a file is today, and its gaps.
pub(super) fn whole(file: &Boxed<RecipientFile>) -> (Completeness, Vec<Gap>) {
    let person = Record::person(file);
    let known: Vec<Record> =
        Record::entitlements(file).into_iter().filter(|record| record.category().is_some()).collect();
    let filled: Vec<_> = known.iter().map(|record| move |field: &str| record.is_filled(field)).collect();
    let entitled: Vec<Entitled<'_>> = known
        .iter()
        .zip(&filled)
        .filter_map(|(record, filled)| Some((record.category()?, filled as &dyn Fn(&str) -> bool)))
        .collect();
    let is_child = guardian::is_asked(born(file), clock::today_day());
    let whole = completeness::completeness(&|field| person.is_filled(field), is_child, &entitled);
    let gaps = whole.gaps.iter().map(|gap| Gap {
        record: gap.entitlement.map_or(&person, |place| &known[place]).clone(),
        field: gap.field,
    });
    let gaps = gaps.collect();
    (whole, gaps)
}
