//! Reading the stores at the start of a session, and records by id.

use super::{
    VaultStore,
    drafts::DraftBody,
    entry::Entry,
    index::{Index, PageKey},
    parse,
    renew::is_current,
    seal::wire_body,
};
use crate::store::{ENGINE, Part, RecordStore, Row, RowKey, Shelf, StoreError};
use crypto::vault::Unlocked;
use domain::order::Gather;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::{AreaId, Inc},
    local::LocalRecord,
    replica::{BlobHead, DraftHead, Loaded, Meta, OutboxHead},
    wire::{AreaDigest, SealedBody, SealedDraft},
};
use uuid::Uuid;

/// What the stores hold that needs no key.
pub(crate) struct StoredFacts {
    pub(crate) meta: Option<Meta>,
    pub(crate) outbox: Vec<OutboxHead>,
    pub(crate) drafts: Vec<DraftHead>,
    pub(crate) blobs: Vec<BlobHead>,
}

/// Changesets sealed as they lie, with the id of the key.
pub(crate) struct SealedChangeset {
    pub(crate) id: Uuid,
    pub(crate) sealed: SealedBody,
}

impl VaultStore {
    /// Reads `meta`, `out`, `draft` and the heads of `blob`, as one commit left them: again if another tab wrote meanwhile.
    pub(crate) async fn facts(&self) -> Result<StoredFacts, StoreError> {
        loop {
            let facts = self.facts_at_once().await?;
            let generation = |meta: &Option<Meta>| meta.as_ref().map(|meta| meta.generation);
            if generation(&facts.meta) == generation(&self.engine().await?) {
                return Ok(facts);
            }
        }
    }

    async fn engine(&self) -> Result<Option<Meta>, StoreError> {
        let row = self.rows.get(Shelf::Meta, &RowKey::text(ENGINE)).await?;
        row.and_then(|row| row.head).map(|head| parse(&head)).transpose()
    }

    async fn facts_at_once(&self) -> Result<StoredFacts, StoreError> {
        let meta = self.engine().await?;
        let mut outbox: Vec<OutboxHead> = Vec::new();
        for (_, row) in self.rows.scan(Shelf::Out, &[]).await? {
            outbox.push(head(&row)?);
        }
        *self.out.borrow_mut() = outbox.iter().map(|head| (head.id, (head.inc, head.seq))).gather();
        let mut drafts = Vec::new();
        for (key, row) in self.rows.scan(Shelf::Draft, &[]).await? {
            let id = key.text_at(0).and_then(|id| id.parse().ok()).ok_or(StoreError::Broken)?;
            drafts.push(DraftHead { id, area: None, bytes: row.body.len() });
        }
        let blobs = self.blob_heads().await?;
        Ok(StoredFacts { meta, outbox, drafts, blobs })
    }

    /// Takes the keys of the vault.
    pub(crate) fn take_keys(&self, keys: Unlocked) {
        *self.keys.borrow_mut() = Some(keys);
    }

    /// Authenticates every row of `out`, opens drafts and `idx` with the keys at hand; nothing while locked. Answers with the rows of `out` that
    /// do not open.
    pub(crate) async fn reread(&self) -> Result<Option<Vec<(Inc, u64)>>, StoreError> {
        if !self.is_unlocked() {
            return Ok(None);
        }
        self.read_all().await.map(Some)
    }

    async fn read_all(&self) -> Result<Vec<(Inc, u64)>, StoreError> {
        // The keys of villages that came in another tab. Where they cannot be had, those villages are left out.
        let _ = self.follow_wraps().await;
        let mut damaged = Vec::new();
        for (key, row) in self.rows.scan(Shelf::Out, &[]).await? {
            let head: OutboxHead = head(&row)?;
            let sealed_now = self.with_out_id(|id| head.key.is_none_or(|key| key.to_string() == id));
            // What an earlier key sealed is authenticated by the office.
            if sealed_now && self.open_out(head.id, &row.body).is_err() {
                damaged.push((head.inc, key.number_at(1).unwrap_or(head.seq)));
            }
        }
        self.read_drafts().await?;
        self.read_index().await?;
        Ok(damaged)
    }

    /// The id of the key under which new changesets are sealed.
    pub(crate) fn out_key_id(&self) -> Option<Uuid> {
        self.keys.borrow().as_ref().and_then(|keys| keys.out().0.parse().ok())
    }

    fn with_out_id(&self, f: impl FnOnce(&str) -> bool) -> bool {
        self.keys.borrow().as_ref().is_some_and(|keys| f(keys.out().0))
    }

