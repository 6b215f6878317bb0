//! Whether somebody worked on what a list made or changed.
//!
//! A file that the list made is untouched if nothing else was ever written to it and nothing hangs on it; one that was there before, if the fields that
//! the list wrote still hold what it wrote: what else happened to that family stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use sync::record::{FieldState, Origin, Record, Stored};
use uuid::Uuid;

use super::super::{
    Names,
    marks::{Before, Mark, Marks},
};
use crate::db::{Touch, Touched};

/// What a list did, and what became of it.
pub(super) struct Found {
    pub(super) marks: Marks,
    /// The saves of the list.
    pub(super) ours: BTreeSet<Uuid>,
    /// Its records, as far as they are in the caller's scope.
    pub(super) records: BTreeMap<Uuid, Record>,
    /// What hangs on those that it made.
    pub(super) hanging: Vec<Record>,
}

/// Somebody's work on a record.
struct Work {
    what: Touch,
    by: Option<Uuid>,
    at: Option<i64>,
}

impl Work {
    fn of(what: Touch, origin: &Origin) -> Work {
        Work { what, by: Some(origin.author), at: Some(origin.t_eff) }
    }

    fn unknown(what: Touch) -> Work {
        Work { what, by: None, at: None }
    }
}

impl Found {
    /// The units on which somebody worked, and the families of them, each once.
    pub(super) fn touched(&self, names: &Names) -> (BTreeSet<Uuid>, Vec<Touched>) {
        let mut by_parent: BTreeMap<Uuid, &Record> = BTreeMap::new();
        for record in self.hanging.iter().filter(|record| !self.ours.contains(&first_op(record))) {
            for on in record.parent.into_iter().chain(record.about.keys().copied()) {
                by_parent.insert(on, record);
            }
        }
        let mut units = BTreeSet::new();
        let mut families: BTreeMap<Uuid, Touched> = BTreeMap::new();
        for (e, mark) in &self.marks {
            let Some(work) = self.work(*e, mark, by_parent.get(e).copied()) else { continue };
            units.insert(mark.unit);
            let person = self.person(*e, mark);
            let text = |field| person.and_then(|person| person.text(field)).unwrap_or_default().to_owned();
            families.entry(person.map_or(*e, |person| person.id)).or_insert_with(|| Touched {
                e: person.map(|person| person.id),
                name: text("name"),
                by: work.by.map(|by| names.of(by)).unwrap_or_default(),
                at: work.at,
                what: work.what,
            });
        }
        (units, families.into_values().collect())
    }

    fn work(&self, e: Uuid, mark: &Mark, hangs: Option<&Record>) -> Option<Work> {
        let Some(record) = self.records.get(&e) else { return Some(Work::unknown(Touch::Moved)) };
        if let Some(tombstone) = &record.del {
            // What somebody deleted meanwhile is as gone as undoing would make it.
            return tombstone.into.map(|_| Work::unknown(Touch::Merged));
        }
        if !mark.made {
            return self.written_over(record, mark);
        }
        if let Some(child) = hangs {
            return Some(Work::of(Touch::Added, &child.placed));
        }
        let is_ours = |op: &Uuid| self.ours.contains(op);
        if record.changes.iter().all(|change| is_ours(&change.op)) {
            return None;
        }
        let origins = record.fields.values().map(|state| (Touch::Changed, &state.origin));
        let foreign = origins
            .chain([(Touch::Moved, &record.placed)])
            .filter(|(_, origin)| !origin.ops.iter().all(is_ours))
            .max_by_key(|(_, origin)| origin.t_eff);
        Some(foreign.map_or_else(|| Work::unknown(Touch::Changed), |(what, origin)| Work::of(what, origin)))
    }

    /// Somebody wrote into a field after the list did.
    fn written_over(&self, record: &Record, mark: &Mark) -> Option<Work> {
        let fields = mark.fields.iter().filter_map(|(f, before)| Some((record.fields.get(f)?, before)));
        fields
            .filter(|(state, before)| !is_back(state, before))
            .map(|(state, _)| &state.origin)
            .filter(|origin| !origin.ops.iter().all(|op| self.ours.contains(op)))
            .max_by_key(|origin| origin.t_eff)
            .map(|origin| Work::of(Touch::Changed, origin))
    }

    /// Whose file it is.
    fn person(&self, e: Uuid, mark: &Mark) -> Option<&Record> {
        let is_person = |record: &&Record| record.kind == "recipient";
        let own = self.records.get(&e)?;
        let above = own.parent.and_then(|parent| self.records.get(&parent));
        let of_unit = || {
            let others = self.marks.iter().filter(|(_, other)| other.unit == mark.unit);
            others.filter_map(|(e, _)| self.records.get(e)).find(is_person)
        };
        Some(own).filter(is_person).or(above).or_else(of_unit)
    }
}

fn first_op(record: &Record) -> Uuid {
    record.placed.ops.first().copied().unwrap_or_default()
}

/// Whether a field holds again what stood in it before the list.
pub(super) fn is_back(state: &FieldState, before: &Before) -> bool {
    match (before, &state.value) {
        (Before::Nothing, Stored::Plain(value)) => value.is_null(),
        (Before::Plain(old), Stored::Plain(value)) => old == value,
        (Before::Sealed(old), Stored::Sealed(sealed)) => *old == sealed.s,
        _ => false,
    }
}
