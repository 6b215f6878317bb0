//! From a judged list to changesets: whom a row means, what it changes, and in which village.
//!
//! Pure but for the seals: the database is read before and written after.

use domain::{
    day::Day,
    kinds::{self, FieldClass},
    list::{
        self, Context, ListError,
        grid::Grid,
        plan::{Change, Existing, FieldWrite, RowPlan, plan},
        report::{ListReport, RowReport, Verdict},
    },
    region::{Area as ListArea, AreaCode, AreaTree},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use sync::{
    id::AreaId,
    record::{Record, Stored},
    rev::Rev,
    wire::{Base, Changeset, Op, SCHEMA},
};
use uuid::Uuid;

use crate::{db::Area, keys::Keys, plant, tokens};

/// A person who is on file, with his entitlements.
#[derive(Clone, Debug)]
pub struct Family {
    pub recipient: Record,
    pub entitlements: Vec<Record>,
}

/// People on file by the keyed index of their ID number.
pub type Families = BTreeMap<String, Family>;

/// What a person decided about a village that the area tree lacks.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum VillageChoice {
    /// Make it.
    Create { create: bool },
    /// It is an area that exists.
    Area { area: Uuid },
}

/// Decisions by the village's name in the list.
pub type VillageChoices = BTreeMap<String, VillageChoice>;

/// Judges a list against the area tree of today.
///
/// # Errors
/// When nothing of it can be read.
pub fn judge(grid: &Grid, areas: &[Area], area: &Area, today: Day) -> Result<ListReport, ListError> {
    let nodes = areas.iter().filter(|area| area.archive_of.is_none()).map(|area| ListArea {
        id: area.id.to_string(),
        code: area.code.parse().ok(),
        name: area.name.clone(),
        parent: area.parent.map(|parent| parent.to_string()),
    });
    let tree = AreaTree::new(nodes);
    let code: AreaCode = area.code.parse().map_err(|_| ListError::Empty)?;
    let id = area.id.to_string();
    list::read(grid, &Context { today, area: &code, tree: Some((&tree, &id)) })
}

/// The ID number by which a row finds its person.
pub fn number(row: &RowReport) -> Option<&str> {
    row.recipient.get("id_no").and_then(Value::as_str)
}

/// Counts of what the accepted rows do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub new: usize,
    pub changed: usize,
    pub same: usize,
}

impl Counts {
    fn add(&mut self, change: Change) {
        match change {
            Change::New => self.new += 1,
            Change::Changed => self.changed += 1,
            Change::Same => self.same += 1,
        }
    }
}

/// The answer of a preview: the shape of the answer keys, with what each row would do.
pub fn preview(report: &ListReport, families: &Families, keys: &Keys, file: &str) -> Value {
    let mut counts = Counts::default();
    let mut body = report.to_json(file);
    if let Some(rows) = body["rows"].as_array_mut() {
        for (row, json) in report.rows.iter().zip(rows) {
            place_whys(row, json);
            if row.verdict == Verdict::Accept {
                let plan = plan_row(row, families, keys);
                counts.add(plan.change);
                json["state"] = json!(plan.change);
            }
        }
    }
    body["new"] = json!(counts.new);
    body["changed"] = json!(counts.changed);
    body["same"] = json!(counts.same);
    body
}

/// Gives each finding its cell, such as `D17`.
fn place_whys(row: &RowReport, json: &mut Value) {
    let Some(whys) = json["why"].as_array_mut() else { return };
    for (why, json) in row.whys.iter().zip(whys) {
        let place =
            why.column.as_ref().map_or_else(|| row.row.to_string(), |column| format!("{column}{}", row.row));
        json["place"] = json!(place);
    }
}

fn plan_row(row: &RowReport, families: &Families, keys: &Keys) -> RowPlan {
    let family = number(row).and_then(|number| families.get(&keys.index("id_no", number)));
    let known = family.map(|family| {
        let entitlement = entitlement_of(family, row).map(|record| as_listed(record, &row.entitlement, keys));
        (as_listed(&family.recipient, &row.recipient, keys), entitlement)
    });
    let existing = known
        .as_ref()
        .map(|(recipient, entitlement)| Existing { recipient, entitlement: entitlement.as_ref() });
    plan(row, existing)
}

fn entitlement_of<'a>(family: &'a Family, row: &RowReport) -> Option<&'a Record> {
    let category = row.entitlement.get("category")?;
    family.entitlements.iter().find(|record| record.plain("category") == Some(category))
}

/// A record's fields to compare with a row. A sealed value is the row's own if their indexes are equal: nothing is opened.
fn as_listed(record: &Record, row: &BTreeMap<String, Value>, keys: &Keys) -> Map<String, Value> {
    let value = |name: &String, stored: &Stored| match stored {
        Stored::Plain(value) => value.clone(),
        Stored::Sealed(sealed) => {
            let text = row.get(name).and_then(Value::as_str).unwrap_or_default();
            if keys.index(name, text) == sealed.idx { json!(text) } else { Value::Null }
        }
    };
    record.fields.iter().map(|(name, field)| (name.clone(), value(name, &field.value))).collect()
}

