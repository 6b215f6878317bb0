//! Restores a backup into an empty data folder and begins a new epoch there.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    BackupError, aside,
    files::{self, Hashed},
    manifest::PhotoNote,
    seal::AtHand,
    shelf::{Found, RestoreNote, Shelf, pick},
    verify::{check_key, unpack},
};
use crate::{
    blobs::{BlobStore, file_place},
    config::Config,
    db::{Database, Reopening, SqlDatabase},
    folder,
    keys::{Keys, Origin},
};

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    pub found: Found,
    pub epoch: u16,
    pub photos: usize,
    /// Whether a server key was made in place of one that is lost.
    pub key_made: bool,
}

/// Restores the backup at `from` into the data folder of `config`.
///
/// A mark lies in the folder until all is there: nothing is served from it before, and the same restore may be begun again.
///
/// # Errors
/// When the folder is in use or not empty, the server key is not there, or the backup is damaged.
pub async fn restore(
    config: &Config,
    from: &Path,
    lost_key: bool,
    identities: AtHand,
    now: i64,
) -> Result<Restored, BackupError> {
    let in_use = || BackupError::InUse(config.data_dir.clone());
    let io =
        |error: anyhow::Error| BackupError::io(&config.data_dir, std::io::Error::other(format!("{error:#}")));
    let (shelf, found) = pick(from)?;
    let shelf = Arc::new(shelf);
    check_empty(config)?;
    found.keys(&identities)?;
    check_key_at_hand(config, &found, lost_key)?;
    let _lock = folder::lock(config).map_err(io)?.ok_or_else(in_use)?;
    let epoch = new_epoch(&shelf, &found, now)?;
    let (keys, origin) = Keys::open_or_make(&config.key_file).map_err(io)?;
    begin(config)?;
    let file = config.database_file();
    unpack(&found, &file, &identities).await?;
    let photos = put_photos(config, &shelf, &found, identities).await?;
    let db = SqlDatabase::open_sqlite(&file, Arc::new(keys))
        .await
        .map_err(|error| found.damaged(format!("the restored database does not open: {error:#}")))?;
    let lost_photos = found.manifest.photos_missing.clone();
    let mut reopened = db.reopen(Reopening { epoch, backup: found.name.clone(), lost_photos, now }).await;
    if lost_key && reopened.is_ok() {
        reopened = db.give_up_key(now).await;
    }
    db.close().await;
    reopened?;
    fs::remove_file(config.restore_mark()).map_err(|cause| BackupError::io(config.restore_mark(), cause))?;
    files::sync_folder(&config.data_dir)?;
    Ok(Restored { found, epoch, photos, key_made: origin == Origin::Made })
}

/// Only the key and the lock may lie there, and what a restore that broke off has left.
fn check_empty(config: &Config) -> Result<(), BackupError> {
    let Ok(entries) = fs::read_dir(&config.data_dir) else { return Ok(()) };
    if config.restore_mark().exists() {
        return Ok(());
    }
    let known = [&config.key_file, &config.lock_file()].map(|path| path.file_name().map(ToOwned::to_owned));
    let mut found: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name())
        .filter(|name| !known.contains(&Some(name.clone())))
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    found.sort();
    match found.is_empty() {
        true => Ok(()),
        false => Err(BackupError::NotEmpty { path: config.data_dir.clone(), found }),
    }
}

/// The key must be the one that the data is sealed to, but for whoever says that it is lost.
fn check_key_at_hand(config: &Config, found: &Found, lost_key: bool) -> Result<(), BackupError> {
    let path = &config.key_file;
    let unread = |error: anyhow::Error| BackupError::io(path, std::io::Error::other(format!("{error:#}")));
    match Keys::read(path).map_err(unread)? {
        _ if lost_key => Ok(()),
        Some(keys) => check_key(found, &keys, path),
        None => Err(BackupError::NoKey(path.clone())),
    }
}

/// An epoch that no phone has seen. It is noted before it is used, so that another restore from here never gives it out again.
fn new_epoch(shelf: &Shelf, found: &Found, now: i64) -> Result<u16, BackupError> {
    let epoch = shelf.epoch_max()?.max(found.manifest.head.epoch);
    let epoch = epoch.checked_add(1).ok_or_else(|| found.damaged("no epoch is left"))?;
    let note = RestoreNote { at: now, backup: found.name.clone(), epoch };
    let no_note = |cause| BackupError::NoNote { path: shelf.path().to_owned(), cause: Box::new(cause) };
    shelf.note_restore(note).map_err(no_note)?;
    Ok(epoch)
}

/// Sets the mark, and clears away what an earlier try left.
fn begin(config: &Config) -> Result<(), BackupError> {
    files::write_whole(&config.restore_mark(), b"a restore is under way\n")?;
    let file = config.database_file();
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", file.display()));
    for path in [file.clone(), beside("-wal"), beside("-shm"), beside("-journal")] {
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(BackupError::io(path, cause));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Copies the photos to where the server looks for them; each is hashed on its way.
async fn put_photos(
    config: &Config,
    shelf: &Arc<Shelf>,
    found: &Found,
    identities: AtHand,
) -> Result<usize, BackupError> {
    if config.bucket.is_some() {
        return fill_bucket(config, shelf, found, &identities).await;
    }
    let (folder, shelf, found) = (config.blob_dir(), Arc::clone(shelf), found.clone());
    aside(move || {
        let notes = found.photos()?;
        for PhotoNote { hash, file } in &notes {
            let to = folder.join(file_place(*hash));
            files::make_folder(to.parent().unwrap_or(&folder))?;
            let bytes = shelf.read_photo(&found, *hash, &identities)?;
            if Hashed::of(&bytes) != *file {
                return Err(found.damaged(format!("the photo {hash} is damaged")));
            }
            files::write_whole(&to, &bytes)?;
        }
        Ok(notes.len())
    })
    .await
}

/// The same, into the bucket.
async fn fill_bucket(
    config: &Config,
    shelf: &Shelf,
    found: &Found,
    identities: &AtHand,
) -> Result<usize, BackupError> {
    let notes = found.photos()?;
    let io =
        |error: anyhow::Error| BackupError::io(&config.data_dir, std::io::Error::other(format!("{error:#}")));
    let store = BlobStore::open(config).map_err(io)?;
    store.check(config).await.map_err(|trouble| io(trouble.into()))?;
    for PhotoNote { hash, file } in &notes {
        let bytes = shelf.read_photo(found, *hash, identities)?;
        if Hashed::of(&bytes) != *file {
            return Err(found.damaged(format!("the photo {hash} is damaged")));
        }
        store
            .put_file(*hash, bytes)
            .await
            .map_err(|error| BackupError::Photos(config.photo_place(), error))?;
    }
    Ok(notes.len())
}
