//! The demo county: invented families in ten villages, the same ones for the same seed and day.
//!
//! Nothing here is about a real person. ID numbers lie in the unassigned area 339999 and mobile numbers in a block that is not given out.

mod dice;
mod people;
mod sponsors;
mod visits;

pub use dice::Dice;
pub use sponsors::sponsors;

use domain::kinds::FieldClass;
use serde_json::{Map, Value};
use sync::{
    id::{AreaId, uuid_v7},
    wire::{Changeset, Op, SCHEMA, SealedValue},
};
use uuid::Uuid;

/// A node of the demo area tree; `parent` is a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoArea {
    pub code: &'static str,
    pub name: &'static str,
    pub parent: Option<&'static str>,
}

/// An account of the demo county; `scope` are area codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    pub user: &'static str,
    pub name: &'static str,
    /// The wire word of the role.
    pub role: &'static str,
    pub scope: &'static [&'static str],
}

/// The county, its township and the ten villages, parents first.
pub const AREAS: [DemoArea; 12] = [
    DemoArea { code: "339999000000", name: "示范县", parent: None },
    DemoArea { code: TOWNSHIP, name: "双桥镇", parent: Some("339999000000") },
    village("339999100201", "红旗村"),
    village("339999100202", "石桥村"),
    village("339999100203", "柳河村"),
    village("339999100204", "东岭村"),
    village("339999100205", "南湾村"),
    village("339999100206", "双拥村"),
    village("339999100207", "大槐树村"),
    village("339999100208", "上杨家村"),
    village("339999100209", "下杨家村"),
    village("339999100210", "桃花社区"),
];
const TOWNSHIP: &str = "339999100000";

/// The accounts; passwords are made at the start and printed.
pub const ACCOUNTS: [DemoAccount; 4] = [
    DemoAccount { user: "clerk", name: "周敏", role: "township_clerk", scope: &[TOWNSHIP] },
    DemoAccount {
        user: "worker",
        name: "陈建国",
        role: "village_worker",
        scope: &["339999100201", "339999100202", "339999100203"],
    },
    DemoAccount {
        user: "worker2",
        name: "林小梅",
        role: "village_worker",
        scope: &["339999100203", "339999100204", "339999100205"],
    },
    DemoAccount { user: "county", name: "吴丽芬", role: "county_clerk", scope: &["339999000000"] },
];

/// The number of families if none is asked for.
pub const FAMILIES: usize = 218;

/// One invented family: the file with its numbers in clear, the entitlement, and its past visits.
#[derive(Clone, Debug)]
pub struct DemoFamily {
    pub e: Uuid,
    /// Code of the village.
    pub village: &'static str,
    /// The account that answers for it.
    pub responsible: Option<&'static str>,
    pub fields: Map<String, Value>,
    pub entitlement: (Uuid, Map<String, Value>),
    pub visits: Vec<DemoVisit>,
}

/// A past visit, with the needs it found.
#[derive(Clone, Debug)]
pub struct DemoVisit {
    pub e: Uuid,
    pub at_ms: i64,
    pub fields: Map<String, Value>,
    pub needs: Vec<(Uuid, Map<String, Value>)>,
    /// What the office said of it.
    pub review: Option<Value>,
}

/// Invents `families` families around the day of `now_ms`.
pub fn families(seed: u64, families: usize, now_ms: i64) -> Vec<DemoFamily> {
    let mut dice = Dice::new(seed);
    let villages: Vec<&DemoArea> = AREAS.iter().filter(|area| area.parent == Some(TOWNSHIP)).collect();
    (0..families)
        .map(|index| {
            let village = villages[index % villages.len()];
            let born_ms = now_ms - 400 * DAY_MS + i64::try_from(index).unwrap_or(0);
            let e = dice.id(born_ms);
            let (fields, entitlement) = people::person(&mut dice, village, now_ms);
            let entitlement = (dice.id(born_ms), entitlement);
            let mut visits = visits::past(&mut dice, &fields, now_ms);
            // Chance of its own: who is who stays as it was.
            let mut own = Dice::new(seed ^ (index as u64 + 1).wrapping_mul(0x9E37_79B9));
            if let Some(last) = visits.last().map(|visit| visit.at_ms) {
                visits.extend(visits::rounds(&mut own, &fields, last, now_ms));
                visits.sort_by_key(|visit| visit.at_ms);
            }
            let responsible = responsible(village.code, index / villages.len());
            DemoFamily { e, village: village.code, responsible, fields, entitlement, visits }
        })
        .collect()
}