/// Writes the changesets of an import.
pub struct Scribe<'a> {
    pub keys: &'a Keys,
    pub author: Uuid,
    /// Where people lie whose village the list does not say.
    pub area: Uuid,
    /// Villages that somebody mapped, by their name in the list.
    pub villages: &'a BTreeMap<String, Uuid>,
    pub now: i64,
}

impl Scribe<'_> {
    /// One changeset a person, of all of his rows; nothing for who stays as he is.
    pub fn changesets(&self, report: &ListReport, families: &Families) -> (Vec<Changeset>, Counts) {
        let mut people: Vec<Vec<&RowReport>> = Vec::new();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for row in report.rows.iter().filter(|row| row.verdict == Verdict::Accept) {
            let at = number(row).and_then(|number| seen.get(number).copied());
            match at {
                Some(at) => people[at].push(row),
                None => {
                    if let Some(number) = number(row) {
                        seen.insert(number, people.len());
                    }
                    people.push(vec![row]);
                }
            }
        }
        let (mut changesets, mut counts) = (Vec::new(), Counts::default());
        for rows in people {
            let ops = self.person(&rows, families, &mut counts);
            if !ops.is_empty() {
                changesets.push(self.changeset(ops));
            }
        }
        (changesets, counts)
    }

    fn changeset(&self, ops: Vec<Op>) -> Changeset {
        let (t, t_contact) = (self.now, self.now);
        Changeset { id: tokens::new_id(self.now), schema: SCHEMA, t, t_contact, author: self.author, ops }
    }

    fn person(&self, rows: &[&RowReport], families: &Families, counts: &mut Counts) -> Vec<Op> {
        let known = rows
            .first()
            .and_then(|row| number(row))
            .and_then(|number| families.get(&self.keys.index("id_no", number)));
        let e = known.map_or_else(|| tokens::new_id(self.now), |family| family.recipient.id);
        let area = rows.iter().find_map(|row| self.area_of(row));
        let (mut writes, mut below) = (BTreeMap::new(), Vec::new());
        for row in rows {
            let plan = plan_row(row, families, self.keys);
            counts.add(plan.change);
            writes.extend(plan.recipient.iter().map(|write| (write.field.clone(), write.value.clone())));
            below.extend(self.entitlement(e, area, row, &plan, known));
        }
        let mut ops = match known {
            None => vec![self.create(e, "recipient", area, None, &writes)],
            Some(family) => self.sets(&family.recipient, &writes),
        };
        ops.extend(below);
        ops.extend(known.and_then(|family| move_to(&family.recipient, area)));
        ops
    }

    fn area_of(&self, row: &RowReport) -> Option<AreaId> {
        let by_tree = row.area.as_ref().and_then(|id| Uuid::try_parse(id).ok());
        let by_choice = || row.village.as_ref().and_then(|name| self.villages.get(name).copied());
        by_tree.or_else(by_choice).map(AreaId)
    }

    fn entitlement(
        &self,
        parent: Uuid,
        area: Option<AreaId>,
        row: &RowReport,
        plan: &RowPlan,
        known: Option<&Family>,
    ) -> Vec<Op> {
        let writes = by_field(&plan.entitlement);
        match known.and_then(|family| entitlement_of(family, row)) {
            Some(record) => self.sets(record, &writes),
            None => {
                let e = tokens::new_id(self.now);
                vec![self.create(e, "entitlement", area, Some(parent), &writes)]
            }
        }
    }

    fn create(
        &self,
        e: Uuid,
        kind: &str,
        area: Option<AreaId>,
        parent: Option<Uuid>,
        writes: &BTreeMap<String, Value>,
    ) -> Op {
        let value = |field: &str, value: &Value| match value.as_str().filter(|_| is_sealed(kind, field)) {
            Some(text) => json!(plant::seal(self.keys, e, field, text)),
            None => value.clone(),
        };
        let f = writes.iter().map(|(field, listed)| (field.clone(), value(field, listed))).collect();
        Op::Create { e, kind: kind.to_owned(), area: area.unwrap_or(AreaId(self.area)), parent, f }
    }

    fn sets(&self, record: &Record, writes: &BTreeMap<String, Value>) -> Vec<Op> {
        let set = |(field, value): (&String, &Value)| {
            let base = Base::Fv(record.fields.get(field).map_or(Rev::ZERO, |known| known.fv));
            let (e, f) = (record.id, field.clone());
            match value.as_str().filter(|_| is_sealed(&record.kind, field)) {
                Some(text) => Op::Sealed { e, v: plant::seal(self.keys, e, field, text), f, base },
                None => Op::Set { e, f, v: value.clone(), base },
            }
        };
        writes.iter().map(set).collect()
    }
}

fn by_field(writes: &[FieldWrite]) -> BTreeMap<String, Value> {
    writes.iter().map(|write| (write.field.clone(), write.value.clone())).collect()
}

fn is_sealed(kind: &str, field: &str) -> bool {
    kinds::kind(kind).is_some_and(|kind| kind.class(field) == FieldClass::Sealed)
}

/// The move of a person whom the list names in another village.
fn move_to(recipient: &Record, area: Option<AreaId>) -> Option<Op> {
    let area = area.filter(|area| *area != recipient.area)?;
    Some(Op::Move { e: recipient.id, area, base: Base::Fv(recipient.entered) })
}
