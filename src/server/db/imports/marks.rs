//! What a list did to each record, noted in the transaction that writes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    record::{Record, Stored},
    wire::{Changeset, Op, SealedValue},
};
use uuid::Uuid;

use super::read;
use crate::db::{
    DbError,
    rows::{id, parsed},
    sql::{self, Tx},
    store,
};

/// What a list did to one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The person or household with whom it is undone, or not.
    pub(super) unit: Uuid,
    /// The list made the record.
    pub(super) made: bool,
    /// What stood in the fields that it wrote.
    pub(super) fields: BTreeMap<String, Before>,
    /// What it put into sets.
    pub(super) items: Vec<(String, Value)>,
}

/// What stood in a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Before {
    Nothing,
    Plain(Value),
    Sealed(SealedValue),
}

pub(super) type Marks = BTreeMap<Uuid, Mark>;

/// Reads what the saves of a list are about to change.
pub(super) async fn of(tx: &mut Tx, changesets: &[Changeset]) -> Result<Marks, DbError> {
    let ops = || changesets.iter().flat_map(|changeset| &changeset.ops);
    let written: BTreeSet<Uuid> = ops()
        .filter_map(|op| match op {
            Op::Set { e, .. } | Op::Sealed { e, .. } | Op::Add { e, .. } => Some(*e),
            _ => None,
        })
        .collect();
    let found = store::by_ids(tx, &written.into_iter().collect::<Vec<_>>()).await?;
    let there: BTreeMap<Uuid, Record> = found.into_iter().map(|record| (record.id, record)).collect();
    let mut marks = Marks::new();
    for op in ops() {
        match op {
            Op::Create { e, parent, .. } => {
                let mark = Mark { unit: parent.unwrap_or(*e), ..Mark::new(*e) };
                marks.insert(*e, Mark { made: true, ..mark });
            }
            Op::Set { e, f, .. } | Op::Sealed { e, f, .. } => {
                let record = there.get(e);
                let mark = marks.entry(*e).or_insert_with(|| Mark::of(*e, record));
                mark.fields.entry(f.clone()).or_insert_with(|| Before::of(record, f));
            }
            Op::Add { e, f, item } => {
                let mark = marks.entry(*e).or_insert_with(|| Mark::of(*e, there.get(e)));
                mark.items.push((f.clone(), item.clone()));
            }
            _ => {}
        }
    }
    join_households(&mut marks, ops());
    Ok(marks)
}

/// Who was joined to a household is undone together with it.
fn join_households<'a>(marks: &mut Marks, ops: impl Iterator<Item = &'a Op>) {
    let household = |op: &Op| match op {
        Op::Set { e, f, v, .. } if f == "household_id" => Some((*e, Uuid::try_parse(v.as_str()?).ok()?)),
        _ => None,
    };
    let joined: BTreeMap<Uuid, Uuid> = ops.filter_map(household).collect();
    for mark in marks.values_mut() {
        if let Some(household) = joined.get(&mark.unit) {
            mark.unit = *household;
        }
    }
}

impl Mark {
    fn new(unit: Uuid) -> Mark {
        Mark { unit, made: false, fields: BTreeMap::new(), items: Vec::new() }
    }

    fn of(e: Uuid, record: Option<&Record>) -> Mark {
        Mark::new(record.and_then(|record| record.parent).unwrap_or(e))
    }
}

impl Before {
    fn of(record: Option<&Record>, field: &str) -> Before {
        match record.and_then(|record| record.fields.get(field)).map(|state| &state.value) {
            None => Before::Nothing,
            Some(Stored::Plain(value)) => Before::Plain(value.clone()),
            Some(Stored::Sealed(sealed)) => Before::Sealed(sealed.s.clone()),
        }
    }
}

/// Keeps them.
pub(super) async fn insert(tx: &mut Tx, import: Uuid, marks: &Marks) -> Result<(), DbError> {
    for (e, mark) in marks {
        let body = serde_json::to_string(mark).map_err(|_| DbError::Damaged("import_file"))?;
        sql::query("INSERT INTO import_file (import, e, body) VALUES ($1, $2, $3)")
            .bind(id(import))
            .bind(id(*e))
            .bind(body)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Those of a list, but for records whose values have gone since.
pub(super) async fn kept(tx: &mut Tx, import: Uuid) -> Result<Marks, DbError> {
    let rows = sql::query("SELECT e, body FROM import_file WHERE import = $1")
        .bind(id(import))
        .fetch_all(tx)
        .await?;
    rows.iter().map(|row| Ok((parsed(row, "e")?, read(row.try_get("body")?)?))).collect()
}

/// What they hold is needed no more.
pub(super) async fn forget(tx: &mut Tx, import: Uuid) -> Result<(), DbError> {
    sql::query("DELETE FROM import_file WHERE import = $1").bind(id(import)).execute(tx).await?;
    Ok(())
}
