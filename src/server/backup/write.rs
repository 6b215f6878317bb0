//! Makes a backup: the database in one moment, then the photos it speaks of, then the manifest.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use sync::id::BlobHash;

use super::{
    BackupError, aside,
    files::{self, Hashed},
    manifest::{self, FORM, KEY_NOTE, Manifest, PhotoNote},
    shelf::{DATABASE, Found, MANIFEST, PHOTO_LIST, Shelf},
};
use crate::{blobs::BlobError, db::snapshot::Snapshot, state::App};

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    pub found: Found,
    /// Photos that were not here before.
    pub new_photos: BTreeSet<BlobHash>,
    /// Backups that were removed for it.
    pub gone: Vec<String>,
}

/// An unfinished backup; gone unless it is finished.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Makes a backup while the server goes on.
///
/// # Errors
/// When the folder or its disk does not take it, or something cannot be read; backups that were there stay.
pub async fn write(app: &App, shelf: &Arc<Shelf>, keep: Option<usize>) -> Result<Made, BackupError> {
    shelf.clear_parts()?;
    let made_at = app.clock.now();
    let name = shelf.new_name(made_at);
    let part = Part(shelf.part(&name));
    files::make_folder(&part.0)?;
    let file = part.0.join(DATABASE);
    app.db.copy_into(&file).await.map_err(|error| match error {
        crate::db::DbError::Full => BackupError::Full(file.clone()),
        other => other.into(),
    })?;
    let settled = file.clone();
    let database = aside(move || {
        files::settle(&settled)?;
        files::hash_file(&settled)
    })
    .await?;
    let mut snapshot = Snapshot::open(&file).await?;
    let (facts, hashes) = (snapshot.facts().await?, snapshot.photos().await?);
    snapshot.close().await;
    let photos = copy_photos(app, shelf, hashes).await?;
    let list = manifest::photo_list(&photos.notes);
    let manifest = Manifest {
        huifang: FORM.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        head: facts.head,
        audit: facts.audit,
        tables: facts.tables,
        database: database.into(),
        photo_list: Hashed::of(list.as_bytes()).into(),
        photos: photos.notes.len() as u64,
        photo_bytes: photos.notes.iter().map(|note| note.file.bytes).sum(),
        photos_missing: photos.missing,
        server_keys: app.keys.public().into_iter().map(|key| key.kid).collect(),
        server_key: KEY_NOTE.to_owned(),
    };
    finish(shelf, &part, &name, &list, &manifest)?;
    let gone = keep.map_or(Ok(Vec::new()), |keep| shelf.rotate(keep))?;
    let path = shelf.path().join(&name);
    Ok(Made { found: Found { name, path, manifest, verified: false }, new_photos: photos.new, gone })
}

/// The list, then the manifest, then the name that makes it a backup.
fn finish(
    shelf: &Shelf,
    part: &Part,
    name: &str,
    list: &str,
    manifest: &Manifest,
) -> Result<(), BackupError> {
    files::write_whole(&part.0.join(PHOTO_LIST), list.as_bytes())?;
    let text = serde_json::to_string_pretty(manifest)
        .map_err(|error| BackupError::Damaged { name: name.to_owned(), why: error.to_string() })?;
    files::write_whole(&part.0.join(MANIFEST), text.as_bytes())?;
    let path = shelf.path().join(name);
    fs::rename(&part.0, &path).map_err(|cause| BackupError::io(&path, cause))?;
    files::sync_folder(shelf.path())
}

#[derive(Default)]
struct Photos {
    notes: Vec<PhotoNote>,
    new: BTreeSet<BlobHash>,
    missing: BTreeSet<BlobHash>,
}

/// Copies what is not here yet. A photo never changes, so what an earlier backup lists and what has its size is not read again.
async fn copy_photos(app: &App, shelf: &Arc<Shelf>, hashes: Vec<BlobHash>) -> Result<Photos, BackupError> {
    let mut photos = Photos::default();
    let listed = shelf.list()?.found.first().and_then(|newest| newest.photos().ok()).unwrap_or_default();
    let known: BTreeMap<BlobHash, Hashed> = listed.into_iter().map(|note| (note.hash, note.file)).collect();
    for hash in hashes {
        let path = shelf.photo(hash);
        let length = fs::metadata(&path).map(|meta| meta.len()).ok();
        if let Some(file) = known.get(&hash).filter(|file| length == Some(file.bytes)) {
            photos.notes.push(PhotoNote { hash, file: file.clone() });
            continue;
        }
        let bytes = match app.blobs.file(hash).await {
            Ok(bytes) => bytes,
            Err(BlobError::Absent(_)) => {
                photos.missing.insert(hash);
                continue;
            }
            Err(error) => return Err(BackupError::Photos(app.config.photo_place(), error)),
        };
        let file = aside(move || put_photo(&path, &bytes)).await?;
        photos.notes.push(PhotoNote { hash, file });
        photos.new.insert(hash);
    }
    Ok(photos)
}

fn put_photo(path: &Path, bytes: &[u8]) -> Result<Hashed, BackupError> {
    files::make_folder(path.parent().unwrap_or(Path::new(".")))?;
    files::write_whole(path, bytes)?;
    Ok(Hashed::of(bytes))
}
