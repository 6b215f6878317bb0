//! Restores a backup on trial and compares it with what it says of itself.

use std::{collections::BTreeSet, path::Path, sync::Arc};
use sync::{id::BlobHash, wire::SealedValue};
use uuid::Uuid;

use super::{
    BackupError, aside,
    files::{self, Hashed, Scratch},
    manifest::PhotoNote,
    seal::AtHand,
    shelf::{DATABASE, Found, Shelf},
};
use crate::{
    db::{
        BackupContent, Database, DbError, Mark, Reopening, SqlDatabase, VerifiedBackup, snapshot::Snapshot,
    },
    keys::Keys,
    state::App,
};

/// Records whose sealed values are opened on trial.
pub(super) const RECORDS_TRIED: i64 = 50;

/// The name of the database on trial.
const TRIAL: &str = "trial.db";

/// Which photos are read and hashed; of the others only the size is compared, and nothing new is promised.
#[derive(Clone, Debug)]
pub enum PhotosRead {
    All,
    Only(BTreeSet<BlobHash>),
    /// All but these, which were read and found right a moment ago.
    Rest(BTreeSet<BlobHash>),
}

/// A backup that is whole.
#[derive(Debug)]
pub struct Whole {
    pub marks: Vec<Mark>,
    /// The photos in it that were read, and are what was written.
    pub photos: BTreeSet<BlobHash>,
    /// Sealed values that were opened; nothing where the server key was not at hand.
    pub opened: Option<usize>,
}

/// Copies the database to a new place and holds it against the manifest.
///
/// # Errors
/// When it is damaged or cannot be read or written; says what differs.
pub(super) async fn unpack(found: &Found, to: &Path, identities: &AtHand) -> Result<Vec<Mark>, BackupError> {
    let (from, target, read) = (found.database(), to.to_owned(), found.clone());
    let identities = identities.clone();
    let copied = aside(move || match read.keys(&identities)? {
        Some(keys) => keys.open_file(&from, &target),
        None => files::copy_hashed(&from, &target),
    });
    let copied = copied.await.map_err(|error| match error {
        BackupError::Io { path, cause } if path == found.database() => {
            found.damaged(format!("{DATABASE}: {cause}"))
        }
        other => other,
    })?;
    let noted = &found.manifest.database;
    if copied.bytes != noted.bytes {
        return Err(found.damaged(format!("{DATABASE} has {} bytes, not {}", copied.bytes, noted.bytes)));
    }
    if copied.sha256 != noted.sha256 {
        return Err(found.damaged(format!("the bytes of {DATABASE} are not those that were written")));
    }
    let mut snapshot = Snapshot::open(to).await?;
    let compared = compare(found, &mut snapshot).await;
    snapshot.close().await;
    compared
}

async fn compare(found: &Found, snapshot: &mut Snapshot) -> Result<Vec<Mark>, BackupError> {
    if let Some(complaint) = snapshot.complaints().await?.first() {
        return Err(found.damaged(format!("the database is damaged: {complaint}")));
    }
    let (facts, manifest) = (snapshot.facts().await?, &found.manifest);
    if facts.head != manifest.head {
        return Err(found.damaged(format!("its head is {}, the manifest says {}", facts.head, manifest.head)));
    }
    if facts.audit != manifest.audit {
        return Err(found.damaged("its audit chain ends elsewhere than the manifest says"));
    }
    for (table, rows) in &manifest.tables {
        let has = facts.tables.get(table).copied().unwrap_or(0);
        if has != *rows {
            return Err(found.damaged(format!("table {table} has {has} rows, the manifest says {rows}")));
        }
    }
    if facts.tables.len() != manifest.tables.len() {
        return Err(found.damaged("it has tables that the manifest does not name"));
    }
    if let Some(flaw) = snapshot.audit_flaw().await? {
        return Err(found.damaged(format!("its audit chain does not hold: {flaw}")));
    }
    let listed = found.photos()?.into_iter().map(|note| note.hash);
    let named: BTreeSet<BlobHash> = listed.chain(manifest.photos_missing.iter().copied()).collect();
    if named != snapshot.photos().await?.into_iter().collect() {
        return Err(found.damaged("its list of photos is not that of its database"));
    }
    Ok(snapshot.marks().await?)
}

