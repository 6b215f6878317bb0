//! The folder of backups: which there are, which are whole, and which may go.

use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};
use sync::id::BlobHash;

use super::{
    BackupError,
    files::{self, Hashed},
    manifest::{self, FileNote, Manifest, PhotoNote, SealedPhoto},
    seal::{AtHand, ENDING, Identities},
};
use crate::day_text;

pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const DATABASE: &str = "huifang.db";
pub(crate) const PHOTO_LIST: &str = "photos.txt";
pub(crate) const SEAL_LIST: &str = "sealed.txt";
pub(super) const PHOTOS: &str = "photos";
const VERIFIED: &str = "verified.json";
const RESTORES: &str = "restores.json";
const LOCK: &str = ".lock";
/// Begins the name of what is being written or removed; never a backup.
pub(super) const PART: &str = ".part-";

/// A folder of backups.
pub struct Shelf {
    path: PathBuf,
    /// Held while this process writes there; a folder that cannot be written needs none.
    _lock: Option<File>,
}

/// A backup with a manifest.
#[derive(Clone, Debug)]
pub struct Found {
    pub name: String,
    pub path: PathBuf,
    pub manifest: Manifest,
    /// Whether it was restored on trial and found whole.
    pub verified: bool,
}

/// All backups of a folder, the newest first, and why the others are none.
#[derive(Debug, Default)]
pub struct Listing {
    pub found: Vec<Found>,
    pub others: Vec<String>,
}

/// What a backup says of one photo.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The bytes of the photo; nothing where its list of photos is damaged.
    pub(crate) file: Option<Hashed>,
    /// How it was sealed; nothing where it was not, or nobody noted it.
    pub(crate) seal: Option<SealedPhoto>,
    /// Whether every newer list could be read: else the file may be another by now, and its size alone says nothing.
    pub(crate) is_last: bool,
}

/// A restore that was done from here.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RestoreNote {
    pub at: i64,
    pub backup: String,
    pub epoch: u16,
}

impl Shelf {
    /// Opens a folder to write in, making it where needed.
    ///
    /// # Errors
    /// When it lies in the data folder, cannot be written, or another process is at work there.
    pub fn for_writing(path: &Path, data_dir: &Path) -> Result<Shelf, BackupError> {
        refuse_inside(path, data_dir)?;
        files::make_folder(path)?;
        refuse_inside(path, data_dir)?;
        let lock = open_lock(path).map_err(|cause| BackupError::io(path, cause))?;
        Ok(Shelf { path: path.to_owned(), _lock: Some(try_lock(lock, path)?) })
    }

