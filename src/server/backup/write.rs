//! Makes a backup: the database in one moment, then the photos it speaks of, then the manifest.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use sync::id::BlobHash;

use super::{
    BackupError, aside,
    files::{self, Hashed, Scratch},
    manifest::{self, FORM, FORM_SEALED, KEY_NOTE, Manifest, SealNote},
    photos::{self, Photos, Reread},
    replace::{Replaced, replace},
    seal::{ENDING, Recipient},
    shelf::{DATABASE, Found, MANIFEST, PHOTO_LIST, SEAL_LIST, Shelf},
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
    /// Backups that were removed for it.
    pub gone: Vec<String>,
    /// Of a sealed one: what was found when it was tried, before it was sealed. What it contains is durable.
    pub whole: Option<Whole>,
    /// Sealed photos of earlier backups that were sealed again: they were damaged, sealed to another key, or nobody knew how they were written.
    pub sealed_again: BTreeSet<BlobHash>,
    /// Photos that another key opens, and that the office has no more. They are not promised.
    pub elsewhere: BTreeSet<BlobHash>,
    /// What a sealed backup has replaced.
    pub replaced: Replaced,
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
            let database = aside(move || recipient.seal_file(&from, &sealed)).await?.into();
            let seals = manifest::seal_list(&photos.sealed.seals);
            files::write_whole(&part.0.join(SEAL_LIST), seals.as_bytes())?;
            manifest.huifang = FORM_SEALED.to_owned();
            let seals = Some(Hashed::of(seals.as_bytes()).into());
            manifest.sealed = Some(SealNote { to: to.to_string(), database, photos: seals });
            // What was not read today keeps the promise that it has, and gets no new one.
            Some(Whole { marks, photos: photos.sealed.read.clone(), opened })
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
    let replaced = match to.cloned() {
        Some(to) => {
            let shelf = Arc::clone(shelf);
            aside(move || Ok(replace(&shelf, &to))).await?
        }
        None => Replaced::default(),
    };
    let Photos { new, sealed, .. } = photos;
    let (sealed_again, elsewhere) = (sealed.again, sealed.elsewhere);
    Ok(Made { found, new_photos: new, gone, whole, sealed_again, elsewhere, replaced })
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
        None => photos::copy(app, shelf, hashes).await?,
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
    let text = serde_json::to_string_pretty(manifest)
        .map_err(|error| BackupError::Damaged { name: name.to_owned(), why: error.to_string() })?;
    files::write_whole(&part.0.join(MANIFEST), text.as_bytes())?;
    let path = shelf.path().join(name);
    fs::rename(&part.0, &path).map_err(|cause| BackupError::io(&path, cause))?;
    files::sync_folder(shelf.path())
}