/// Restores a backup into a folder that goes afterwards, and compares everything.
///
/// # Errors
/// When something differs, or there is no room to try.
pub async fn verify(
    shelf: &Arc<Shelf>,
    found: &Found,
    keys: Option<&Arc<Keys>>,
    read: PhotosRead,
) -> Result<Whole, BackupError> {
    let scratch = Scratch::new(shelf.part("trial"))?;
    let (marks, opened) = try_database(found, scratch.path(), keys, &None).await?;
    let (found, shelf) = (found.clone(), Arc::clone(shelf));
    let photos = aside(move || check_photos(&shelf, &found, &read)).await?;
    Ok(Whole { marks, photos, opened })
}

/// The same with a sealed backup and the keys that open it. What is readable of it lies meanwhile in `TMPDIR` and not beside the backup.
///
/// # Errors
/// As [`verify`], and when it is sealed to another key.
pub async fn verify_sealed(
    shelf: &Arc<Shelf>,
    found: &Found,
    keys: Option<&Arc<Keys>>,
    identities: AtHand,
) -> Result<Whole, BackupError> {
    let scratch = Scratch::in_temp()?;
    let (marks, opened) = try_database(found, scratch.path(), keys, &identities).await?;
    let (shelf, found) = (Arc::clone(shelf), found.clone());
    let photos = aside(move || {
        let mut photos = BTreeSet::new();
        for PhotoNote { hash, file } in found.photos()? {
            if Hashed::of(&shelf.read_photo(&found, hash, &identities)?) != file {
                return Err(found.damaged(format!("the photo {hash} is damaged")));
            }
            photos.insert(hash);
        }
        Ok(photos)
    });
    Ok(Whole { marks, photos: photos.await?, opened })
}

/// What a look at a sealed backup found, where nothing is damaged or missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub photos: usize,
    /// Sealed to another key than the backup itself.
    pub elsewhere: usize,
    /// Written by a version that noted no seals: that they are there is all that can be said.
    pub unnoted: usize,
}

/// What can be said of a sealed backup without the key: nothing of it is damaged or missing. Every sealed file is read.
///
/// # Errors
/// When something is.
pub async fn look_at_sealed(shelf: &Arc<Shelf>, found: &Found) -> Result<Looked, BackupError> {
    let (shelf, found) = (Arc::clone(shelf), found.clone());
    aside(move || {
        let noted = found.manifest.sealed.as_ref();
        let path = found.database();
        let has = files::hash_file(&path).map_err(|error| found.damaged(error.to_string()))?;
        if noted.map(|seal| &seal.database) != Some(&has.into()) {
            return Err(
                found.damaged(format!("the bytes of {} are not those that were written", path.display()))
            );
        }
        look_at_photos(&shelf, &found, noted.map(|seal| seal.to.as_str()).unwrap_or_default())
    })
    .await
}

/// A photo is what this backup says, or what another has made of it since.
fn look_at_photos(shelf: &Shelf, found: &Found, to: &str) -> Result<Looked, BackupError> {
    // Its own list is among the words; one that is damaged is said.
    found.seals()?;
    let words = shelf.words()?;
    let mut looked = Looked::default();
    for PhotoNote { hash, .. } in found.photos()? {
        let path = shelf.sealed_photo(hash);
        if !path.exists() {
            return Err(found.damaged(format!("the photo {} is missing", path.display())));
        }
        looked.photos += 1;
        let words = words.get(&hash).into_iter().flatten();
        let mut known = words.filter_map(|word| word.seal.as_ref()).peekable();
        if known.peek().is_none() {
            looked.unnoted += 1;
            continue;
        }
        let has = files::hash_file(&path)?;
        match known.find(|seal| seal.file == has) {
            Some(seal) => looked.elsewhere += usize::from(seal.to != to),
            None => {
                let why = format!("the sealed photo {} is damaged", path.display());
                return Err(found.damaged(why));
            }
        }
    }
    Ok(looked)
}

/// Restores the database into a folder and does there what a restore does; the marks, and how many sealed values the server key opened.
pub(super) async fn try_database(
    found: &Found,
    place: &Path,
    keys: Option<&Arc<Keys>>,
    identities: &AtHand,
) -> Result<(Vec<Mark>, Option<usize>), BackupError> {
    let restored = place.join(TRIAL);
    let marks = unpack(found, &restored, identities).await?;
    let opened = match keys {
        Some(keys) => Some(try_to_open(found, &restored, keys).await?),
        None => None,
    };
    Ok((marks, opened))
}