    /// Opens a folder to read from; one that cannot be written is read all the same.
    ///
    /// # Errors
    /// When it is not there, or another process is at work in it.
    pub fn for_reading(path: &Path) -> Result<Shelf, BackupError> {
        fs::read_dir(path).map_err(|cause| BackupError::io(path, cause))?;
        let lock = open_lock(path).ok().map(|lock| try_lock(lock, path)).transpose()?;
        Ok(Shelf { path: path.to_owned(), _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The place of a photo.
    pub fn photo(&self, hash: BlobHash) -> PathBuf {
        let name = hash.to_string();
        self.path.join(PHOTOS).join(&name[..2]).join(name)
    }

    /// The place of a sealed photo.
    pub fn sealed_photo(&self, hash: BlobHash) -> PathBuf {
        let path = self.photo(hash);
        path.with_file_name(format!("{hash}{ENDING}"))
    }

    /// The bytes of a photo of a backup.
    ///
    /// # Errors
    /// When it is missing, or is sealed and does not open.
    pub(crate) fn read_photo(
        &self,
        found: &Found,
        hash: BlobHash,
        identities: &AtHand,
    ) -> Result<Vec<u8>, BackupError> {
        let path = if found.is_sealed() { self.sealed_photo(hash) } else { self.photo(hash) };
        if !path.exists() {
            return Err(found.damaged(format!("the photo {} is missing", path.display())));
        }
        match found.keys(identities)? {
            Some(identities) => identities.open_bytes(&path),
            None => fs::read(&path).map_err(|cause| {
                found.damaged(format!("the photo {} cannot be read: {cause}", path.display()))
            }),
        }
    }

    /// What is here.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> Result<Listing, BackupError> {
        let mut listing = Listing::default();
        for name in self.names()? {
            let path = self.path.join(&name);
            if name.starts_with('.') || name == PHOTOS || !path.is_dir() {
                continue;
            }
            match manifest::read(&path, &name) {
                Ok(manifest) => {
                    let verified = path.join(VERIFIED).exists();
                    listing.found.push(Found { name, path, manifest, verified });
                }
                Err(error) => listing.others.push(error.to_string()),
            }
        }
        let order = |found: &Found| (found.manifest.made_at, found.name.clone());
        listing.found.sort_by_key(|found| std::cmp::Reverse(order(found)));
        Ok(listing)
    }

    /// What the backups say of their photos, the newest word on each first. A list that is damaged says nothing.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn words(&self) -> Result<BTreeMap<BlobHash, Vec<Word>>, BackupError> {
        let mut words: BTreeMap<BlobHash, Vec<Word>> = BTreeMap::new();
        let listing = self.list()?;
        // A folder that cannot be read may hold a newer word on any photo.
        let mut is_last = listing.others.is_empty();
        for found in listing.found {
            let (notes, seals) = (found.photos(), found.seals());
            is_last &= notes.is_ok() && seals.is_ok();
            let notes = notes.unwrap_or_default().into_iter().map(|note| (note.hash, note.file));
            let seals = seals.ok().flatten().unwrap_or_default().into_iter().map(|seal| (seal.hash, seal));
            let (mut files, mut seals): (BTreeMap<_, _>, BTreeMap<_, _>) = (notes.collect(), seals.collect());
            let hashes: BTreeSet<BlobHash> = files.keys().chain(seals.keys()).copied().collect();
            for hash in hashes {
                let word = Word { file: files.remove(&hash), seal: seals.remove(&hash), is_last };
                let said = words.entry(hash).or_default();
                if !said.iter().any(|known| known.file == word.file && known.seal == word.seal) {
                    said.push(word);
                }
            }
        }
        Ok(words)
    }

    /// The files of all photos, sealed and readable, and what a killed run left of them.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub(super) fn photo_files(&self) -> Result<Vec<PathBuf>, BackupError> {
        let list = |folder: &Path| -> Result<Vec<PathBuf>, BackupError> {
            let entries = match fs::read_dir(folder) {
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                entries => entries.and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect()),
            };
            entries.map_err(|cause| BackupError::io(folder, cause))
        };
        let mut files = Vec::new();
        for folder in list(&self.path.join(PHOTOS))?.iter().filter(|path| path.is_dir()) {
            files.extend(list(folder)?);
        }
        Ok(files)
    }

    pub(super) fn names(&self) -> Result<Vec<String>, BackupError> {
        let entries = fs::read_dir(&self.path).map_err(|cause| BackupError::io(&self.path, cause))?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        names.collect::<std::io::Result<_>>().map_err(|cause| BackupError::io(&self.path, cause))
    }

    /// A name for a backup of this time: the minute in China, so that names sort as times do.
    pub(crate) fn new_name(&self, now: i64) -> String {
        let name = |at: i64| {
            let minute: String =
                day_text::minute_of_ms(at).chars().filter(|c| *c != '-' && *c != ':').collect();
            format!("{}{:05}", minute.replace(' ', "-"), at.rem_euclid(60_000))
        };
        (now..).map(name).find(|name| !self.path.join(name).exists()).unwrap_or_else(|| name(now))
    }

    /// An unfinished backup.
    pub(crate) fn part(&self, name: &str) -> PathBuf {
        self.path.join(format!("{PART}{name}"))
    }

    /// Removes what a killed run left behind.
    pub(crate) fn clear_parts(&self) -> Result<(), BackupError> {
        for name in self.names()?.iter().filter(|name| name.starts_with(PART)) {
            let path = self.path.join(name);
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|cause| BackupError::io(path, cause))?;
        }
        Ok(())
    }

    /// Keeps the newest `keep` backups, the last one of each of the `keep` days before, and the newest verified one; removes the others,
    /// and the photos that only they spoke of. Returns the names of what is gone.
    pub(crate) fn rotate(&self, keep: usize) -> Result<Vec<String>, BackupError> {
        let listing = self.list()?;
        let kept = kept(&listing.found, keep);
        let mut gone = Vec::new();
        for found in listing.found.iter().filter(|found| !kept.contains(found.name.as_str())) {
            let part = self.part(&found.name);
            fs::rename(&found.path, &part)
                .and_then(|()| fs::remove_dir_all(&part))
                .map_err(|cause| BackupError::io(&found.path, cause))?;
            gone.push(found.name.clone());
        }
        let remaining = listing.found.iter().filter(|found| kept.contains(found.name.as_str()));
        if !gone.is_empty() && listing.others.is_empty() {
            self.drop_photos(remaining)?;
        }
        Ok(gone)
    }

    /// Removes photos that no backup speaks of. A list that cannot be read might speak of any of them.
    fn drop_photos<'a>(&self, backups: impl Iterator<Item = &'a Found>) -> Result<(), BackupError> {
        let mut wanted = BTreeSet::new();
        for found in backups {
            match found.photos() {
                Ok(notes) => wanted.extend(notes.into_iter().map(|note| note.hash.to_string())),
                Err(_) => return Ok(()),
            }
        }
        for file in self.photo_files()? {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if !wanted.contains(name.strip_suffix(ENDING).unwrap_or(&name)) {
                fs::remove_file(&file).map_err(|cause| BackupError::io(&file, cause))?;
            }
        }
        Ok(())
    }

    /// The highest epoch that anything here speaks of.
    pub(crate) fn epoch_max(&self) -> Result<u16, BackupError> {
        let backups = self.list()?.found.into_iter().map(|found| found.manifest.head.epoch);
        let restores = self.restores()?.into_iter().map(|note| note.epoch);
        Ok(backups.chain(restores).max().unwrap_or(0))
    }

    fn restores(&self) -> Result<Vec<RestoreNote>, BackupError> {
        let path = self.path.join(RESTORES);
        if !path.exists() {
            return Ok(Vec::new());
        }
        let text = fs::read_to_string(&path).map_err(|cause| BackupError::io(&path, cause))?;
        let why = || {
            "restores.json is no list of restores; move it away only if no phone has synced since".to_owned()
        };
        serde_json::from_str(&text)
            .map_err(|_| BackupError::Damaged { name: RESTORES.to_owned(), why: why() })
    }

    /// Notes that an epoch was given out, before any phone can see it.
    pub(crate) fn note_restore(&self, note: RestoreNote) -> Result<(), BackupError> {
        let mut notes = self.restores()?;
        notes.push(note);
        let text = serde_json::to_string_pretty(&notes).unwrap_or_default();
        files::write_whole(&self.path.join(RESTORES), text.as_bytes())
    }
}

