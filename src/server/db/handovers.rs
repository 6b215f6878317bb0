//! Families that go from one worker to another: what is read before, and what both are told after.

mod files;

use domain::access::Role;
use serde_json::json;
use sync::{
    id::{AreaId, DeviceId},
    record::Record,
};
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, areas, audit,
    fence::{self, Beyond},
    names::Names,
    rows::{count, id, parsed, parsed_option},
    scope::{self, Standpoint},
    sql::{self, Row, Tx},
    supervision::{self, Said, supervises},
};
use crate::db::{Account, AuditEntry, Caller, DbError, Handover, NewHandover, Unsent};

/// The newest that are shown.
const SHOWN_COUNT: i64 = 100;

/// The office's standpoint; families are the office's to give, not an administrator's.
async fn office(db: &SqlDatabase, tx: &mut Tx, who: &Caller) -> Result<Standpoint, DbError> {
    let at = scope::caller(db, tx, who).await?;
    if at.who.role.is_office() { Ok(at) } else { Err(DbError::Forbidden) }
}

/// The families of one village in the caller's scope.
pub(crate) async fn families(db: &SqlDatabase, who: &Caller, area: Uuid) -> Result<Vec<Record>, DbError> {
    let mut tx = db.read().await?;
    let at = office(db, &mut tx, who).await?;
    if !at.who.scope.holds(AreaId(area)) {
        return Err(DbError::NotFound);
    }
    files::of_village(&mut tx, area).await
}

/// What the devices of somebody whom the office supervises hold, as far as they said.
pub(crate) async fn unsent(db: &SqlDatabase, who: &Caller, account: Uuid) -> Result<Unsent, DbError> {
    let mut tx = db.read().await?;
    let at = office(db, &mut tx, who).await?;
    if !supervises(&at, &accounts::by_id(&mut tx, account).await?) {
        return Err(DbError::NotFound);
    }
    unsent_of(&mut tx, account).await
}

/// The same, for who has been found to supervise the account.
pub(super) async fn unsent_of(tx: &mut Tx, account: Uuid) -> Result<Unsent, DbError> {
    let rows = sql::query(
        "SELECT id, seen_at, hello FROM device WHERE account = $1 AND shared = 0 AND state <> 'revoked' ORDER BY id",
    )
    .bind(id(account))
    .fetch_all(tx)
    .await?;
    fence::lift(tx, Beyond::Supervision).await?;
    let mut unsent = Unsent::default();
    let mut seen = Vec::new();
    for row in &rows {
        let device: DeviceId = parsed(row, "id")?;
        let seen_at: Option<i64> = row.try_get("seen_at")?;
        let text: Option<String> = row.try_get("hello")?;
        let said: Option<Said> = text.and_then(|text| serde_json::from_str(&text).ok());
        unsent.devices += 1;
        seen.push(seen_at);
        if let (Some(said), Some(seen_at)) = (said, seen_at) {
            let waiting = supervision::waiting(tx, device, &said, seen_at).await?;
            unsent.saves += waiting.saves;
            unsent.photos += waiting.photos;
            unsent.drafts += waiting.drafts;
        }
    }
    unsent.seen_at = seen.into_iter().min().flatten();
    Ok(unsent)
}

