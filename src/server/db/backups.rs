//! Which backups were verified, what is durable since, and the new epoch after a restore.

use serde_json::json;
use std::collections::BTreeSet;
use sync::{
    id::BlobHash,
    planted::{Bug, planted},
    rev::Rev,
};

use super::{
    SqlDatabase, audit,
    fence::{self, Beyond},
    head,
    rows::{count, parsed},
    sql::{self, Tx},
};
use crate::db::{AuditEntry, BackupContent, DbError, Reopening, VerifiedBackup};

/// Scope versions of an epoch; a restore goes to the next thousand thousands, which no phone has seen.
const SCOPE_REVS_OF_EPOCH: i64 = 1_000_000;

/// Moves the marks up to what the backup contains.
///
/// The audit chain tells whether the backup is a part of this database's history: one from before a restore that went further than what
/// was restored has numbers that mean other changesets here, or none.
pub(crate) async fn note(db: &SqlDatabase, content: BackupContent) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Backup).await?;
    if audit::hash_at(&mut tx, content.audit.n).await?.as_ref() != Some(&content.audit.h) {
        return Err(DbError::Refused("backup_foreign"));
    }
    for mark in &content.marks {
        sql::query(
            "UPDATE device_seq SET durable = $1 WHERE device = $2 AND inc = $3 AND durable < $1 AND last >= $1",
        )
        .bind(i64::try_from(mark.last).unwrap_or(i64::MAX))
        .bind(mark.device.to_string())
        .bind(mark.inc.to_string())
        .execute(&mut tx)
        .await?;
    }
    keep_photos(&mut tx, &content.photos).await?;
    let backup = &content.backup;
    sql::query(
        "INSERT INTO backup (name, made_at, verified_at, epoch, n) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (name) DO UPDATE SET verified_at = $3",
    )
    .bind(&backup.name)
    .bind(backup.made_at)
    .bind(backup.verified_at)
    .bind(i64::from(backup.head.epoch))
    .bind(i64::try_from(backup.head.n).unwrap_or(i64::MAX))
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Marks the photos that a verified backup contains and that were not marked before.
async fn keep_photos(tx: &mut Tx, photos: &BTreeSet<BlobHash>) -> Result<(), DbError> {
    let rows =
        sql::query("SELECT hash FROM blob WHERE state = 'verified' AND durable = 0").fetch_all(tx).await?;
    let mut new = Vec::new();
    for row in &rows {
        let hash: BlobHash = parsed(row, "hash")?;
        new.extend(photos.contains(&hash).then_some(hash));
    }
    if !new.is_empty() {
        sql::query("UPDATE blob SET durable = 1 WHERE hash IN (SELECT key FROM json_each($1))")
            .bind(sql::keys(new))
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The newest verified backup.
pub(crate) async fn last(db: &SqlDatabase) -> Result<Option<VerifiedBackup>, DbError> {
    let mut tx = db.read().await?;
    let row = sql::query(
        "SELECT name, made_at, verified_at, epoch, n FROM backup ORDER BY made_at DESC, name DESC LIMIT 1",
    )
    .fetch_optional(&mut tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let epoch: i64 = row.try_get("epoch")?;
    let epoch = u16::try_from(epoch).map_err(|_| DbError::Damaged("epoch"))?;
    Ok(Some(VerifiedBackup {
        name: row.try_get("name")?,
        made_at: row.try_get("made_at")?,
        verified_at: row.try_get("verified_at")?,
        head: Rev::new(epoch, count(&row, "n")?),
    }))
}

/// Begins a new epoch in a database that was copied from a backup.
pub(crate) async fn reopen(db: &SqlDatabase, reopening: Reopening) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Backup).await?;
    let before = head::read(&mut tx).await?;
    if reopening.epoch <= before.epoch {
        return Err(DbError::Damaged("epoch"));
    }
    if !planted(Bug::NoEpoch) {
        sql::query("UPDATE sync_head SET epoch = $1")
            .bind(i64::from(reopening.epoch))
            .execute(&mut tx)
            .await?;
    }
    // A phone may know a later scope than the backup does. Counted on from here, a version could mean one scope to it and another to us.
    sql::query("UPDATE account SET scope_rev = $1 * $2 + scope_rev % $2")
        .bind(i64::from(reopening.epoch))
        .bind(SCOPE_REVS_OF_EPOCH)
        .execute(&mut tx)
        .await?;
    // The chunks of an upload under way are in no backup: its phone begins again.
    sql::query("DELETE FROM blob WHERE state IN ('partial', 'complete')").execute(&mut tx).await?;
    sql::query("DELETE FROM blob WHERE hash IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(&reopening.lost_photos))
        .execute(&mut tx)
        .await?;
    let detail = json!({"backup": reopening.backup, "head": before, "epoch": reopening.epoch});
    audit::append(&mut tx, AuditEntry::operator("restore", detail, reopening.now)).await?;
    tx.commit().await?;
    Ok(())
}