impl Found {
    /// The database's file.
    pub fn database(&self) -> PathBuf {
        let ending = if self.is_sealed() { ENDING } else { "" };
        self.path.join(format!("{DATABASE}{ending}"))
    }

    /// Whether it opens with an offline key alone.
    pub fn is_sealed(&self) -> bool {
        self.manifest.sealed.is_some()
    }

    /// The keys that it takes to read; none for a backup that is not sealed.
    ///
    /// # Errors
    /// When it is sealed and none is at hand.
    pub(crate) fn keys<'a>(&self, at_hand: &'a AtHand) -> Result<Option<&'a Identities>, BackupError> {
        match (&self.manifest.sealed, at_hand) {
            (None, _) => Ok(None),
            (Some(_), Some(identities)) => Ok(Some(identities)),
            (Some(seal), None) => Err(BackupError::Sealed { name: self.name.clone(), to: seal.to.clone() }),
        }
    }

    /// The photos that the backup speaks of.
    ///
    /// # Errors
    /// When the list is not the one that the manifest knows.
    pub fn photos(&self) -> Result<Vec<PhotoNote>, BackupError> {
        self.read_list(PHOTO_LIST, &self.manifest.photo_list, manifest::read_photo_list)
    }

    /// Its sealed photos as they were written; nothing where no list of them was kept.
    ///
    /// # Errors
    /// When the list is not the one that the manifest knows.
    pub(crate) fn seals(&self) -> Result<Option<Vec<SealedPhoto>>, BackupError> {
        let noted = self.manifest.sealed.as_ref().and_then(|seal| seal.photos.as_ref());
        noted.map(|noted| self.read_list(SEAL_LIST, noted, manifest::read_seal_list)).transpose()
    }

    /// A list beside the manifest, which knows its hash.
    fn read_list<T>(
        &self,
        name: &str,
        noted: &FileNote,
        read: fn(&str) -> Option<Vec<T>>,
    ) -> Result<Vec<T>, BackupError> {
        let text = fs::read_to_string(self.path.join(name))
            .map_err(|cause| self.damaged(format!("{name}: {cause}")))?;
        if Hashed::of(text.as_bytes()).sha256 != noted.sha256 {
            return Err(self.damaged(format!("{name} is not as it was written")));
        }
        read(&text).ok_or_else(|| self.damaged(format!("{name} cannot be read")))
    }

    /// Notes that the backup is whole.
    pub(crate) fn mark_verified(&self, now: i64) -> Result<(), BackupError> {
        let text = format!("{{\"verified_at\":{now}}}\n");
        files::write_whole(&self.path.join(VERIFIED), text.as_bytes())
    }

    pub(crate) fn damaged(&self, why: impl Into<String>) -> BackupError {
        BackupError::Damaged { name: self.name.clone(), why: why.into() }
    }
}