/// Hands families over in one transaction: their files name the other worker, the village comes to the one and leaves the other, and both
/// are told.
pub(crate) async fn hand_over(
    db: &SqlDatabase,
    who: &Caller,
    new: &NewHandover,
) -> Result<Handover, DbError> {
    let mut tx = db.write().await?;
    let at = office(db, &mut tx, who).await?;
    if !at.who.scope.holds(AreaId(new.area)) {
        return Err(DbError::NotFound);
    }
    check_village(&mut tx, new.area).await?;
    if let Some(from) = new.from {
        let from = accounts::by_id(&mut tx, from).await?;
        if !supervises(&at, &from) {
            return Err(DbError::NotFound);
        }
        if from.role != Role::VillageWorker {
            return Err(DbError::Refused("not_a_worker"));
        }
    }
    let to = worker(&mut tx, &at, new.to).await?;
    files::hand_over(db, &mut tx, who, new).await?;
    let came = !works_in(&at, &to, new.area);
    if came {
        let mut areas = to.areas.clone();
        areas.push(new.area);
        reassign(&mut tx, to.id, &areas).await?;
    }
    let left = match new.from {
        Some(from) if !new.keeps_village => leave(&mut tx, &at, from, new.area).await?,
        _ => false,
    };
    insert(&mut tx, who, new, (left, came)).await?;
    let detail = json!({
        "handover": new.id, "from": new.from, "to": new.to, "area": new.area, "families": new.families.len(),
        "left": left, "came": came, "reason": new.reason,
    });
    audit::append(&mut tx, AuditEntry::of(who, "handover", detail, new.now)).await?;
    let shown = by_id(&mut tx, new.id).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Villages go from hand to hand, and nothing above them: a worker would have the whole township.
async fn check_village(tx: &mut Tx, area: Uuid) -> Result<(), DbError> {
    let known = areas::all_in(tx).await?;
    let is_village = known.iter().any(|known| known.id == area && Role::VillageWorker.works_in(&known.code));
    if is_village { Ok(()) } else { Err(DbError::Refused("areas_of_role")) }
}

/// A village worker whom the caller supervises and who is there.
async fn worker(tx: &mut Tx, at: &Standpoint, account: Uuid) -> Result<Account, DbError> {
    let account = accounts::by_id(tx, account).await?;
    if !supervises(at, &account) {
        return Err(DbError::NotFound);
    }
    if account.role != Role::VillageWorker {
        return Err(DbError::Refused("not_a_worker"));
    }
    if account.ended_at.is_some() {
        return Err(DbError::Refused("account_ended"));
    }
    Ok(account)
}

fn works_in(at: &Standpoint, account: &Account, area: Uuid) -> bool {
    let own: Vec<AreaId> = account.areas.iter().copied().map(AreaId).collect();
    at.tree.scope(&own).holds(AreaId(area))
}

/// Takes the village itself from a worker; where he has a whole township, it stays.
async fn leave(tx: &mut Tx, at: &Standpoint, from: Uuid, area: Uuid) -> Result<bool, DbError> {
    let account = accounts::by_id(tx, from).await?;
    if !supervises(at, &account) {
        return Err(DbError::NotFound);
    }
    let kept: Vec<Uuid> = account.areas.iter().copied().filter(|own| *own != area).collect();
    if kept.len() == account.areas.len() {
        return Ok(false);
    }
    reassign(tx, from, &kept).await?;
    Ok(true)
}

async fn reassign(tx: &mut Tx, account: Uuid, areas: &[Uuid]) -> Result<(), DbError> {
    accounts::assign(tx, account, areas).await?;
    accounts::reassigned(tx, account, None).await
}

async fn insert(
    tx: &mut Tx,
    who: &Caller,
    new: &NewHandover,
    (left, came): (bool, bool),
) -> Result<(), DbError> {
    sql::query(
        "INSERT INTO handover (id, at, account, from_account, to_account, area, families, village_left, village_came, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id(new.id))
    .bind(new.now)
    .bind(id(who.account))
    .bind(new.from.map(id))
    .bind(id(new.to))
    .bind(id(new.area))
    .bind(i64::try_from(new.families.len()).unwrap_or(i64::MAX))
    .bind(i64::from(left))
    .bind(i64::from(came))
    .bind(&new.reason)
    .execute(tx)
    .await?;
    Ok(())
}

/// What changed hands: an office sees what lies in its scope, everybody else what he gave and got.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller) -> Result<Vec<Handover>, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let rows = if at.who.role.is_office() {
        sql::query(
            "SELECT * FROM handover
             WHERE area IN (SELECT key FROM json_each($1)) ORDER BY at DESC, id LIMIT $2",
        )
        .bind(sql::keys(at.who.scope.areas().map(|area| area.0)))
        .bind(SHOWN_COUNT)
        .fetch_all(&mut tx)
        .await?
    } else {
        sql::query(
            "SELECT * FROM handover
             WHERE from_account = $1 OR to_account = $1 ORDER BY at DESC, id LIMIT $2",
        )
        .bind(id(who.account))
        .bind(SHOWN_COUNT)
        .fetch_all(&mut tx)
        .await?
    };
    let names = Names::read(&mut tx).await?;
    rows.iter().map(|row| shown(row, &names)).collect()
}

async fn by_id(tx: &mut Tx, handover: Uuid) -> Result<Handover, DbError> {
    let row = sql::query(
        "SELECT * FROM handover
         WHERE id = $1",
    )
    .bind(id(handover))
    .fetch_one(tx)
    .await?;
    shown(&row, &Names::read(tx).await?)
}

fn shown(row: &Row, names: &Names) -> Result<Handover, DbError> {
    let from: Option<Uuid> = parsed_option(row, "from_account")?;
    let to: Uuid = parsed(row, "to_account")?;
    Ok(Handover {
        id: parsed(row, "id")?,
        at: row.try_get("at")?,
        by: names.of(parsed(row, "account")?),
        from,
        from_name: from.map(|from| names.of(from)),
        to,
        to_name: names.of(to),
        village: names.of(parsed(row, "area")?),
        families: count(row, "families")?,
        village_left: row.try_get::<i64>("village_left")? != 0,
        village_came: row.try_get::<i64>("village_came")? != 0,
        reason: row.try_get("reason")?,
    })
}
