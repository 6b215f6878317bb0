//! One-time codes, enrolment, and what the office decides about a device.

use serde_json::json;
use sync::id::DeviceId;
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, audit, head,
    rows::{device_state, id, parsed, parsed_option},
    scope,
    sql::{self, Tx},
    supervision::{supervises, supervisor},
};
use crate::db::{Account, AuditEntry, Caller, DbError, Enrolled, Enrolment, NewCode};

pub(crate) async fn add_code(db: &SqlDatabase, new: NewCode) -> Result<Account, DbError> {
    let mut tx = db.write().await?;
    let account = accounts::by_name(&mut tx, &new.user).await?.ok_or(DbError::NotFound)?;
    if let Some(by) = &new.by {
        check_supervises(db, &mut tx, by, &account).await?;
    }
    if account.ended_at.is_some() {
        return Err(DbError::Refused("account_ended"));
    }
    // One code of a person is good at a time; a used one goes on for its own device, whose answer may have been lost.
    sql::query("DELETE FROM enrol_code WHERE until < $1 OR (account = $2 AND device IS NULL)")
        .bind(new.now)
        .bind(id(account.id))
        .execute(&mut tx)
        .await?;
    sql::query("INSERT INTO enrol_code (hash, account, until) VALUES ($1, $2, $3)")
        .bind(&new.hash)
        .bind(id(account.id))
        .bind(new.until)
        .execute(&mut tx)
        .await?;
    let detail = json!({"user": account.id, "until": new.until});
    let entry = match &new.by {
        Some(by) => AuditEntry::of(by, "device_code", detail, new.now),
        None => AuditEntry::operator("device_code", detail, new.now),
    };
    audit::append(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(account)
}

/// Devices are handed out for those alone whom the caller supervises; anybody else is not found.
async fn check_supervises(
    db: &SqlDatabase,
    tx: &mut Tx,
    by: &Caller,
    account: &Account,
) -> Result<(), DbError> {
    let at = supervisor(db, tx, by).await?;
    if supervises(&at, account) { Ok(()) } else { Err(DbError::NotFound) }
}

pub(crate) async fn enrol(db: &SqlDatabase, new: Enrolment) -> Result<Enrolled, DbError> {
    let mut tx = db.write().await?;
    let row = sql::query("SELECT account, device FROM enrol_code WHERE hash = $1 AND until > $2")
        .bind(&new.code_hash)
        .bind(new.now)
        .fetch_optional(&mut tx)
        .await?
        .ok_or(DbError::Login)?;
    let account: Uuid = parsed(&row, "account")?;
    let used_by: Option<DeviceId> = parsed_option(&row, "device")?;
    if used_by.is_some_and(|device| device != new.device) {
        return Err(DbError::Login);
    }
    check_device(&mut tx, &new, account, used_by.is_some()).await?;
    sql::query(
        "INSERT INTO device (id, vault, account, state, shared, grant_hash, grant_until, enrolled_at)
         VALUES ($1, $2, $3, 'active', 0, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET grant_hash = $4, grant_until = $5, enrolled_at = $6, synced_at = NULL, logged_in_at = NULL, push_only = 0",
    )
    .bind(new.device.to_string())
    .bind(new.vault.to_string())
    .bind(id(account))
    .bind(&new.grant_hash)
    .bind(new.grant_until)
    .bind(new.now)
    .execute(&mut tx)
    .await?;
    sql::query("UPDATE enrol_code SET device = $1 WHERE hash = $2")
        .bind(new.device.to_string())
        .bind(&new.code_hash)
        .execute(&mut tx)
        .await?;
    let entry = AuditEntry {
        at: new.now,
        account: Some(account),
        device: Some(new.device),
        action: "enrol",
        detail: json!({"again": used_by.is_some()}),
    };
    audit::append(&mut tx, entry).await?;
    let enrolled = Enrolled {
        account: accounts::by_id(&mut tx, account).await?,
        head: head::read(&mut tx).await?,
        areas: scope::wire_nodes(db, &mut tx, account).await?,
    };
    tx.commit().await?;
    Ok(enrolled)
}

/// A device is new, or comes again: with the code that it used, before its first authenticated sync; with a fresh one whenever it lost its
/// grant, for a code given to the same account is the office's word that the device is still that person's.
async fn check_device(tx: &mut Tx, new: &Enrolment, account: Uuid, is_repeat: bool) -> Result<(), DbError> {
    let row = sql::query(
        "SELECT id, vault, account, state, shared, synced_at FROM device WHERE id = $1 OR vault = $2",
    )
    .bind(new.device.to_string())
    .bind(new.vault.to_string())
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let is_same = row.try_get::<&str>("vault")? == new.vault.to_string()
        && parsed::<DeviceId>(&row, "id")? == new.device
        && parsed::<Uuid>(&row, "account")? == account
        && row.try_get::<i64>("shared")? == 0;
    if !is_same {
        return Err(DbError::Login);
    }
    device_state(row.try_get("state")?)?;
    let is_before_first_sync = row.try_get::<Option<i64>>("synced_at")?.is_none();
    if is_repeat && !is_before_first_sync { Err(DbError::Login) } else { Ok(()) }
}

pub(crate) async fn set_state(db: &SqlDatabase, device: &str, state: &str, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    write_state(&mut tx, device, state).await?;
    let detail = json!({"device": device, "state": state});
    audit::append(&mut tx, AuditEntry::operator("device_set", detail, now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes the state of an enrolled device. What is revoked has no session from then on.
pub(crate) async fn write_state(tx: &mut Tx, device: &str, state: &str) -> Result<(), DbError> {
    if !["active", "readonly", "wipe", "revoked"].contains(&state) {
        return Err(DbError::Refused("device_state_unknown"));
    }
    let changed = sql::query("UPDATE device SET state = $1 WHERE id = $2 AND shared = 0")
        .bind(state)
        .bind(device)
        .execute(tx)
        .await?;
    if changed == 0 {
        return Err(DbError::NotFound);
    }
    if state == "revoked" {
        sql::query("DELETE FROM session WHERE device = $1").bind(device).execute(tx).await?;
    }
    Ok(())
}

/// The name of the user of a device with which somebody has logged in; to an account that asks, only where it supervises him.
pub(crate) async fn user(
    db: &SqlDatabase,
    device: DeviceId,
    asked_by: Option<&Caller>,
) -> Result<String, DbError> {
    let mut tx = db.read().await?;
    let row = sql::query("SELECT account FROM device WHERE id = $1 AND logged_in_at IS NOT NULL")
        .bind(device.to_string())
        .fetch_optional(&mut tx)
        .await?
        .ok_or(DbError::NotFound)?;
    let account = accounts::by_id(&mut tx, parsed(&row, "account")?).await?;
    if let Some(by) = asked_by {
        check_supervises(db, &mut tx, by, &account).await?;
    }
    Ok(account.name)
}
