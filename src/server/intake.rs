//! What happens to a blob on its way in: chunks are opened, the whole is checked, pictures are written anew.

use axum::body::Bytes;
use crypto::{hpke::Info, seal};
use sha2::{Digest, Sha256};
use sync::{limits, wire::PushKey};

use crate::{db::BlobRow, error::ApiError, photos, state::App};

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
    let bytes = app.blobs.join_chunks(row.hash, row.bytes).await.map_err(anyhow::Error::from)?;
    let (keys, judged) = (app.keys.clone(), row.clone());
    let outcome = tokio::task::spawn_blocking(move || judge(&keys, &judged, bytes))
        .await
        .map_err(anyhow::Error::from)?;
    let row = match outcome {
        Ok(file) => {
            app.blobs.put_file(row.hash, file).await.map_err(anyhow::Error::from)?;
            BlobRow { state: "verified".to_owned(), why: None, ..row }
        }
        Err(why) => BlobRow { state: "rejected".to_owned(), why: Some(why.to_owned()), ..row },
    };
    let row = app.db.blob_put(row).await?;
    app.blobs.forget_chunks(row.hash, row.bytes).await;
    Ok(row)
}

/// The file to serve, or the word for what is wrong with it.
fn judge(keys: &crate::keys::Keys, row: &BlobRow, bytes: Vec<u8>) -> Result<Vec<u8>, &'static str> {
    if Sha256::digest(&bytes)[..] != row.hash.0 {
        return Err("hash");
    }
    let plain = match &row.seal {
        Some(seal) => open_photo(keys, row, seal, &bytes).ok_or("seal")?,
        None => bytes,
    };
    match row.kind.as_str() {
        "strokes" if serde_json::from_slice::<serde_json::Value>(&plain).is_err() => Err("format"),
        kind if is_picture(kind) => photos::rewrite(&plain).map_err(photos::PhotoError::word),
        _ => Ok(plain),
    }
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
    let file = app.blobs.file(row.hash).await.map_err(anyhow::Error::from)?;
    let small = tokio::task::spawn_blocking(move || photos::thumbnail(&file))
        .await
        .map_err(anyhow::Error::from)?
        .map_err(anyhow::Error::from)?;
    app.blobs.keep_thumbnail(row.hash, small.clone()).await;
    Ok(small)
}
