//! The server's secret keys, in a file of their own: what the database holds sealed cannot be read from the database alone.

use anyhow::{Context, Result, bail};
use crypto::{
    Key, OpenError, SUITE, b64,
    hpke::{self, Info, ServerKeyPair},
    index::blind_index,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};
use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};
use subtle::ConstantTimeEq;
use sync::wire::{KeyInfo, SealedValue};
use uuid::Uuid;

use crate::tokens;

const FORM: &str = "server-key-1";

/// Letters of the code by which an office is set up, 5 bits each.
const SET_UP_LETTERS_COUNT: usize = 12;

/// Indexes that are kept at most: those of the longest list.
const INDEXES_KEPT_COUNT: usize = 65_536;

/// The HPKE pair to which phones seal, and the key of the index by which sealed values are compared.
pub struct Keys {
    kid: String,
    pair: ServerKeyPair,
    index: Key,
    /// Indexes of sealed values, by the hash of the value and its place. Opening one costs two multiplications on the curve, and
    /// a push is judged again each time it has loaded more.
    indexes: Mutex<BTreeMap<[u8; 32], String>>,
}

/// The key file as it is written.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    huifang: String,
    alg: String,
    secret: String,
    index: String,
}

/// Whether the key file was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Found,
    Made,
}

impl Keys {
    /// Reads the key file, or makes it (mode 0600) if there is none.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is not a key file.
    pub fn open_or_make(path: &Path) -> Result<(Keys, Origin)> {
        if let Some(keys) = Keys::read(path)? {
            return Ok((keys, Origin::Found));
        }
        let pair = ServerKeyPair::from_seed(tokens::random());
        let file = KeyFile {
            huifang: FORM.to_owned(),
            alg: SUITE.to_owned(),
            secret: b64::encode(pair.secret().expose()),
            index: b64::encode(&tokens::random::<32>()),
        };
        let text = serde_json::to_string_pretty(&file)? + "\n";
        write_new_secret(path, text.as_bytes())
            .with_context(|| format!("cannot write the key file {}", path.display()))?;
        Ok((Keys::parse(&text)?, Origin::Made))
    }

    /// Reads the key file; nothing if there is none.
    ///
    /// # Errors
    /// When the file cannot be read, or is not a key file.
    pub fn read(path: &Path) -> Result<Option<Keys>> {
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the key file {}", path.display()))?;
        let keys = Keys::parse(&text)
            .with_context(|| format!("{} is no key file of this version", path.display()))?;
        Ok(Some(keys))
    }

    fn parse(text: &str) -> Result<Keys> {
        let file: KeyFile = serde_json::from_str(text)?;
        if file.huifang != FORM || file.alg != SUITE {
            bail!(
                "it is of form {} and algorithm {}, which this version does not know: a newer huifang made it; start that one",
                file.huifang,
                file.alg
            );
        }
        let key = |text: &str| Key::from_slice(&b64::decode(text)?).context("a key is 32 bytes long");
        let pair = ServerKeyPair::from_secret(&key(&file.secret)?);
        let kid = tokens::hex(&Sha256::digest(pair.public().to_bytes())[..4]);
        Ok(Keys { kid, pair, index: key(&file.index)?, indexes: Mutex::default() })
    }

    /// The name of the key to which phones seal.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public keys as phones get them.
    pub fn public(&self) -> Vec<KeyInfo> {
        let pk = b64::encode(&self.pair.public().to_bytes());
        vec![KeyInfo { kid: self.kid.clone(), alg: SUITE.to_owned(), pk }]
    }

    /// Opens what was sealed (HPKE) to the server; `enc` and `ct` are base64url.
    ///
    /// # Errors
    /// [`OpenError::Unknown`] when it is of another suite than this version's; else when it was sealed to another key, for another purpose, or is no
    /// seal at all.
    pub fn open(
        &self,
        kid: &str,
        alg: &str,
        info: Info,
        aad: &[u8],
        enc: &str,
        ct: &str,
    ) -> Result<Vec<u8>, OpenError> {
        if alg != SUITE {
            return Err(OpenError::Unknown);
        }
        if kid != self.kid {
            return Err(OpenError::Shut);
        }
        let bytes = |text: &str| b64::decode(text).map_err(|_| OpenError::Shut);
        hpke::open(&self.pair, info, aad, &bytes(enc)?, &bytes(ct)?)
    }

    /// Opens the text of a sealed field of record `e`.
    ///
    /// # Errors
    /// When the value does not open at this place or is not text.
    pub fn open_field(&self, e: &str, field: &str, value: &SealedValue) -> Result<String, OpenError> {
        let aad = hpke::field_aad(e, field);
        let plain = self.open(&value.kid, &value.alg, Info::Field, &aad, &value.enc, &value.ct)?;
        String::from_utf8(plain).map_err(|_| OpenError::Shut)
    }

    /// Seals the text of a field of record `e`, as a phone would.
    pub fn seal_field(&self, e: &str, field: &str, text: &str, show: String) -> SealedValue {
        let aad = hpke::field_aad(e, field);
        let sealed = hpke::seal_to(self.pair.public(), Info::Field, &aad, text.as_bytes(), tokens::random())
            .expect("the server's own public key is usable");
        SealedValue {
            kid: self.kid.clone(),
            alg: SUITE.to_owned(),
            enc: b64::encode(&sealed.enc),
            ct: b64::encode(&sealed.ct),
            show,
        }
    }

