//! What is deleted for good: the values go out of the tombstones, out of what waits about them, and out of the log. That something was there, and
//! who deleted it, stays; a phone that asks is still told to forget it.

mod judging;
mod log;
mod merged;
mod retiring;
mod waiting;
#[cfg(test)]
mod whole;

pub(crate) use judging::{deleted_before, facts};
pub(crate) use log::note;
pub(crate) use retiring::retire;
#[cfg(test)]
pub(crate) use whole::{all_rows, all_rows_of_postgres, bytes_of_file, mentions, mentions_of_postgres};

use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync::{
    authority::WriteSet,
    id::{BlobHash, DeviceId, Inc},
    record::{HELD, Record},
    rev::Rev,
};
use uuid::Uuid;

use super::{
    SqlDatabase, audit,
    fence::{self, Beyond},
    head,
    rows::{count, parsed},
    sql::{self, Tx},
    store,
};
use crate::db::{AuditEntry, DbError, Erased};
use waiting::{Waiting, hashes_in};

/// Records of one step: nobody else writes while it lasts.
const STEP_COUNT: usize = 20;
/// Of an emptied save that was kept for a person, the field that stays: its author's devices are told by it to forget theirs.
const BY: &str = "by";

/// Empties these records, of which only those that are deleted and that nothing holds are, and marks their photos.
pub(crate) async fn erase(db: &SqlDatabase, records: &[Uuid], now: i64) -> Result<Erased, DbError> {
    let mut erased = Erased::default();
    for step in records.chunks(STEP_COUNT) {
        let mut tx = db.write().await?;
        fence::lift(&mut tx, Beyond::Retention).await?;
        let waiting = Waiting::read(&mut tx).await?;
        let step = judging::erasable(&mut tx, &waiting, step.iter().copied().collect()).await?;
        let mut found = store::by_ids(&mut tx, &step.erasable).await?;
        found.retain(|record| record.del.is_some() && holds_values(record));
        let erasing = Erasing { records: found, ..Erasing::default() };
        erased += empty_and_mark(&mut tx, &waiting, erasing, now).await?;
        tx.commit().await?;
    }
    Ok(erased)
}

/// Takes out what names erased records and came, or was decided, after them: saves that were kept for a person, and what the log says.
pub(crate) async fn sweep(db: &SqlDatabase, now: i64) -> Result<Erased, DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    let waiting = Waiting::read(&mut tx).await?;
    let mut named = waiting.named();
    named.extend(log::spoken_of(&mut tx).await?);
    let gone = judging::gone(&mut tx, &named).await?;
    let records = waiting.decided(&gone)?;
    let erasing = Erasing { records, gone, ..Erasing::default() };
    let erased = empty_and_mark(&mut tx, &waiting, erasing, now).await?;
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
async fn empty_and_mark(
    tx: &mut Tx,
    waiting: &Waiting,
    erasing: Erasing,
    now: i64,
) -> Result<Erased, DbError> {
    let Erasing { records, detached: mut photos, gone } = erasing;
    let count = records.len() as u64;
    photos.extend(empty(tx, waiting, records, &gone).await?);
    let photos = mark(tx, waiting, photos).await?;
    let erased = Erased { records: count, photos };
    if erased != Erased::default() {
        let detail = json!({"records": count, "photos": photos});
        audit::append(tx, AuditEntry::operator("erased", detail, now)).await?;
    }
    Ok(erased)
}

/// Empties records, and the conflicts, proposals and saves kept for a person that speak of them; the photos that hung on any. Of these, and of what is
/// gone already, the log says nothing any more.
async fn empty(
    tx: &mut Tx,
    waiting: &Waiting,
    mut records: Vec<Record>,
    gone: &BTreeSet<Uuid>,
) -> Result<BTreeSet<BlobHash>, DbError> {
    let ids: BTreeSet<Uuid> = records.iter().map(|record| record.id).collect();
    if !ids.is_empty() {
        records.extend(waiting::repeating(tx, waiting, &ids).await?);
    }
    let photos = photos_of(&records)?;
    let all: BTreeSet<Uuid> = records.iter().map(|record| record.id).collect();
    if !all.is_empty() {
        write_emptied(tx, records, &all).await?;
    }
    let silent: BTreeSet<Uuid> = all.union(gone).copied().collect();
    if !silent.is_empty() {
        log::silence(tx, waiting, &silent).await?;
    }
    Ok(photos)
}

/// Writes records without their values, under a new version: phones take them over.
async fn write_emptied(tx: &mut Tx, mut records: Vec<Record>, ids: &BTreeSet<Uuid>) -> Result<(), DbError> {
    let head = head::read(tx).await?;
    let rev = Rev { n: head.n + 1, ..head };
    for record in &mut records {
        record.fields.retain(|name, _| record.kind == HELD && name == BY);
        record.about.clear();
        record.del.get_or_insert_default();
        record.rev = rev;
    }
    let writes = WriteSet { head: rev, records, ..WriteSet::default() };
    store::write(tx, DeviceId([0; 16]), Inc([0; 8]), writes).await?;
    for text in [
        "DELETE FROM blind_index WHERE e IN (SELECT key FROM json_each($1))",
        "DELETE FROM attachment WHERE e IN (SELECT key FROM json_each($1))",
        "DELETE FROM import_file WHERE e IN (SELECT key FROM json_each($1))",
    ] {
        sql::query(text).bind(sql::keys(ids)).execute(tx).await?;
    }
    Ok(())
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
async fn mark(tx: &mut Tx, waiting: &Waiting, mut photos: BTreeSet<BlobHash>) -> Result<u64, DbError> {
    if photos.is_empty() {
        return Ok(0);
    }
    for wanted in waiting.wanted_photos()? {
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

/// Marks photos and uploads that nothing has attached since `before` and no open save will; how many. Whoever needs one after all may send it again.
pub(crate) async fn lapse(db: &SqlDatabase, before: i64) -> Result<u64, DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    let wanted = Waiting::read(&mut tx).await?.wanted_photos()?;
    let lapsed = sql::query(
        "UPDATE blob SET state = 'erased' WHERE state <> 'erased' AND started_at < $1 AND COALESCE(let_go_at, 0) < $1
         AND hash NOT IN (SELECT key FROM json_each($2))
         AND NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.blob = blob.hash)",
    )
    .bind(before)
    .bind(sql::keys(wanted))
    .execute(&mut tx)
    .await?;
    tx.commit().await?;
    Ok(lapsed)
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
