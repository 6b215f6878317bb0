//! The keys of one user on one device: locked they are wraps, unlocked they are keys, and these are two types.
//!
//! ```text
//! code ─ Argon2id ─ HKDF ─► wrapping key ─► DEK ─► area keys   (rows and index pages; purge = the wrap is dropped)
//!                                            ├──► K_kv         (settings, session)
//!                                            ├──► K_out ─────── also sealed to the server: changesets and drafts
//!                                            └──► K_blob ────── also sealed to the server: photos not yet verified
//! ```
//! What is sealed to the server survives a forgotten code, a wipe and a locked screen: it can be sent without being opened here.

pub mod wraps;

use crate::{
    Key, OpenError,
    hpke::{BadPublicKey, Info, PublicKey},
};
use std::{collections::BTreeMap, fmt};
use wraps::{CodeWrap, OwnKey, Second, ServerSeal, Wrap, Wraps};

/// The server key to seal to, with the name the server calls it by.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "each says itself")]
pub struct ServerKey<'a> {
    pub kid: &'a str,
    pub public: &'a PublicKey,
}

/// What the code's owner brings: the key from [`crate::code::wrapping_key`], and what must be known to make it again.
#[derive(Clone, Copy)]
pub struct CodeKey<'a> {
    /// Made of the code and, where there is a `second`, of the authenticator's answer.
    pub wrapping: &'a Key,
    /// The salt that the code was stretched with.
    pub salt: [u8; 16],
    /// The authenticator whose answer went in.
    pub second: Option<&'a Second>,
    /// Whether it is a phrase of the user's own.
    pub phrase: bool,
}

/// What a new vault, or a new DEK for an old one, is made of.
pub struct NewVault<'a> {
    /// The vault's id; each wrap is bound to it.
    pub vault: &'a str,
    /// How it will be unlocked.
    pub code: CodeKey<'a>,
    /// To which server key `K_out` and `K_blob` are sealed.
    pub server: ServerKey<'a>,
    /// The new ids of `K_out` and `K_blob`.
    pub out_id: &'a str,
    /// See `out_id`.
    pub blob_id: &'a str,
    /// 32 fresh random bytes.
    pub seed: [u8; 32],
}

/// A vault whose keys are wrapped. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    wraps: Wraps,
}

/// The code was not the right one, or the wraps are damaged. Gives the vault back.
#[derive(Debug, thiserror::Error)]
#[error("the vault does not open")]
pub struct Refused {
    /// The vault, unchanged.
    pub vault: Box<Locked>,
}

/// A vault whose keys are at hand. No `Debug` of its keys, no `Clone`, no serde.
pub struct Unlocked {
    wraps: Wraps,
    dek: Key,
    kv: Key,
    out: Key,
    blob: Key,
    areas: BTreeMap<String, Key>,
    damaged: Vec<String>,
}

impl Locked {
    /// From the wraps as they were stored.
    pub fn new(wraps: Wraps) -> Locked {
        Locked { wraps }
    }

    /// The wraps, for storing.
    pub fn wraps(&self) -> &Wraps {
        &self.wraps
    }

    /// Opens the vault. An area whose wrap is damaged is left out and named by [`Unlocked::damaged_areas`]: it is pulled again.
    ///
    /// # Errors
    /// When the key is another, the code's wrap was deleted, or a wrap that cannot be missed is damaged.
    pub fn unlock(self, wrapping: &Key) -> Result<Unlocked, Refused> {
        let code = self.wraps.code.as_ref().ok_or(OpenError::Shut);
        let dek = code.and_then(|code| code.wrap.open(wrapping, &self.wraps.vault, "code"));
        self.unlock_by(dek)
    }

    /// Opens the vault with the quick copy of its DEK ([`Unlocked::quick`]). A vault whose code was forgotten has none.
    ///
    /// # Errors
    /// As [`Locked::unlock`].
    pub fn unlock_quick(self, copy: &Wrap, wrapping: &Key) -> Result<Unlocked, Refused> {
        let dek = match self.wraps.code {
            Some(_) => copy.open(wrapping, &self.wraps.vault, "quick"),
            None => Err(OpenError::Shut),
        };
        self.unlock_by(dek)
    }