/// What the changesets need from the server that plants them.
pub trait Ground {
    /// The area of a code.
    fn area(&self, code: &str) -> AreaId;
    /// Seals the text of `e/field` to the server's own key.
    fn seal(&mut self, e: Uuid, field: &str, text: &str) -> SealedValue;
    /// The account that wrote the files, and the one that made the visits.
    fn clerk(&self) -> Uuid;
    /// See [`Ground::clerk`].
    fn worker(&self) -> Uuid;
    /// The account of [`ACCOUNTS`] with this name.
    fn account(&self, user: &str) -> Option<Uuid>;
}

/// Of so many families of a village one has nobody yet who answers for it.
const ONE_IN: usize = 9;
/// Which of them.
const UNASSIGNED: usize = 3;

/// Who answers for a family: the worker of its village, if it has one.
fn responsible(village: &str, index: usize) -> Option<&'static str> {
    let is_theirs = |account: &&DemoAccount| account.scope.contains(&village);
    ACCOUNTS.iter().find(is_theirs).filter(|_| index % ONE_IN != UNASSIGNED).map(|account| account.user)
}

/// The changesets of a family, in the order in which they happened: the file, then each visit.
pub fn changesets(family: &DemoFamily, ground: &mut impl Ground, dice: &mut Dice) -> Vec<Changeset> {
    let area = ground.area(family.village);
    let at = family.visits.iter().map(|visit| visit.at_ms - DAY_MS).min().unwrap_or(0);
    let (entitlement, entitlement_fields) = &family.entitlement;
    let mut fields = family.fields.clone();
    if let Some(account) = family.responsible.and_then(|user| ground.account(user)) {
        fields.insert("responsible".to_owned(), Value::from(account.to_string()));
    }
    let ops = vec![
        create(ground, family.e, "recipient", area, None, &fields),
        create(ground, *entitlement, "entitlement", area, Some(family.e), entitlement_fields),
    ];
    let mut all = vec![changeset(dice, at, ground.clerk(), ops)];
    for visit in &family.visits {
        let mut ops = vec![create(ground, visit.e, "visit", area, Some(family.e), &visit.fields)];
        for (need, fields) in &visit.needs {
            ops.push(create(ground, *need, "need", area, Some(family.e), fields));
        }
        all.push(changeset(dice, visit.at_ms, ground.worker(), ops));
        if let Some(review) = &visit.review {
            let said = Op::Append { e: visit.e, f: "reviews".to_owned(), v: review.clone() };
            all.push(changeset(dice, visit.at_ms + REVIEW_MS, ground.clerk(), vec![said]));
        }
    }
    all
}

/// The office looks at a visit within three hours.
const REVIEW_MS: i64 = 3 * 60 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

const fn village(code: &'static str, name: &'static str) -> DemoArea {
    DemoArea { code, name, parent: Some(TOWNSHIP) }
}

/// The fields that `json!({…})` gives.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn create(
    ground: &mut impl Ground,
    e: Uuid,
    kind: &str,
    area: AreaId,
    parent: Option<Uuid>,
    fields: &Map<String, Value>,
) -> Op {
    let class = |field: &str| domain::kinds::kind(kind).map(|kind| kind.class(field));
    let f = fields
        .iter()
        .map(|(name, value)| {
            let sealed = class(name) == Some(FieldClass::Sealed);
            let value = match value.as_str().filter(|_| sealed) {
                Some(text) => serde_json::to_value(ground.seal(e, name, text)).unwrap_or(Value::Null),
                None => value.clone(),
            };
            (name.clone(), value)
        })
        .collect();
    Op::Create { e, kind: kind.to_owned(), area, parent, f }
}

fn changeset(dice: &mut Dice, at: i64, author: Uuid, ops: Vec<Op>) -> Changeset {
    Changeset { id: uuid_v7(at, dice.bytes()), schema: SCHEMA, t: at, t_contact: at, author, ops }
}

#[cfg(test)]
mod tests;