    /// Heads of the opened drafts.
    pub(crate) fn draft_heads(&self) -> Vec<DraftHead> {
        let drafts = self.drafts.borrow();
        drafts
            .iter()
            .map(|(id, body)| DraftHead { id: *id, area: Some(body.area), bytes: body.bytes() })
            .collect()
    }

    /// Opens the drafts again, after another tab wrote them; nothing while locked.
    pub(crate) async fn reread_drafts(&self) -> Result<(), StoreError> {
        if self.is_unlocked() { self.read_drafts().await } else { Ok(()) }
    }

    async fn read_drafts(&self) -> Result<(), StoreError> {
        let mut drafts = BTreeMap::new();
        for (key, row) in self.rows.scan(Shelf::Draft, &[]).await? {
            let Some(id) = key.text_at(0).and_then(|id| Uuid::try_parse(id).ok()) else { continue };
            // One that does not open stays where it is: the office may open it.
            let Ok(plain) = self.open_out(id, &row.body) else { continue };
            if let Ok(body) = domain::json::from_slice::<DraftBody>(&plain) {
                drafts.insert(id, body);
            }
        }
        *self.drafts.borrow_mut() = drafts;
        Ok(())
    }

    /// What is known stays until all is read: a page may look, and save, meanwhile.
    async fn read_index(&self) -> Result<(), StoreError> {
        let generation = self.engine().await?.map(|meta| meta.generation).unwrap_or_default();
        let live_rows = self.rows.scan(Shelf::Idx, &[]).await?;
        let stage_rows = self.rows.scan(Shelf::Stage, &[Part::Text(Shelf::Idx.name().to_owned())]).await?;
        let (mut live, mut stage) = (Index::default(), Index::default());
        let mut old = Vec::new();
        for (key, row) in live_rows {
            if let (Some(area), Some(page)) = (key.text_at(0), key.number_at(1)) {
                let loaded = self.load_page(area, page, &row, &mut live);
                old.extend(loaded.filter(|_| !is_current(&row)));
            }
        }
        self.renew(&mut live, &old, generation).await?;
        // Staged pages with other columns are left out as if they did not open.
        for (key, row) in stage_rows.iter().filter(|(_, row)| is_current(row)) {
            if let (Some(area), Some(page)) = (key.text_at(1), key.number_at(2)) {
                self.load_page(area, page, row, &mut stage);
            }
        }
        self.live.replace(live);
        self.stage.replace(stage);
        Ok(())
    }

    /// A page that does not open is left out: the digest of its area differs then, and the area is pulled again.
    fn load_page(&self, area: &str, page: u64, row: &Row, index: &mut Index) -> Option<PageKey> {
        let plain = self.open_row(Shelf::Idx.name(), &page.to_string(), area, &row.body).ok()?;
        let entries = serde_json::from_slice::<Vec<Entry>>(&plain).ok()?;
        let key = (area.parse::<AreaId>().ok()?, u32::try_from(page).ok()?);
        index.load(key, entries);
        Some(key)
    }

    /// The digests of areas, over their confirmed records.
    pub(crate) fn digests(&self, areas: &[AreaId]) -> BTreeMap<AreaId, AreaDigest> {
        let index = self.live.borrow();
        areas.iter().map(|area| (*area, index.digest(*area))).gather()
    }

    /// Records from `rep` and `stage`; one that is not there, or does not open, is absent.
    pub(crate) async fn load(&self, ids: &[Uuid]) -> Result<Loaded, StoreError> {
        let wanted: BTreeSet<Uuid> = ids.iter().copied().gather();
        let rep = self.load_live(&wanted).await?;
        let stage = self.load_stage(&wanted).await?;
        Ok(Loaded { rep, stage })
    }

    /// One record from `rep`.
    pub(crate) async fn record(&self, id: Uuid) -> Result<Option<LocalRecord>, StoreError> {
        Ok(self.load_live(&BTreeSet::from([id])).await?.remove(&id))
    }

    /// Records from `rep`.
    pub(crate) async fn load_live(
        &self,
        ids: &BTreeSet<Uuid>,
    ) -> Result<BTreeMap<Uuid, LocalRecord>, StoreError> {
        let rows: BTreeSet<Uuid> = {
            let index = self.live.borrow();
            ids.iter().filter_map(|id| index.get(*id)).map(|entry| entry.row_id()).gather()
        };
        let keys: Vec<RowKey> = rows.iter().map(RowKey::text).collect();
        let mut records = BTreeMap::new();
        for (row_id, row) in rows.iter().zip(self.rows.get_many(Shelf::Rep, &keys).await?) {
            self.take(&row_id.to_string(), row, ids, &mut records);
        }
        Ok(records)
    }

