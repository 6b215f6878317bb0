//! What is deleted for good: the values go out of the tombstones, out of what waits about them, and out of the log. That something was there, and
//! who deleted it, stays; a phone that asks is still told to forget it.

mod retiring;
mod waiting;

pub(crate) use retiring::retire;
pub(crate) use waiting::undecided;

use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync::{
    authority::WriteSet,
    id::{BlobHash, DeviceId, Inc},
    record::{HELD, Record, Tombstone},
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
use crate::db::{AuditEntry, Caller, DbError, Erased, Leftovers};
use waiting::hashes_in;

/// Records of one step: nobody else writes while it lasts.
const STEP_COUNT: usize = 20;
/// Of an emptied save that was kept for a person, the field that stays: its author's devices are told by it to forget theirs.
const BY: &str = "by";

/// Empties these records, of which only those that are deleted and of which no open save speaks are, and marks their photos.
pub(crate) async fn erase(db: &SqlDatabase, records: &[Uuid], now: i64) -> Result<Erased, DbError> {
    let mut erased = Erased::default();
    for step in records.chunks(STEP_COUNT) {
        let mut tx = db.write().await?;
        fence::lift(&mut tx, Beyond::Retention).await?;
        let step: BTreeSet<Uuid> = step.iter().copied().collect();
        let spoken_of = waiting::spoken_of(&mut tx, &step).await?;
        let step: Vec<Uuid> = step.difference(&spoken_of).copied().collect();
        let mut found = store::by_ids(&mut tx, &step).await?;
        found.retain(|record| record.del.is_some() && holds_values(record));
        let erasing = Erasing { records: found, ..Erasing::default() };
        erased += empty_and_mark(&mut tx, erasing, now).await?;
        tx.commit().await?;
    }
    Ok(erased)
}

/// Takes out what names erased records and came, or was decided, after them: saves that were kept for a person, and rejected ones.
pub(crate) async fn sweep(db: &SqlDatabase, now: i64) -> Result<Erased, DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    let held = waiting::closed(&mut tx).await?;
    let rejected = waiting::rejected(&mut tx).await?;
    let named: BTreeSet<Uuid> = held.iter().chain(&rejected).flat_map(|(_, named)| named).copied().collect();
    let named: Vec<Uuid> = named.into_iter().collect();
    let mut gone = store::by_ids(&mut tx, &named).await?;
    gone.retain(|record| record.del.as_ref().is_some_and(|tombstone| tombstone.into.is_none()));
    let gone: BTreeSet<Uuid> =
        gone.iter().filter(|record| !holds_values(record)).map(|record| record.id).collect();
    let about_gone = |(id, named): (Uuid, BTreeSet<Uuid>)| (!named.is_disjoint(&gone)).then_some(id);
    let held: Vec<Uuid> = held.into_iter().filter_map(about_gone).collect();
    for changeset in rejected.into_iter().filter_map(about_gone) {
        blacken(&mut tx, changeset, &gone).await?;
    }
    let records = store::by_ids(&mut tx, &held).await?;
    let erased = empty_and_mark(&mut tx, Erasing { records, gone, ..Erasing::default() }, now).await?;
    tx.commit().await?;
    Ok(erased)
}

fn holds_values(record: &Record) -> bool {
    record.fields.keys().any(|name| record.kind != HELD || name != BY)
}

/// What goes.
#[derive(Default)]
struct Erasing {
    records: Vec<Record>,
    /// Photos that have left records which stay.
    detached: BTreeSet<BlobHash>,
    /// Records that are empty already, of which nothing is to be said either.
    gone: BTreeSet<Uuid>,
}

/// Empties records and marks what hung on them and on nothing else, with the entry that says so: all in one transaction, so that none is found without
/// the other.
async fn empty_and_mark(tx: &mut Tx, erasing: Erasing, now: i64) -> Result<Erased, DbError> {
    let Erasing { records, detached: mut photos, gone } = erasing;
    let count = records.len() as u64;
    photos.extend(empty(tx, records, &gone).await?);
    let photos = mark(tx, photos).await?;
    let erased = Erased { records: count, photos };
    if erased != Erased::default() {
        let detail = json!({"records": count, "photos": photos});
        audit::append(tx, AuditEntry::operator("erased", detail, now)).await?;
    }
    Ok(erased)
}

