//! When the first backup was sealed, those that lie there readable are sealed too, and the readable files go: seal, read again, write the new manifest,
//! remove. A break-off at any point leaves each backup readable and whole, or sealed and whole; the next backup goes on.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};
use sync::id::BlobHash;

use super::{
    BackupError,
    files::{self, Hashed},
    manifest::{self, FORM_SEALED, SealNote, SealedPhoto},
    seal::{ENDING, Recipient},
    shelf::{DATABASE, Found, MANIFEST, PART, PHOTOS, SEAL_LIST, Shelf},
};

/// What became of what was readable.
#[derive(Debug, Default)]
pub struct Replaced {
    /// Backups that are sealed now.
    pub backups: Vec<String>,
    /// Readable photos that are gone.
    pub photos: u64,
    /// What is readable still, and why.
    pub left: Vec<String>,
}

/// Seals what lies readable beside a sealed backup. What cannot be sealed stays, and is said.
pub(super) fn replace(shelf: &Shelf, to: &Recipient) -> Replaced {
    let mut replaced = Replaced::default();
    if has_readable(shelf).is_ok_and(|has| !has) {
        return replaced;
    }
    let done = Seals::of(shelf).and_then(|mut seals| {
        seal_all(shelf, to, &mut seals, &mut replaced)?;
        drop_photos(shelf, &mut seals, &mut replaced)
    });
    if let Err(error) = done {
        replaced.left.push(error.to_string());
    }
    replaced
}

/// Whether anything is to be done. The lists of all backups are long, and mostly there is nothing.
fn has_readable(shelf: &Shelf) -> Result<bool, BackupError> {
    let mut databases = shelf.names()?.into_iter().map(|name| shelf.path().join(name).join(DATABASE));
    let photos = files_in(&shelf.path().join(PHOTOS))?;
    Ok(databases.any(|path| path.exists()) || photos.iter().any(|path| !is_sealed(path)))
}

fn is_sealed(photo: &Path) -> bool {
    let name = photo.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(ENDING) && !name.starts_with(PART)
}

/// Sealed photos as they were written last; each is read again once.
struct Seals<'s> {
    shelf: &'s Shelf,
    unread: BTreeMap<BlobHash, SealedPhoto>,
    whole: BTreeMap<BlobHash, SealedPhoto>,
}

impl Seals<'_> {
    fn of(shelf: &Shelf) -> Result<Seals<'_>, BackupError> {
        let seals = shelf.seals()?.into_iter();
        let unread = seals.filter_map(|(hash, seals)| Some((hash, seals.into_iter().next()?))).collect();
        Ok(Seals { shelf, unread, whole: BTreeMap::new() })
    }

    /// The seal of a photo that is there as it was written.
    fn whole(&mut self, hash: BlobHash) -> Option<&SealedPhoto> {
        if let Some(seal) = self.unread.remove(&hash) {
            let is_whole =
                files::hash_file(&self.shelf.sealed_photo(hash)).is_ok_and(|file| file == seal.file);
            self.whole.extend(is_whole.then_some((hash, seal)));
        }
        self.whole.get(&hash)
    }

    fn add(&mut self, seal: SealedPhoto) {
        self.whole.insert(seal.hash, seal);
    }
}

fn seal_all(
    shelf: &Shelf,
    to: &Recipient,
    seals: &mut Seals<'_>,
    replaced: &mut Replaced,
) -> Result<(), BackupError> {
    let found = shelf.list()?.found;
    for backup in &found {
        let done = match backup.is_sealed() {
            true => drop_database(backup),
            false => seal(shelf, backup, to, seals),
        };
        match done {
            Ok(()) if !backup.is_sealed() => replaced.backups.push(backup.name.clone()),
            Ok(()) => {}
            Err(error) => replaced.left.push(format!("{}: {error}", backup.path.display())),
        }
    }
    for name in shelf.names()? {
        let path = shelf.path().join(&name);
        if path.join(DATABASE).exists() && !found.iter().any(|backup| backup.name == name) {
            replaced
                .left
                .push(format!("{} is no backup, but holds a database: look, and remove it", path.display()));
        }
    }
    Ok(())
}

/// Seals a readable backup where it lies. The new manifest makes it a sealed one; before that it is a readable one.
fn seal(shelf: &Shelf, backup: &Found, to: &Recipient, known: &mut Seals<'_>) -> Result<(), BackupError> {
    let notes = backup.photos()?;
    let database = to.seal_file(&backup.database(), &backup.path.join(format!("{DATABASE}{ENDING}")))?;
    let mut seals = Vec::new();
    for hash in notes.iter().map(|note| note.hash) {
        if known.whole(hash).is_none() {
            let bytes = match fs::read(shelf.photo(hash)) {
                Ok(bytes) => bytes,
                // It was missing before, and the backup says so when it is tried.
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
                Err(cause) => return Err(BackupError::io(shelf.photo(hash), cause)),
            };
            let file = to.seal_bytes(&bytes, &shelf.sealed_photo(hash))?;
            known.add(SealedPhoto { hash, file, to: to.to_string() });
        }
        seals.extend(known.whole(hash).cloned());
    }
    let list = manifest::seal_list(&seals);
    files::write_whole(&backup.path.join(SEAL_LIST), list.as_bytes())?;
    let mut manifest = backup.manifest.clone();
    manifest.huifang = FORM_SEALED.to_owned();
    let photos = Some(Hashed::of(list.as_bytes()).into());
    manifest.sealed = Some(SealNote { to: to.to_string(), database: database.into(), photos });
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| backup.damaged(error.to_string()))?;
    files::write_whole(&backup.path.join(MANIFEST), text.as_bytes())?;
    drop_database(&Found { manifest, ..backup.clone() })
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

/// Removes readable photos of which a sealed copy is there, or of which no backup speaks, and what killed runs left of any.
fn drop_photos(shelf: &Shelf, seals: &mut Seals<'_>, replaced: &mut Replaced) -> Result<(), BackupError> {
    let listing = shelf.list()?;
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
    for path in files_in(&shelf.path().join(PHOTOS))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with(PART) {
            remove(&path)?;
            continue;
        }
        let Ok(hash) = name.parse::<BlobHash>() else { continue };
        let is_stray = all_read && !spoken_of.contains(&hash);
        if !wanted.contains(&hash) && (is_stray || seals.whole(hash).is_some()) {
            remove(&path)?;
            replaced.photos += 1;
        } else {
            stay += 1;
        }
    }
    if stay > 0 {
        replaced.left.push(format!("{stay} photos of backups that could not be sealed"));
    }
    Ok(())
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let list = |folder: &Path| -> io::Result<Vec<_>> {
        match fs::read_dir(folder) {
            Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(cause) => Err(cause),
        }
    };
    let mut files = Vec::new();
    for folder in
        list(folder).map_err(|cause| BackupError::io(folder, cause))?.iter().filter(|path| path.is_dir())
    {
        files.extend(list(folder).map_err(|cause| BackupError::io(folder, cause))?);
    }
    Ok(files)
}

fn remove(path: &Path) -> Result<(), BackupError> {
    fs::remove_file(path).map_err(|cause| BackupError::io(path, cause))
}
