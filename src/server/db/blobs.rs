//! How far uploads are, and who may read what was uploaded.

use domain::kinds;
use serde_json::{Value, json};
use sync::{
    id::{AreaId, BlobHash},
    limits,
    wire::BlobState,
};

use super::{
    SqlDatabase, audit,
    fence::{self, Beyond},
    rows::{count, id, parsed},
    scope,
    sql::{self, Row, Tx},
};
use crate::db::{AuditEntry, BlobRow, Caller, DbError, NewUpload};

const DAY_MS: i64 = 24 * 60 * 60_000;
/// That a paper or a recording was shown.
const VIEW: &str = "view_paper";
/// Blobs of which the chain says who was shown them: ID cards, papers with receipts among them, and what families said. Houses and faces are shown with every file.
const SENSITIVE: [&str; 3] = ["id_photo", "paper", "voice"];

pub(crate) async fn find(db: &SqlDatabase, hash: BlobHash) -> Result<Option<BlobRow>, DbError> {
    let mut tx = db.read().await?;
    fence::lift(&mut tx, Beyond::Upload).await?;
    find_in(&mut tx, hash).await
}

/// The row of a blob.
pub(crate) async fn find_in(tx: &mut Tx, hash: BlobHash) -> Result<Option<BlobRow>, DbError> {
    let row =
        sql::query("SELECT * FROM blob WHERE hash = $1").bind(hash.to_string()).fetch_optional(tx).await?;
    row.as_ref().map(blob).transpose()
}

fn blob(row: &Row) -> Result<BlobRow, DbError> {
    Ok(BlobRow {
        hash: parsed(row, "hash")?,
        kind: row.try_get("kind")?,
        e: parsed(row, "e")?,
        bytes: count(row, "bytes")?,
        offset: count(row, "offset")?,
        state: row.try_get("state")?,
        why: row.try_get("why")?,
        key: row.try_get("blob_key")?,
        seal: row.try_get("seal")?,
        device: parsed(row, "device")?,
        started_at: row.try_get("started_at")?,
        durable: row.try_get::<i64>("durable")? != 0,
    })
}

/// The state as phones read it.
pub fn state(row: Option<&BlobRow>) -> BlobState {
    match row {
        None => BlobState { state: "absent".to_owned(), offset: None, why: None, durable: false },
        Some(row) => {
            let offset = (row.state == "partial").then_some(row.offset);
            BlobState { state: row.state.clone(), offset, why: row.why.clone(), durable: row.durable }
        }
    }
}

pub(crate) async fn put(db: &SqlDatabase, new: BlobRow) -> Result<BlobRow, DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Upload).await?;
    sql::query(
        "INSERT INTO blob (hash, kind, e, bytes, \"offset\", state, why, blob_key, seal, device, started_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (hash) DO UPDATE SET \"offset\" = $5, state = $6, why = $7, blob_key = $8, seal = $9, started_at = $11
         -- What is being removed is not brought back under the hands of whoever removes it.
         WHERE blob.state NOT IN ('verified', 'erased') AND NOT (
            -- A slower request of the same upload, come by another process.
            $6 = 'partial' AND blob.state IN ('partial', 'complete') AND blob.started_at = $11 AND blob.\"offset\" > $5)",
    )
    .bind(new.hash.to_string())
    .bind(&new.kind)
    .bind(id(new.e))
    .bind(i64::try_from(new.bytes).unwrap_or(i64::MAX))
    .bind(i64::try_from(new.offset).unwrap_or(i64::MAX))
    .bind(&new.state)
    .bind(&new.why)
    .bind(&new.key)
    .bind(&new.seal)
    .bind(new.device.to_string())
    .bind(new.started_at)
    .execute(&mut tx)
    .await?;
    let stored = find_in(&mut tx, new.hash).await?.ok_or(DbError::NotFound)?;
    tx.commit().await?;
    Ok(stored)
}

