//! What a backup says of itself.

use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use sync::{id::BlobHash, rev::Rev, wire::Witness};

use super::{
    BackupError,
    files::{self, Hashed},
    seal::Recipient,
    shelf::{MANIFEST, SEAL_LIST},
};

/// The form of the folder as a whole.
pub const FORM: &str = "backup-1";
/// The same, sealed: a version that knows no seals must not take it for one that lacks its database.
pub const FORM_SEALED: &str = "backup-2";
/// Said in every manifest, because it is the mistake that cannot be mended.
pub const KEY_NOTE: &str = "The server key is NOT in this backup. Without your own copy of it nobody can read the sealed numbers in here.";

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub huifang: String,
    /// The program that wrote it.
    pub version: String,
    /// Milliseconds since 1970 UTC.
    pub made_at: i64,
    pub head: Rev,
    /// Head of the audit chain.
    pub audit: Witness,
    /// Rows of each table.
    pub tables: BTreeMap<String, u64>,
    pub database: FileNote,
    pub photo_list: FileNote,
    pub photos: u64,
    pub photo_bytes: u64,
    /// Photos that the database speaks of and that were not in the data folder any more.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub photos_missing: BTreeSet<BlobHash>,
    /// Names of the server keys that the data is sealed to.
    pub server_keys: Vec<String>,
    pub server_key: String,
    /// Where the files are sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<SealNote>,
}

impl Manifest {
    /// Notes to whom the files in a folder are sealed, and writes the list of its sealed photos.
    pub(super) fn note_seals(
        &mut self,
        folder: &Path,
        to: &Recipient,
        database: Hashed,
        photos: &[SealedPhoto],
    ) -> Result<(), BackupError> {
        let list = seal_list(photos);
        files::write_whole(&folder.join(SEAL_LIST), list.as_bytes())?;
        let photos = Some(Hashed::of(list.as_bytes()).into());
        self.huifang = FORM_SEALED.to_owned();
        self.sealed = Some(SealNote { to: to.to_string(), database: database.into(), photos });
        Ok(())
    }

    /// Writes the manifest into the folder of a backup.
    pub(super) fn write(&self, folder: &Path, name: &str) -> Result<(), BackupError> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| BackupError::Damaged { name: name.to_owned(), why: error.to_string() })?;
        files::write_whole(&folder.join(MANIFEST), text.as_bytes())
    }
}

/// To whom the files are sealed. What else a manifest says is of the files before that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealNote {
    pub to: String,
    /// The sealed database, so that anybody finds a damaged one.
    pub database: FileNote,
    /// The list of sealed photos; absent in backups of versions that kept none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photos: Option<FileNote>,
}

/// Size and hash of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    pub bytes: u64,
    pub sha256: String,
}

impl From<Hashed> for FileNote {
    fn from(hashed: Hashed) -> FileNote {
        FileNote { bytes: hashed.bytes, sha256: hashed.sha256 }
    }
}

/// Reads a manifest.
///
/// # Errors
/// When it is absent, no manifest, or of another form.
pub fn read(folder: &Path, name: &str) -> Result<Manifest, BackupError> {
    let damaged = |why: String| BackupError::Damaged { name: name.to_owned(), why };
    let text = fs::read_to_string(folder.join(MANIFEST))
        .map_err(|cause| damaged(format!("its manifest cannot be read: {cause}")))?;
    let value: serde_json::Value = serde_json::from_str(&text)
        .map_err(|_| damaged("its manifest is cut short or no JSON".to_owned()))?;
    let form = value["huifang"].as_str().unwrap_or_default();
    if ![FORM, FORM_SEALED].contains(&form) {
        return Err(BackupError::Form { name: name.to_owned(), form: form.to_owned() });
    }
    serde_json::from_value(value).map_err(|cause| damaged(format!("its manifest lacks something: {cause}")))
}

/// A line of `photos.txt`: name of the photo, hash of the bytes kept under it, and their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoNote {
    pub hash: BlobHash,
    pub file: Hashed,
}

/// The list as text, a photo a line.
pub fn photo_list(photos: &[PhotoNote]) -> String {
    photos.iter().map(|note| format!("{} {} {}\n", note.hash, note.file.sha256, note.file.bytes)).collect()
}

/// Reads a list; nothing if a line is of another form.
pub fn read_photo_list(text: &str) -> Option<Vec<PhotoNote>> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        let hash = words.next()?.parse().ok()?;
        let sha256 = words.next().filter(|hash| hash.len() == 64)?.to_owned();
        let bytes = words.next()?.parse().ok()?;
        words.next().is_none().then_some(PhotoNote { hash, file: Hashed { sha256, bytes } })
    };
    text.lines().map(line).collect()
}

/// A line of `sealed.txt`: name of the photo, hash of its sealed bytes, their number, and to whom they are sealed. The seal of a photo is another each time
/// that it is made, and the photos of all backups lie in one place: a later backup may have sealed one again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedPhoto {
    pub hash: BlobHash,
    pub file: Hashed,
    pub to: String,
}

/// Stands for a recipient that nobody knows any more.
pub const TO_UNKNOWN: &str = "-";

/// The list as text, a photo a line.
pub fn seal_list(seals: &[SealedPhoto]) -> String {
    seals
        .iter()
        .map(|seal| format!("{} {} {} {}\n", seal.hash, seal.file.sha256, seal.file.bytes, seal.to))
        .collect()
}

/// Reads a list; nothing if a line is of another form.
pub fn read_seal_list(text: &str) -> Option<Vec<SealedPhoto>> {
    let line = |line: &str| {
        let (note, to) = line.rsplit_once(' ')?;
        let PhotoNote { hash, file } = read_photo_list(note)?.pop()?;
        Some(SealedPhoto { hash, file, to: to.to_owned() })
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_list_is_read_as_it_was_written() {
        let notes = [1, 2].map(|n| PhotoNote { hash: BlobHash([n; 32]), file: Hashed::of(&[n; 7]) });
        let text = photo_list(&notes);
        assert_eq!(read_photo_list(&text), Some(notes.to_vec()));
        assert_eq!(read_photo_list(""), Some(Vec::new()));
        assert_eq!(read_photo_list(&text[..text.len() - 4]), None, "cut short");
        assert_eq!(read_photo_list(&text.replace(' ', "  ")), None);
    }

    #[test]
    fn a_list_of_seals_is_read_as_it_was_written() {
        let seals = [1, 2].map(|n| SealedPhoto {
            hash: BlobHash([n; 32]),
            file: Hashed::of(&[n; 9]),
            to: format!("age1{n}"),
        });
        let text = seal_list(&seals);
        assert_eq!(read_seal_list(&text), Some(seals.to_vec()));
        assert_eq!(read_seal_list(""), Some(Vec::new()));
        assert_eq!(read_seal_list(&text.replace(" age1", "")), None, "a word is missing");
        assert_eq!(read_seal_list("\n"), None);
    }
}