/// The backup that a path means: a folder of backups means its newest.
///
/// # Errors
/// When there is none.
pub fn pick(path: &Path) -> Result<(Shelf, Found), BackupError> {
    if path.join(MANIFEST).exists() {
        let path = path.canonicalize().map_err(|cause| BackupError::io(path, cause))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let shelf = Shelf::for_reading(path.parent().unwrap_or(Path::new("/")))?;
        let manifest = manifest::read(&path, &name)?;
        let verified = path.join(VERIFIED).exists();
        return Ok((shelf, Found { name, path, manifest, verified }));
    }
    let shelf = Shelf::for_reading(path)?;
    let mut listing = shelf.list()?;
    if listing.found.is_empty() {
        return Err(BackupError::None { path: path.to_owned(), others: listing.others });
    }
    Ok((shelf, listing.found.swap_remove(0)))
}

fn kept(newest_first: &[Found], keep: usize) -> BTreeSet<&str> {
    let mut kept: BTreeSet<&str> =
        newest_first.iter().take(keep.max(1)).map(|found| found.name.as_str()).collect();
    kept.extend(newest_first.iter().find(|found| found.verified).map(|found| found.name.as_str()));
    let mut days = BTreeSet::new();
    for found in newest_first {
        if days.insert(day_text::day_of_ms(found.manifest.made_at)) && days.len() <= keep + 1 {
            kept.insert(&found.name);
        }
    }
    kept
}

fn open_lock(path: &Path) -> std::io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(path.join(LOCK))
}

fn try_lock(lock: File, path: &Path) -> Result<File, BackupError> {
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(BackupError::Busy(path.to_owned())),
        Err(TryLockError::Error(cause)) => Err(BackupError::io(path, cause)),
    }
}