/// Holds the photos against the list; those that were read.
fn check_photos(shelf: &Shelf, found: &Found, read: &PhotosRead) -> Result<BTreeSet<BlobHash>, BackupError> {
    let mut photos = BTreeSet::new();
    for PhotoNote { hash, file } in found.photos()? {
        let path = shelf.photo(hash);
        let bytes = std::fs::metadata(&path).map(|meta| meta.len()).ok();
        let is_read = match read {
            PhotosRead::All => true,
            PhotosRead::Only(these) => these.contains(&hash),
            PhotosRead::Rest(known) => !known.contains(&hash),
        };
        if bytes != Some(file.bytes) || is_read && files::hash_file(&path)? != file {
            let what = if bytes.is_some() { "is damaged" } else { "is missing" };
            return Err(found.damaged(format!("the photo {} {what}", path.display())));
        }
        let is_known = matches!(read, PhotosRead::Rest(known) if known.contains(&hash));
        photos.extend((is_read || is_known).then_some(hash));
    }
    Ok(photos)
}

/// Does with the copy all that a restore does, and opens some of what was sealed.
async fn try_to_open(found: &Found, restored: &Path, keys: &Arc<Keys>) -> Result<usize, BackupError> {
    let mut snapshot = Snapshot::open(restored).await?;
    let sealed = snapshot.some_sealed(RECORDS_TRIED).await?;
    snapshot.close().await;
    let opened = opened(keys, &sealed);
    if opened == 0 && !sealed.is_empty() {
        return Err(found.damaged("the server key opens none of the sealed values that were tried"));
    }
    let db = SqlDatabase::open_sqlite(restored, Arc::clone(keys))
        .await
        .map_err(|error| found.damaged(format!("the restored database does not open: {error:#}")))?;
    let epoch = found.manifest.head.epoch.saturating_add(1);
    let reopening = Reopening {
        epoch,
        backup: found.name.clone(),
        lost_photos: found.manifest.photos_missing.clone(),
        now: found.manifest.made_at,
    };
    let reopened = db.reopen(reopening).await;
    db.close().await;
    reopened?;
    Ok(opened)
}

/// How many of these values the key opens.
pub(super) fn opened(keys: &Keys, sealed: &[(Uuid, String, SealedValue)]) -> usize {
    let opens =
        sealed.iter().filter(|(e, field, value)| keys.open_field(&e.to_string(), field, value).is_ok());
    opens.count()
}

/// Checks that a key is one of those that the data was sealed to.
///
/// # Errors
/// When it is another.
pub fn check_key(found: &Found, keys: &Keys, path: &Path) -> Result<(), BackupError> {
    let have: Vec<&str> = std::iter::once(keys.kid()).chain(keys.earlier_kids()).collect();
    let wants = &found.manifest.server_keys;
    if have.iter().any(|kid| wants.iter().any(|wanted| wanted == kid)) {
        return Ok(());
    }
    Err(BackupError::OtherKey { path: path.to_owned(), have: have.join(", "), wants: wants.clone() })
}

/// Verifies a backup of this server's own data; from then on what it contains is durable.
///
/// # Errors
/// As [`verify`], and when it is no part of this database's history.
pub async fn verify_own(
    app: &App,
    shelf: &Arc<Shelf>,
    found: &Found,
    read: PhotosRead,
) -> Result<Whole, BackupError> {
    check_key(found, &app.keys, &app.config.key_file)?;
    let whole = verify(shelf, found, Some(&app.keys), read).await?;
    promise(app, found, &whole).await?;
    Ok(whole)
}

/// A backup of this server's own data was found whole: what it contains is durable.
///
/// # Errors
/// When it is no part of this database's history, or the word cannot be written.
pub(super) async fn promise(app: &App, found: &Found, whole: &Whole) -> Result<(), BackupError> {
    let now = app.clock.now();
    let backup = VerifiedBackup {
        name: found.name.clone(),
        made_at: found.manifest.made_at,
        verified_at: now,
        head: found.manifest.head,
    };
    // First the word on the disk that it is whole, then the promise to the phones that rests on it.
    note_whole(found, now)?;
    let content = BackupContent {
        backup,
        audit: found.manifest.audit.clone(),
        marks: whole.marks.clone(),
        photos: whole.photos.clone(),
    };
    app.db.note_backup(content).await.map_err(|error| match error {
        DbError::Refused("backup_foreign") => BackupError::Foreign { name: found.name.clone() },
        other => other.into(),
    })
}

/// Notes beside the backup that it is whole. A folder that cannot be written is believed all the same.
pub(crate) fn note_whole(found: &Found, now: i64) -> Result<(), BackupError> {
    match found.mark_verified(now) {
        Err(error) if error.is_read_only() => Ok(()),
        other => other,
    }
}
