//! When the first backup was sealed, those that lie there readable are sealed too, and the readable files go: seal, read again, write the new manifest,
//! remove. A break-off at any point leaves each backup readable and whole, or sealed and whole; the next backup goes on.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use sync::id::BlobHash;

use super::{
    BackupError,
    files::{self, Hashed},
    manifest::{PhotoNote, SealedPhoto},
    seal::{ENDING, Recipient},
    shelf::{DATABASE, Found, PART, Shelf, Word},
};

/// What became of what was readable.
#[derive(Debug, Default)]
pub struct Replaced {
    /// Backups that are sealed now.
    pub backups: Vec<String>,
    /// Readable photos that are gone.
    pub photos: u64,
    /// Readable photos that were not as they were written, and were sealed from the office's own.
    pub anew: BTreeSet<BlobHash>,
    /// What is readable still, and why.
    pub left: Vec<String>,
}

/// Gives a photo as the office has it, if it does.
pub(super) type Office<'o> = dyn Fn(BlobHash) -> Result<Option<Vec<u8>>, BackupError> + 'o;

/// Seals what lies readable beside a sealed backup. What cannot be sealed stays, and is said.
pub(super) fn replace(shelf: &Shelf, to: &Recipient, office: &Office<'_>) -> Replaced {
    if has_readable(shelf).is_ok_and(|has| !has) {
        return Replaced::default();
    }
    let mut replacing = Replacing {
        shelf,
        to,
        office,
        seals: Seals::default(),
        rotten: BTreeSet::new(),
        done: Replaced::default(),
    };
    if let Err(error) = replacing.all() {
        replacing.done.left.push(error.to_string());
    }
    replacing.done
}

/// Whether anything is to be done. The lists of all backups are long, and mostly there is nothing.
fn has_readable(shelf: &Shelf) -> Result<bool, BackupError> {
    let mut databases = shelf.names()?.into_iter().map(|name| shelf.path().join(name).join(DATABASE));
    let photos = shelf.photo_files()?;
    Ok(databases.any(|path| path.exists()) || photos.iter().any(|path| !is_sealed(path)))
}

fn is_sealed(photo: &Path) -> bool {
    let name = photo.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(ENDING) && !name.starts_with(PART)
}

/// Sealed photos as backups say that they were written; each is read again once.
#[derive(Default)]
struct Seals {
    unread: BTreeMap<BlobHash, Vec<SealedPhoto>>,
    whole: BTreeMap<BlobHash, SealedPhoto>,
}

struct Replacing<'r> {
    shelf: &'r Shelf,
    to: &'r Recipient,
    office: &'r Office<'r>,
    seals: Seals,
    /// Readable photos that are damaged, and of which the office has no whole one.
    rotten: BTreeSet<PathBuf>,
    done: Replaced,
}

