//! Where somebody is logged in, as he sees and ends it himself.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::id::DeviceId;
use uuid::Uuid;

use super::{
    SqlDatabase, audit,
    rows::{id, parsed},
    scope,
    sql::{self, Tx},
};
use crate::db::{AuditEntry, Caller, DbError, OwnSession};

/// The caller's open sessions, the one used last first.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller, now: i64) -> Result<Vec<OwnSession>, DbError> {
    let mut tx = db.read().await?;
    scope::caller(db, &mut tx, who).await?;
    let kinds = kinds(&mut tx, who.account).await?;
    let rows = sql::query(
        "SELECT device.id, device.shared, session.used_at FROM session JOIN device ON device.id = session.device
         WHERE device.account = $1 AND session.until > $2 AND session.idle_until > $2
         ORDER BY session.used_at DESC, device.id",
    )
    .bind(id(who.account))
    .bind(now)
    .fetch_all(&mut tx)
    .await?;
    rows.iter()
        .map(|row| {
            let device: DeviceId = parsed(row, "id")?;
            Ok(OwnSession {
                kind: kinds.get(&device.to_string()).cloned(),
                shared: row.try_get::<i64>("shared")? != 0,
                used_at: row.try_get("used_at")?,
                own: device == who.device,
                device,
            })
        })
        .collect()
}

/// What each of his devices said of itself when it was enrolled.
async fn kinds(tx: &mut Tx, account: Uuid) -> Result<BTreeMap<String, String>, DbError> {
    let rows = sql::query("SELECT body FROM audit WHERE action = 'device_kind' AND account = $1 ORDER BY n")
        .bind(id(account))
        .fetch_all(tx)
        .await?;
    let mut kinds = BTreeMap::new();
    for row in &rows {
        let body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        if let (Some(device), Some(kind)) = (body["device"].as_str(), body["detail"]["kind"].as_str()) {
            kinds.insert(device.to_owned(), kind.to_owned());
        }
    }
    Ok(kinds)
}

/// Ends what is open on another device of the caller's. What waits there unsent still goes up by the device's grant.
pub(crate) async fn end(db: &SqlDatabase, who: &Caller, device: DeviceId, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    scope::caller(db, &mut tx, who).await?;
    if device == who.device {
        return Err(DbError::Refused("own_device"));
    }
    let ended = sql::query(
        "DELETE FROM session WHERE device IN (SELECT id FROM device WHERE id = $1 AND account = $2)",
    )
    .bind(device.to_string())
    .bind(id(who.account))
    .execute(&mut tx)
    .await?;
    if ended == 0 {
        return Err(DbError::NotFound);
    }
    audit::append(&mut tx, AuditEntry::of(who, "logout_elsewhere", json!({"of": device}), now)).await?;
    tx.commit().await?;
    Ok(())
}
