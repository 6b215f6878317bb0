//! Makes a backup: the database in one moment, then the photos it speaks of, then the manifest.

use std::{
    collections::BTreeSet,
    fmt, fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use sync::id::BlobHash;
use tokio::runtime::Handle;

use super::{
    BackupError, aside,
    files::{self, Hashed, Scratch},
    manifest::{self, FORM, KEY_NOTE, Manifest},
    photos::{self, Photos, Reread},
    replace::{Replaced, replace},
    seal::{ENDING, Recipient},
    shelf::{DATABASE, Found, PHOTO_LIST, Shelf},
    verify::{self, Whole},
};
use crate::{db::snapshot::Snapshot, state::App};

/// Where in the data folder a backup lies readable until it is sealed.
const READABLE: &str = ".backup-unsealed";

/// How a backup is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// How many stay; all of them if nothing is said.
    pub keep: Option<usize>,
    /// To whom it is sealed; readable if there is nobody.
    pub to: Option<&'a Recipient>,
    pub reread: Reread,
}

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    pub found: Found,
    /// Photos that were not here before.
    pub new_photos: BTreeSet<BlobHash>,
    /// Photos that lay there before and were read: they are what was written.
    pub read: BTreeSet<BlobHash>,
    /// Backups that were removed for it.
    pub gone: Vec<String>,
    /// Steps that failed once the backup lay there whole. The others were done all the same.
    pub failed: Vec<(Step, BackupError)>,
    /// Of a sealed one: what was found when it was tried, before it was sealed. What it contains is durable.
    pub whole: Option<Whole>,
    /// Photos of earlier backups that were taken from the data again: they were damaged, sealed to another key, or nobody knew how they were written.
    pub again: BTreeSet<BlobHash>,
    /// Photos that another key opens, and that the office has no more. They are not promised.
    pub elsewhere: BTreeSet<BlobHash>,
    /// What a sealed backup has replaced.
    pub replaced: Replaced,
}

/// What is done once a backup lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The phones are promised what it contains.
    Promise,
    /// Older ones go.
    Rotate,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Promise => "phones keep what they have, for what the backup contains could not be promised",
            Step::Rotate => "older backups could not be removed",
        })
    }
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
/// When the folder or its disk does not take it, or something cannot be read; backups that were there stay. What fails after that is told in [`Made`].
pub async fn write(app: &App, shelf: &Arc<Shelf>, making: Making<'_>) -> Result<Made, BackupError> {
    let Making { keep, to, .. } = making;
    shelf.clear_parts()?;
    let made_at = app.clock.now();
    let name = shelf.new_name(made_at);
    let part = Part(shelf.part(&name));
    files::make_folder(&part.0)?;
    let readable = to.map(|_| Scratch::new(app.config.data_dir.join(READABLE))).transpose()?;
    let place = readable.as_ref().map_or(part.0.as_path(), Scratch::path);
    let (mut manifest, photos) = copy(app, shelf, place, made_at, making).await?;
    let list = manifest::photo_list(&photos.notes);
    manifest.photo_list = Hashed::of(list.as_bytes()).into();
    let whole = match (to, &readable) {
        (Some(to), Some(readable)) => {
            let found = found_in(readable.path(), &name, &list, &manifest)?;
            let (marks, opened) =
                verify::try_database(&found, readable.path(), Some(&app.keys), &None).await?;
            let (from, sealed, recipient) =
                (found.database(), part.0.join(format!("{DATABASE}{ENDING}")), to.clone());
            let database = aside(move || recipient.seal_file(&from, &sealed)).await?;
            manifest.note_seals(&part.0, to, database, &photos.sealed.seals)?;
            // What was not read today keeps the promise that it has, and gets no new one.
            Some(Whole { marks, photos: photos.read.clone(), opened })
        }
        _ => None,
    };
    drop(readable);
    finish(shelf, &part, &name, &list, &manifest)?;
    let path = shelf.path().join(&name);
    let found = Found { name, path, manifest, verified: whole.is_some() };
    let mut failed = Vec::new();
    if let Some(whole) = &whole
        && let Err(error) = verify::promise(app, &found, whole).await
    {
        failed.push((Step::Promise, error));
    }
    let gone = match keep.map_or(Ok(Vec::new()), |keep| shelf.rotate(keep)) {
        Ok(gone) => gone,
        Err(error) => {
            failed.push((Step::Rotate, error));
            Vec::new()
        }
    };
    let replaced = match to {
        Some(to) => replaced(app, shelf, to).await?,
        None => Replaced::default(),
    };
    let Photos { new: new_photos, again, read, sealed, .. } = photos;
    Ok(Made { found, new_photos, read, gone, failed, whole, again, elsewhere: sealed.elsewhere, replaced })
}

/// Seals what lies readable beside it; what is damaged there is asked of the office.
async fn replaced(app: &App, shelf: &Arc<Shelf>, to: &Recipient) -> Result<Replaced, BackupError> {
    let (app, shelf, to, runtime) = (app.clone(), Arc::clone(shelf), to.clone(), Handle::current());
    aside(move || {
        let office = |hash| runtime.block_on(photos::stored(&app, hash));
        Ok(replace(&shelf, &to, &office))
    })
    .await
}

/// Copies the database into `place` and the photos onto the shelf.
async fn copy(
    app: &App,
    shelf: &Arc<Shelf>,
    place: &Path,
    made_at: i64,
    making: Making<'_>,
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
    let photos = match making.to {
        Some(to) => photos::seal(app, shelf, hashes, to, making.reread).await?,
        None => photos::copy(app, shelf, hashes, making.reread).await?,
    };
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
    manifest.write(&part.0, name)?;
    let path = shelf.path().join(name);
    fs::rename(&part.0, &path).map_err(|cause| BackupError::io(&path, cause))?;
    files::sync_folder(shelf.path())
}
