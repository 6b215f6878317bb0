//! The audit chain: each entry is hashed together with the one before, in the transaction that it tells of.

use serde_json::json;
use sha2::{Digest, Sha256};
use sync::wire::Witness;

use super::sql::{self, Tx};
use crate::{
    db::{AuditEntry, DbError},
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
