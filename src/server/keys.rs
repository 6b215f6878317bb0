//! The server's secret keys, in a file of their own: what the database holds sealed cannot be read from the database alone.

mod file;

use anyhow::{Context, Result};
use crypto::{
    OpenError, SUITE, b64,
    hpke::{self, Info},
    index::blind_index,
};
use file::Pair;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};
use subtle::ConstantTimeEq;
use sync::wire::{KeyInfo, SealedValue};
use uuid::Uuid;

use crate::tokens;

/// Letters of the code by which an office is set up, 5 bits each.
const SET_UP_LETTERS_COUNT: usize = 12;

/// Indexes that are kept at most: those of the longest list.
const INDEXES_KEPT_COUNT: usize = 65_536;

/// The HPKE pair to which phones seal, and the key of the index by which sealed values are compared.
pub struct Keys {
    present: Pair,
    /// Those of before, the newest first. Nothing is sealed to them here; what a phone has sealed to them opens.
    earlier: Vec<Pair>,
    /// Indexes of sealed values, by the hash of the value and its place. Opening one costs two multiplications on the curve, and
    /// a push is judged again each time it has loaded more.
    indexes: Mutex<BTreeMap<[u8; 32], String>>,
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
        let pair = Pair::new();
        file::write_new(path, &pair)?;
        Ok((Keys::of(pair, Vec::new()), Origin::Made))
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
        let no_file = || format!("{} is no key file of this version", path.display());
        let mut pairs = file::parse(&text).with_context(no_file)?.into_iter();
        let present = pairs.next().with_context(no_file)?;
        Ok(Some(Keys::of(present, pairs.collect())))
    }

    fn of(present: Pair, earlier: Vec<Pair>) -> Keys {
        Keys { present, earlier, indexes: Mutex::default() }
    }

    /// The same keys behind a new one, which is in the file when this returns. Nothing is sealed to it yet.
    ///
    /// # Errors
    /// When the file cannot be written; it is then as it was.
    pub(crate) fn put_new_first(self, path: &Path) -> Result<Keys> {
        let mut pairs = vec![Pair::new(), self.present];
        pairs.extend(self.earlier);
        file::replace(path, &pairs)?;
        let earlier = pairs.split_off(1);
        let present = pairs.pop().context("the new key")?;
        Ok(Keys::of(present, earlier))
    }

    /// The present key alone; the file holds no other when this returns.
    ///
    /// # Errors
    /// When the file cannot be written; it is then as it was.
    pub(crate) fn forget_earlier(path: &Path) -> Result<()> {
        if let Some(keys) = Keys::read(path)?.filter(|keys| !keys.earlier.is_empty()) {
            file::replace(path, std::slice::from_ref(&keys.present))?;
        }
        Ok(())
    }

    /// The names of the keys of before, the newest first.
    pub(crate) fn earlier_kids(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.earlier.iter().map(|pair| pair.kid.as_str())
    }

    fn pairs(&self) -> impl Iterator<Item = &Pair> {
        std::iter::once(&self.present).chain(&self.earlier)
    }

    /// The name of the key to which phones seal.
    pub fn kid(&self) -> &str {
        &self.present.kid
    }

    /// The public keys as phones get them.
    pub fn public(&self) -> Vec<KeyInfo> {
        let pk = b64::encode(&self.present.hpke.public().to_bytes());
        vec![KeyInfo { kid: self.present.kid.clone(), alg: SUITE.to_owned(), pk }]
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
        let pair = self.pairs().find(|pair| pair.kid == kid).ok_or(OpenError::Shut)?;
        let bytes = |text: &str| b64::decode(text).map_err(|_| OpenError::Shut);
        hpke::open(&pair.hpke, info, aad, &bytes(enc)?, &bytes(ct)?)
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
        self.seal_field_by(tokens::random(), (e, field), text, show)
    }

    /// Seals to the present key what was sealed to one of before; nothing where it does not open at this place. What was the same seal is the same again:
    /// whoever compares two of them (an import that is undone) finds what he found before.
    pub(crate) fn seal_again(
        &self,
        e: &str,
        field: &str,
        value: &SealedValue,
    ) -> Option<(SealedValue, String)> {
        let text = self.open_field(e, field, value).ok()?;
        let seal = format!("{e}/{field} {} {} {} {}", value.kid, value.alg, value.enc, value.ct);
        let seed = blind_index(&self.present.index, "seal_again", &seal);
        let again = self.seal_field_by(seed, (e, field), &text, value.show.clone());
        let index = self.index(field, &text);
        Some((again, index))
    }

    fn seal_field_by(
        &self,
        seed: [u8; 32],
        (e, field): (&str, &str),
        text: &str,
        show: String,
    ) -> SealedValue {
        let aad = hpke::field_aad(e, field);
        let sealed = hpke::seal_to(self.present.hpke.public(), Info::Field, &aad, text.as_bytes(), seed)
            .expect("the server's own public key is usable");
        SealedValue {
            kid: self.present.kid.clone(),
            alg: SUITE.to_owned(),
            enc: b64::encode(&sealed.enc),
            ct: b64::encode(&sealed.ct),
            show,
        }
    }

    /// The keyed hash by which two sealed values are equal, as text; case and outer spaces do not count.
    pub fn index(&self, field: &str, text: &str) -> String {
        let text = text.trim().to_uppercase();
        b64::encode(&blind_index(&self.present.index, field, &text)[..16])
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
        let bytes = blind_index(&self.present.index, "set_up_code", "");
        tokens::code_of(&bytes[..SET_UP_LETTERS_COUNT])
    }

    /// Whether somebody typed that code.
    pub(crate) fn is_set_up_code(&self, typed: &str) -> bool {
        let code = tokens::plain_code(&self.set_up_code());
        code.as_bytes().ct_eq(tokens::plain_code(typed).as_bytes()).into()
    }

    /// What is stored of a one-time code: its 40 bits could be tried out without the key.
    pub fn code_hash(&self, code: &str) -> String {
        code_hash(&self.present, code)
    }

    /// What is stored of a recovery code, which outlives a key: its key's name stands before it.
    pub(crate) fn lasting_hash(&self, code: &str) -> String {
        lasting_hash(&self.present, code)
    }

    /// The same as it may have been stored by any key that is here, and as it was before their names stood there.
    pub(crate) fn lasting_hashes(&self, code: &str) -> Vec<String> {
        self.pairs().flat_map(|pair| [lasting_hash(pair, code), code_hash(pair, code)]).collect()
    }
}