impl Replacing<'_> {
    fn all(&mut self) -> Result<(), BackupError> {
        let seals = |words: Vec<Word>| words.into_iter().filter_map(|word| word.seal).collect();
        self.seals.unread =
            self.shelf.words()?.into_iter().map(|(hash, words)| (hash, seals(words))).collect();
        self.seal_all()?;
        let rotten = self.rotten.iter().map(|path| {
            let path = path.display();
            format!("{path} is damaged, and the data has no whole one: it is not sealed, and whoever restores a backup that speaks of it is told so")
        });
        self.done.left.extend(rotten);
        self.drop_photos()
    }

    /// The seal of a photo that is there as it was written.
    fn whole(&mut self, hash: BlobHash) -> Option<&SealedPhoto> {
        if let Some(seals) = self.seals.unread.remove(&hash) {
            let has = files::hash_file(&self.shelf.sealed_photo(hash)).ok();
            let whole = seals.into_iter().find(|seal| Some(&seal.file) == has.as_ref());
            self.seals.whole.extend(whole.map(|seal| (hash, seal)));
        }
        self.seals.whole.get(&hash)
    }

    fn seal_all(&mut self) -> Result<(), BackupError> {
        let found = self.shelf.list()?.found;
        for backup in &found {
            let done = match backup.is_sealed() {
                true => drop_database(backup),
                false => self.seal(backup),
            };
            match done {
                Ok(()) if !backup.is_sealed() => self.done.backups.push(backup.name.clone()),
                Ok(()) => {}
                Err(error) => self.done.left.push(format!("{}: {error}", backup.path.display())),
            }
        }
        for name in self.shelf.names()? {
            let path = self.shelf.path().join(&name);
            if path.join(DATABASE).exists() && !found.iter().any(|backup| backup.name == name) {
                self.done.left.push(format!(
                    "{} is no backup, but holds a database: look, and remove it",
                    path.display()
                ));
            }
        }
        Ok(())
    }

    /// Seals a readable backup where it lies. The new manifest makes it a sealed one; before that it is a readable one.
    fn seal(&mut self, backup: &Found) -> Result<(), BackupError> {
        let notes = backup.photos()?;
        let readable = backup.database();
        if backup.manifest.database != files::hash_file(&readable)?.into() {
            let why = format!(
                "{DATABASE} is not as it was written, so it is not sealed: look, and remove the backup"
            );
            return Err(backup.damaged(why));
        }
        let database = self.to.seal_file(&readable, &backup.path.join(format!("{DATABASE}{ENDING}")))?;
        let mut seals = Vec::new();
        for note in notes {
            let hash = note.hash;
            if self.whole(hash).is_none()
                && let Some(bytes) = self.plain(&note)?
            {
                let file = self.to.seal_bytes(&bytes, &self.shelf.sealed_photo(hash))?;
                self.seals.whole.insert(hash, SealedPhoto { hash, file, to: self.to.to_string() });
            }
            seals.extend(self.whole(hash).cloned());
        }
        let mut manifest = backup.manifest.clone();
        manifest.note_seals(&backup.path, self.to, database, &seals)?;
        manifest.write(&backup.path, &backup.name)?;
        drop_database(&Found { manifest, ..backup.clone() })
    }

    /// The bytes that a backup speaks of: the readable copy, or the office's own where that is missing or damaged. Where there are none the backup says
    /// so when it is tried.
    fn plain(&mut self, PhotoNote { hash, file }: &PhotoNote) -> Result<Option<Vec<u8>>, BackupError> {
        let path = self.shelf.photo(*hash);
        let is_whole = |bytes: &Vec<u8>| Hashed::of(bytes) == *file;
        if let Some(bytes) = fs::read(&path).ok().filter(is_whole) {
            return Ok(Some(bytes));
        }
        let bytes = (self.office)(*hash)?.filter(is_whole);
        if path.exists() {
            match bytes {
                Some(_) => self.done.anew.insert(*hash),
                None => self.rotten.insert(path),
            };
        }
        Ok(bytes)
    }

    /// Removes readable photos of which a sealed copy is there, or of which no backup speaks, and what killed runs left of any.
    fn drop_photos(&mut self) -> Result<(), BackupError> {
        let listing = self.shelf.list()?;
        let (mut wanted, mut spoken_of) = (BTreeSet::new(), BTreeSet::new());
        // A list that cannot be read might speak of any of them.
        let mut all_read = listing.others.is_empty();
        for backup in &listing.found {
            let Ok(notes) = backup.photos() else {
                all_read = false;
                continue;
            };
            let hashes: Vec<BlobHash> = notes.into_iter().map(|note| note.hash).collect();
            spoken_of.extend(hashes.iter().copied());
            if !backup.is_sealed() {
                wanted.extend(hashes);
            }
        }
        let mut stay = 0_u64;
        for path in self.shelf.photo_files()? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with(PART) {
                remove(&path)?;
                continue;
            }
            let Ok(hash) = name.parse::<BlobHash>() else { continue };
            let is_stray = all_read && !spoken_of.contains(&hash);
            if !wanted.contains(&hash) && (is_stray || self.whole(hash).is_some()) {
                remove(&path)?;
                self.done.photos += 1;
            } else {
                stay += 1;
            }
        }
        if stay > 0 {
            self.done.left.push(format!("{stay} photos of backups that could not be sealed"));
        }
        Ok(())
    }
}

/// Removes the readable database of a sealed backup, once the sealed one is what its manifest says.
fn drop_database(sealed: &Found) -> Result<(), BackupError> {
    let readable = sealed.path.join(DATABASE);
    if !readable.exists() {
        return Ok(());
    }
    let noted = sealed.manifest.sealed.as_ref().map(|seal| &seal.database);
    if noted != Some(&files::hash_file(&sealed.database())?.into()) {
        let why = format!("{} is not as it was written, so {DATABASE} stays", sealed.database().display());
        return Err(sealed.damaged(why));
    }
    remove(&readable)?;
    files::sync_folder(&sealed.path)
}

fn remove(path: &Path) -> Result<(), BackupError> {
    fs::remove_file(path).map_err(|cause| BackupError::io(path, cause))
}
