//! A PostgreSQL is copied by its own tools. What they made is judged here once it was restored into another database, and a database that came
//! back from them is opened in a new epoch.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use sync::{id::BlobHash, rev::Rev};

use super::{
    BackupError,
    files::{self, Hashed},
    shelf::{RestoreNote, Shelf, refuse_inside},
    verify::{RECORDS_TRIED, opened},
};
use crate::{
    blobs::{BlobStore, file_place},
    config::{Config, PostgresUrl},
    db::{BackupContent, Database, DbError, Reopening, SqlDatabase, VerifiedBackup, snapshot::Snapshot},
    keys::Keys,
    state::App,
};

/// A dump that is whole.
#[derive(Debug)]
pub struct Judged {
    pub backup: VerifiedBackup,
    pub photos: Photos,
    /// Sealed values that were opened.
    pub opened: usize,
    /// Outboxes of which phones may forget something.
    pub marks: usize,
}

/// A database that is served again.
#[derive(Debug)]
pub struct Reopened {
    pub head: Rev,
    pub epoch: u16,
    pub photos: Photos,
}

/// Photos that the database speaks of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Photos {
    pub whole: usize,
    /// Neither in the copy nor in the data folder.
    pub missing: usize,
}

/// The same, by name.
#[derive(Debug, Default)]
struct Sorted {
    whole: BTreeSet<BlobHash>,
    /// Those of the whole ones that were held against the one that is served, or against their own name. The others are not promised.
    compared: BTreeSet<BlobHash>,
    missing: BTreeSet<BlobHash>,
}

impl Sorted {
    fn counts(&self) -> Photos {
        Photos { whole: self.whole.len(), missing: self.missing.len() }
    }
}

/// Judges a dump by the database into which it was restored and by the copy of the photos; what it contains is durable afterwards.
///
/// # Errors
/// When it is the same database, is damaged, lacks a photo, or is no part of this database's history.
pub async fn verify(
    app: &App,
    own: &PostgresUrl,
    restored: &PostgresUrl,
    photos: &Path,
) -> Result<Judged, BackupError> {
    refuse_inside(photos, &app.config.data_dir)?;
    let mut snapshot = open(restored).await?;
    let judged = async {
        if snapshot.identity().await? == identity(own).await? {
            return Err(damaged(
                "it is the database itself, or its standby: restore the dump into another one",
            ));
        }
        judge(&mut snapshot, &app.keys, app.clock.now()).await
    }
    .await;
    snapshot.close().await;
    let (mut content, hashes, opened) = judged?;
    let photos = compare_photos(photos, &app.config, &app.blobs, &hashes).await?;
    content.photos.clone_from(&photos.compared);
    let (backup, marks) = (content.backup.clone(), content.marks.len());
    app.db.note_backup(content).await.map_err(|error| match error {
        DbError::Refused("backup_foreign") => BackupError::Foreign { name: backup.name.clone() },
        other => other.into(),
    })?;
    Ok(Judged { backup, photos: photos.counts(), opened, marks })
}

async fn judge(
    snapshot: &mut Snapshot,
    keys: &Keys,
    now: i64,
) -> Result<(BackupContent, Vec<BlobHash>, usize), BackupError> {
    let (head, audit) = snapshot.heads().await?;
    if let Some(flaw) = snapshot.audit_flaw().await? {
        return Err(damaged(format!("its audit chain does not hold: {flaw}")));
    }
    if snapshot.lacks_records().await? {
        return Err(damaged(
            "it holds no family, though changes were counted: it was dumped by a user whom row-level security binds; dump it as docs/postgresql.md says",
        ));
    }
    let sealed = snapshot.some_sealed(RECORDS_TRIED).await?;
    let opened = opened(keys, &sealed);
    if opened == 0 && !sealed.is_empty() {
        return Err(damaged("the server key opens none of the sealed values that were tried"));
    }
    let backup = VerifiedBackup {
        name: format!("dump-{head}-{}", audit.n),
        // A dump does not say when it was made: not before the last that it knows of.
        made_at: snapshot.last_at().await?,
        verified_at: now,
        head,
    };
    let content = BackupContent { backup, audit, marks: snapshot.marks().await?, photos: BTreeSet::new() };
    Ok((content, snapshot.photos().await?, opened))
}

