//! What is deleted for good: the values go out of the tombstones, out of what waits about them, and out of the log. That something was there, and
//! who deleted it, stays; a phone that asks is still told to forget it.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync::{
    authority::WriteSet,
    id::{BlobHash, DeviceId, Inc},
    record::{Record, Tombstone},
    rev::Rev,
};
use uuid::Uuid;

use super::{
    SqlDatabase, audit,
    fence::{self, Beyond},
    head,
    rows::{count, id, parsed},
    scope,
    sql::{self, Tx},
    store,
};
use crate::db::{AuditEntry, Caller, DbError};

/// Records of one step: nobody else writes while it lasts.
const STEP_COUNT: usize = 20;

/// Empties these records, of which only deleted ones are, and marks photos that no record attaches any more; how many records.
pub(crate) async fn erase(
    db: &SqlDatabase,
    records: &[Uuid],
    photos: &[BlobHash],
    now: i64,
) -> Result<u64, DbError> {
    let mut erased = 0;
    let mut photos: BTreeSet<String> = photos.iter().map(ToString::to_string).collect();
    for step in records.chunks(STEP_COUNT) {
        let mut tx = db.write().await?;
        fence::lift(&mut tx, Beyond::Retention).await?;
        let mut found = store::by_ids(&mut tx, step).await?;
        found.retain(|record| record.del.is_some() && !record.fields.is_empty());
        let attached = found.iter().filter_map(|record| record.plain("blobs")?.as_array()).flatten();
        photos.extend(attached.filter_map(|item| item["blob"].as_str().map(str::to_owned)));
        erased += found.len() as u64;
        empty(&mut tx, found).await?;
        tx.commit().await?;
    }
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    let marked = sql::query(
        "UPDATE blob SET state = 'erased' WHERE hash IN (SELECT key FROM json_each($1))
         AND NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.blob = blob.hash)",
    )
    .bind(sql::keys(photos))
    .execute(&mut tx)
    .await?;
    if erased + marked > 0 {
        let detail = json!({"records": erased, "photos": marked});
        audit::append(&mut tx, AuditEntry::operator("erased", detail, now)).await?;
    }
    tx.commit().await?;
    Ok(erased)
}

async fn empty(tx: &mut Tx, mut records: Vec<Record>) -> Result<(), DbError> {
    if records.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<Uuid> = records.iter().map(|record| record.id).collect();
    // Conflicts, proposals and held saves repeat the values that they are about.
    let about = sql::query("SELECT body FROM record WHERE about IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(&ids))
        .fetch_all(tx)
        .await?;
    records.extend(about.iter().map(store::record).collect::<Result<Vec<_>, _>>()?);
    let changesets: BTreeSet<Uuid> =
        records.iter().flat_map(|record| &record.changes).map(|change| change.op).collect();
    let head = head::read(tx).await?;
    let rev = Rev { n: head.n + 1, ..head };
    for record in &mut records {
        record.fields.clear();
        record.about.clear();
        record.del.get_or_insert(Tombstone { into: None });
        record.rev = rev;
    }
    let all: Vec<Uuid> = records.iter().map(|record| record.id).collect();
    let writes = WriteSet { head: rev, records, ..WriteSet::default() };
    store::write(tx, DeviceId([0; 16]), Inc([0; 8]), writes).await?;
    sql::query("DELETE FROM blind_index WHERE e IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(&all))
        .execute(tx)
        .await?;
    sql::query("DELETE FROM attachment WHERE e IN (SELECT key FROM json_each($1))")
        .bind(sql::keys(&all))
        .execute(tx)
        .await?;
    for changeset in changesets {
        blacken(tx, changeset, &ids).await?;
    }
    Ok(())
}

/// Takes the ops about these records out of a save in the log. Another op stands in the place of each, so that what is told of the others by their
/// place stays true.
async fn blacken(tx: &mut Tx, changeset: Uuid, erased: &BTreeSet<Uuid>) -> Result<(), DbError> {
    let row = sql::query("SELECT body FROM changeset WHERE op_id = $1")
        .bind(id(changeset))
        .fetch_optional(tx)
        .await?;
    let Some(row) = row else { return Ok(()) };
    // A save that cannot be read is the ciphertext of a key that is gone.
    let Ok(mut body) = serde_json::from_str::<Value>(row.try_get("body")?) else { return Ok(()) };
    let Some(ops) = body["ops"].as_array_mut() else { return Ok(()) };
    for op in ops {
        let about = op["e"].as_str().and_then(|text| Uuid::try_parse(text).ok());
        if let Some(e) = about.filter(|e| erased.contains(e)) {
            *op = json!({"op": "remove", "e": e, "f": "erased", "item": null});
        }
    }
    sql::query("UPDATE changeset SET body = $1 WHERE op_id = $2")
        .bind(body.to_string())
        .bind(id(changeset))
        .execute(tx)
        .await?;
    Ok(())
}

/// Photos whose files are to go: by hash, with their size.
pub(crate) async fn erased_photos(db: &SqlDatabase) -> Result<Vec<(BlobHash, u64)>, DbError> {
    let mut tx = db.read().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    let rows = sql::query("SELECT hash, bytes FROM blob WHERE state = 'erased' ORDER BY hash")
        .fetch_all(&mut tx)
        .await?;
    rows.iter().map(|row| Ok((parsed(row, "hash")?, count(row, "bytes")?))).collect()
}

/// The file of a photo is gone.
pub(crate) async fn forget_photo(db: &SqlDatabase, hash: BlobHash) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    sql::query("DELETE FROM blob WHERE hash = $1 AND state = 'erased'")
        .bind(hash.to_string())
        .execute(&mut tx)
        .await?;
    tx.commit().await
}

/// Deleted records of the caller's scope that still hold values, and were deleted before that moment.
pub(crate) async fn deleted_before(
    db: &SqlDatabase,
    who: &Caller,
    before: i64,
) -> Result<Vec<Uuid>, DbError> {
    let mut tx = db.read().await?;
    let at = scope::standpoint(db, &mut tx, who.device).await?;
    if !at.who.role.is_office() {
        return Err(DbError::Forbidden);
    }
    // When a record was deleted stands in the log, where another's save shows to nobody else.
    fence::lift(&mut tx, Beyond::Retention).await?;
    let rows = sql::query(
        "SELECT body FROM record WHERE del = 1 AND area IN (SELECT key FROM json_each($1)) ORDER BY e",
    )
    .bind(sql::keys(at.who.scope.areas().map(|area| area.0)))
    .fetch_all(&mut tx)
    .await?;
    let mut old = Vec::new();
    for row in &rows {
        let record = store::record(row)?;
        let is_merged = record.del.as_ref().is_some_and(|tombstone| tombstone.into.is_some());
        let Some(last) = record.changes.last().filter(|_| !record.fields.is_empty() && !is_merged) else {
            continue;
        };
        let logged = store::changesets(&mut tx, &[last.op]).await?;
        if logged.first().is_some_and(|logged| logged.t_recv < before) {
            old.push(record.id);
        }
    }
    Ok(old)
}

/// Every record, every save of the log and every list for publication as text, to look for what must not be there.
#[cfg(test)]
pub(crate) async fn all_texts(db: &SqlDatabase) -> Result<Vec<String>, DbError> {
    let mut tx = db.read().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    let rows = sql::query(
        "SELECT body FROM record UNION ALL SELECT body FROM changeset
         UNION ALL SELECT body FROM publication WHERE body IS NOT NULL",
    )
    .fetch_all(&mut tx)
    .await?;
    rows.iter().map(|row| row.try_get("body")).collect()
}
