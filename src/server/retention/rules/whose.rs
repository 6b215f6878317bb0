//! Whose a record is: by where it hangs and by what it names, as the table of kinds says.

use domain::kinds::{self, Whose, kinds};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::record::Record;
use uuid::Uuid;

use super::{Facts, Root};

/// Records with those whose they are.
pub(super) struct Owners<'r> {
    owned: Vec<(&'r Record, BTreeSet<Root>)>,
    by_file: BTreeMap<Uuid, Vec<usize>>,
}

/// Something of a family's.
#[derive(Clone, Copy)]
pub(super) struct Member<'r> {
    pub(super) record: &'r Record,
    /// Nobody else has a part in it.
    pub(super) is_alone: bool,
}

impl<'r> Owners<'r> {
    pub(super) fn of(facts: &'r Facts) -> Owners<'r> {
        let mut roots: BTreeMap<Uuid, BTreeSet<Root>> =
            facts.roots.iter().map(|(id, root)| (*id, BTreeSet::from([*root]))).collect();
        let mut owned = Vec::new();
        for kind in kinds() {
            for record in facts.records.iter().filter(|record| record.kind == kind.name) {
                if kind.whose == Whose::File {
                    roots.insert(record.id, BTreeSet::from([Root { file: record.id, is_gone: false }]));
                    continue;
                }
                let named = named_by(record);
                let of: BTreeSet<Root> =
                    named.iter().filter_map(|id| roots.get(id)).flatten().copied().collect();
                roots.insert(record.id, of.clone());
                owned.push((record, of));
            }
        }
        let mut by_file: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
        for (at, (_, of)) in owned.iter().enumerate() {
            of.iter().filter(|root| !root.is_gone).for_each(|root| {
                by_file.entry(root.file).or_default().push(at);
            });
        }
        Owners { owned, by_file }
    }

    /// All that is of a file, but for the file.
    pub(super) fn members(&self, file: Uuid) -> Vec<Member<'r>> {
        let member = |at: &usize| {
            let (record, of) = &self.owned[*at];
            let is_alone = of.iter().all(|root| root.is_gone || root.file == file);
            Member { record, is_alone }
        };
        self.by_file.get(&file).into_iter().flatten().map(member).collect()
    }

    /// What is of nobody of whom anything is left, with one whose it was.
    pub(super) fn orphans(&self) -> impl Iterator<Item = (&'r Record, Root)> {
        let is_orphan = |of: &BTreeSet<Root>| of.iter().all(|root| root.is_gone);
        let orphans = self.owned.iter().filter(move |(_, of)| is_orphan(of));
        orphans.filter_map(|(record, of)| Some((*record, *of.first()?)))
    }
}

/// What a record names as somebody's: what it hangs below, or the ids in the fields that the table of kinds tells.
pub(super) fn named_by(record: &Record) -> BTreeSet<Uuid> {
    match kinds::kind(&record.kind).map(|kind| kind.whose) {
        Some(Whose::Below) => record.parent.into_iter().collect(),
        Some(Whose::Named(fields)) => {
            let mut ids = BTreeSet::new();
            fields.iter().filter_map(|field| record.plain(field)).for_each(|value| ids_of(value, &mut ids));
            ids
        }
        _ => BTreeSet::new(),
    }
}

/// Every id in a value.
pub(super) fn ids_of(value: &Value, ids: &mut BTreeSet<Uuid>) {
    match value {
        Value::String(text) => ids.extend(Uuid::try_parse(text).ok()),
        Value::Array(items) => items.iter().for_each(|item| ids_of(item, ids)),
        Value::Object(members) => members.values().for_each(|member| ids_of(member, ids)),
        _ => {}
    }
}