    async fn load_stage(&self, ids: &BTreeSet<Uuid>) -> Result<BTreeMap<Uuid, LocalRecord>, StoreError> {
        let rows: BTreeSet<(AreaId, Uuid)> = {
            let index = self.stage.borrow();
            if index.is_empty() {
                return Ok(BTreeMap::new());
            }
            let found = ids.iter().filter_map(|id| Some((index.area_of(*id)?, index.get(*id)?.row_id())));
            found.gather()
        };
        let keys: Vec<RowKey> =
            rows.iter().map(|(area, id)| super::commit::stage_record(*area, &id.to_string())).collect();
        let mut records = BTreeMap::new();
        for ((_, row_id), row) in rows.iter().zip(self.rows.get_many(Shelf::Stage, &keys).await?) {
            self.take(&row_id.to_string(), row, ids, &mut records);
        }
        Ok(records)
    }

    fn take(
        &self,
        row_id: &str,
        row: Option<Row>,
        wanted: &BTreeSet<Uuid>,
        records: &mut BTreeMap<Uuid, LocalRecord>,
    ) {
        let list = self.records_of(row_id, row);
        let wanted = list.into_iter().filter(|record| wanted.contains(&record.id));
        // A bundle may still hold an old copy of a record that has a row of its own.
        for record in wanted {
            let newer = records.get(&record.id).is_none_or(|other| other.rev() <= record.rev());
            if newer && self.lies_in(record.id, row_id) {
                records.insert(record.id, record);
            }
        }
    }

    /// The records of a row of `rep`; none if it does not open.
    pub(super) fn records_of(&self, row_id: &str, row: Option<Row>) -> Vec<LocalRecord> {
        let Some(row) = row else { return Vec::new() };
        let area = row.area.as_deref().unwrap_or_default();
        let plain = self.open_row(Shelf::Rep.name(), row_id, area, &row.body);
        plain.ok().and_then(|plain| domain::json::from_slice(&plain).ok()).unwrap_or_default()
    }

    fn lies_in(&self, id: Uuid, row_id: &str) -> bool {
        let lies = |index: &Index| index.get(id).is_some_and(|entry| entry.row_id().to_string() == row_id);
        lies(&self.live.borrow()) || lies(&self.stage.borrow())
    }

    /// Changesets of `out` as they lie, in the order asked for.
    pub(crate) async fn sealed_changesets(
        &self,
        ids: &[Uuid],
        key: Uuid,
    ) -> Result<Vec<SealedChangeset>, StoreError> {
        let rows = self.out_rows(ids).await?;
        let sealed = ids
            .iter()
            .zip(rows)
            .map(|(id, row)| Ok(SealedChangeset { id: *id, sealed: wire_body(key, &row.body)? }));
        sealed.collect()
    }

    /// Drafts as they lie; those that are gone, or sealed with another key, are left out.
    pub(crate) async fn sealed_drafts(
        &self,
        ids: &[Uuid],
        key: Uuid,
    ) -> Result<Vec<SealedDraft>, StoreError> {
        let keys: Vec<RowKey> = ids.iter().map(RowKey::text).collect();
        let rows = self.rows.get_many(Shelf::Draft, &keys).await?;
        let key_name = key.to_string();
        let is_of_key = |row: &Row| row.head.as_ref().is_none_or(|head| *head == key_name);
        let found = ids.iter().zip(rows).filter_map(|(id, row)| Some((*id, row.filter(is_of_key)?)));
        found.map(|(id, row)| Ok(SealedDraft { id, sealed: wire_body(key, &row.body)? })).collect()
    }

    /// Ids of the drafts, whether they open or not.
    pub(crate) async fn draft_ids(&self) -> Result<Vec<Uuid>, StoreError> {
        let keys = self.rows.keys(Shelf::Draft).await?;
        Ok(keys.iter().filter_map(|key| key.text_at(0)?.parse().ok()).collect())
    }

    pub(super) async fn out_rows(&self, ids: &[Uuid]) -> Result<Vec<Row>, StoreError> {
        let places: Option<Vec<_>> = {
            let out = self.out.borrow();
            ids.iter().map(|id| out.get(id).map(|place| super::commit::out_key(*place))).collect()
        };
        let rows = self.rows.get_many(Shelf::Out, &places.ok_or(StoreError::Broken)?).await?;
        rows.into_iter().map(|row| row.ok_or(StoreError::Broken)).collect()
    }
}

pub(super) fn head<T: for<'de> Deserialize<'de>>(row: &Row) -> Result<T, StoreError> {
    parse(row.head.as_deref().ok_or(StoreError::Broken)?)
}