fn code_hash(pair: &Pair, code: &str) -> String {
    b64::encode(&blind_index(&pair.index, "enrol_code", &tokens::plain_code(code)))
}

fn lasting_hash(pair: &Pair, code: &str) -> String {
    format!("{}.{}", pair.kid, code_hash(pair, code))
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
            let sealed = hpke::seal_to(keys.present.hpke.public(), info, b"aad", b"plain", seed).unwrap();
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

    #[test]
    fn a_new_key_comes_first_and_what_was_sealed_to_the_one_before_opens_still() {
        let folder = crate::testing::Folder::new();
        let path = folder.path().join("server.key");
        let (old, _) = Keys::open_or_make(&path).unwrap();
        let (old_kid, e, text) = (old.kid().to_owned(), Uuid::from_u128(1).to_string(), "339999194803120019");
        let (sealed, of_old) =
            (old.seal_field(&e, "id_no", text, "0019".to_owned()), old.index("id_no", text));
        let code = old.lasting_hash("ABCD2345");
        // Whoever was interrupted here last time has left this.
        fs::write(file::beside(&path), "half a fi").unwrap();
        let made = old.put_new_first(&path).unwrap();
        assert!(!file::beside(&path).exists());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let read = Keys::read(&path).unwrap().unwrap();
        assert_eq!(read.kid(), made.kid());
        assert_eq!(read.earlier_kids().collect::<Vec<_>>(), [&old_kid]);
        assert_eq!(read.public().len(), 1, "phones seal to the new one alone");
        assert_eq!(read.open_field(&e, "id_no", &sealed).unwrap(), text);
        assert!(read.lasting_hashes("ABCD2345").contains(&code));
        let (again, index) = read.seal_again(&e, "id_no", &sealed).unwrap();
        assert_eq!(read.seal_again(&e, "id_no", &sealed), Some((again.clone(), index.clone())));
        assert_eq!((&again.kid, &again.show), (&read.kid().to_owned(), &sealed.show));
        assert_ne!(index, of_old);
        assert_eq!(read.seal_again(&e, "account_no", &sealed), None);
        Keys::forget_earlier(&path).unwrap();
        let alone = Keys::read(&path).unwrap().unwrap();
        assert_eq!(alone.open_field(&e, "id_no", &again).unwrap(), text);
        assert_eq!(alone.open_field(&e, "id_no", &sealed), Err(OpenError::Shut));
        assert!(fs::read_to_string(&path).unwrap().contains("server-key-1"));
    }

    #[test]
    fn a_file_that_another_version_wrote_is_named_and_refused() {
        let folder = crate::testing::Folder::new();
        let path = folder.path().join("server.key");
        Keys::open_or_make(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for (from, to) in [("server-key-1", "server-key-9"), ("intl-1", "gm-1")] {
            fs::write(&path, text.replace(from, to)).unwrap();
            let refused = format!("{:#}", Keys::read(&path).map(|_| ()).unwrap_err());
            assert!(refused.contains(to) && refused.contains("a newer huifang"), "{refused}");
        }
    }
}
