//! Backups: one folder holds many, and the photos that they share.
//!
//! ```text
//! DIR/20261126-160000-123/huifang.db      the database as it was at one moment
//!                         photos.txt      the photos it speaks of, each with the hash of its bytes
//!                         manifest.json   written last: without it the folder is no backup
//!                         verified.json   written when it was restored on trial and found whole
//! DIR/photos/ab/<hash>                    every photo once; it never changes
//! DIR/*/huifang.db.age, photos/ab/<hash>.age   the same, sealed to an offline key where one was named; what a manifest says stays readable
//! DIR/*/sealed.txt        of a sealed one: its sealed photos, each with the hash of the sealed bytes and the key that opens it
//! DIR/restores.json                       the epochs that were given out by restores
//! ```
//! The server key is in none of them.

pub mod dump;
pub mod files;
pub mod manifest;
pub mod photos;
pub mod replace;
pub mod restore;
pub mod schedule;
pub mod seal;
pub mod shelf;
pub mod verify;
pub mod write;

use std::{io, path::PathBuf};

use crate::{blobs::BlobError, config::Config, db::DbError};

/// Why there is no backup, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("the disk of {} is full: free some space or name a folder on another disk; what is half-written never counts as a backup", .0.display())]
    Full(PathBuf),
    #[error("cannot use {}: {cause}", path.display())]
    Io { path: PathBuf, cause: io::Error },
    #[error("the photos in {0} cannot be read or written: {1}")]
    Photos(String, BlobError),
    #[error("another backup, check or restore is at work in {}: wait until it has ended", .0.display())]
    Busy(PathBuf),
    #[error("{} is the data folder or lies in it, and would be lost together with it: name a folder on another disk", .0.display())]
    InsideData(PathBuf),
    #[error("there is no finished backup in {}{}", path.display(), said(others))]
    None { path: PathBuf, others: Vec<String> },
    #[error("the backup {name} is not whole: {why}")]
    Damaged { name: String, why: String },
    #[error(
        "the backup {name} is of form {form}, which this version does not know: use the version that wrote it, or a newer one"
    )]
    Form { name: String, form: String },
    #[error("{} is not empty ({}): a backup is restored into an empty folder, so that nothing is written over", path.display(), found.join(", "))]
    NotEmpty { path: PathBuf, found: Vec<String> },
    #[error("a server or a command is at work in {}: stop it, or name another --data-dir", .0.display())]
    InUse(PathBuf),
    #[error("the server key is not at {}: put your copy of it there first (it is in no backup). If no copy exists any more, \
             see docs/backup.md, and restore with --lost-key", .0.display())]
    NoKey(PathBuf),
    #[error("{} is another server key ({have}) than the one of the backup ({}): put the right copy there", path.display(), wants.join(", "))]
    OtherKey { path: PathBuf, have: String, wants: Vec<String> },
    #[error("the epoch of this restore cannot be noted in {}: copy the whole folder to a disk that can be written, and restore from there ({cause})", path.display())]
    NoNote { path: PathBuf, cause: Box<BackupError> },
    #[error(
        "the backup {name} is whole, but no part of the history of this database: it is another office's, or from before a restore that \
             went back behind it. What phones may forget has not changed"
    )]
    Foreign { name: String },
    #[error(
        "the database is a PostgreSQL: back it up with pg_dump, copy the photos in {0} to a folder PHOTOS, restore the dump on trial into \
         another database, and tell it with `huifang verify-backup PHOTOS --restored postgres://…`; only then may phones forget what it \
         contains"
    )]
    Postgres(String),
    #[error("{} holds no secret key of age: give the file that `age-keygen` wrote", .0.display())]
    NoIdentity(PathBuf),
    #[error(
        "the backup {name} is sealed to {to}: give the file with the secret half of that key, by --identity FILE"
    )]
    Sealed { name: String, to: String },
    #[error("{} is sealed to another key than those at hand: --identity FILE may hold several, one a line", .0.display())]
    NotSealedToThis(PathBuf),
    #[error("{} is damaged: what it was sealed with does not fit what is there", .0.display())]
    SealBroken(PathBuf),
    #[error("the restored database cannot be used: {0}")]
    Restored(String),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the work broke off")]
    BrokeOff(#[from] tokio::task::JoinError),
}

fn said(others: &[String]) -> String {
    if others.is_empty() { String::new() } else { format!("; left aside: {}", others.join(", ")) }
}

impl BackupError {
    /// What went wrong with a file.
    pub(crate) fn io(path: impl Into<PathBuf>, cause: io::Error) -> BackupError {
        let path = path.into();
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BackupError::Full(path),
            _ => BackupError::Io { path, cause },
        }
    }

    /// Whether a place may be read and not written.
    pub(crate) fn is_read_only(&self) -> bool {
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        matches!(self, BackupError::Io { cause, .. } if matches!(cause.kind(), PermissionDenied | ReadOnlyFilesystem))
    }

    /// Whether whoever asked can mend it by asking otherwise; else the system failed.
    pub fn is_input(&self) -> bool {
        !matches!(
            self,
            BackupError::Full(_)
                | BackupError::Io { .. }
                | BackupError::Photos(..)
                | BackupError::Busy(_)
                | BackupError::Db(_)
                | BackupError::BrokeOff(_)
        )
    }
}

/// Checks that the database is a file, which alone is copied and restored here.
pub(crate) fn check_is_file(config: &Config) -> Result<(), BackupError> {
    match config.postgres {
        None => Ok(()),
        Some(_) => Err(BackupError::Postgres(config.photo_place())),
    }
}

/// Does what reads and writes files away from the threads that answer phones.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(work).await?
}