/// Empties records, and the conflicts, proposals and saves kept for a person that speak of them; the photos that hung on any.
async fn empty(
    tx: &mut Tx,
    mut records: Vec<Record>,
    gone: &BTreeSet<Uuid>,
) -> Result<BTreeSet<BlobHash>, DbError> {
    if records.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids: BTreeSet<Uuid> = records.iter().map(|record| record.id).collect();
    records.extend(waiting::repeating(tx, &ids).await?);
    let photos = photos_of(&records)?;
    let all: BTreeSet<Uuid> = records.iter().map(|record| record.id).collect();
    let changesets: BTreeSet<Uuid> =
        records.iter().flat_map(|record| &record.changes).map(|change| change.op).collect();
    let head = head::read(tx).await?;
    let rev = Rev { n: head.n + 1, ..head };
    for record in &mut records {
        record.fields.retain(|name, _| record.kind == HELD && name == BY);
        record.about.clear();
        record.del.get_or_insert(Tombstone { into: None });
        record.rev = rev;
    }
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
    let silent: BTreeSet<Uuid> = all.union(gone).copied().collect();
    for changeset in changesets {
        blacken(tx, changeset, &silent).await?;
    }
    Ok(photos)
}

/// Attached to the records, or to be attached by a save that was kept for a person.
fn photos_of(records: &[Record]) -> Result<BTreeSet<BlobHash>, DbError> {
    let mut photos = BTreeSet::new();
    for record in records {
        let attached = record.plain("blobs").and_then(Value::as_array).into_iter().flatten();
        photos.extend(attached.filter_map(|item| item["blob"].as_str()?.parse::<BlobHash>().ok()));
        if record.kind == HELD {
            let text = serde_json::to_string(record).map_err(|_| DbError::Damaged("record"))?;
            photos.extend(hashes_in(&text));
        }
    }
    Ok(photos)
}

/// Marks photos that no record attaches any more and no open save will; how many.
async fn mark(tx: &mut Tx, mut photos: BTreeSet<BlobHash>) -> Result<u64, DbError> {
    if photos.is_empty() {
        return Ok(0);
    }
    for wanted in waiting::wanted_photos(tx).await? {
        photos.remove(&wanted);
    }
    sql::query(
        "UPDATE blob SET state = 'erased' WHERE hash IN (SELECT key FROM json_each($1)) AND state <> 'erased'
         AND NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.blob = blob.hash)",
    )
    .bind(sql::keys(photos))
    .execute(tx)
    .await
}

/// Takes the ops about these records out of a save in the log. Another op stands in the place of each, so that what is told of the others by their
/// place stays true. Of a save that never took effect, what it would have made below them goes too.
async fn blacken(tx: &mut Tx, changeset: Uuid, erased: &BTreeSet<Uuid>) -> Result<(), DbError> {
    let row = sql::query("SELECT st, body FROM changeset WHERE op_id = $1")
        .bind(id(changeset))
        .fetch_optional(tx)
        .await?;
    let Some(row) = row else { return Ok(()) };
    // A save that cannot be read is the ciphertext of a key that is gone.
    let Ok(mut body) = serde_json::from_str::<Value>(row.try_get("body")?) else { return Ok(()) };
    let Some(ops) = body["ops"].as_array_mut() else { return Ok(()) };
    let took_effect = !["held", "rejected"].contains(&row.try_get::<&str>("st")?);
    let mut erased = erased.clone();
    for op in ops {
        let of = |name: &str| op[name].as_str().and_then(|text| Uuid::try_parse(text).ok());
        let subject = of("e").or_else(|| of("from"));
        let hangs_below = !took_effect && of("parent").is_some_and(|parent| erased.contains(&parent));
        if let Some(e) = subject.filter(|e| hangs_below || erased.contains(e)) {
            erased.insert(e);
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
) -> Result<Leftovers, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
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
        let Some(last) = record.changes.last().filter(|_| holds_values(&record) && !is_merged) else {
            continue;
        };
        let logged = store::changesets(&mut tx, &[last.op]).await?;
        if logged.first().is_some_and(|logged| logged.t_recv < before) {
            old.push(record.id);
        }
    }
    let spoken_of = waiting::spoken_of(&mut tx, &old.iter().copied().collect()).await?;
    old.retain(|id| !spoken_of.contains(id));
    Ok(Leftovers { erasable: old, spoken_of: spoken_of.len() as u64 })
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

/// A file of SQLite with all that is in its log, as whoever steals the disk finds it.
#[cfg(test)]
pub(crate) async fn bytes_of_file(file: &std::path::Path) -> Result<Vec<u8>, DbError> {
    use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
    let mut connection = SqliteConnectOptions::new().filename(file).connect().await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
    std::fs::read(file).map_err(|_| DbError::Damaged("file"))
}
