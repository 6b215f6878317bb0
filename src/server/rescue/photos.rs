//! The photos of a rescue file, chunk by chunk through the intake of every photo.

use axum::body::Bytes;
use crypto::{Key, b64, seal};
use sha2::{Digest, Sha256};
use sync::{limits::BLOB_CHUNK_BYTES, wire::PushKey};

use super::{
    Report, RescueError,
    file::{RescueFile, RescuedBlob},
};
use crate::{
    intake::{self, Announcement},
    state::App,
};

/// Takes every photo that is whole; the others are named in the report.
pub(super) async fn import(
    app: &App,
    file: &RescueFile,
    keys: &[(PushKey, Key)],
    report: &mut Report,
) -> Result<(), RescueError> {
    for blob in &file.blobs {
        match whole(blob, keys) {
            Some((key, chunks)) => take(app, file, blob, key, chunks, report).await?,
            None => report.damaged.push(format!("photo {}", blob.sha256)),
        }
    }
    Ok(())
}

/// The key and the sealed chunks of a photo of which every chunk opens and whose hash is right. The file does not say which key it was.
fn whole<'k>(blob: &RescuedBlob, keys: &'k [(PushKey, Key)]) -> Option<(&'k PushKey, Vec<Vec<u8>>)> {
    let chunks: Vec<Vec<u8>> =
        blob.chunks.iter().map(|chunk| b64::decode(chunk).ok()).collect::<Option<_>>()?;
    let name = blob.sha256.to_string();
    let (sealed_key, key) = keys.iter().find(|(_, key)| {
        seal::open_chunk(key, &name, 1, chunks.first().map_or(&[], Vec::as_slice)).is_ok()
    })?;
    let mut plain = Vec::new();
    for (n, chunk) in (1..).zip(&chunks) {
        plain.extend(seal::open_chunk(key, &name, n, chunk).ok()?);
    }
    let is_whole = plain.len() as u64 == blob.bytes && Sha256::digest(&plain)[..] == blob.sha256.0;
    is_whole.then_some((sealed_key, chunks))
}

async fn take(
    app: &App,
    file: &RescueFile,
    blob: &RescuedBlob,
    key: &PushKey,
    chunks: Vec<Vec<u8>>,
    report: &mut Report,
) -> Result<(), RescueError> {
    let said = Announcement {
        bytes: blob.bytes,
        kind: blob.kind.clone(),
        e: blob.e,
        key: Some(key.clone()),
        seal: None,
    };
    let was_here = app.db.blob_find(blob.sha256).await?.is_some_and(|row| row.state == "verified");
    if was_here {
        report.photos.here_before += 1;
        return Ok(());
    }
    // The phone may have sent a part of it. What somebody brings by hand is under no share.
    let mut offset = intake::announce(app, file.device, blob.sha256, said, None).await?;
    let first = usize::try_from(offset / BLOB_CHUNK_BYTES as u64).unwrap_or(usize::MAX);
    for chunk in chunks.into_iter().skip(first) {
        offset = intake::add_chunk(app, blob.sha256, offset, Bytes::from(chunk)).await?;
    }
    let row = app.db.blob_find(blob.sha256).await?;
    match row {
        Some(row) if row.state == "verified" => report.photos.taken += 1,
        Some(row) => {
            let why = row.why.unwrap_or(row.state);
            report.photos.rejected.push(format!("{}: {why}", blob.sha256));
        }
        None => report.damaged.push(format!("photo {}", blob.sha256)),
    }
    Ok(())
}
