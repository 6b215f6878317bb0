//! Villages that merge or get another code. A code is a label; what merges moves record by record, with exits.

use domain::access::Role;
use serde_json::{Value, json};
use sync::{
    authority::{Loaded, VILLAGE_STEP_COUNT, VillageStep, move_village},
    id::{AreaId, DeviceId, Inc},
};
use uuid::Uuid;

use super::{
    Database, SqlDatabase, areas, audit,
    fence::{self, Beyond},
    head,
    push::ROUNDS_MAX,
    rows::{id, parsed},
    scope::{self, Standpoint},
    sql::{self, Tx},
    store,
};
use crate::{
    db::{Area, AreaMerge, AreaRename, AuditEntry, Caller, DbError},
    tokens,
};

/// Moves everything from one village into another, then its people. A job that broke off goes on when it is begun again.
pub(crate) async fn merge(db: &SqlDatabase, asked: &AreaMerge) -> Result<u64, DbError> {
    // Two jobs in opposite directions would each bring back what the other took.
    let _turn = db.import_turn().await?;
    check(db, asked.by.as_ref(), asked.from, asked.into).await?;
    let job = tokens::new_id(asked.now);
    let mut moved = 0;
    loop {
        let mut tx = db.write().await?;
        if let Some(by) = &asked.by {
            scope::still(&mut tx, by).await?;
        }
        fence::lift(&mut tx, Beyond::Villages).await?;
        let records = roots(&mut tx, asked.from).await?;
        if records.is_empty() {
            reassign(&mut tx, asked.from, asked.into).await?;
            close_code(&mut tx, asked).await?;
            let detail =
                json!({"job": job, "from": asked.from, "into": asked.into, "records": moved, "on": asked.on});
            note(&mut tx, asked.by.as_ref(), "area_merge", detail, asked.now).await?;
            tx.commit().await?;
            return Ok(moved);
        }
        step(db, &mut tx, &records, (job, asked.into), asked.now).await?;
        tx.commit().await?;
        moved += records.len() as u64;
    }
}

/// Both must be villages without areas below them, and of one township: an area is merged from below.
pub(super) async fn check(
    db: &SqlDatabase,
    by: Option<&Caller>,
    from: Uuid,
    into: Uuid,
) -> Result<(), DbError> {
    let mut tx = db.read().await?;
    let known = areas::all_in(&mut tx).await?;
    if let Some(who) = by {
        let at = administrator(db, &mut tx, who).await?;
        if !at.who.scope.holds(AreaId(from)) || !at.who.scope.holds(AreaId(into)) {
            return Err(DbError::NotFound);
        }
    }
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
    if from.parent != into.parent {
        return Err(DbError::Refused("area_elsewhere"));
    }
    let is_over = from.valid_to.is_some() && roots(&mut tx, from.id).await?.is_empty();
    if by.is_some() && (is_over || into.valid_to.is_some()) {
        return Err(DbError::Refused("area_closed"));
    }
    Ok(())
}

/// The standpoint of an administrator: areas are his to change (domain.md §9.2).
async fn administrator(db: &SqlDatabase, tx: &mut Tx, who: &Caller) -> Result<Standpoint, DbError> {
    let at = scope::caller(db, tx, who).await?;
    if at.who.role == Role::Admin { Ok(at) } else { Err(DbError::Forbidden) }
}

async fn note(
    tx: &mut Tx,
    by: Option<&Caller>,
    action: &'static str,
    detail: Value,
    now: i64,
) -> Result<(), DbError> {
    let entry = match by {
        Some(who) => AuditEntry::of(who, action, detail, now),
        None => AuditEntry::operator(action, detail, now),
    };
    audit::append(tx, entry).await?;
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
async fn close_code(tx: &mut Tx, asked: &AreaMerge) -> Result<(), DbError> {
    sql::query("UPDATE area SET valid_to = $1 WHERE id = $2")
        .bind(asked.on.to_string())
        .bind(id(asked.from))
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
pub(crate) async fn rename(db: &SqlDatabase, asked: &AreaRename) -> Result<Area, DbError> {
    let mut tx = db.write().await?;
    let known = areas::all_in(&mut tx).await?;
    let is_it = |known: &&Area| known.id == asked.area && known.archive_of.is_none();
    let before = known.iter().find(is_it).ok_or(DbError::NotFound)?.clone();
    let code = areas::short_code(&asked.code).to_owned();
    if let Some(who) = &asked.by {
        let at = administrator(db, &mut tx, who).await?;
        if !at.who.scope.holds(AreaId(before.id)) {
            return Err(DbError::NotFound);
        }
        check_code(&known, &before, &code)?;
    }
    if known.iter().any(|other| other.id != before.id && other.code == code && other.archive_of.is_none()) {
        return Err(DbError::Refused("area_exists"));
    }
    // One that had it before keeps it.
    if asked.name != before.name {
        areas::check_name(&known, before.id, before.parent, &asked.name)?;
    }
    let on = asked.on.to_string();
    // Another name alone leaves the code valid since it was.
    let valid_from = if code == before.code { before.valid_from.clone() } else { Some(on.clone()) };
    sql::query("UPDATE area SET code = $1, name = $2, valid_from = $3 WHERE id = $4")
        .bind(&code)
        .bind(&asked.name)
        .bind(&valid_from)
        .bind(id(before.id))
        .execute(&mut tx)
        .await?;
    areas::bump_scopes_above(&mut tx, before.id).await?;
    sql::query("UPDATE sync_head SET tree = tree + 1").execute(&mut tx).await?;
    let detail = json!({
        "id": before.id, "before": before.code, "name_before": before.name, "code": code, "name": asked.name, "on": on,
    });
    note(&mut tx, asked.by.as_ref(), "area_rename", detail, asked.now).await?;
    tx.commit().await?;
    Ok(Area { code, name: asked.name.clone(), valid_from, ..before })
}

/// A new code stands where the old one did: on its level, below the code of the area above. Areas below keep theirs, so only the lowest change it.
fn check_code(known: &[Area], area: &Area, code: &str) -> Result<(), DbError> {
    if code == area.code {
        return Ok(());
    }
    if area.valid_to.is_some() {
        return Err(DbError::Refused("area_closed"));
    }
    if known.iter().any(|below| below.parent == Some(area.id) && below.archive_of.is_none()) {
        return Err(DbError::Refused("area_not_lowest"));
    }
    let above = known.iter().find(|above| Some(above.id) == area.parent);
    let begins =
        above.is_none_or(|above| code.len() == above.code.len() + 3 && code.starts_with(&above.code));
    if begins { Ok(()) } else { Err(DbError::Refused("area_code_outside")) }
}
