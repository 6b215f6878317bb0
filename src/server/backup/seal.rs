//! Backups that whoever steals the disk cannot read: every file is sealed to an offline public key (age-encryption.org/v1, X25519). The secret half is
//! needed for a restore alone, and lies where no server is.

use age::{Decryptor, Encryptor, x25519};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    fmt,
    fs::{self, File},
    io::{self, BufReader, Read, Write},
    path::Path,
    str::FromStr,
    sync::Arc,
};

use super::{
    BackupError,
    files::{self, Hashed, Hashing},
};

/// Ends the name of a sealed file.
pub(crate) const ENDING: &str = ".age";

/// The public half of a key for backups.
#[derive(Clone)]
pub struct Recipient(x25519::Recipient);

/// Why a text is no public key.
#[derive(Debug, thiserror::Error)]
#[error(
    "that is no public key of age: make a pair with `age-keygen -o backup.key` on a machine that is not the server, and give the line that begins with age1"
)]
pub struct NoRecipient;

impl FromStr for Recipient {
    type Err = NoRecipient;

    fn from_str(text: &str) -> Result<Recipient, NoRecipient> {
        text.trim().parse().map(Recipient).map_err(|_| NoRecipient)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Recipient, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Recipient {
    fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let mut sealed = Vec::with_capacity(plain.len() + 512);
        self.pour(&mut &plain[..], &mut sealed)?;
        Ok(sealed)
    }

    /// Seals a file into a new one, which is on the disk and was read again afterwards; returns the hash of it.
    pub(crate) fn seal_file(&self, from: &Path, to: &Path) -> Result<Hashed, BackupError> {
        let mut source = File::open(from).map_err(|cause| BackupError::io(from, cause))?;
        let file = files::create(to)?;
        let mut target = Hashing::of(&file);
        let sealed = self.pour(&mut source, &mut target).and_then(|()| file.sync_all());
        sealed.map_err(|cause| BackupError::io(to, cause))?;
        let written = target.hashed();
        files::check_read(to, &written)?;
        Ok(written)
    }

    /// Seals bytes into a file under a name that stands for the whole of it, and reads it again; returns the hash of it.
    pub(crate) fn seal_bytes(&self, plain: &[u8], to: &Path) -> Result<Hashed, BackupError> {
        let sealed = self.seal(plain).map_err(|cause| BackupError::io(to, cause))?;
        files::write_whole(to, &sealed)?;
        let written = Hashed::of(&sealed);
        files::check_read(to, &written)?;
        Ok(written)
    }

    fn pour(&self, from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
        let only: &dyn age::Recipient = &self.0;
        let sealing = Encryptor::with_recipients([only].into_iter()).map_err(io::Error::other)?;
        let mut writer = sealing.wrap_output(to)?;
        io::copy(from, &mut writer)?;
        writer.finish()?;
        Ok(())
    }
}

/// The secret halves that whoever restores has at hand.
pub struct Identities(Vec<x25519::Identity>);

/// Identities, or none where a backup is expected to be readable.
pub type AtHand = Option<Arc<Identities>>;

impl Identities {
    /// Reads a file as `age-keygen` writes it: one secret key a line, and lines that begin with `#`.
    ///
    /// # Errors
    /// When it cannot be read or holds no key.
    pub fn read(path: &Path) -> Result<Identities, BackupError> {
        let text = fs::read_to_string(path).map_err(|cause| BackupError::io(path, cause))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Option<Vec<_>> = lines.map(|line| line.parse().ok()).collect();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(Identities(keys)),
            _ => Err(BackupError::NoIdentity(path.to_owned())),
        }
    }

    /// Opens a file into a new one, which is on the disk afterwards; returns the hash of what it holds.
    ///
    /// # Errors
    /// [`BackupError::NotSealedToThis`] when it is sealed to another key; else when it is damaged, or cannot be read or written.
    pub(crate) fn open_file(&self, from: &Path, to: &Path) -> Result<Hashed, BackupError> {
        let mut target = files::create(to)?;
        let hashed =
            files::pour(&mut self.reader(from)?, &mut target).map_err(|cause| broken(from, to, cause))?;
        target.sync_all().map_err(|cause| BackupError::io(to, cause))?;
        Ok(hashed)
    }