    /// The keyed hash by which two sealed values are equal, as text; case and outer spaces do not count.
    pub fn index(&self, field: &str, text: &str) -> String {
        let text = text.trim().to_uppercase();
        b64::encode(&blind_index(&self.index, field, &text)[..16])
    }

    /// Seals the text of a field and keeps its index: what the server has sealed itself it need not open to judge it.
    pub fn seal_indexed(&self, e: Uuid, field: &str, text: &str, show: String) -> SealedValue {
        let sealed = self.seal_field(&e.to_string(), field, text, show);
        self.keep_index(place_hash(e, field, &sealed), self.index(field, text));
        sealed
    }

    /// The index of a sealed value; nothing if it does not open at this place.
    pub fn index_of(&self, e: Uuid, field: &str, value: &SealedValue) -> Option<String> {
        let place = place_hash(e, field, value);
        let kept = self.indexes.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        if kept.is_some() {
            return kept;
        }
        let index = self.index(field, &self.open_field(&e.to_string(), field, value).ok()?);
        self.keep_index(place, index.clone());
        Some(index)
    }

    fn keep_index(&self, place: [u8; 32], index: String) {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if indexes.len() >= INDEXES_KEPT_COUNT {
            indexes.clear();
        }
        indexes.insert(place, index);
    }

    /// The code by which an office is set up. It is made from the keys, so that every process of the office knows the same one.
    pub fn set_up_code(&self) -> String {
        let bytes = blind_index(&self.index, "set_up_code", "");
        tokens::code_of(&bytes[..SET_UP_LETTERS_COUNT])
    }

    /// Whether somebody typed that code.
    pub(crate) fn is_set_up_code(&self, typed: &str) -> bool {
        let code = tokens::plain_code(&self.set_up_code());
        code.as_bytes().ct_eq(tokens::plain_code(typed).as_bytes()).into()
    }

    /// What is stored of a one-time code: its 40 bits could be tried out without the key.
    pub fn code_hash(&self, code: &str) -> String {
        b64::encode(&blind_index(&self.index, "enrol_code", &tokens::plain_code(code)))
    }
}

/// The hash of all that decides whether and to what a value opens.
fn place_hash(e: Uuid, field: &str, value: &SealedValue) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(e.as_bytes());
    for part in [field, &value.kid, &value.alg, &value.enc, &value.ct] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

fn write_new_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_key_file_is_made_once_and_private() {
        let folder = crate::testing::Folder::new();
        let path = folder.path().join("server.key");
        let (made, origin) = Keys::open_or_make(&path).unwrap();
        assert_eq!(origin, Origin::Made);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let (found, origin) = Keys::open_or_make(&path).unwrap();
        assert_eq!(origin, Origin::Found);
        assert_eq!(found.public(), made.public());
        let sealed = made.seal_field("e", "id_no", "339999194803120019", "0019".to_owned());
        assert_eq!(found.open_field("e", "id_no", &sealed).unwrap(), "339999194803120019");
        assert_eq!(found.open_field("e", "account_no", &sealed), Err(OpenError::Shut));
    }

    #[test]
    fn another_algorithm_opens_nothing_that_is_sealed_to_the_server() {
        let folder = crate::testing::Folder::new();
        let (keys, _) = Keys::open_or_make(&folder.path().join("server.key")).unwrap();
        let e = Uuid::from_u128(1);
        let sealed = keys.seal_field(&e.to_string(), "id_no", "339999194803120019", "0019".to_owned());
        for alg in ["", "intl-0", "intl-2", "gm-1", "INTL-1", "none"] {
            let other = SealedValue { alg: alg.to_owned(), ..sealed.clone() };
            assert_eq!(keys.open_field(&e.to_string(), "id_no", &other), Err(OpenError::Unknown), "{alg}");
            assert_eq!(keys.index_of(e, "id_no", &other), None, "{alg}");
        }
        let seed = [7; 32];
        for info in [Info::Out, Info::Blob, Info::Photo] {
            let sealed = hpke::seal_to(keys.pair.public(), info, b"aad", b"plain", seed).unwrap();
            let (enc, ct) = (b64::encode(&sealed.enc), b64::encode(&sealed.ct));
            let open = |alg: &str| keys.open(keys.kid(), alg, info, b"aad", &enc, &ct);
            assert_eq!(open(SUITE).as_deref(), Ok(&b"plain"[..]));
            assert_eq!(open("intl-0"), Err(OpenError::Unknown), "{info:?}");
        }
    }

    #[test]
    fn an_index_is_kept_for_its_place_and_for_no_other() {
        let folder = crate::testing::Folder::new();
        let (keys, _) = Keys::open_or_make(&folder.path().join("server.key")).unwrap();
        let (e, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let text = "339999194803120019";
        let sealed = keys.seal_indexed(e, "id_no", text, "0019".to_owned());
        for _ in 0..2 {
            assert_eq!(keys.index_of(e, "id_no", &sealed), Some(keys.index("id_no", text)));
            assert_eq!(keys.index_of(other, "id_no", &sealed), None);
            assert_eq!(keys.index_of(e, "account_no", &sealed), None);
            let changed = SealedValue { enc: sealed.ct.clone(), ..sealed.clone() };
            assert_eq!(keys.index_of(e, "id_no", &changed), None);
        }
        let foreign = keys.seal_field(&e.to_string(), "id_no", text, "0019".to_owned());
        assert_eq!(keys.index_of(e, "id_no", &foreign), Some(keys.index("id_no", text)));
    }
}