    fn unlock_by(self, dek: Result<Key, OpenError>) -> Result<Unlocked, Refused> {
        match dek.and_then(|dek| self.open(dek)) {
            Ok((dek, kv, out, blob)) => {
                let mut vault = Unlocked {
                    wraps: self.wraps,
                    dek,
                    kv,
                    out,
                    blob,
                    areas: BTreeMap::new(),
                    damaged: Vec::new(),
                };
                vault.open_areas();
                Ok(vault)
            }
            Err(_) => Err(Refused { vault: Box::new(self) }),
        }
    }

    /// Deletes what a code could open, as after the offline lifetime or ten wrong codes: only an online login leads on from here
    /// ([`Locked::renew`]). What was sealed to the server stays.
    pub fn forget_code(&mut self) {
        self.wraps.code = None;
        self.wraps.areas.clear();
    }

    /// Destroys every key but what is sealed to the server: what lies in `out`, `draft` and `blob` can still be sent, and nothing be read.
    pub fn destroy(&mut self) {
        self.wraps.destroy();
    }

    /// A new DEK, new area keys, new own keys. The old own keys stay as sealed to the server, for what was sealed with them.
    ///
    /// # Errors
    /// When nothing can be sealed to the server key.
    pub fn renew(mut self, new: NewVault<'_>) -> Result<Unlocked, BadPublicKey> {
        self.wraps.destroy();
        let mut vault = Unlocked::create(new)?;
        let Wraps { out, blob, earlier_out, earlier_blob, .. } = self.wraps;
        vault.wraps.earlier_out = earlier_out;
        vault.wraps.earlier_out.push(out.seal);
        vault.wraps.earlier_blob = earlier_blob;
        vault.wraps.earlier_blob.push(blob.seal);
        Ok(vault)
    }

    fn open(&self, dek: Key) -> Result<(Key, Key, Key, Key), OpenError> {
        let wraps = &self.wraps;
        let kv = wraps.kv.as_ref().ok_or(OpenError::Shut)?.open(&dek, &wraps.vault, "kv")?;
        let out = wraps.out.open(&dek, &wraps.vault, "out")?;
        let blob = wraps.blob.open(&dek, &wraps.vault, "blob")?;
        Ok((dek, kv, out, blob))
    }
}

impl Unlocked {
    /// A new vault without areas.
    ///
    /// # Errors
    /// When nothing can be sealed to the server key.
    pub fn create(new: NewVault<'_>) -> Result<Unlocked, BadPublicKey> {
        let root = Key::from_bytes(new.seed);
        let dek = root.derive("dek");
        let kv = root.derive("kv");
        let out = root.derive("out");
        let blob = root.derive("blob");
        let wraps = Wraps {
            vault: new.vault.to_owned(),
            code: Some(code_wrap(&dek, new.vault, new.code, &root)),
            kv: Some(Wrap::make(&dek, &kv, new.vault, "kv", &root)),
            areas: BTreeMap::new(),
            out: own_key(&dek, &out, &new, Info::Out, &root)?,
            blob: own_key(&dek, &blob, &new, Info::Blob, &root)?,
            earlier_out: Vec::new(),
            earlier_blob: Vec::new(),
        };
        Ok(Unlocked { wraps, dek, kv, out, blob, areas: BTreeMap::new(), damaged: Vec::new() })
    }

    /// Drops the keys.
    pub fn lock(self) -> Locked {
        Locked { wraps: self.wraps }
    }

    /// The wraps, for storing: after [`Unlocked::create`] and each change.
    pub fn wraps(&self) -> &Wraps {
        &self.wraps
    }

    /// The key of an area's rows and index pages; `None` when it was never added, or purged.
    pub fn area(&self, area: &str) -> Option<&Key> {
        self.areas.get(area)
    }

    /// `K_out` and its id: changesets and drafts.
    pub fn out(&self) -> (&str, &Key) {
        (&self.wraps.out.seal.id, &self.out)
    }

    /// `K_blob` and its id: photos that the server has not verified yet.
    pub fn blob(&self) -> (&str, &Key) {
        (&self.wraps.blob.seal.id, &self.blob)
    }

    /// `K_kv`: settings, checklists, the session.
    pub fn kv(&self) -> &Key {
        &self.kv
    }

    /// Areas whose wraps did not open and were dropped.
    pub fn damaged_areas(&self) -> &[String] {
        &self.damaged
    }

