//! The stores of a vault: plain records and batches on this side, sealed rows on the other. Everything is sealed before a transaction opens.

pub(crate) mod album;
mod blobs;
mod commit;
mod drafts;
pub(crate) mod entry;
pub(crate) mod index;
mod outgoing;
mod read;
mod renew;
mod seal;

pub(crate) use drafts::{BlobRef, DraftBody, EventBody};

use crate::{
    platform::{device_key::DeviceKey, entropy},
    store::{AnyStore, ENGINE, RecordStore, Row, RowBatch, RowKey, Shelf, StoreError, WRAPS, Write},
    vault,
};
use crypto::{
    Key,
    vault::{
        CodeKey, Locked, ServerKey, Unlocked,
        wraps::{Wrap, Wraps},
    },
};
use index::Index;
use std::{
    cell::{Ref, RefCell},
    collections::BTreeMap,
};
use sync::{
    id::{BlobHash, DeviceId, Inc},
    replica::BlobHead,
    wire::KeyInfo,
};
use uuid::Uuid;

/// Name of the row of `meta` that holds the quick copy of the DEK.
pub(crate) const QUICK: &str = "quick";
/// Name of the row of `meta` that holds the browser's own key.
const DEVICE_KEY: &str = "device_key";
/// Name of the row of `meta` that says that a wipe went through.
const WIPED: &str = "wiped";

/// The stores of one vault.
pub(crate) struct VaultStore {
    rows: AnyStore,
    device: String,
    keys: RefCell<Option<Unlocked>>,
    live: RefCell<Index>,
    stage: RefCell<Index>,
    drafts: RefCell<BTreeMap<Uuid, DraftBody>>,
    blobs: RefCell<BTreeMap<BlobHash, BlobHead>>,
    /// The small pictures that are here, once somebody asked for one.
    album: RefCell<Option<BTreeMap<BlobHash, album::Kept>>>,
    /// Where a changeset lies.
    out: RefCell<BTreeMap<Uuid, (Inc, u64)>>,
}

impl VaultStore {
    /// The stores over a database, locked.
    pub(crate) fn new(rows: AnyStore, device: DeviceId) -> VaultStore {
        VaultStore {
            rows,
            device: device.to_string(),
            keys: RefCell::new(None),
            live: RefCell::default(),
            stage: RefCell::default(),
            drafts: RefCell::default(),
            blobs: RefCell::default(),
            album: RefCell::default(),
            out: RefCell::default(),
        }
    }

