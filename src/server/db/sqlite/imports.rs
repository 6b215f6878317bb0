//! Lists that were previewed and not yet committed.

use sqlx::Row;

use super::SqliteDatabase;
use crate::db::{DbError, KeptImport};

/// A preview is kept for a day.
const KEPT_MS: i64 = 24 * 60 * 60_000;

pub(crate) async fn keep(db: &SqliteDatabase, kept: KeptImport) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sqlx::query("DELETE FROM import WHERE at < $1").bind(kept.at - KEPT_MS).execute(&mut *tx).await?;
    sqlx::query("INSERT INTO import (id, account, area, at, body) VALUES ($1, $2, $3, $4, $5)")
        .bind(kept.id.to_string())
        .bind(kept.account.to_string())
        .bind(kept.area.to_string())
        .bind(kept.at)
        .bind(&kept.body)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The list that its uploader previewed.
pub(crate) async fn find(
    db: &SqliteDatabase,
    import: uuid::Uuid,
    account: uuid::Uuid,
) -> Result<KeptImport, DbError> {
    let mut tx = db.read().await?;
    let row = sqlx::query("SELECT area, at, body FROM import WHERE id = $1 AND account = $2")
        .bind(import.to_string())
        .bind(account.to_string())
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(DbError::NotFound)?;
    let area = super::rows::parsed(&row, "area")?;
    Ok(KeptImport { id: import, account, area, at: row.try_get("at")?, body: row.try_get("body")? })
}
