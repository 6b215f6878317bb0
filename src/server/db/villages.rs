//! Villages that merge or get another code. A code is a label; what merges moves record by record, with exits.

use domain::day::Timestamp;
use serde_json::json;
use sync::{
    authority::{Loaded, VILLAGE_STEP_COUNT, VillageStep, move_village},
    id::{AreaId, DeviceId, Inc},
};
use uuid::Uuid;

use super::{
    SqlDatabase, areas, audit,
    fence::{self, Beyond},
    head,
    push::ROUNDS_MAX,
    rows::{id, parsed},
    scope,
    sql::{self, Tx},
    store,
};
use crate::{
    db::{Area, AuditEntry, DbError},
    tokens,
};

/// Moves everything from one village into another, then its people. A job that broke off goes on when it is begun again.
pub(crate) async fn merge(db: &SqlDatabase, from: Uuid, into: Uuid, now: i64) -> Result<u64, DbError> {
    check(db, from, into).await?;
    let job = tokens::new_id(now);
    let mut moved = 0;
    loop {
        let mut tx = db.write().await?;
        fence::lift(&mut tx, Beyond::Villages).await?;
        let records = roots(&mut tx, from).await?;
        if records.is_empty() {
            reassign(&mut tx, from, into).await?;
            close_code(&mut tx, from, now).await?;
            let detail = json!({"job": job, "from": from, "into": into, "records": moved});
            audit::append(&mut tx, AuditEntry::operator("area_merge", detail, now)).await?;
            tx.commit().await?;
            return Ok(moved);
        }
        step(db, &mut tx, &records, (job, into), now).await?;
        tx.commit().await?;
        moved += records.len() as u64;
    }
}

/// Both must be villages without areas below them: an area is merged from below.
async fn check(db: &SqlDatabase, from: Uuid, into: Uuid) -> Result<(), DbError> {
    let known = areas::all(db).await?;
    let place = |wanted: Uuid| known.iter().find(|area| area.id == wanted && area.archive_of.is_none());
    let (Some(from), Some(into)) = (place(from), place(into)) else { return Err(DbError::NotFound) };
    if from.id == into.id {
        return Err(DbError::Refused("area_itself"));
    }
    let is_above =
        |area: &Area| known.iter().any(|below| below.parent == Some(area.id) && below.archive_of.is_none());
    if is_above(from) || is_above(into) {
        return Err(DbError::Refused("area_not_lowest"));
    }
    Ok(())
}

/// Some records that lie in an area and hang below none.
async fn roots(tx: &mut Tx, area: Uuid) -> Result<Vec<Uuid>, DbError> {
    let rows = sql::query("SELECT e FROM record WHERE area = $1 AND parent IS NULL ORDER BY e LIMIT $2")
        .bind(id(area))
        .bind(VILLAGE_STEP_COUNT as i64)
        .fetch_all(tx)
        .await?;
    rows.iter().map(|row| parsed(row, "e")).collect()
}

async fn step(
    db: &SqlDatabase,
    tx: &mut Tx,
    records: &[Uuid],
    (job, into): (Uuid, Uuid),
    now: i64,
) -> Result<(), DbError> {
    let (device, inc) = (DeviceId([0; 16]), Inc([0; 8]));
    let tree = scope::tree(db, tx).await?;
    let head = head::read(tx).await?;
    let step = VillageStep { job, records, into: AreaId(into), head, now, tree: &tree };
    let mut loaded = Loaded::new();
    for _ in 0..ROUNDS_MAX {
        match move_village(&step, &**db.keys(), &loaded) {
            Ok(writes) => return store::write(tx, device, inc, writes).await,
            Err(missing) => store::load(tx, device, inc, missing, &mut loaded).await?,
        }
    }
    Err(DbError::Damaged("a decision never had enough"))
}

/// The code of a village that has become part of another is not valid any more.
async fn close_code(tx: &mut Tx, area: Uuid, now: i64) -> Result<(), DbError> {
    sql::query("UPDATE area SET valid_to = $1 WHERE id = $2")
        .bind(Timestamp::from_ms(now).day().to_string())
        .bind(id(area))
        .execute(tx)
        .await?;
    Ok(())
}

/// Who worked in the village works in the other one.
async fn reassign(tx: &mut Tx, from: Uuid, into: Uuid) -> Result<(), DbError> {
    sql::query(
        "UPDATE account SET scope_rev = scope_rev + 1
         WHERE id IN (SELECT account FROM reach WHERE area = $1)",
    )
    .bind(id(from))
    .execute(tx)
    .await?;
    sql::query(
        "INSERT INTO assignment (account, area) SELECT account, $2 FROM assignment WHERE area = $1
         ON CONFLICT (account, area) DO NOTHING",
    )
    .bind(id(from))
    .bind(id(into))
    .execute(tx)
    .await?;
    sql::query("DELETE FROM assignment WHERE area = $1").bind(id(from)).execute(tx).await?;
    Ok(())
}

/// Gives an area another code and name. Nothing moves.
pub(crate) async fn rename(
    db: &SqlDatabase,
    area: Uuid,
    code: &str,
    name: &str,
    now: i64,
) -> Result<Area, DbError> {
    let mut tx = db.write().await?;
    let known = areas::all_in(&mut tx).await?;
    let before = known.iter().find(|known| known.id == area).ok_or(DbError::NotFound)?.clone();
    let code = areas::short_code(code).to_owned();
    if known.iter().any(|other| other.id != area && other.code == code && other.archive_of.is_none()) {
        return Err(DbError::Refused("area_exists"));
    }
    sql::query("UPDATE area SET code = $1, name = $2 WHERE id = $3")
        .bind(&code)
        .bind(name)
        .bind(id(area))
        .execute(&mut tx)
        .await?;
    areas::bump_scopes_above(&mut tx, area).await?;
    sql::query("UPDATE sync_head SET tree = tree + 1").execute(&mut tx).await?;
    let detail = json!({"id": area, "before": before.code, "code": code, "name": name});
    audit::append(&mut tx, AuditEntry::operator("area_rename", detail, now)).await?;
    tx.commit().await?;
    Ok(Area { code, name: name.to_owned(), ..before })
}