    /// Every entry of `idx`; empty while locked.
    pub(crate) fn index(&self) -> Ref<'_, Index> {
        self.live.borrow()
    }

    /// Drops the keys and everything that they opened.
    pub(crate) fn lock(&self) {
        self.keys.borrow_mut().take();
        *self.live.borrow_mut() = Index::default();
        *self.stage.borrow_mut() = Index::default();
        self.drafts.borrow_mut().clear();
        *self.album.borrow_mut() = None;
    }

    pub(crate) fn is_unlocked(&self) -> bool {
        self.keys.borrow().is_some()
    }

    /// Opens the database anew.
    pub(crate) async fn reopen(&self) -> Result<(), StoreError> {
        self.rows.reopen().await
    }

    /// The wrapped keys, as stored.
    pub(crate) async fn wraps(&self) -> Result<Option<Wraps>, StoreError> {
        self.meta(WRAPS).await?.map(|row| parse(&row)).transpose()
    }

    /// The same, to be opened.
    ///
    /// # Errors
    /// When a newer build wrote them.
    pub(crate) async fn locked(&self) -> Result<Option<Locked>, StoreError> {
        self.meta(WRAPS).await?.map(|row| Ok(Locked::new(read_wraps(&row)?))).transpose()
    }

    /// Stores the wrapped keys.
    pub(crate) async fn put_wraps(&self, wraps: &Wraps) -> Result<(), StoreError> {
        self.write(vec![put_head(WRAPS, &json(wraps)?)]).await
    }

    /// A row of `meta` in clear, such as the count of wrong codes.
    pub(crate) async fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.rows.get(Shelf::Meta, &RowKey::text(name)).await?.and_then(|row| row.head))
    }

    /// Writes a row of `meta` in clear.
    pub(crate) async fn put_meta(&self, name: &str, head: &str) -> Result<(), StoreError> {
        self.write(vec![put_head(name, head)]).await
    }

    /// Keeps the browser's own key, as the object that it is.
    pub(crate) async fn keep_device_key(&self, key: &DeviceKey) -> Result<(), StoreError> {
        match &self.rows {
            AnyStore::IndexedDb(rows) => rows.put_object(DEVICE_KEY, key.stored()).await,
            AnyStore::Memory(_) => Ok(()),
        }
    }

    /// The browser's own key, if one is kept.
    pub(crate) async fn device_key(&self) -> Result<Option<DeviceKey>, StoreError> {
        match &self.rows {
            AnyStore::IndexedDb(rows) => Ok(rows.object(DEVICE_KEY).await?.and_then(DeviceKey::from_stored)),
            AnyStore::Memory(_) => Ok(None),
        }
    }

    /// Deletes the quick copy, and the browser's own key.
    pub(crate) async fn remove_quick(&self) -> Result<(), StoreError> {
        let gone =
            [QUICK, DEVICE_KEY].map(|name| Write::Delete { shelf: Shelf::Meta, key: RowKey::text(name) });
        self.write(gone.into()).await
    }

    /// The DEK wrapped once more. The store must be unlocked.
    pub(crate) fn quick_wrap(&self, wrapping: &Key, seed: [u8; 32]) -> Result<Wrap, StoreError> {
        self.keys.borrow().as_ref().map(|keys| keys.quick(wrapping, seed)).ok_or(StoreError::Broken)
    }

    /// Another code opens the vault from now on. The store must be unlocked.
    pub(crate) async fn rewrap(&self, code: CodeKey<'_>) -> Result<(), StoreError> {
        if !self.is_unlocked() {
            return Err(StoreError::Broken);
        }
        self.change_wraps(|keys| keys.rewrap(code, entropy::bytes())).await
    }

    /// Takes the wraps as they are stored, and gives that row: another tab may have changed the code, added the key of a village or destroyed one
    /// since these keys were opened, and a write of all wraps would undo it.
    async fn follow_wraps(&self) -> Result<Option<String>, StoreError> {
        let row = self.meta(WRAPS).await?;
        if let (Some(row), Some(keys)) = (&row, self.keys.borrow_mut().as_mut()) {
            keys.follow(read_wraps(row)?).map_err(|_| StoreError::Broken)?;
        }
        Ok(row)
    }

    /// Changes the wraps as they are stored, anew where another tab came in between. While the store is locked nothing happens.
    async fn change_wraps(&self, change: impl Fn(&mut Unlocked)) -> Result<(), StoreError> {
        loop {
            let seen = self.follow_wraps().await?;
            let wraps = {
                let mut keys = self.keys.borrow_mut();
                let Some(keys) = keys.as_mut() else { return Ok(()) };
                change(keys);
                json(keys.wraps())?
            };
            let batch = RowBatch { expect: None, wraps: seen, writes: vec![put_head(WRAPS, &wraps)] };
            match self.rows.commit(batch).await {
                Err(StoreError::Stale) => {}
                done => return done,
            }
        }
    }

    /// Seals the own keys to the key that the office names now: what lies here unsent opens by it then, though the office forgets the one before. While
    /// the store is locked nothing happens; the next contact sees to it.
    pub(crate) async fn seal_to_office(&self, keys: &[KeyInfo]) -> Result<(), StoreError> {
        let Some((key, public)) = vault::office_key(keys) else { return Ok(()) };
        if self.keys.borrow().as_ref().is_none_or(|own| own.wraps().is_sealed_to(&key.kid)) {
            return Ok(());
        }
        self.change_wraps(|own| {
            // What cannot be sealed to it stays as it is.
            let _ = own.seal_to(ServerKey { kid: &key.kid, public: &public }, entropy::bytes());
        })
        .await
    }

    /// A sealed setting.
    pub(crate) async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let Some(row) = self.rows.get(Shelf::Kv, &RowKey::text(name)).await? else { return Ok(None) };
        let plain = self.open_setting(name, &row.body)?;
        String::from_utf8(plain).map(Some).map_err(|_| StoreError::Broken)
    }

    /// Seals and stores a setting.
    pub(crate) async fn put_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let row = Row { body: self.seal_setting(name, value.as_bytes())?, ..Row::default() };
        self.write(vec![Write::Put { shelf: Shelf::Kv, key: RowKey::text(name), row }]).await
    }

    /// What follows the stem in the names of the settings that begin with it.
    pub(crate) async fn settings_of(&self, stem: &str) -> Result<Vec<String>, StoreError> {
        let keys = self.rows.keys(Shelf::Kv).await?;
        let names = keys.iter().filter(|key| key.0.len() == 1).filter_map(|key| key.text_at(0));
        Ok(names.filter_map(|name| name.strip_prefix(stem)).map(str::to_owned).collect())
    }

    /// Removes a setting.
    pub(crate) async fn remove_setting(&self, name: &str) -> Result<(), StoreError> {
        self.write(vec![Write::Delete { shelf: Shelf::Kv, key: RowKey::text(name) }]).await
    }

    /// Destroys the keys of areas; their rows are gone already.
    pub(crate) async fn destroy_area_keys(&self, areas: &[sync::id::AreaId]) -> Result<(), StoreError> {
        self.change_wraps(|keys| areas.iter().for_each(|area| keys.purge_area(&area.to_string()))).await
    }

    /// Forgets records and how far they were pulled: their keys are gone, and they are pulled again. Outbox, drafts and photos stay.
    pub(crate) async fn forget_records(&self) -> Result<(), StoreError> {
        let mut writes: Vec<Write> = [Shelf::Rep, Shelf::Idx, Shelf::Stage, Shelf::Kv]
            .map(|shelf| Write::DeleteBelow { shelf, prefix: Vec::new() })
            .into();
        if let Some(mut meta) = self.facts().await?.meta {
            meta.generation += 1;
            meta.areas.values_mut().for_each(|area| *area = sync::replica::AreaState::default());
            writes.push(put_head(ENGINE, &json(&meta)?));
        }
        self.write(writes).await
    }

    /// Empties every store but `meta` of what a wipe must not leave.
    pub(crate) async fn empty(&self) -> Result<(), StoreError> {
        let shelves = Shelf::ALL.into_iter().filter(|shelf| *shelf != Shelf::Meta);
        let emptied = shelves.map(|shelf| Write::DeleteBelow { shelf, prefix: Vec::new() });
        self.write(emptied.chain([put_head(WIPED, "yes")]).collect()).await?;
        self.lock();
        Ok(())
    }

    /// Whether a wipe has emptied it.
    pub(crate) async fn is_wiped(&self) -> Result<bool, StoreError> {
        Ok(self.meta(WIPED).await?.is_some())
    }

    async fn write(&self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.rows.commit(RowBatch { writes, ..RowBatch::default() }).await
    }
}

fn put_head(name: &str, head: &str) -> Write {
    let row = Row { head: Some(head.to_owned()), ..Row::default() };
    Write::Put { shelf: Shelf::Meta, key: RowKey::text(name), row }
}

/// Wraps that this build may open and write again.
///
/// # Errors
/// When a newer build wrote them, by a cipher or in a field that is not known here: what it said besides would be lost with the next write, and a
/// code that needs more than is known here would be counted as wrong.
fn read_wraps(row: &str) -> Result<Wraps, StoreError> {
    let wraps: Wraps = parse(row)?;
    let says_more = json(&wraps)?.len() < row.len();
    if says_more || wraps.is_newer() { Err(StoreError::Newer) } else { Ok(wraps) }
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Broken)
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    domain::json::from_str(text).map_err(|_| StoreError::Broken)
}

#[cfg(test)]
mod tests;
