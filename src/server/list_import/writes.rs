//! Rows into changesets, one a person, and the answer of a preview.

use domain::{
    access::Role,
    kinds::{self, FieldClass, Seen},
    list::{
        plan::{Change, FieldWrite, RowPlan, plan},
        report::{ListReport, RowReport, Verdict},
    },
    mask,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::AreaId,
    wire::{Base, Changeset, Op},
};
use uuid::Uuid;

use super::people::{Known, People, Person};
use crate::{db::Caller, keys::Keys, plant, state::App, tokens};

const SCHEMA: u32 = 1;
const RECIPIENT: &str = "recipient";
const ENTITLEMENT: &str = "entitlement";

/// What a commit wrote, in people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub changesets: usize,
    pub created: usize,
    pub changed: usize,
    pub same: usize,
}

/// What each accepted row would do, by row number.
pub(super) fn states(report: &ListReport, people: &People, keys: &Keys) -> BTreeMap<u32, Change> {
    let contested = contested(report);
    accepted(report)
        .map(|row| (row.row, planned(keys, row, people.find(keys, row), &contested).change))
        .collect()
}

/// The ID numbers about which the list contradicts itself.
fn contested(report: &ListReport) -> BTreeSet<&str> {
    let is_twin = |row: &&RowReport| row.whys.iter().any(|why| why.code == "id_duplicate_in_file");
    report.rows.iter().filter(is_twin).filter_map(|row| row.text("id_no")).collect()
}

fn accepted(report: &ListReport) -> impl Iterator<Item = &RowReport> {
    report.rows.iter().filter(|row| row.verdict == Verdict::Accept)
}

/// What a row does. Where the list contradicts itself about a person on file, the file stays: which of the rows comes first is chance.
fn planned(keys: &Keys, row: &RowReport, person: Option<&Person>, contested: &BTreeSet<&str>) -> RowPlan {
    let Some(person) = person else { return plan(row, None) };
    if person.recipient.is_on_file() && row.text("id_no").is_some_and(|number| contested.contains(number)) {
        return RowPlan {
            change: Change::Same,
            creates_recipient: false,
            creates_entitlement: false,
            recipient: Vec::new(),
            entitlement: Vec::new(),
        };
    }
    let recipient = person.recipient.seen(keys, &row.recipient);
    let entitlement = row
        .text("category")
        .and_then(|category| person.entitlements.get(category))
        .map(|entitlement| entitlement.seen(keys, &row.entitlement));
    plan(row, Some(Person::existing(&recipient, entitlement.as_ref())))
}

/// The changesets of a list, one for each person in whose file something is new, and what they do.
pub(super) fn changesets(
    app: &App,
    who: &Caller,
    report: &ListReport,
    mut people: People,
    now: i64,
) -> (Vec<Changeset>, Counts) {
    let keys = &app.keys;
    let contested = contested(report);
    let mut by_person: BTreeMap<Uuid, PersonWrites> = BTreeMap::new();
    let mut order = Vec::new();
    for row in accepted(report) {
        let plan = planned(keys, row, people.find(keys, row), &contested);
        let Some(area) = row.area.as_deref().and_then(|area| area.parse().ok()).map(AreaId) else { continue };
        let Some(person) = people.find_or_make(keys, row, || tokens::new_id(now)) else { continue };
        let id = person.recipient.id;
        if !by_person.contains_key(&id) {
            order.push(id);
        }
        let writes = by_person.entry(id).or_default();
        writes.created |= plan.creates_recipient;
        let category = row.text("category").unwrap_or_default();
        add_ops(keys, &mut writes.ops, person, area, category, plan, now);
    }
    let mut counts = Counts::default();
    let mut all = Vec::new();
    for writes in order.into_iter().filter_map(|id| by_person.remove(&id)) {
        match (writes.ops.is_empty(), writes.created) {
            (true, _) => counts.same += 1,
            (false, true) => counts.created += 1,
            (false, false) => counts.changed += 1,
        }
        if !writes.ops.is_empty() {
            let id = tokens::new_id(now);
            let author = who.account;
            all.push(Changeset { id, schema: SCHEMA, t: now, t_contact: now, author, ops: writes.ops });
        }
    }
    counts.changesets = all.len();
    (all, counts)
}

