//! Undoing a list: what it made is deleted softly, what it changed goes back, unless somebody worked on it since.

mod judge;

use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::{AreaId, DeviceId, Inc},
    record::{Record, Stored},
    wire::{Base, DeleteBase, Op},
};
use uuid::Uuid;

use super::{
    Names, Undid, all_applied,
    marks::{self, Before, Mark, Marks},
    office,
};
use crate::{
    db::{
        AuditEntry, Caller, Database, DbError, SqlDatabase, Undoing, audit,
        own::{self, Numbered},
        rows::{id, parsed},
        sql::{self, Tx},
        store,
    },
    keys::Keys,
    plant, tokens,
};
use judge::Found;

/// A list that was written.
struct Listed {
    area: AreaId,
    is_undone: bool,
    file: String,
    device: DeviceId,
    inc: Inc,
}

/// Makes the families of a list what they were before it. Where somebody worked on one since, nothing is written, unless only the others are asked for.
pub(crate) async fn undo(
    db: &SqlDatabase,
    who: &Caller,
    import: Uuid,
    only_untouched: bool,
    now: i64,
) -> Result<Undoing, DbError> {
    let _turn = db.import_turn().await?;
    let mut tx = db.write().await?;
    let at = office(db, &mut tx, who).await?;
    let list = listed(&mut tx, import).await?;
    if !at.who.scope.holds(list.area) {
        return Err(DbError::NotFound);
    }
    if list.is_undone {
        return Err(DbError::Refused("undone_already"));
    }
    let marks = marks::kept(&mut tx, import).await?;
    let found = Found {
        ours: ours(&mut tx, &list).await?,
        records: in_scope(
            store::by_ids(&mut tx, &marks.keys().copied().collect::<Vec<_>>()).await?,
            |area| at.who.scope.holds(area),
        ),
        hanging: hanging(&mut tx, &marks).await?,
        marks,
    };
    let (touched_units, touched) = found.touched(&Names::read(&mut tx).await?);
    let by_unit = ops(db.keys(), &found, &touched_units, &format!("撤销导入 {}", list.file));
    if !touched.is_empty() && (!only_untouched || by_unit.is_empty()) {
        return Ok(Undoing { is_done: false, families: by_unit.len(), touched });
    }
    let changesets: Vec<_> = by_unit.into_values().map(|ops| own::changeset(who.account, ops, now)).collect();
    let numbered = Numbered { who, inc: Inc(tokens::random()), first_seq: 1 };
    all_applied(&own::push(db, &mut tx, numbered, &changesets, now).await?)?;
    let undid = Undid { families: changesets.len(), kept: touched.len() };
    note(&mut tx, who, import, &undid, now).await?;
    tx.commit().await?;
    Ok(Undoing { is_done: true, families: undid.families, touched })
}

async fn listed(tx: &mut Tx, import: Uuid) -> Result<Listed, DbError> {
    let row = sql::query("SELECT * FROM imported WHERE id = $1").bind(id(import)).fetch_optional(tx).await?;
    let row = row.ok_or(DbError::NotFound)?;
    Ok(Listed {
        is_undone: row.try_get::<Option<i64>>("undone_at")?.is_some(),
        area: AreaId(parsed(&row, "area")?),
        file: row.try_get("file")?,
        device: parsed(&row, "device")?,
        inc: parsed(&row, "inc")?,
    })
}

/// The saves of the list.
async fn ours(tx: &mut Tx, list: &Listed) -> Result<BTreeSet<Uuid>, DbError> {
    let rows = sql::query("SELECT op_id FROM seq_id WHERE device = $1 AND inc = $2")
        .bind(list.device.to_string())
        .bind(list.inc.to_string())
        .fetch_all(tx)
        .await?;
    rows.iter().map(|row| parsed(row, "op_id")).collect()
}

fn in_scope(records: Vec<Record>, holds: impl Fn(AreaId) -> bool) -> BTreeMap<Uuid, Record> {
    records.into_iter().filter(|record| holds(record.area)).map(|record| (record.id, record)).collect()
}

/// What hangs on the records that the list made, or speaks of them.
async fn hanging(tx: &mut Tx, marks: &Marks) -> Result<Vec<Record>, DbError> {
    let made = marks.iter().filter(|(_, mark)| mark.made).map(|(e, _)| *e);
    let rows = sql::query(
        "SELECT body FROM record WHERE del = 0
         AND (parent IN (SELECT key FROM json_each($1)) OR about IN (SELECT key FROM json_each($1)))",
    )
    .bind(sql::keys(made))
    .fetch_all(tx)
    .await?;
    rows.iter().map(store::record).collect()
}

/// The writes of each person or household on whom nobody worked.
fn ops(keys: &Keys, found: &Found, touched: &BTreeSet<Uuid>, reason: &str) -> BTreeMap<Uuid, Vec<Op>> {
    let mut by_unit: BTreeMap<Uuid, Vec<Op>> = BTreeMap::new();
    for (e, mark) in found.marks.iter().filter(|(_, mark)| !touched.contains(&mark.unit)) {
        let Some(record) = found.records.get(e).filter(|record| record.del.is_none()) else { continue };
        let ops = if mark.made {
            let base = DeleteBase { rev: record.rev, ops: Vec::new() };
            vec![Op::Delete { e: *e, base, reason: reason.to_owned() }]
        } else {
            put_back(keys, record, mark)
        };
        if !ops.is_empty() {
            by_unit.entry(mark.unit).or_default().extend(ops);
        }
    }
    by_unit
}

/// The writes that give the fields of a record what stood in them.
fn put_back(keys: &Keys, record: &Record, mark: &Mark) -> Vec<Op> {
    let e = record.id;
    let mut ops = Vec::new();
    for (f, before) in &mark.fields {
        let Some(state) = record.fields.get(f).filter(|state| !judge::is_back(state, before)) else {
            continue;
        };
        let base = Base::Fv(state.fv);
        let f = f.clone();
        ops.push(match (before, &state.value) {
            (Before::Sealed(v), _) => Op::Sealed { e, f, v: v.clone(), base },
            // A sealed field is emptied by sealing nothing.
            (Before::Nothing, Stored::Sealed(_)) => {
                Op::Sealed { e, v: plant::seal(keys, e, &f, ""), f, base }
            }
            (Before::Nothing, Stored::Plain(_)) => Op::Set { e, f, v: json!(null), base },
            (Before::Plain(v), _) => Op::Set { e, f, v: v.clone(), base },
        });
    }
    for (f, item) in &mark.items {
        ops.push(Op::Remove { e, f: f.clone(), item: item.clone() });
    }
    ops
}

async fn note(tx: &mut Tx, who: &Caller, import: Uuid, undid: &Undid, now: i64) -> Result<(), DbError> {
    let text = serde_json::to_string(undid).map_err(|_| DbError::Damaged("imported"))?;
    sql::query("UPDATE imported SET undone_at = $1, undone_by = $2, undone = $3 WHERE id = $4")
        .bind(now)
        .bind(id(who.account))
        .bind(text)
        .bind(id(import))
        .execute(tx)
        .await?;
    marks::forget(tx, import).await?;
    let detail = json!({"import": import, "families": undid.families, "kept": undid.kept});
    audit::append(tx, AuditEntry::of(who, "import_undo", detail, now)).await
}
