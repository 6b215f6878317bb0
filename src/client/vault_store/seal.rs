//! Sealing and opening rows with the vault's keys.

use super::VaultStore;
use crate::{platform::entropy, store::StoreError};
use crypto::{
    Key, OpenError,
    rest::{self, Place},
    seal,
};
use sync::{
    id::AreaId,
    wire::{Changeset, SealedBody},
};
use uuid::Uuid;

/// How rows are written inside their seal.
const CODEC: &str = "json/1";

impl VaultStore {
    /// Seals a row of `rep` or `idx` with the key of its area.
    pub(super) fn seal_row(
        &self,
        store: &str,
        id: &str,
        area: AreaId,
        plain: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let area = area.to_string();
        let keys = self.keys.borrow();
        let key = keys.as_ref().and_then(|keys| keys.area(&area)).ok_or(StoreError::Broken)?;
        Ok(rest::seal(key, entropy::bytes(), &self.place(store, id, &area), plain))
    }

    pub(super) fn open_row(
        &self,
        store: &str,
        id: &str,
        area: &str,
        row: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let keys = self.keys.borrow();
        let key = keys.as_ref().and_then(|keys| keys.area(area)).ok_or(StoreError::Broken)?;
        rest::open(key, &self.place(store, id, area), row).map_err(unopened)
    }

    pub(super) fn seal_setting(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.with_keys(|keys| rest::seal(keys.kv(), entropy::bytes(), &self.place("kv", name, ""), plain))
    }

    pub(super) fn open_setting(&self, name: &str, row: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.with_keys(|keys| rest::open(keys.kv(), &self.place("kv", name, ""), row))?.map_err(unopened)
    }

    /// Seals what the office may open too: a changeset or a draft, bound to its id alone.
    pub(super) fn seal_out(&self, id: Uuid, plain: &[u8]) -> Result<(String, Vec<u8>), StoreError> {
        self.with_keys(|keys| {
            let (key_id, key) = keys.out();
            (key_id.to_owned(), seal::seal_joined(key, entropy::bytes(), id.to_string().as_bytes(), plain))
        })
    }

    pub(super) fn open_out(&self, id: Uuid, row: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.with_keys(|keys| seal::open_joined(keys.out().1, id.to_string().as_bytes(), row))?
            .map_err(|_| StoreError::Broken)
    }

    pub(super) fn with_blob_key<T>(&self, f: impl FnOnce(&str, &Key) -> T) -> Result<T, StoreError> {
        self.with_keys(|keys| {
            let (id, key) = keys.blob();
            f(id, key)
        })
    }

    fn with_keys<T>(&self, f: impl FnOnce(&crypto::vault::Unlocked) -> T) -> Result<T, StoreError> {
        self.keys.borrow().as_ref().map(f).ok_or(StoreError::Broken)
    }

    fn place(&self, store: &str, id: &str, area: &str) -> Vec<u8> {
        Place { store, id, area, codec: CODEC, device: &self.device }.aad()
    }
}

fn unopened(error: OpenError) -> StoreError {
    match error {
        OpenError::Unknown => StoreError::Newer,
        OpenError::Shut => StoreError::Broken,
    }
}

/// A sealed row of `out` or `draft` in the words of the wire.
pub(super) fn wire_body(key: Uuid, joined: &[u8]) -> Result<SealedBody, StoreError> {
    let (nonce, ct) = joined.split_at_checked(seal::NONCE_BYTES).ok_or(StoreError::Broken)?;
    Ok(SealedBody { key, nonce: crypto::b64::encode(nonce), ct: crypto::b64::encode(ct) })
}

/// What is sealed of a changeset: all but its id.
pub(super) fn changeset_body(changeset: &Changeset) -> Result<String, StoreError> {
    let mut body = serde_json::to_value(changeset).map_err(|_| StoreError::Broken)?;
    if let Some(members) = body.as_object_mut() {
        members.remove("id");
    }
    super::json(&body)
}
