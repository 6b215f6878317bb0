//! The audit chain: each entry is hashed together with the one before, in the transaction that it tells of.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync::wire::Witness;

use super::{
    SqlDatabase, scope,
    sql::{self, Tx},
};
use crate::{
    db::{AuditEntry, Caller, DbError},
    tokens,
};

/// What the first entry is hashed with.
pub(crate) const BEFORE_ALL: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Adds an entry.
pub(crate) async fn append(tx: &mut Tx, entry: AuditEntry) -> Result<(), DbError> {
    let before = head(tx).await?;
    let n = before.n + 1;
    let body = json!({
        "n": n,
        "at": entry.at,
        "account": entry.account,
        "device": entry.device,
        "action": entry.action,
        "detail": entry.detail,
    })
    .to_string();
    let hash = next_hash(&before.h, &body);
    sql::query("INSERT INTO audit (n, at, account, action, body, hash) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(i64::try_from(n).map_err(|_| DbError::Damaged("n"))?)
        .bind(entry.at)
        .bind(entry.account.map(super::rows::id))
        .bind(entry.action)
        .bind(body)
        .bind(hash)
        .execute(tx)
        .await?;
    Ok(())
}

const HOUR_MS: i64 = 60 * 60_000;

/// Adds an entry by itself.
pub(super) async fn note(db: &SqlDatabase, entry: AuditEntry) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    append(&mut tx, entry).await?;
    tx.commit().await
}

/// Adds the entry of what the caller does, if he still is who he was at the operation's door.
pub(super) async fn note_of(db: &SqlDatabase, who: &Caller, entry: AuditEntry) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    scope::still(&mut tx, who).await?;
    append(&mut tx, entry).await?;
    tx.commit().await
}

/// The same, unless the chain says it of him already within the hour: another entry of this action with the same detail.
pub(super) async fn note_hourly(
    db: &SqlDatabase,
    who: &Caller,
    entry: AuditEntry,
    is_same: fn(&Value, &Value) -> bool,
) -> Result<(), DbError> {
    let mut tx = db.read().await?;
    if is_noted(&mut tx, &entry, is_same).await? {
        return Ok(());
    }
    drop(tx);
    let mut tx = db.write().await?;
    scope::still(&mut tx, who).await?;
    // Another of his requests may have been quicker.
    if !is_noted(&mut tx, &entry, is_same).await? {
        append(&mut tx, entry).await?;
    }
    tx.commit().await
}

async fn is_noted(
    tx: &mut Tx,
    entry: &AuditEntry,
    is_same: fn(&Value, &Value) -> bool,
) -> Result<bool, DbError> {
    let rows = sql::query("SELECT body FROM audit WHERE action = $1 AND account = $2 AND at > $3")
        .bind(entry.action)
        .bind(entry.account.map(super::rows::id))
        .bind(entry.at - HOUR_MS)
        .fetch_all(tx)
        .await?;
    for row in &rows {
        let body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        if is_same(&body["detail"], &entry.detail) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds the entries of a push.
pub(crate) async fn append_all(
    tx: &mut Tx,
    entries: Vec<sync::authority::AuditEntry>,
) -> Result<(), DbError> {
    for entry in entries {
        let (at, account, device) = (entry.t, Some(entry.user), Some(entry.device));
        let detail = serde_json::to_value(&entry).map_err(|_| DbError::Damaged("audit"))?;
        append(tx, AuditEntry { at, account, device, action: "op", detail }).await?;
    }
    Ok(())
}

/// The hash of an entry.
pub(crate) async fn hash_at(tx: &mut Tx, n: u64) -> Result<Option<String>, DbError> {
    if n == 0 {
        return Ok(Some(BEFORE_ALL.to_owned()));
    }
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    let row = sql::query("SELECT hash FROM audit WHERE n = $1").bind(n).fetch_optional(tx).await?;
    row.map(|row| row.try_get("hash")).transpose()
}

/// The newest entry's number and hash.
pub(crate) async fn head(tx: &mut Tx) -> Result<Witness, DbError> {
    let row = sql::query("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1").fetch_optional(tx).await?;
    let Some(row) = row else { return Ok(Witness { n: 0, h: BEFORE_ALL.to_owned() }) };
    Ok(Witness { n: super::rows::count(&row, "n")?, h: row.try_get("hash")? })
}

/// The hash of an entry's body together with the hash before.
pub(crate) fn next_hash(before: &str, body: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(before.as_bytes());
    hash.update(body.as_bytes());
    tokens::hex(&hash.finalize())
}
