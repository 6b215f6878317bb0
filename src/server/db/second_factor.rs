//! The second factor of accounts, and its recovery codes.

use serde_json::json;
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, audit,
    rows::id,
    sql::{self, Tx},
};
use crate::db::{AuditEntry, DbError, FactorUse, StoredFactor};

/// What is stored of an account's second factor.
pub(crate) async fn find(db: &SqlDatabase, account: Uuid) -> Result<Option<StoredFactor>, DbError> {
    let mut tx = db.read().await?;
    let row = sql::query("SELECT secret, confirmed_at, last_step FROM second_factor WHERE account = $1")
        .bind(id(account))
        .fetch_optional(&mut tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(StoredFactor {
        secret: row.try_get("secret")?,
        confirmed: row.try_get::<Option<i64>>("confirmed_at")?.is_some(),
        last_step: row.try_get("last_step")?,
    }))
}

/// Writes down what a login did with the second factor; whether it counts. A step or recovery code that was taken before does not.
pub(crate) async fn take(
    db: &SqlDatabase,
    account: Uuid,
    taken: FactorUse,
    now: i64,
) -> Result<bool, DbError> {
    let mut tx = db.write().await?;
    let (changed, action) = match &taken {
        FactorUse::Begin { secret } => (begin(&mut tx, account, secret).await?, "factor_begin"),
        FactorUse::Confirm { step, recovery } => {
            (confirm(&mut tx, account, *step, recovery, now).await?, "factor_set")
        }
        FactorUse::Step(step) => (take_step(&mut tx, account, *step).await?, ""),
        FactorUse::Recovery(hashes) => (take_recovery(&mut tx, account, hashes).await?, "factor_recovery"),
    };
    if changed && !action.is_empty() {
        let entry = AuditEntry { at: now, account: Some(account), device: None, action, detail: json!({}) };
        audit::append(&mut tx, entry).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

/// A secret that was never confirmed gives way to another.
async fn begin(tx: &mut Tx, account: Uuid, secret: &str) -> Result<bool, DbError> {
    if !may_begin(tx, account).await? {
        return Err(DbError::Refused("totp_closed"));
    }
    let changed = sql::query(
        "INSERT INTO second_factor (account, secret, last_step) VALUES ($1, $2, 0)
         ON CONFLICT (account) DO UPDATE SET secret = $2, last_step = 0 WHERE second_factor.confirmed_at IS NULL",
    )
    .bind(id(account))
    .bind(secret)
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// Of somebody who logs in with an enrolled device the password alone may have become known, and whoever came first would set up a factor of his own.
/// He sets it up with a one-time password, or after an administrator said that it is to be set up anew.
async fn may_begin(tx: &mut Tx, account: Uuid) -> Result<bool, DbError> {
    let row = sql::query(
        "SELECT 1 FROM account WHERE id = $1 AND (password_until IS NOT NULL
            OR NOT EXISTS (SELECT 1 FROM device WHERE account = $1 AND shared = 0 AND logged_in_at IS NOT NULL)
            OR EXISTS (SELECT 1 FROM audit WHERE action = 'factor_forget' AND body LIKE $2))",
    )
    .bind(id(account))
    .bind(format!("%\"user\":\"{account}\"%"))
    .fetch_optional(tx)
    .await?;
    Ok(row.is_some())
}

async fn confirm(
    tx: &mut Tx,
    account: Uuid,
    step: i64,
    recovery: &[String],
    now: i64,
) -> Result<bool, DbError> {
    let changed = sql::query(
        "UPDATE second_factor SET confirmed_at = $1, last_step = $2 WHERE account = $3 AND confirmed_at IS NULL",
    )
    .bind(now)
    .bind(step)
    .bind(id(account))
    .execute(tx)
    .await?;
    if changed == 0 {
        return Ok(false);
    }
    sql::query("DELETE FROM recovery_code WHERE account = $1").bind(id(account)).execute(tx).await?;
    for hash in recovery {
        sql::query("INSERT INTO recovery_code (account, hash) VALUES ($1, $2)")
            .bind(id(account))
            .bind(hash)
            .execute(tx)
            .await?;
    }
    Ok(true)
}

async fn take_step(tx: &mut Tx, account: Uuid, step: i64) -> Result<bool, DbError> {
    let changed = sql::query(
        "UPDATE second_factor SET last_step = $1 WHERE account = $2 AND last_step < $1 AND confirmed_at IS NOT NULL",
    )
    .bind(step)
    .bind(id(account))
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

async fn take_recovery(tx: &mut Tx, account: Uuid, hashes: &[String]) -> Result<bool, DbError> {
    let changed = sql::query(
        "DELETE FROM recovery_code WHERE account = $1 AND hash IN (SELECT key FROM json_each($2))",
    )
    .bind(id(account))
    .bind(sql::keys(hashes))
    .execute(tx)
    .await?;
    Ok(changed > 0)
}

/// The next login sets it up anew.
pub(super) async fn forget(tx: &mut Tx, account: Uuid) -> Result<(), DbError> {
    sql::query("DELETE FROM recovery_code WHERE account = $1").bind(id(account)).execute(tx).await?;
    sql::query("DELETE FROM second_factor WHERE account = $1").bind(id(account)).execute(tx).await?;
    // A login that came with it counts no longer.
    accounts::close_sessions(tx, account).await
}

/// The same for whoever has the machine: the last administrator may have lost his telephone.
pub(crate) async fn forget_for_operator(db: &SqlDatabase, account: Uuid, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    forget(&mut tx, account).await?;
    audit::append(&mut tx, AuditEntry::operator("factor_forget", json!({ "user": account }), now)).await?;
    tx.commit().await?;
    Ok(())
}
