//! One sealed text in full, for a reason that stays on record.

use domain::kinds::{self, Seen};
use serde_json::json;
use sync::record::Stored;

use super::{SqlDatabase, audit, scope, sql, store};
use crate::db::{AuditEntry, Caller, DbError, Unmasking};

const HOUR_MS: i64 = 60 * 60_000;
const PER_HOUR_VILLAGE: i64 = 30;
const PER_HOUR_OFFICE: i64 = 300;

pub(crate) async fn run(
    db: &SqlDatabase,
    who: &Caller,
    asked: &Unmasking,
    now: i64,
) -> Result<String, DbError> {
    let mut tx = db.write().await?;
    let at = scope::standpoint(db, &mut tx, who.device).await?;
    let per_hour = if at.who.role.is_office() { PER_HOUR_OFFICE } else { PER_HOUR_VILLAGE };
    let row =
        sql::query("SELECT count(*) AS n FROM audit WHERE action = 'unmask' AND account = $1 AND at > $2")
            .bind(who.account.to_string())
            .bind(now - HOUR_MS)
            .fetch_one(&mut tx)
            .await?;
    if row.try_get::<i64>("n")? >= per_hour {
        return Err(DbError::SlowDown { wait_ms: HOUR_MS });
    }
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
            .map_err(|_| DbError::Damaged("sealed field"))?,
        _ => return Err(DbError::NotFound),
    };
    let detail = json!({"e": asked.e, "f": asked.f, "reason": asked.reason});
    audit::append(&mut tx, AuditEntry::of(who, "unmask", detail, now)).await?;
    tx.commit().await?;
    Ok(text)
}
