//! What happens to a blob on its way in: chunks are opened, the whole is checked, pictures are written anew.

use axum::body::Bytes;
use crypto::{hpke::Info, seal};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sync::{
    id::{BlobHash, DeviceId},
    limits,
    wire::PushKey,
};
use uuid::Uuid;

use crate::{
    db::{BlobRow, DbError, NewUpload},
    error::ApiError,
    photos::PictureError,
    state::App,
    tokens,
};

/// The state of a photo that was kept for long enough, until its file is gone too.
const ERASED: &str = "erased";
const KINDS: [&str; 6] = ["photo", "id_photo", "paper", "sign", "strokes", "voice"];

/// What a phone says before it sends a blob.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct Announcement {
    pub bytes: u64,
    pub kind: String,
    pub e: Uuid,
    pub key: Option<PushKey>,
    pub seal: Option<Value>,
}

/// How long a device is told to wait at most while its account has sent its share: the office may allow more meanwhile.
const ROOM_WAIT_MS_MAX: i64 = 60 * 60_000;

/// Creates or finds an upload; how many of its bytes are here. An upload that begins must fit into what its account may send in a day, if any is said.
///
/// # Errors
/// When the kind or the size is not allowed, or differs from what was said before; [`ApiError::UploadQuota`] when there is no room; [`ApiError::Gone`] while a photo of this hash is being removed, after
/// which it may come anew.
pub async fn announce(
    app: &App,
    device: DeviceId,
    hash: BlobHash,
    said: Announcement,
    bytes_max: Option<u64>,
) -> Result<u64, ApiError> {
    if !KINDS.contains(&said.kind.as_str()) {
        return Err(ApiError::BadRequest("kind"));
    }
    if said.bytes == 0 || said.bytes > limits::BLOB_BYTES_MAX as u64 {
        return Err(ApiError::TooLarge);
    }
    let now = app.clock.now();
    let row = match app.db.blob_find(hash).await? {
        Some(row) if row.state == ERASED => return Err(ApiError::Gone),
        Some(row) if is_usable(&row, now) => row,
        _ => {
            if let Some(bytes_max) = bytes_max {
                let upload = NewUpload { device, bytes: said.bytes, bytes_max, now };
                app.db.blob_room(upload).await.map_err(no_room)?;
            }
            BlobRow {
                hash,
                kind: said.kind,
                e: said.e,
                bytes: said.bytes,
                offset: 0,
                state: "partial".to_owned(),
                why: None,
                key: None,
                seal: None,
                device,
                started_at: now,
                durable: false,
            }
        }
    };
    if row.state == "complete" {
        // It broke off between its last chunk and the verdict.
        return verify(app, row).await.map(|row| row.bytes);
    }
    if row.state != "partial" {
        return Ok(row.bytes);
    }
    if row.bytes != said.bytes {
        return Err(ApiError::BadRequest("bytes"));
    }
    let key = said.key.and_then(|key| serde_json::to_string(&key).ok());
    let seal = said.seal.map(|seal| seal.to_string());
    match app.db.blob_put(BlobRow { key, seal, ..row }).await? {
        stored if stored.state == ERASED => Err(ApiError::Gone),
        stored => Ok(stored.offset),
    }
}

fn no_room(error: DbError) -> ApiError {
    match error {
        DbError::SlowDown { wait_ms } => ApiError::UploadQuota { wait_ms: wait_ms.min(ROOM_WAIT_MS_MAX) },
        other => other.into(),
    }
}

/// An upload that is not lapsed and was not refused; what was refused may be tried again from the start.
fn is_usable(row: &BlobRow, now: i64) -> bool {
    match row.state.as_str() {
        "rejected" => false,
        "partial" => now - row.started_at < limits::BLOB_LAPSE_MS,
        _ => true,
    }
}

/// Compares the bytes sent with their hash as the phone gave it, as hexadecimal or base64url text.
///
/// # Errors
/// When they differ.
pub fn check_hash(sent: &Bytes, said: &str) -> Result<(), ApiError> {
    let hash = Sha256::digest(sent);
    if said == tokens::hex(&hash) || said == crypto::b64::encode(&hash) {
        Ok(())
    } else {
        Err(ApiError::BadChunk)
    }
}

/// Takes the chunk that begins at `offset`, and judges the upload when it was the last; where the next begins.
///
/// # Errors
/// When there is no such upload, it stands elsewhere, or the chunk does not fit.
pub async fn add_chunk(app: &App, hash: BlobHash, offset: u64, sent: Bytes) -> Result<u64, ApiError> {
    let Some(row) = app.db.blob_find(hash).await? else { return Err(ApiError::Gone) };
    let is_lapsed = row.state == "partial" && app.clock.now() - row.started_at >= limits::BLOB_LAPSE_MS;
    if is_lapsed || row.state == ERASED {
        return Err(ApiError::Gone);
    }
    if row.state != "partial" || row.offset != offset {
        return Err(ApiError::Offset { offset: if row.state == "partial" { row.offset } else { row.bytes } });
    }
    let plain = open_chunk(app, &row, offset, sent)?;
    let end = offset + plain.len() as u64;
    let is_whole_chunk = plain.len() == limits::BLOB_CHUNK_BYTES || end == row.bytes;
    if plain.is_empty() || end > row.bytes || !is_whole_chunk {
        return Err(ApiError::BadChunk);
    }
    app.blobs.put_chunk(hash, offset, plain).await?;
    let state = if end == row.bytes { "complete" } else { "partial" };
    let row = app.db.blob_put(BlobRow { offset: end, state: state.to_owned(), ..row }).await?;
    if row.state == "complete" {
        verify(app, row).await?;
    }
    Ok(end)
}