/// What the devices of the upload's account began within a day, and that upload, must fit. A small file counts as a chunk, so that their number is bounded too.
pub(crate) async fn room(db: &SqlDatabase, upload: NewUpload) -> Result<(), DbError> {
    let chunk = limits::BLOB_CHUNK_BYTES as u64;
    let mut tx = db.read().await?;
    fence::lift(&mut tx, Beyond::Upload).await?;
    let rows = sql::query(
        "SELECT bytes, started_at FROM blob WHERE started_at > $1 AND device IN (
            SELECT other.id FROM device JOIN device AS other ON other.account = device.account WHERE device.id = $2)
         ORDER BY started_at",
    )
    .bind(upload.now - DAY_MS)
    .bind(upload.device.to_string())
    .fetch_all(&mut tx)
    .await?;
    let begun: Vec<(u64, i64)> = rows
        .iter()
        .map(|row| Ok((count(row, "bytes")?.max(chunk), row.try_get("started_at")?)))
        .collect::<Result<_, DbError>>()?;
    let mut taken = begun.iter().map(|(bytes, _)| bytes).sum::<u64>() + upload.bytes.max(chunk);
    let mut wait_ms = 0;
    for (bytes, started_at) in begun.iter().chain([&(0, upload.now)]) {
        if taken <= upload.bytes_max {
            break;
        }
        (taken, wait_ms) = (taken - bytes, started_at + DAY_MS - upload.now);
    }
    if wait_ms > 0 { Err(DbError::SlowDown { wait_ms }) } else { Ok(()) }
}

/// What the caller may read, taken down where it is a paper or a recording.
pub(crate) async fn readable(
    db: &SqlDatabase,
    who: &Caller,
    hash: BlobHash,
    now: i64,
) -> Result<BlobRow, DbError> {
    let mut tx = db.read().await?;
    let (blob, file, is_paper) = attached(db, &mut tx, who, hash).await?;
    if !is_paper && !SENSITIVE.contains(&blob.kind.as_str()) {
        return Ok(blob);
    }
    drop(tx);
    let detail = json!({"e": file, "blob": hash.to_string(), "kind": blob.kind});
    // A page asks for a part, for the small one and for the whole.
    let is_same = |one: &Value, other: &Value| one["blob"] == other["blob"];
    audit::note_hourly(db, who, AuditEntry::of(who, VIEW, detail, now), is_same).await?;
    Ok(blob)
}

/// Knowing the hash is no right: a record in scope, of a kind that the role pulls, must attach it. The blob, whose file it belongs to, and whether the
/// record is that of a paper, whatever the phone called the blob.
async fn attached(
    db: &SqlDatabase,
    tx: &mut Tx,
    who: &Caller,
    hash: BlobHash,
) -> Result<(BlobRow, String, bool), DbError> {
    let at = scope::caller(db, tx, who).await?;
    let rows = sql::query(
        "SELECT record.e, record.parent, record.area, record.kind FROM attachment JOIN record ON record.e = attachment.e
         WHERE attachment.blob = $1 AND record.del = 0",
    )
    .bind(hash.to_string())
    .fetch_all(tx)
    .await?;
    let mut file = None;
    let mut is_paper = false;
    for row in &rows {
        let word: &str = row.try_get("kind")?;
        let is_pulled = kinds::kind(word).is_some_and(|kind| kind.is_pulled_by(at.who.role));
        if is_pulled && at.who.scope.holds(AreaId(parsed(row, "area")?)) {
            is_paper |= word == "paper";
            let parent: Option<String> = row.try_get("parent")?;
            file = file.or(Some(parent.map_or_else(|| row.try_get("e"), Ok)?));
        }
    }
    let file = file.ok_or(DbError::NotFound)?;
    let blob = find_in(tx, hash).await?.filter(|blob| blob.state == "verified").ok_or(DbError::NotFound)?;
    Ok((blob, file, is_paper))
}
