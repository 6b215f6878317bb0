//! Rows into changesets, one a person, and what each would change.

use domain::{
    access::Role,
    kinds::{self, FieldClass},
    list::{
        plan::{Change, FieldWrite, RowPlan, plan},
        report::{ListReport, RowReport, Verdict},
    },
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
    thread,
};
use sync::{
    id::AreaId,
    wire::{Base, Changeset, Op},
};
use uuid::Uuid;

use super::{
    answer::masked,
    households,
    people::{Known, People, Person},
};
use crate::{
    db::{Caller, Tally, own},
    keys::Keys,
    plant,
    state::App,
    tokens,
};

pub(super) const RECIPIENT: &str = "recipient";
pub(super) const ENTITLEMENT: &str = "entitlement";

/// What a commit wrote, in people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Counts {
    pub changesets: usize,
    pub created: usize,
    pub changed: usize,
    pub same: usize,
    pub households: usize,
}

impl Counts {
    /// The counts of a list that was written before.
    pub(super) fn of(tally: &Tally) -> Counts {
        let Tally { created, changed, same, households, .. } = *tally;
        Counts { changesets: created + changed + households, created, changed, same, households }
    }
}

/// A column of phone numbers fills either.
pub(super) const PHONES: [&str; 2] = ["mobile", "phone2"];

/// What a row would do to the files.
pub(super) struct RowNews {
    pub(super) change: Change,
    /// Fields that would get another value.
    pub(super) diff: Vec<FieldNews>,
    /// Fields that the list leaves empty, and which keep what they hold.
    pub(super) stays: Vec<FieldNews>,
}

/// One field of a file that is there, as far as the role sees it.
#[derive(Serialize)]
pub(super) struct FieldNews {
    field: String,
    old: Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    new: Value,
}

/// What each accepted row would do, by row number.
pub(super) fn news(
    report: &ListReport,
    people: &People,
    keys: &Keys,
    role: Role,
    listed: &BTreeSet<&'static str>,
) -> BTreeMap<u32, RowNews> {
    let contested = contested(report);
    let of = |row: &RowReport| {
        let person = people.find(keys, row);
        let plan = planned(keys, row, person, &contested);
        let Some(person) = person.filter(|_| !plan.creates_recipient) else {
            return RowNews { change: plan.change, diff: Vec::new(), stays: Vec::new() };
        };
        let entitlement = row.text("category").and_then(|category| person.entitlements.get(category));
        let records = [
            (Some(&person.recipient), &plan.recipient, &row.recipient),
            (entitlement, &plan.entitlement, &row.entitlement),
        ];
        let (mut diff, mut stays) = (Vec::new(), Vec::new());
        for (known, writes, given) in
            records.into_iter().filter_map(|(known, writes, given)| Some((known?, writes, given)))
        {
            let change = |write: &FieldWrite| FieldNews {
                field: write.field.clone(),
                old: known.shown(&write.field),
                new: masked(role, &write.field, &write.value)
                    .map_or_else(|| write.value.clone(), Value::from),
            };
            diff.extend(writes.iter().map(change));
            let has_phone = PHONES.iter().any(|field| given.contains_key(*field));
            let is_given = |field: &str| given.contains_key(field) || has_phone && PHONES.contains(&field);
            let is_kept = |field: &&&str| !is_given(field) && known.holds(field);
            let kept = |field: &&str| FieldNews {
                field: (*field).to_owned(),
                old: known.shown(field),
                new: Value::Null,
            };
            stays.extend(listed.iter().filter(is_kept).map(kept));
        }
        RowNews { change: plan.change, diff, stays }
    };
    accepted(report).map(|row| (row.row, of(row))).collect()
}

/// The ID numbers about which the list contradicts itself.
fn contested(report: &ListReport) -> BTreeSet<&str> {
    let is_twin = |row: &&RowReport| row.whys.iter().any(|why| why.code == "id_duplicate_in_file");
    report.rows.iter().filter(is_twin).filter_map(|row| row.text("id_no")).collect()
}

pub(super) fn accepted(report: &ListReport) -> impl Iterator<Item = &RowReport> {
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
    households: &[Vec<u32>],
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
        add_ops(&mut writes.ops, person, area, category, plan, now);
    }
    let mut counts = Counts::default();
    let mut written = Vec::new();
    for writes in order.into_iter().filter_map(|id| by_person.remove(&id)) {
        match (writes.ops.is_empty(), writes.created) {
            (true, _) => counts.same += 1,
            (false, true) => counts.created += 1,
            (false, false) => counts.changed += 1,
        }
        if !writes.ops.is_empty() {
            written.push(writes.ops);
        }
    }
    // A household names people who must be there before it.
    let by_row = households::by_row(report);
    let mut taken = BTreeSet::new();
    let joined = households.iter().filter_map(|rows| {
        // In the order of the list, and each row in the first household that names it: two would contradict each other.
        let rows: BTreeSet<u32> = rows.iter().copied().filter(|row| taken.insert(*row)).collect();
        let rows: Vec<&RowReport> = rows.iter().filter_map(|row| by_row.get(row).copied()).collect();
        households::joined(&rows, &people, keys, now)
    });
    written.extend(joined.inspect(|_| counts.households += 1));
    counts.changesets = written.len();
    let changeset = |ops| own::changeset(who.account, ops, now);
    (sealed(keys, written).into_iter().map(changeset).collect(), counts)
}

