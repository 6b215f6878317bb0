//! The data folder: one process uses it at a time, unless the database is a PostgreSQL elsewhere.

use anyhow::{Context, Result, bail};
use std::{
    fs::{DirBuilder, File, TryLockError},
    os::unix::fs::DirBuilderExt,
    sync::Arc,
};

use crate::{
    blobs::BlobStore,
    clock::Clock,
    config::Config,
    db::{Database, KeyStanding, Rekeyed, SqlDatabase},
    keys::{Keys, Origin},
    state::App,
};

/// Held as long as this process uses the folder.
pub struct Lock(#[expect(dead_code, reason = "the lock lives as long as the open file")] Option<File>);

/// Takes the folder for this process; `None` if another has it. Beside a PostgreSQL several processes may share a folder.
///
/// # Errors
/// When the folder or the lock file cannot be made.
pub fn lock(config: &Config) -> Result<Option<Lock>> {
    let folder = &config.data_dir;
    // Nobody else on the machine reads the database, the photos or the lists that were taken in.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
    if config.postgres.is_some() {
        return Ok(Some(Lock(None)));
    }
    let path = config.lock_file();
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(Some(file)))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// Opens keys, database and photos of a folder that this process holds.
///
/// # Errors
/// When one of them cannot be opened or made.
pub async fn open(config: Config, clock: Clock) -> Result<(App, Origin)> {
    check_whole(&config)?;
    let (keys, origin) = Keys::open_or_make(&config.key_file)?;
    let keys = Arc::new(keys);
    let db = open_database(&config, &keys).await?;
    settle_key(&config, &db, clock.now()).await?;
    let blobs = BlobStore::open(&config)?;
    Ok((App::new(config, Arc::new(db), keys, clock, blobs), origin))
}

/// Opens the database of a folder that this process holds, with keys that may not be its own yet.
pub(crate) async fn open_database(config: &Config, keys: &Arc<Keys>) -> Result<SqlDatabase> {
    match &config.postgres {
        Some(url) => SqlDatabase::open_postgres(url, Arc::clone(keys)).await,
        None => {
            let file = config.database_file();
            SqlDatabase::open_sqlite(&file, Arc::clone(keys))
                .await
                .with_context(|| format!("cannot open the database {}", file.display()))
        }
    }
}

/// Nothing is served before the database is the present key's: an exchange that broke off is brought to its end, and so is one that a backup is from before.
pub(crate) async fn settle_key(config: &Config, db: &SqlDatabase, now: i64) -> Result<Option<Rekeyed>> {
    match db.key_standing().await? {
        KeyStanding::Present => Ok(None),
        KeyStanding::Earlier(from) => {
            let rekeyed = db.seal_to_present_key(now).await?;
            tracing::warn!(
                from,
                to = db.keys().kid(),
                "the server key was exchanged: copy the key file to a safe place"
            );
            Ok(rekeyed)
        }
        KeyStanding::Unknown(_) if config.lost_key => {
            db.give_up_key(now).await?;
            Ok(None)
        }
        KeyStanding::Unknown(wants) => bail!(
            "what is stored is sealed to the server key {wants}, and {} holds {}: put the key file there that was in use last, or name its place \
             with --key-file. If no copy exists any more, see docs/backup.md, and begin with `huifang serve --lost-key`",
            config.key_file.display(),
            db.keys().kid()
        ),
    }
}

/// A restore that broke off has left half of the data; and a key made now would not open what is there.
fn check_whole(config: &Config) -> Result<()> {
    let folder = config.data_dir.display();
    if config.restore_mark().exists() {
        bail!("a restore into {folder} broke off: begin it again with `huifang restore`");
    }
    if config.database_file().exists() && !config.key_file.exists() && !config.lost_key {
        bail!(
            "{folder} holds data, but the server key is not at {}: put your copy of it there, or name its place with --key-file. If no copy \
             exists any more, see docs/backup.md, and begin with `huifang serve --lost-key`",
            config.key_file.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;
    use std::{fs, os::unix::fs::PermissionsExt};

    #[test]
    fn a_new_data_folder_is_its_owners_alone() {
        let folder = Folder::new();
        let data = folder.path().join("office/data");
        let _lock = lock(&Config::new(data.clone(), None, false)).unwrap();
        for made in [data.as_path(), data.parent().unwrap()] {
            assert_eq!(fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
}
