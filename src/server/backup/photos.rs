//! Copies the photos of a backup onto the shelf, each once for all backups there.

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
    manifest::{PhotoNote, SealedPhoto, TO_UNKNOWN},
    seal::Recipient,
    shelf::Shelf,
};
use crate::{blobs::BlobError, state::App};

/// Which sealed photos of earlier backups are read again; of the others the size is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reread {
    All,
    /// Those that this backup writes.
    New,
}

/// The photos of a backup.
#[derive(Debug, Default)]
pub(super) struct Photos {
    pub(super) notes: Vec<PhotoNote>,
    pub(super) new: BTreeSet<BlobHash>,
    pub(super) missing: BTreeSet<BlobHash>,
    /// Of a sealed backup.
    pub(super) sealed: SealedPhotos,
}

/// How the photos of a sealed backup are sealed.
#[derive(Debug, Default)]
pub(super) struct SealedPhotos {
    pub(super) seals: Vec<SealedPhoto>,
    /// They were damaged, or sealed to another key, or nobody knew how they were written.
    pub(super) again: BTreeSet<BlobHash>,
    /// They are sealed to another key, and the office has them no more: only that key opens them.
    pub(super) elsewhere: BTreeSet<BlobHash>,
    /// They were read, and are what was written.
    pub(super) read: BTreeSet<BlobHash>,
}

/// Copies what is not here yet, readable. A photo never changes, so what an earlier backup lists and what has its size is not read again.
pub(super) async fn copy(
    app: &App,
    shelf: &Arc<Shelf>,
    hashes: Vec<BlobHash>,
) -> Result<Photos, BackupError> {
    let mut photos = Photos::default();
    let known = listed(shelf)?;
    for hash in hashes {
        let path = shelf.photo(hash);
        let bytes = fs::metadata(&path).map(|meta| meta.len()).ok();
        if let Some(file) = known.get(&hash).filter(|file| bytes == Some(file.bytes)) {
            photos.notes.push(PhotoNote { hash, file: file.clone() });
            continue;
        }
        let Some(bytes) = stored(app, hash).await? else {
            photos.missing.insert(hash);
            continue;
        };
        let file = aside(move || {
            make_place(&path)?;
            files::write_whole(&path, &bytes)?;
            Ok(Hashed::of(&bytes))
        });
        photos.notes.push(PhotoNote { hash, file: file.await? });
        photos.new.insert(hash);
    }
    Ok(photos)
}

/// The same, sealed. What an earlier backup sealed to the same key stays; all else is sealed from what the office has.
pub(super) async fn seal(
    app: &App,
    shelf: &Arc<Shelf>,
    hashes: Vec<BlobHash>,
    to: &Recipient,
    reread: Reread,
) -> Result<Photos, BackupError> {
    let mut photos = Photos::default();
    let (listed, seals) = (listed(shelf)?, shelf.seals()?);
    for hash in hashes {
        let known = Known {
            path: shelf.sealed_photo(hash),
            readable: shelf.photo(hash),
            plain: listed.get(&hash).cloned(),
            seal: seals.get(&hash).and_then(|seals| seals.first()).cloned(),
        };
        let (checked, to_whom) = (known.clone(), to.to_string());
        let kept = aside(move || checked.kept(&to_whom, reread)).await?;
        if let Some((note, seal)) = kept {
            photos.notes.push(note);
            photos.sealed.seals.push(seal);
            if reread == Reread::All {
                photos.sealed.read.insert(hash);
            }
            continue;
        }
        match stored(app, hash).await?.or(known.readable_bytes()) {
            Some(bytes) => {
                let (path, recipient) = (known.path.clone(), to.clone());
                let was_here = path.exists();
                let (plain, file) = aside(move || {
                    make_place(&path)?;
                    Ok((Hashed::of(&bytes), recipient.seal_bytes(&bytes, &path)?))
                })
                .await?;
                photos.notes.push(PhotoNote { hash, file: plain });
                photos.sealed.seals.push(SealedPhoto { hash, file, to: to.to_string() });
                photos.sealed.read.insert(hash);
                if was_here { &mut photos.sealed.again } else { &mut photos.new }.insert(hash);
            }
            None => match aside(move || known.elsewhere(hash)).await? {
                Some((note, seal)) => {
                    photos.notes.push(note);
                    photos.sealed.seals.push(seal);
                    photos.sealed.elsewhere.insert(hash);
                }
                None => {
                    photos.missing.insert(hash);
                }
            },
        }
    }
    Ok(photos)
}

/// What the shelf has of a photo, and what is known about it.
#[derive(Clone)]
struct Known {
    path: PathBuf,
    readable: PathBuf,
    plain: Option<Hashed>,
    seal: Option<SealedPhoto>,
}

impl Known {
    /// The seal that may stay: made for this recipient, and as it was written.
    fn kept(&self, to: &str, reread: Reread) -> Result<Option<(PhotoNote, SealedPhoto)>, BackupError> {
        let (Some(plain), Some(seal)) = (&self.plain, &self.seal) else { return Ok(None) };
        let bytes = fs::metadata(&self.path).map(|meta| meta.len()).ok();
        if seal.to != to || bytes != Some(seal.file.bytes) {
            return Ok(None);
        }
        if reread == Reread::All && files::hash_file(&self.path)? != seal.file {
            return Ok(None);
        }
        Ok(Some((PhotoNote { hash: seal.hash, file: plain.clone() }, seal.clone())))
    }

    /// The readable copy of an earlier backup, if it is whole: the office may have lost its own.
    fn readable_bytes(&self) -> Option<Vec<u8>> {
        let bytes = fs::read(&self.readable).ok()?;
        (self.plain.as_ref() == Some(&Hashed::of(&bytes))).then_some(bytes)
    }

    /// A seal that nobody here can make again. It stays, unless it is known to be damaged.
    fn elsewhere(&self, hash: BlobHash) -> Result<Option<(PhotoNote, SealedPhoto)>, BackupError> {
        let Some(plain) = self.plain.clone().filter(|_| self.path.exists()) else { return Ok(None) };
        let file = files::hash_file(&self.path)?;
        let to = match &self.seal {
            Some(seal) if seal.file != file => return Ok(None),
            Some(seal) => seal.to.clone(),
            None => TO_UNKNOWN.to_owned(),
        };
        Ok(Some((PhotoNote { hash, file: plain }, SealedPhoto { hash, file, to })))
    }
}

/// The photos of the newest backup.
fn listed(shelf: &Shelf) -> Result<BTreeMap<BlobHash, Hashed>, BackupError> {
    let newest = shelf.list()?.found.first().and_then(|newest| newest.photos().ok());
    Ok(newest.unwrap_or_default().into_iter().map(|note| (note.hash, note.file)).collect())
}

/// A photo as the office has it, if it does.
async fn stored(app: &App, hash: BlobHash) -> Result<Option<Vec<u8>>, BackupError> {
    match app.blobs.file(hash).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(BlobError::Absent(_)) => Ok(None),
        Err(error) => Err(BackupError::Photos(app.config.photo_place(), error)),
    }
}

fn make_place(path: &Path) -> Result<(), BackupError> {
    files::make_folder(path.parent().unwrap_or(Path::new(".")))
}
