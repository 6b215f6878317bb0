//! One sealed text in full, for a reason that stays on record.

use domain::kinds::{self, Seen};
use serde_json::json;
use sync::record::Stored;

use super::{
    SqlDatabase, audit, scope,
    sql::{self, Tx},
    store,
};
use crate::{
    db::{AuditEntry, Caller, DbError, Unmasking},
    limits::Limits,
};

const HOUR_MS: i64 = 60 * 60_000;

pub(crate) async fn run(
    db: &SqlDatabase,
    who: &Caller,
    asked: &Unmasking,
    limits: &Limits,
    now: i64,
) -> Result<String, DbError> {
    let mut tx = db.write().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    check_pace(
        &mut tx,
        who,
        if at.who.role.is_office() { limits.unmask_office } else { limits.unmask_village },
        now,
    )
    .await?;
    let record = store::by_ids(&mut tx, &[asked.e]).await?.pop().ok_or(DbError::NotFound)?;
    let kind = kinds::kind(&record.kind).ok_or(DbError::NotFound)?;
    let is_seen = kind.seen(at.who.role, &asked.f) != Seen::None;
    if !at.who.scope.holds(record.area) || record.del.is_some() || !is_seen {
        return Err(DbError::NotFound);
    }
    let text = match record.fields.get(&asked.f).map(|field| &field.value) {
        Some(Stored::Sealed(sealed)) => db
            .keys()
            .open_field(&record.id.to_string(), &asked.f, &sealed.s)
            .map_err(|error| DbError::unopened("sealed field", error))?,
        _ => return Err(DbError::NotFound),
    };
    let detail = json!({"e": asked.e, "f": asked.f, "reason": asked.reason});
    audit::append(&mut tx, AuditEntry::of(who, "unmask", detail, now)).await?;
    tx.commit().await?;
    Ok(text)
}

/// So many an hour, over all devices of the account and all processes: the chain is what counts them.
pub(super) async fn check_pace(tx: &mut Tx, who: &Caller, per_hour: u32, now: i64) -> Result<(), DbError> {
    let row = sql::query("SELECT count(*) AS n, min(at) AS oldest FROM audit WHERE action = 'unmask' AND account = $1 AND at > $2")
        .bind(who.account.to_string())
        .bind(now - HOUR_MS)
        .fetch_one(tx)
        .await?;
    if row.try_get::<i64>("n")? < i64::from(per_hour) {
        return Ok(());
    }
    let oldest: Option<i64> = row.try_get("oldest")?;
    Err(DbError::SlowDown { wait_ms: oldest.map_or(HOUR_MS, |oldest| oldest + HOUR_MS - now) })
}
