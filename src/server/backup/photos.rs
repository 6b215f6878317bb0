//! Copies the photos of a backup onto the shelf, each once for all backups there.

use std::{
    collections::BTreeSet,
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
    shelf::{Shelf, Word},
};
use crate::{blobs::BlobError, state::App};

/// Which photos of earlier backups are read again; of the others the size is compared.
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
    /// They were damaged, or sealed to another key, or nobody knew how they were written: they were taken from the office again.
    pub(super) again: BTreeSet<BlobHash>,
    pub(super) missing: BTreeSet<BlobHash>,
    /// They were read from the shelf, and are what was written.
    pub(super) read: BTreeSet<BlobHash>,
    /// Of a sealed backup.
    pub(super) sealed: SealedPhotos,
}

/// How the photos of a sealed backup are sealed.
#[derive(Debug, Default)]
pub(super) struct SealedPhotos {
    pub(super) seals: Vec<SealedPhoto>,
    /// They are sealed to another key, and the office has them no more: only that key opens them.
    pub(super) elsewhere: BTreeSet<BlobHash>,
}

/// Copies what is not here yet, readable. A photo never changes: what an earlier backup lists and what is as it says stays.
pub(super) async fn copy(
    app: &App,
    shelf: &Arc<Shelf>,
    hashes: Vec<BlobHash>,
    reread: Reread,
) -> Result<Photos, BackupError> {
    let mut photos = Photos::default();
    let mut words = shelf.words()?;
    for hash in hashes {
        let (path, words) = (shelf.photo(hash), words.remove(&hash).unwrap_or_default());
        let was_here = path.exists();
        let known = Known { path: path.clone(), words };
        if let Some((file, is_read)) = aside(move || Ok(known.readable(reread))).await? {
            photos.notes.push(PhotoNote { hash, file });
            photos.read.extend(is_read.then_some(hash));
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
        if was_here { &mut photos.again } else { &mut photos.new }.insert(hash);
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
    let mut words = shelf.words()?;
    for hash in hashes {
        let (path, readable) = (shelf.sealed_photo(hash), shelf.photo(hash));
        let known = Known { path: path.clone(), words: words.remove(&hash).unwrap_or_default() };
        let (checked, to_whom) = (known.clone(), to.to_string());
        let kept = aside(move || Ok(checked.sealed(&to_whom, reread))).await?;
        if let Some(Kept { file, seal, is_read }) = kept {
            photos.notes.push(PhotoNote { hash, file });
            photos.sealed.seals.push(seal);
            photos.read.extend(is_read.then_some(hash));
            continue;
        }
        match stored(app, hash).await?.or(known.earlier(&readable)) {
            Some(bytes) => {
                let recipient = to.clone();
                let was_here = path.exists();
                let (plain, file) = aside(move || {
                    make_place(&path)?;
                    Ok((Hashed::of(&bytes), recipient.seal_bytes(&bytes, &path)?))
                })
                .await?;
                photos.notes.push(PhotoNote { hash, file: plain });
                photos.sealed.seals.push(SealedPhoto { hash, file, to: to.to_string() });
                photos.read.insert(hash);
                if was_here { &mut photos.again } else { &mut photos.new }.insert(hash);
            }
            None => match aside(move || Ok(known.elsewhere(hash))).await? {
                Some(Kept { file, seal, .. }) => {
                    photos.notes.push(PhotoNote { hash, file });
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

/// A photo on the shelf, and what the backups say of it, the newest first.
#[derive(Clone)]
struct Known {
    path: PathBuf,
    words: Vec<Word>,
}

/// A sealed photo that stays.
struct Kept {
    file: Hashed,
    seal: SealedPhoto,
    is_read: bool,
}

impl Known {
    fn bytes(&self) -> Option<u64> {
        fs::metadata(&self.path).map(|meta| meta.len()).ok()
    }

    /// What the readable file holds, if it is what a backup says, and whether it was read to its end.
    fn readable(&self, reread: Reread) -> Option<(Hashed, bool)> {
        let bytes = self.bytes()?;
        let mut said = self.words.iter().filter_map(|word| Some((word.file.as_ref()?, word.is_last)));
        let (newest, is_last) = said.clone().next()?;
        if reread == Reread::New && is_last {
            return (newest.bytes == bytes).then(|| (newest.clone(), false));
        }
        // A file that cannot be read is as good as damaged.
        let has = files::hash_file(&self.path).ok()?;
        said.any(|(file, _)| *file == has).then_some((has, true))
    }

    /// The seal that may stay: made for this recipient, and as it was written.
    fn sealed(&self, to: &str, reread: Reread) -> Option<Kept> {
        let bytes = self.bytes()?;
        let mut said = self.sealed_words();
        let (file, seal, is_last) = said.clone().next()?;
        if reread == Reread::New && is_last {
            let stays = seal.to == to && seal.file.bytes == bytes;
            return stays.then(|| Kept { file: file.clone(), seal: seal.clone(), is_read: false });
        }
        let has = files::hash_file(&self.path).ok()?;
        let (file, seal, _) = said.find(|(_, seal, _)| seal.file == has && seal.to == to)?;
        Some(Kept { file: file.clone(), seal: seal.clone(), is_read: true })
    }

    fn sealed_words(&self) -> impl Iterator<Item = (&Hashed, &SealedPhoto, bool)> + Clone {
        self.words.iter().filter_map(|word| Some((word.file.as_ref()?, word.seal.as_ref()?, word.is_last)))
    }

    /// The readable copy of an earlier backup, if it is whole: the office may have lost its own.
    fn earlier(&self, readable: &Path) -> Option<Vec<u8>> {
        let bytes = fs::read(readable).ok()?;
        let has = Some(Hashed::of(&bytes));
        self.words.iter().any(|word| word.file == has).then_some(bytes)
    }

    /// A seal that nobody here can make again. It stays, unless it is known to be damaged.
    fn elsewhere(&self, hash: BlobHash) -> Option<Kept> {
        let has = files::hash_file(&self.path).ok()?;
        let (file, seal) = if self.words.iter().any(|word| word.seal.is_some()) {
            let (file, seal, _) = self.sealed_words().find(|(_, seal, _)| seal.file == has)?;
            (file.clone(), seal.clone())
        } else {
            let file = self.words.iter().find_map(|word| word.file.clone())?;
            (file, SealedPhoto { hash, file: has, to: TO_UNKNOWN.to_owned() })
        };
        Some(Kept { file, seal, is_read: true })
    }
}

/// A photo as the office has it, if it does.
pub(super) async fn stored(app: &App, hash: BlobHash) -> Result<Option<Vec<u8>>, BackupError> {
    match app.blobs.file(hash).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(BlobError::Absent(_)) => Ok(None),
        Err(error) => Err(BackupError::Photos(app.config.photo_place(), error)),
    }
}

fn make_place(path: &Path) -> Result<(), BackupError> {
    files::make_folder(path.parent().unwrap_or(Path::new(".")))
}
