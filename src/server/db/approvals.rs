//! Exports that wait for a second person. Who asked for what, who allowed it and whether it was used stands in the audit chain.

use domain::access::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::id::AreaId;
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, audit,
    rows::count,
    scope::{self, Standpoint},
    sql::{self, Tx},
};
use crate::db::{AskedExport, AuditEntry, Caller, DbError, ExportState};

/// An approval is good for a day.
const APPROVED_MS: i64 = 24 * 60 * 60_000;
/// What was asked longer ago is shown no more.
const SHOWN_MS: i64 = 30 * 24 * 60 * 60_000;

/// Nothing if this export was allowed: then the approval is used. Else the number under which it waits.
pub(crate) async fn take_or_ask(
    db: &SqlDatabase,
    who: &Caller,
    wanted: Value,
    now: i64,
) -> Result<Option<u64>, DbError> {
    let mut tx = db.write().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let mut own = all(&mut tx, now).await?;
    own.retain(|_, asked| asked.by == at.who.user && asked.is_open() && is_same(&asked.wanted, &wanted));
    if let Some(approved) = own.values().find(|asked| asked.state == ExportState::Approved) {
        let detail = json!({"asked": approved.n});
        audit::append(&mut tx, AuditEntry::of(who, "export_used", detail, now)).await?;
        tx.commit().await?;
        return Ok(None);
    }
    if let Some(waits) = own.values().next() {
        return Ok(Some(waits.n));
    }
    audit::append(&mut tx, AuditEntry::of(who, "export_asked", wanted, now)).await?;
    let n = audit::head(&mut tx).await?.n;
    tx.commit().await?;
    Ok(Some(n))
}

/// The same export, though some lines came or went since.
fn is_same(one: &Value, other: &Value) -> bool {
    ["ledger", "device", "area", "from", "to", "state", "worker", "full", "reason"]
        .iter()
        .all(|name| one[name] == other[name])
}

/// What was asked and is not used yet, newest first: one's own, and what lies in the caller's areas. A refusal is its asker's to read, until he
/// asks for the same again.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller, now: i64) -> Result<Vec<AskedExport>, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let all: Vec<AskedExport> = all(&mut tx, now).await?.into_values().rev().collect();
    let mut shown = Vec::new();
    for (place, asked) in all.iter().enumerate() {
        let mut asked = asked.clone();
        asked.own = asked.by == at.who.user;
        let is_inside = is_inside(&mut tx, &at, &asked).await?;
        let is_newer = |one: &AskedExport| one.by == asked.by && is_same(&one.wanted, &asked.wanted);
        let is_told = asked.state == ExportState::Refused && asked.own && !all[..place].iter().any(is_newer);
        if is_told || asked.is_open() && (asked.own || is_inside) {
            asked.allow = is_inside && !asked.own && is_lead(&at);
            asked.name = accounts::by_id(&mut tx, asked.by).await?.name;
            shown.push(asked);
        }
    }
    Ok(shown)
}

/// Allows an export that somebody else asked for.
pub(crate) async fn approve(db: &SqlDatabase, who: &Caller, n: u64, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let asked = judged(db, &mut tx, who, n, now).await?;
    // What was refused is to be asked for anew.
    if asked.state == ExportState::Refused {
        return Err(DbError::NotFound);
    }
    if asked.state == ExportState::Asked {
        audit::append(&mut tx, AuditEntry::of(who, "export_approved", json!({"asked": n}), now)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Refuses an export that somebody else asked for, also one that was allowed and not fetched yet.
pub(crate) async fn refuse(
    db: &SqlDatabase,
    who: &Caller,
    n: u64,
    reason: &str,
    now: i64,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let asked = judged(db, &mut tx, who, n, now).await?;
    if asked.state != ExportState::Refused {
        let detail = json!({"asked": n, "reason": reason});
        audit::append(&mut tx, AuditEntry::of(who, "export_refused", detail, now)).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What somebody else asked for and the caller decides about.
async fn judged(
    db: &SqlDatabase,
    tx: &mut Tx,
    who: &Caller,
    n: u64,
    now: i64,
) -> Result<AskedExport, DbError> {
    let at = scope::caller(db, tx, who).await?;
    if !is_lead(&at) {
        return Err(DbError::Forbidden);
    }
    let asked = all(tx, now).await?.remove(&n).ok_or(DbError::NotFound)?;
    if asked.by == at.who.user {
        return Err(DbError::Refused("own_request"));
    }
    if asked.state == ExportState::Used || !is_inside(tx, &at, &asked).await? {
        return Err(DbError::NotFound);
    }
    Ok(asked)
}

fn is_lead(at: &Standpoint) -> bool {
    matches!(at.who.role, Role::TownshipLead | Role::CountyLead)
}

/// Whether all that the export would hold lies in the caller's areas.
async fn is_inside(tx: &mut Tx, at: &Standpoint, asked: &AskedExport) -> Result<bool, DbError> {
    let areas = match asked.wanted["area"].as_str().map(str::parse::<Uuid>) {
        Some(area) => vec![area.map_err(|_| DbError::Damaged("audit"))?],
        None => accounts::by_id(tx, asked.by).await?.areas,
    };
    Ok(!areas.is_empty() && areas.iter().all(|area| at.who.scope.holds(AreaId(*area))))
}

/// What the chain says of every export that was asked for, by number.
async fn all(tx: &mut Tx, now: i64) -> Result<BTreeMap<u64, AskedExport>, DbError> {
    let rows = sql::query(
        "SELECT n, at, action, body FROM audit
         WHERE action IN ('export_asked', 'export_approved', 'export_refused', 'export_used') AND at > $1 ORDER BY n",
    )
    .bind(now - SHOWN_MS)
    .fetch_all(tx)
    .await?;
    let mut all: BTreeMap<u64, AskedExport> = BTreeMap::new();
    for row in &rows {
        let mut body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        let at: i64 = row.try_get("at")?;
        let action: &str = row.try_get("action")?;
        if action == "export_asked" {
            let by =
                body["account"].as_str().and_then(|id| id.parse().ok()).ok_or(DbError::Damaged("audit"))?;
            let n = count(row, "n")?;
            all.insert(n, AskedExport::new(n, by, at, body["detail"].take()));
            continue;
        }
        let Some(asked) = body["detail"]["asked"].as_u64().and_then(|n| all.get_mut(&n)) else { continue };
        asked.state = match action {
            "export_used" => ExportState::Used,
            "export_refused" => {
                asked.refused = body["detail"]["reason"].as_str().map(str::to_owned);
                ExportState::Refused
            }
            _ if at > now - APPROVED_MS => ExportState::Approved,
            // It lapsed, and is to be allowed again.
            _ => ExportState::Asked,
        };
    }
    Ok(all)
}