/// The plain bytes of a chunk that begins at `offset`.
///
/// # Errors
/// When it does not open under the upload's key.
pub fn open_chunk(app: &App, row: &BlobRow, offset: u64, sent: Bytes) -> Result<Vec<u8>, ApiError> {
    let Some(key) = &row.key else { return Ok(sent.to_vec()) };
    let key: PushKey = serde_json::from_str(key).map_err(|_| ApiError::BadChunk)?;
    let key = app.keys.open_push_key(&key, Info::Blob).ok_or(ApiError::BadChunk)?;
    let n = offset / limits::BLOB_CHUNK_BYTES as u64 + 1;
    let n = u32::try_from(n).map_err(|_| ApiError::BadChunk)?;
    seal::open_chunk(&key, &row.hash.to_string(), n, &sent).map_err(|_| ApiError::BadChunk)
}

/// Whether blobs of this kind are pictures.
pub fn is_picture(kind: &str) -> bool {
    !matches!(kind, "strokes" | "voice")
}

/// Judges a complete upload: `verified`, or `rejected` with a reason.
///
/// # Errors
/// When the store or the database fails; the upload can then be asked to go on.
pub async fn verify(app: &App, row: BlobRow) -> Result<BlobRow, ApiError> {
    let place = app.workers.picture().await.map_err(PictureError::from)?;
    // Whoever asked again while the first waited for a place finds it judged, and its chunks gone.
    if let Some(judged) = app.db.blob_find(row.hash).await?.filter(|found| found.state != "complete") {
        return Ok(judged);
    }
    let bytes = app.blobs.join_chunks(row.hash, row.bytes).await?;
    let (keys, judged) = (app.keys.clone(), row.clone());
    let opened = tokio::task::spawn_blocking(move || judge(&keys, &judged, bytes))
        .await
        .map_err(anyhow::Error::from)?;
    let outcome = match opened {
        Ok(plain) if is_picture(&row.kind) => match place.rewrite(plain).await {
            Err(PictureError::Photo(error)) => Err(error.word()),
            written => Ok(written?),
        },
        other => other,
    };
    let row = match outcome {
        Ok(file) => {
            app.blobs.put_file(row.hash, file).await?;
            BlobRow { state: "verified".to_owned(), why: None, ..row }
        }
        Err(why) => BlobRow { state: "rejected".to_owned(), why: Some(why.to_owned()), ..row },
    };
    let row = app.db.blob_put(row).await?;
    app.blobs.forget_chunks(row.hash, row.bytes).await;
    if row.state == ERASED {
        // Whoever removes it may have been here before the file was.
        app.blobs.forget(row.hash, row.bytes).await?;
        return Err(ApiError::Gone);
    }
    Ok(row)
}

/// The file to serve, a picture still as it was sent, or the word for what is wrong with it.
fn judge(keys: &crate::keys::Keys, row: &BlobRow, bytes: Vec<u8>) -> Result<Vec<u8>, &'static str> {
    if Sha256::digest(&bytes)[..] != row.hash.0 {
        return Err("hash");
    }
    let plain = match &row.seal {
        Some(seal) => open_photo(keys, row, seal, &bytes).ok_or("seal")?,
        None => bytes,
    };
    match row.kind.as_str() {
        "voice" if !is_recording(&plain) => Err("format"),
        "strokes" if serde_json::from_slice::<serde_json::Value>(&plain).is_err() => Err("format"),
        _ => Ok(plain),
    }
}

/// Whether the first bytes are of a container that browsers record sound into: WebM, Ogg or MP4.
fn is_recording(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1A, 0x45, 0xDF, 0xA3])
        || bytes.starts_with(b"OggS")
        || bytes.get(4..8) == Some(b"ftyp")
}

/// Opens a photo that was sealed to the server; its hash is the associated data.
fn open_photo(keys: &crate::keys::Keys, row: &BlobRow, seal: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let seal: serde_json::Value = serde_json::from_str(seal).ok()?;
    let hash = row.hash.to_string();
    let ct = crypto::b64::encode(bytes);
    let part = |name: &str| seal[name].as_str();
    keys.open(part("kid")?, part("alg")?, Info::Photo, hash.as_bytes(), part("enc")?, &ct).ok()
}

/// The small picture, made at the first asking.
///
/// # Errors
/// When the file cannot be read.
pub async fn thumbnail(app: &App, row: &BlobRow) -> Result<Vec<u8>, ApiError> {
    if let Some(small) = app.blobs.thumbnail(row.hash).await {
        return Ok(small);
    }
    let place = app.workers.picture().await.map_err(PictureError::from)?;
    let small = place.small(app.blobs.file(row.hash).await?).await?;
    app.blobs.keep_thumbnail(row.hash, small.clone()).await;
    Ok(small)
}