/// Seals the values of every person on all cores: that is most of the work of writing a list.
fn sealed(keys: &Keys, written: Vec<Vec<ClearOp>>) -> Vec<Vec<Op>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut parts: Vec<Vec<Vec<ClearOp>>> = Vec::new();
    let size = written.len().div_ceil(cores).max(1);
    let mut people = written.into_iter();
    loop {
        let part: Vec<_> = people.by_ref().take(size).collect();
        if part.is_empty() {
            break;
        }
        parts.push(part);
    }
    let seal_part = |part: Vec<Vec<ClearOp>>| -> Vec<Vec<Op>> {
        part.into_iter().map(|ops| ops.into_iter().map(|op| op.sealed(keys)).collect()).collect()
    };
    thread::scope(|scope| {
        let running: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || seal_part(part))).collect();
        running.into_iter().flat_map(|part| part.join().expect("sealing does not panic")).collect()
    })
}

#[derive(Default)]
struct PersonWrites {
    created: bool,
    ops: Vec<ClearOp>,
}

/// A write whose values are still in clear.
pub(super) enum ClearOp {
    Create { e: Uuid, kind: &'static str, area: AreaId, parent: Option<Uuid>, fields: Vec<FieldWrite> },
    Set { e: Uuid, kind: &'static str, write: FieldWrite, base: Base },
    Add { e: Uuid, field: &'static str, item: Value },
}

impl ClearOp {
    fn sealed(self, keys: &Keys) -> Op {
        match self {
            ClearOp::Create { e, kind, area, parent, fields } => {
                let stored = |FieldWrite { field, value }| {
                    let stored = match to_seal(kind, &field, &value) {
                        Some(text) => json!(plant::seal(keys, e, &field, text)),
                        None => value,
                    };
                    (field, stored)
                };
                Op::Create {
                    e,
                    kind: kind.to_owned(),
                    area,
                    parent,
                    f: fields.into_iter().map(stored).collect(),
                }
            }
            ClearOp::Add { e, field, item } => Op::Add { e, f: field.to_owned(), item },
            ClearOp::Set { e, kind, write: FieldWrite { field: f, value }, base } => {
                match to_seal(kind, &f, &value) {
                    Some(text) => Op::Sealed { e, v: plant::seal(keys, e, &f, text), f, base },
                    None => Op::Set { e, f, v: value, base },
                }
            }
        }
    }
}

/// The text of a field that is kept sealed.
fn to_seal<'a>(kind: &str, field: &str, value: &'a Value) -> Option<&'a str> {
    kinds::kind(kind).filter(|kind| kind.class(field) == FieldClass::Sealed)?;
    value.as_str()
}

fn add_ops(
    ops: &mut Vec<ClearOp>,
    person: &mut Person,
    area: AreaId,
    category: &str,
    plan: RowPlan,
    now: i64,
) {
    let recipient = person.recipient.id;
    if plan.creates_recipient {
        ops.push(create(&mut person.recipient, RECIPIENT, area, None, plan.recipient));
    } else {
        set(ops, &mut person.recipient, RECIPIENT, plan.recipient);
    }
    if plan.creates_entitlement {
        let mut fresh = Known::fresh(tokens::new_id(now));
        ops.push(create(&mut fresh, ENTITLEMENT, area, Some(recipient), plan.entitlement));
        person.entitlements.insert(category.to_owned(), fresh);
    } else if let Some(known) = person.entitlements.get_mut(category) {
        set(ops, known, ENTITLEMENT, plan.entitlement);
    }
}

fn create(
    known: &mut Known,
    kind: &'static str,
    area: AreaId,
    parent: Option<Uuid>,
    fields: Vec<FieldWrite>,
) -> ClearOp {
    for FieldWrite { field, value } in &fields {
        known.written.insert(field.clone(), value.clone());
    }
    ClearOp::Create { e: known.id, kind, area, parent, fields }
}

/// Writes of a record that exists. The base is the version that the comparison saw.
fn set(ops: &mut Vec<ClearOp>, known: &mut Known, kind: &'static str, writes: Vec<FieldWrite>) {
    for write in writes {
        known.written.insert(write.field.clone(), write.value.clone());
        let base = Base::Fv(known.version(&write.field));
        ops.push(ClearOp::Set { e: known.id, kind, write, base });
    }
}