/// Opens a database that was restored with its own tools, as it is now and in the new epoch from then on.
///
/// # Errors
/// When the key is missing, nothing was restored yet, a server is at work on it, or a photo cannot be copied.
pub async fn reopen(
    config: &Config,
    own: &PostgresUrl,
    photos: &Path,
    now: i64,
) -> Result<Reopened, BackupError> {
    let io =
        |error: anyhow::Error| BackupError::io(&config.key_file, std::io::Error::other(format!("{error:#}")));
    let keys = Keys::read(&config.key_file).map_err(io)?;
    let keys = keys.ok_or_else(|| BackupError::NoKey(config.key_file.clone()))?;
    let shelf = Shelf::for_reading(photos)?;
    let mut snapshot = open(own).await?;
    let read = async { Ok((snapshot.others().await?, snapshot.heads().await?.0, snapshot.photos().await?)) };
    let read: Result<(u64, Rev, Vec<BlobHash>), BackupError> = read.await;
    snapshot.close().await;
    let (others, head, hashes) = read?;
    if others > 0 {
        return Err(BackupError::InUse(PathBuf::from("this PostgreSQL")));
    }
    files::make_folder(&config.data_dir)?;
    files::write_whole(&config.restore_mark(), b"a restore is under way\n")?;
    let store = BlobStore::open(config).map_err(io)?;
    let photos = put_photos(photos, config, &store, &hashes).await?;
    let epoch =
        shelf.epoch_max()?.max(head.epoch).checked_add(1).ok_or_else(|| damaged("no epoch is left"))?;
    let backup = format!("dump-{head}");
    let no_note = |cause| BackupError::NoNote { path: shelf.path().to_owned(), cause: Box::new(cause) };
    shelf.note_restore(RestoreNote { at: now, backup: backup.clone(), epoch }).map_err(no_note)?;
    let db = SqlDatabase::open_postgres(own, Arc::new(keys))
        .await
        .map_err(|error| damaged(format!("{error:#}")))?;
    let lost_photos = photos.missing.clone();
    let reopened = db.reopen(Reopening { epoch, backup, lost_photos, now }).await;
    db.close().await;
    reopened?;
    fs::remove_file(config.restore_mark()).map_err(|cause| BackupError::io(config.restore_mark(), cause))?;
    Ok(Reopened { head, epoch, photos: photos.counts() })
}

async fn open(url: &PostgresUrl) -> Result<Snapshot, BackupError> {
    Snapshot::open_postgres(url).await.map_err(|error| damaged(format!("{error:#}")))
}

async fn identity(url: &PostgresUrl) -> Result<String, BackupError> {
    let mut snapshot = open(url).await?;
    let identity = snapshot.identity().await;
    snapshot.close().await;
    Ok(identity?)
}

/// Each photo in the copy against the one that is served.
async fn compare_photos(
    folder: &Path,
    config: &Config,
    store: &BlobStore,
    hashes: &[BlobHash],
) -> Result<Sorted, BackupError> {
    let mut photos = Sorted::default();
    for hash in hashes {
        let copy = folder.join(file_place(*hash));
        let own = store
            .file_if_there(*hash)
            .await
            .map_err(|error| BackupError::Photos(config.photo_place(), error))?;
        if !copy.exists() {
            match own {
                None => photos.missing.insert(*hash),
                Some(_) => return Err(damaged(format!("the photo {} is missing", copy.display()))),
            };
            continue;
        }
        let has = files::hash_file(&copy)?;
        let is_compared = match own {
            Some(own) if has == Hashed::of(&own) => true,
            Some(_) => {
                let place = config.photo_place();
                return Err(damaged(format!("the photo {} is not the one in {place}", copy.display())));
            }
            // A picture was written anew on its way in, and then nothing is left to tell whether this is it.
            None => has.sha256 == hash.to_string(),
        };
        photos.whole.insert(*hash);
        photos.compared.extend(is_compared.then_some(*hash));
    }
    Ok(photos)
}

/// Fills up what is served from the copy.
async fn put_photos(
    folder: &Path,
    config: &Config,
    store: &BlobStore,
    hashes: &[BlobHash],
) -> Result<Sorted, BackupError> {
    let mut photos = Sorted::default();
    let failed = |error| BackupError::Photos(config.photo_place(), error);
    for hash in hashes {
        let copy = folder.join(file_place(*hash));
        let is_there = store.has_file(*hash).await.map_err(failed)?;
        if !is_there && copy.exists() {
            let bytes = fs::read(&copy).map_err(|cause| BackupError::io(&copy, cause))?;
            store.put_file(*hash, bytes).await.map_err(failed)?;
            if config.bucket.is_none() {
                files::settle(&config.blob_dir().join(file_place(*hash)))?;
            }
        }
        if is_there || copy.exists() {
            photos.whole.insert(*hash);
        } else {
            photos.missing.insert(*hash);
        }
    }
    Ok(photos)
}

fn damaged(why: impl Into<String>) -> BackupError {
    BackupError::Restored(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;
    use sha2::{Digest, Sha256};

    #[tokio::test]
    async fn a_copy_that_nothing_is_left_to_compare_with_is_not_promised() {
        let folder = Folder::new();
        let config = Config::new(folder.path().join("data"), None, false);
        let (store, copies) = (BlobStore::open(&config).unwrap(), folder.path().join("copies"));
        let copy = |hash: BlobHash, bytes: &[u8]| {
            let path = copies.join(file_place(hash));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        let [served, rewritten, missing] = [1, 2, 3].map(|n| BlobHash([n; 32]));
        let as_sent = BlobHash(Sha256::digest(b"strokes").into());
        store.put_file(served, b"a photo".to_vec()).await.unwrap();
        for (hash, bytes) in [(served, b"a photo"), (rewritten, b"a photo"), (as_sent, b"strokes")] {
            copy(hash, bytes);
        }
        let hashes = [served, rewritten, as_sent, missing];
        let photos = compare_photos(&copies, &config, &store, &hashes).await.unwrap();
        assert_eq!(photos.whole, [served, rewritten, as_sent].into());
        assert_eq!(photos.compared, [served, as_sent].into());
        assert_eq!(photos.missing, [missing].into());
        copy(served, b"another");
        let refused = compare_photos(&copies, &config, &store, &hashes).await.unwrap_err().to_string();
        assert!(refused.contains("is not the one in"), "{refused}");
    }
}