    /// Makes the key of a new area from 32 fresh random bytes. An area that has one keeps it.
    pub fn add_area(&mut self, area: &str, seed: [u8; 32]) {
        if self.areas.contains_key(area) {
            return;
        }
        let root = Key::from_bytes(seed);
        let key = root.derive("area");
        self.wraps
            .areas
            .insert(area.to_owned(), Wrap::make(&self.dek, &key, &self.wraps.vault, &area_name(area), &root));
        self.areas.insert(area.to_owned(), key);
    }

    /// Destroys the key of an area: its rows cannot be read again, wherever copies of them lie.
    pub fn purge_area(&mut self, area: &str) {
        self.areas.remove(area);
        self.wraps.areas.remove(area);
    }

    /// A copy of the DEK for a short while, under the key from [`crate::code::quick_key`]. `seed` is 32 fresh random bytes.
    pub fn quick(&self, wrapping: &Key, seed: [u8; 32]) -> Wrap {
        Wrap::make(wrapping, &self.dek, &self.wraps.vault, "quick", &Key::from_bytes(seed))
    }

    /// Another code opens the vault from now on, the old one no longer. `seed` is 32 fresh random bytes.
    pub fn rewrap(&mut self, code: CodeKey<'_>, seed: [u8; 32]) {
        self.wraps.code = Some(code_wrap(&self.dek, &self.wraps.vault, code, &Key::from_bytes(seed)));
    }

    /// Takes the wraps as they are stored: what was changed here and not stored is undone, what another tab changed holds here too.
    ///
    /// # Errors
    /// When they are of other keys: the vault was renewed or its keys destroyed. Then nothing here has changed, and nothing may be written.
    pub fn follow(&mut self, stored: Wraps) -> Result<(), OpenError> {
        let is_same = stored.vault == self.wraps.vault && stored.out.seal.id == self.wraps.out.seal.id;
        if !is_same || stored.kv != self.wraps.kv {
            return Err(OpenError::Shut);
        }
        self.wraps = stored;
        self.areas.clear();
        self.damaged.clear();
        self.open_areas();
        Ok(())
    }

    /// Seals the own keys to another server key. `seed` is 32 fresh random bytes.
    ///
    /// # Errors
    /// When nothing can be sealed to it; then nothing has changed.
    pub fn seal_to(&mut self, server: ServerKey<'_>, seed: [u8; 32]) -> Result<(), BadPublicKey> {
        let root = Key::from_bytes(seed);
        let out = ServerSeal::make(&self.out, &self.wraps.out.seal.id, server, Info::Out, &root)?;
        let blob = ServerSeal::make(&self.blob, &self.wraps.blob.seal.id, server, Info::Blob, &root)?;
        self.wraps.out.seal = out;
        self.wraps.blob.seal = blob;
        Ok(())
    }

    fn open_areas(&mut self) {
        let Unlocked { wraps, dek, areas, damaged, .. } = self;
        let vault = &wraps.vault;
        wraps.areas.retain(|area, wrap| match wrap.open(dek, vault, &area_name(area)) {
            Ok(key) => {
                areas.insert(area.clone(), key);
                true
            }
            Err(_) => {
                damaged.push(area.clone());
                false
            }
        });
    }
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlocked").field("vault", &self.wraps.vault).finish_non_exhaustive()
    }
}

fn area_name(area: &str) -> String {
    format!("area/{area}")
}

fn code_wrap(dek: &Key, vault: &str, code: CodeKey<'_>, root: &Key) -> CodeWrap {
    CodeWrap {
        prf: code.second.is_some(),
        salt: code.salt.to_vec(),
        phrase: code.phrase,
        second: code.second.cloned(),
        wrap: Wrap::make(code.wrapping, dek, vault, "code", root),
    }
}

fn own_key(dek: &Key, key: &Key, new: &NewVault<'_>, info: Info, root: &Key) -> Result<OwnKey, BadPublicKey> {
    let (name, id) = match info {
        Info::Blob => ("blob", new.blob_id),
        _ => ("out", new.out_id),
    };
    Ok(OwnKey {
        wrap: Some(Wrap::make(dek, key, new.vault, name, root)),
        seal: ServerSeal::make(key, id, new.server, info, root)?,
    })
}

#[cfg(test)]
mod tests;