/// A backup beside its data falls with it. Asked before the folder is made, and again when links in its path can be followed.
pub(super) fn refuse_inside(path: &Path, data_dir: &Path) -> Result<(), BackupError> {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let (Ok(path), Ok(data_dir)) = (real(path), real(data_dir)) else { return Ok(()) };
    if path.starts_with(&data_dir) { Err(BackupError::InsideData(path)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;
    use sync::{rev::Rev, wire::Witness};

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    /// 2026-11-24 00:00 in China.
    const MIDNIGHT: i64 = 1_795_449_600_000;

    fn add(shelf: &Shelf, made_at: i64, verified: bool) -> String {
        let name = shelf.new_name(made_at);
        let path = shelf.path().join(&name);
        fs::create_dir(&path).unwrap();
        let list = "";
        let manifest = Manifest {
            huifang: manifest::FORM.to_owned(),
            version: "0".to_owned(),
            made_at,
            head: Rev::new(1, 1),
            audit: Witness { n: 0, h: String::new() },
            tables: BTreeMap::new(),
            database: Hashed::of(b"").into(),
            photo_list: Hashed::of(list.as_bytes()).into(),
            photos: 0,
            photo_bytes: 0,
            photos_missing: BTreeSet::new(),
            server_keys: Vec::new(),
            server_key: String::new(),
            sealed: None,
        };
        fs::write(path.join(PHOTO_LIST), list).unwrap();
        fs::write(path.join(MANIFEST), serde_json::to_string(&manifest).unwrap()).unwrap();
        if verified {
            fs::write(path.join(VERIFIED), "{}").unwrap();
        }
        name
    }

    fn shelf(folder: &Folder) -> Shelf {
        Shelf::for_writing(&folder.path().join("backups"), &folder.path().join("data")).unwrap()
    }

    #[test]
    fn names_sort_as_times_do_and_never_meet() {
        let folder = Folder::new();
        let shelf = shelf(&folder);
        assert_eq!(shelf.new_name(MIDNIGHT + 61_007), "20261124-000101007");
        let (first, second) = (add(&shelf, MIDNIGHT, false), add(&shelf, MIDNIGHT, false));
        assert!(first < second && second < shelf.new_name(MIDNIGHT + 5));
    }

    #[test]
    fn rotation_keeps_the_newest_the_last_of_each_day_and_the_newest_verified() {
        let folder = Folder::new();
        let shelf = shelf(&folder);
        let verified = add(&shelf, MIDNIGHT - 9 * DAY_MS, true);
        let mut names = Vec::new();
        for day in [-3, -2, -1, 0] {
            for hour in 0..3 {
                names.push(add(&shelf, MIDNIGHT + day * DAY_MS + hour * 3_600_000, false));
            }
        }
        let gone = shelf.rotate(2).unwrap();
        let left: Vec<String> = shelf.list().unwrap().found.into_iter().map(|found| found.name).collect();
        let expected = [&names[11], &names[10], &names[8], &names[5], &verified];
        assert_eq!(left.iter().collect::<Vec<_>>(), expected);
        assert_eq!(gone.len(), 13 - expected.len());
        assert!(shelf.rotate(2).unwrap().is_empty());
    }

    #[test]
    fn what_is_unfinished_is_no_backup_and_goes_with_the_next() {
        let folder = Folder::new();
        let shelf = shelf(&folder);
        let part = shelf.part("20261124-000000000");
        fs::create_dir(&part).unwrap();
        fs::write(part.join(DATABASE), "half").unwrap();
        fs::create_dir(shelf.path().join("holiday")).unwrap();
        let listing = shelf.list().unwrap();
        assert!(listing.found.is_empty() && listing.others.len() == 1, "{listing:?}");
        let path = shelf.path().to_owned();
        drop(shelf);
        let said = pick(&path).map(|_| ()).unwrap_err().to_string();
        assert!(said.contains("no finished backup") && said.contains("holiday"), "{said}");
        let shelf = Shelf::for_reading(&path).unwrap();
        shelf.clear_parts().unwrap();
        assert!(!part.exists() && path.join("holiday").exists());
    }

    #[test]
    fn the_data_folder_and_one_at_work_are_refused() {
        let folder = Folder::new();
        let data = folder.path().join("data");
        for path in [data.clone(), data.join("backups")] {
            let error = Shelf::for_writing(&path, &data).map(|_| ()).unwrap_err();
            assert!(matches!(error, BackupError::InsideData(_)), "{error}");
            assert!(!path.exists());
        }
        let shelf = shelf(&folder);
        let again = Shelf::for_writing(shelf.path(), &data).map(|_| ()).unwrap_err();
        assert!(matches!(again, BackupError::Busy(_)), "{again}");
        fs::write(folder.path().join("file"), "").unwrap();
        let error = Shelf::for_writing(&folder.path().join("file"), &data).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("cannot use"), "{error}");
    }

    #[test]
    fn an_epoch_once_given_out_is_remembered() {
        let folder = Folder::new();
        let shelf = shelf(&folder);
        assert_eq!(shelf.epoch_max().unwrap(), 0);
        add(&shelf, MIDNIGHT, true);
        shelf.note_restore(RestoreNote { at: MIDNIGHT, backup: "a".to_owned(), epoch: 4 }).unwrap();
        shelf.note_restore(RestoreNote { at: MIDNIGHT, backup: "a".to_owned(), epoch: 3 }).unwrap();
        assert_eq!(shelf.epoch_max().unwrap(), 4);
        fs::write(shelf.path().join(RESTORES), "[{").unwrap();
        assert!(shelf.epoch_max().unwrap_err().to_string().contains("restores.json"));
    }
}