#[derive(Default)]
struct PersonWrites {
    created: bool,
    ops: Vec<Op>,
}

fn add_ops(
    keys: &Keys,
    ops: &mut Vec<Op>,
    person: &mut Person,
    area: AreaId,
    category: &str,
    plan: RowPlan,
    now: i64,
) {
    let recipient = person.recipient.id;
    if plan.creates_recipient {
        ops.push(create(keys, &mut person.recipient, RECIPIENT, area, None, plan.recipient));
    } else {
        set(keys, ops, &mut person.recipient, RECIPIENT, plan.recipient);
    }
    if plan.creates_entitlement {
        let mut fresh = Known::fresh(tokens::new_id(now));
        ops.push(create(keys, &mut fresh, ENTITLEMENT, area, Some(recipient), plan.entitlement));
        person.entitlements.insert(category.to_owned(), fresh);
    } else if let Some(known) = person.entitlements.get_mut(category) {
        set(keys, ops, known, ENTITLEMENT, plan.entitlement);
    }
}

fn is_sealed(kind: &str, field: &str) -> bool {
    kinds::kind(kind).is_some_and(|kind| kind.class(field) == FieldClass::Sealed)
}

fn create(
    keys: &Keys,
    known: &mut Known,
    kind: &str,
    area: AreaId,
    parent: Option<Uuid>,
    writes: Vec<FieldWrite>,
) -> Op {
    let e = known.id;
    let mut f = sync::wire::Fields::new();
    for FieldWrite { field, value } in writes {
        let stored = match value.as_str().filter(|_| is_sealed(kind, &field)) {
            Some(text) => serde_json::to_value(plant::seal(keys, e, &field, text)).unwrap_or(Value::Null),
            None => value.clone(),
        };
        known.written.insert(field.clone(), value);
        f.insert(field, stored);
    }
    Op::Create { e, kind: kind.to_owned(), area, parent, f }
}

/// Writes of a record that exists. The base is the version that the comparison saw.
fn set(keys: &Keys, ops: &mut Vec<Op>, known: &mut Known, kind: &str, writes: Vec<FieldWrite>) {
    let e = known.id;
    for FieldWrite { field: f, value } in writes {
        known.written.insert(f.clone(), value.clone());
        let base = Base::Fv(known.version(&f));
        ops.push(match value.as_str().filter(|_| is_sealed(kind, &f)) {
            Some(text) => Op::Sealed { e, v: plant::seal(keys, e, &f, text), f, base },
            None => Op::Set { e, f, v: value, base },
        });
    }
}

/// The answer of a preview: the shape of the answer keys, with what each row would do, and numbers only as far as the role sees them.
pub(super) fn answer(
    report: &ListReport,
    states: &BTreeMap<u32, Change>,
    id: Uuid,
    file: &str,
    role: Role,
) -> Value {
    let mut answer = report.to_json(file);
    answer["id"] = json!(id);
    for (name, change) in [("new", Change::New), ("changed", Change::Changed), ("same", Change::Same)] {
        answer[name] = json!(states.values().filter(|state| **state == change).count());
    }
    for row in answer["rows"].as_array_mut().into_iter().flatten() {
        let number = row["row"].as_u64().and_then(|row| u32::try_from(row).ok()).unwrap_or(0);
        if let Some(state) = states.get(&number) {
            row["state"] = json!(state);
        }
        for (field, value) in row["record"].as_object_mut().into_iter().flatten() {
            if let Some(shown) = masked(role, field, value) {
                *value = json!(shown);
            }
        }
    }
    answer
}

/// What the role sees of a number that it does not see in full.
fn masked(role: Role, field: &str, value: &Value) -> Option<String> {
    let kind = [RECIPIENT, ENTITLEMENT]
        .into_iter()
        .filter_map(kinds::kind)
        .find(|kind| kind.field(field).is_some())?;
    if kind.class(field) != FieldClass::Sealed || kind.seen(role, field) == Seen::Full {
        return None;
    }
    value.as_str().map(|text| mask::show(field, text))
}
