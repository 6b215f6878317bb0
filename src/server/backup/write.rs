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
    files::{self, Hashed, Scratch},
    manifest::{self, FORM, FORM_SEALED, KEY_NOTE, Manifest, PhotoNote, SealNote},
    seal::{ENDING, Recipient},
    shelf::{DATABASE, Found, MANIFEST, PHOTO_LIST, Shelf},
    verify::{self, Whole},
};
use crate::{blobs::BlobError, db::snapshot::Snapshot, state::App};

/// Where in the data folder a backup lies readable until it is sealed.
const READABLE: &str = ".backup-unsealed";

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    pub found: Found,
    /// Photos that were not here before.
    pub new_photos: BTreeSet<BlobHash>,
    /// Backups that were removed for it.
    pub gone: Vec<String>,
    /// Of a sealed one: what was found when it was tried, before it was sealed. What it contains is durable.
    pub whole: Option<Whole>,
}

/// An unfinished backup; gone unless it is finished.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Makes a backup while the server goes on. One that is sealed to somebody is tried first, for nobody here can read it afterwards, and what is
/// readable of it never leaves the disk of the data.
///
/// # Errors
/// When the folder or its disk does not take it, or something cannot be read; backups that were there stay.
pub async fn write(
    app: &App,
    shelf: &Arc<Shelf>,
    keep: Option<usize>,
    to: Option<&Recipient>,
) -> Result<Made, BackupError> {
    shelf.clear_parts()?;
    let made_at = app.clock.now();
    let name = shelf.new_name(made_at);
    let part = Part(shelf.part(&name));
    files::make_folder(&part.0)?;
    let readable = to.map(|_| Scratch::new(app.config.data_dir.join(READABLE))).transpose()?;
    let place = readable.as_ref().map_or(part.0.as_path(), Scratch::path);
    let (mut manifest, photos) = copy(app, shelf, place, made_at, to).await?;
    let list = manifest::photo_list(&photos.notes);
    manifest.photo_list = Hashed::of(list.as_bytes()).into();
    let whole = match (to, &readable) {
        (Some(to), Some(readable)) => {
            let found = found_in(readable.path(), &name, &list, &manifest)?;
            let (marks, opened) =
                verify::try_database(&found, readable.path(), Some(&app.keys), &None).await?;
            let (from, sealed, recipient) =
                (found.database(), part.0.join(format!("{DATABASE}{ENDING}")), to.clone());
            let database = aside(move || recipient.seal_file(&from, &sealed)).await?.into();
            manifest.huifang = FORM_SEALED.to_owned();
            manifest.sealed = Some(SealNote { to: to.to_string(), database });
            let photos = photos.notes.iter().map(|note| note.hash).collect();
            Some(Whole { marks, photos, opened })
        }
        _ => None,
    };
    drop(readable);
    finish(shelf, &part, &name, &list, &manifest)?;
    let path = shelf.path().join(&name);
    let found = Found { name, path, manifest, verified: whole.is_some() };
    if let Some(whole) = &whole {
        verify::promise(app, &found, whole).await?;
    }
    let gone = keep.map_or(Ok(Vec::new()), |keep| shelf.rotate(keep))?;
    Ok(Made { found, new_photos: photos.new, gone, whole })
}

/// Copies the database into `place` and the photos onto the shelf.
async fn copy(
    app: &App,
    shelf: &Arc<Shelf>,
    place: &Path,
    made_at: i64,
    to: Option<&Recipient>,
) -> Result<(Manifest, Photos), BackupError> {
    let file = place.join(DATABASE);
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
    let photos = copy_photos(app, shelf, hashes, to).await?;
    let manifest = Manifest {
        huifang: FORM.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        head: facts.head,
        audit: facts.audit,
        tables: facts.tables,
        database: database.into(),
        photo_list: Hashed::of(b"").into(),
        photos: photos.notes.len() as u64,
        photo_bytes: photos.notes.iter().map(|note| note.file.bytes).sum(),
        photos_missing: photos.missing.clone(),
        server_keys: app.keys.public().into_iter().map(|key| key.kid).collect(),
        server_key: KEY_NOTE.to_owned(),
        sealed: None,
    };
    Ok((manifest, photos))
}

/// A copy that is not sealed yet, as a backup.
fn found_in(path: &Path, name: &str, list: &str, manifest: &Manifest) -> Result<Found, BackupError> {
    files::write_whole(&path.join(PHOTO_LIST), list.as_bytes())?;
    Ok(Found { name: name.to_owned(), path: path.to_owned(), manifest: manifest.clone(), verified: false })
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
async fn copy_photos(
    app: &App,
    shelf: &Arc<Shelf>,
    hashes: Vec<BlobHash>,
    to: Option<&Recipient>,
) -> Result<Photos, BackupError> {
    let mut photos = Photos::default();
    let listed = shelf.list()?.found.first().and_then(|newest| newest.photos().ok()).unwrap_or_default();
    let known: BTreeMap<BlobHash, Hashed> = listed.into_iter().map(|note| (note.hash, note.file)).collect();
    for hash in hashes {
        let path = if to.is_some() { shelf.sealed_photo(hash) } else { shelf.photo(hash) };
        let length = fs::metadata(&path).map(|meta| meta.len()).ok();
        // The length of a seal says nothing that its name does not: it was written whole under another name first.
        let is_here = |bytes: u64| length.is_some_and(|length| to.is_some() || length == bytes);
        if let Some(file) = known.get(&hash).filter(|file| is_here(file.bytes)) {
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
        let to = to.cloned();
        let file = aside(move || put_photo(&path, &bytes, to.as_ref())).await?;
        photos.notes.push(PhotoNote { hash, file });
        photos.new.insert(hash);
    }
    Ok(photos)
}

fn put_photo(path: &Path, bytes: &[u8], to: Option<&Recipient>) -> Result<Hashed, BackupError> {
    files::make_folder(path.parent().unwrap_or(Path::new(".")))?;
    match to {
        Some(to) => {
            let sealed = to.seal(bytes).map_err(|cause| BackupError::io(path, cause))?;
            files::write_whole(path, &sealed)?;
        }
        None => files::write_whole(path, bytes)?,
    }
    Ok(Hashed::of(bytes))
}