    /// The bytes of a small file.
    ///
    /// # Errors
    /// As [`Identities::open_file`].
    pub(crate) fn open_bytes(&self, from: &Path) -> Result<Vec<u8>, BackupError> {
        let mut plain = Vec::new();
        self.reader(from)?.read_to_end(&mut plain).map_err(|cause| broken(from, from, cause))?;
        Ok(plain)
    }

    fn reader(&self, from: &Path) -> Result<impl Read, BackupError> {
        let source = File::open(from).map_err(|cause| BackupError::io(from, cause))?;
        let keys = self.0.iter().map(|key| key as &dyn age::Identity);
        let opened = Decryptor::new_buffered(BufReader::new(source)).and_then(|sealed| sealed.decrypt(keys));
        opened.map_err(|error| match error {
            age::DecryptError::NoMatchingKeys => BackupError::NotSealedToThis(from.to_owned()),
            age::DecryptError::Io(cause) if cause.kind() != io::ErrorKind::UnexpectedEof => {
                BackupError::io(from, cause)
            }
            _ => BackupError::SealBroken(from.to_owned()),
        })
    }
}

/// A chunk that does not open, or a file that ends too early, is told as such and not as a failure of the disk.
fn broken(from: &Path, to: &Path, cause: io::Error) -> BackupError {
    match cause.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput => {
            BackupError::SealBroken(from.to_owned())
        }
        _ => BackupError::io(to, cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;
    use age::secrecy::ExposeSecret;

    fn pair(folder: &Folder, name: &str) -> (Recipient, Identities) {
        let secret = x25519::Identity::generate();
        let path = folder.path().join(name);
        fs::write(&path, format!("# created: today\n{}\n", secret.to_string().expose_secret())).unwrap();
        (secret.to_public().to_string().parse().unwrap(), Identities::read(&path).unwrap())
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_and_with_no_other() {
        let folder = Folder::new();
        let ((to, own), (_, other)) = (pair(&folder, "own.key"), pair(&folder, "other.key"));
        let path = |name: &str| folder.path().join(name);
        let plain = vec![7; 200_000];
        fs::write(path("plain"), &plain).unwrap();
        let sealed = to.seal_file(&path("plain"), &path("sealed")).unwrap();
        assert_eq!(sealed, Hashed::of(&fs::read(path("sealed")).unwrap()));
        assert_eq!(own.open_file(&path("sealed"), &path("opened")).unwrap(), Hashed::of(&plain));
        assert_eq!(own.open_bytes(&path("sealed")).unwrap(), plain);
        let refused = other.open_bytes(&path("sealed")).unwrap_err();
        assert!(matches!(refused, BackupError::NotSealedToThis(_)), "{refused}");
    }

    #[test]
    fn a_changed_byte_and_a_lost_end_are_found() {
        let folder = Folder::new();
        let (to, own) = pair(&folder, "own.key");
        let sealed = to.seal(&vec![7; 70_000]).unwrap();
        let path = folder.path().join("sealed");
        for at in [0, 30, 120, sealed.len() / 2, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            fs::write(&path, changed).unwrap();
            let refused = own.open_bytes(&path).unwrap_err();
            assert!(
                matches!(refused, BackupError::SealBroken(_) | BackupError::NotSealedToThis(_)),
                "byte {at}: {refused}"
            );
        }
        for end in [0, 100, 66_000, sealed.len() - 1] {
            fs::write(&path, &sealed[..end]).unwrap();
            let refused = own.open_bytes(&path).unwrap_err();
            assert!(matches!(refused, BackupError::SealBroken(_)), "{end}: {refused}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let folder = Folder::new();
        let path = folder.path().join("no.key");
        for text in ["", "# nothing\n", "AGE-SECRET-KEY-1\n", "age1qqqq\n"] {
            fs::write(&path, text).unwrap();
            assert!(matches!(Identities::read(&path), Err(BackupError::NoIdentity(_))), "{text}");
        }
        for text in ["", "age1", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1"] {
            assert!(text.parse::<Recipient>().is_err(), "{text}");
        }
    }
}
