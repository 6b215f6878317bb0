//! Files of a backup: private, hashed while they are copied, and on the disk before anybody relies on them.

use sha2::{Digest, Sha256};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::BackupError;
use crate::tokens;

const BUFFER_BYTES: usize = 256 * 1024;

/// The hash of a file's bytes, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashed {
    pub sha256: String,
    pub bytes: u64,
}

impl Hashed {
    /// Of bytes at hand.
    pub fn of(bytes: &[u8]) -> Hashed {
        Hashed { sha256: tokens::hex(&Sha256::digest(bytes)), bytes: bytes.len() as u64 }
    }
}

/// Makes a folder that nobody else may enter, and those above it.
pub(crate) fn make_folder(path: &Path) -> Result<(), BackupError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|cause| BackupError::io(path, cause))
}

/// Reads a file and hashes it.
pub(crate) fn hash_file(path: &Path) -> Result<Hashed, BackupError> {
    let mut file = File::open(path).map_err(|cause| BackupError::io(path, cause))?;
    pour(&mut file, &mut io::sink()).map_err(|cause| BackupError::io(path, cause))
}

/// Reads a file that was written just now, and says if the disk has made something else of it.
pub(super) fn check_read(path: &Path, written: &Hashed) -> Result<(), BackupError> {
    if hash_file(path)? == *written {
        return Ok(());
    }
    let said = "what is read is not what was written: the disk is failing";
    Err(BackupError::io(path, io::Error::new(io::ErrorKind::InvalidData, said)))
}

/// Copies a file to a new place and hashes what it copied.
pub(crate) fn copy_hashed(from: &Path, to: &Path) -> Result<Hashed, BackupError> {
    let mut source = File::open(from).map_err(|cause| BackupError::io(from, cause))?;
    let mut target = create(to)?;
    let hashed = pour(&mut source, &mut target).map_err(|cause| BackupError::io(to, cause))?;
    target.sync_all().map_err(|cause| BackupError::io(to, cause))?;
    Ok(hashed)
}

pub(super) fn pour(from: &mut impl Read, to: &mut impl Write) -> io::Result<Hashed> {
    let (mut target, mut buffer) = (Hashing::of(to), vec![0; BUFFER_BYTES]);
    loop {
        let n = from.read(&mut buffer)?;
        if n == 0 {
            return Ok(target.hashed());
        }
        target.write_all(&buffer[..n])?;
    }
}

/// What is hashed while it is written.
pub(super) struct Hashing<W> {
    to: W,
    hash: Sha256,
    bytes: u64,
}

impl<W> Hashing<W> {
    pub(super) fn of(to: W) -> Hashing<W> {
        Hashing { to, hash: Sha256::new(), bytes: 0 }
    }

    /// Of all that was written.
    pub(super) fn hashed(self) -> Hashed {
        Hashed { sha256: tokens::hex(&self.hash.finalize()), bytes: self.bytes }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let written = self.to.write(part)?;
        self.hash.update(&part[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

pub(super) fn create(path: &Path) -> Result<File, BackupError> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.map_err(|cause| BackupError::io(path, cause))
}

/// Writes a file under another name first, so that its own name never stands for half of it.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".part-{name}"));
    let mut file = create(&part)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&part, path));
    written.map_err(|cause| {
        let _ = fs::remove_file(&part);
        BackupError::io(path, cause)
    })?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Puts the bytes of a file that somebody else wrote on the disk, and keeps others from reading it.
pub(crate) fn settle(path: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::PermissionsExt;
    File::open(path)
        .and_then(|file| {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
            file.sync_all()
        })
        .map_err(|cause| BackupError::io(path, cause))
}

/// Puts the names in a folder on the disk.
pub(crate) fn sync_folder(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(|cause| BackupError::io(path, cause))
}

/// A folder for one trial; gone when dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// At `place`, where what a killed run leaves is cleared away later; elsewhere only if nothing can be written there.
    pub(crate) fn new(place: PathBuf) -> Result<Scratch, BackupError> {
        let _ = fs::remove_dir_all(&place);
        match make_folder(&place) {
            Ok(()) => Ok(Scratch(place)),
            Err(error) if error.is_read_only() => Scratch::in_temp(),
            Err(error) => Err(error),
        }
    }

    /// In the system's folder for such things.
    pub(crate) fn in_temp() -> Result<Scratch, BackupError> {
        let name = format!("huifang-trial-{}", tokens::hex(&tokens::random::<8>()));
        let path = std::env::temp_dir().join(name);
        make_folder(&path)?;
        Ok(Scratch(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
