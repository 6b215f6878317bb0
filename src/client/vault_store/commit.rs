//! A batch of the engine as sealed rows.

use super::{
    VaultStore,
    entry::{COLUMNS, Entry},
    index::{Changes, Page, PageKey},
    json, put_head,
    seal::changeset_body,
};
use crate::{
    platform::entropy,
    store::{ENGINE, Part, RecordStore, Row, RowBatch, RowKey, Shelf, StoreError, WRAPS, Write},
};
use std::collections::BTreeMap;
use sync::{
    id::{AreaId, Inc},
    limits::BUNDLE_BYTES_MAX,
    local::LocalRecord,
    replica::{Batch, BlobHead, OutPut, OutboxHead},
};
use uuid::Uuid;

/// From so many records of one area in a batch on, they are written as bundles.
const BUNDLE_RECORDS_MIN: usize = 8;

/// Rows under way, and what the index will be.
struct Work {
    writes: Vec<Write>,
    live: Changes,
    stage: Changes,
    /// Sealed rows that this batch puts into `stage`, for a swap in the same batch.
    staged: BTreeMap<(AreaId, String), Row>,
    stage_cleared: Vec<AreaId>,
}

impl VaultStore {
    /// Writes a batch, all or nothing; resolves when it is on disk.
    pub(crate) async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let expect = batch.meta.generation.checked_sub(1);
        let mut work = Work {
            writes: vec![put_head(ENGINE, &json(&batch.meta)?)],
            live: Changes::default(),
            stage: Changes::default(),
            staged: BTreeMap::new(),
            stage_cleared: batch.stage_clear.clone(),
        };
        let (wraps, new_areas) = self.add_area_keys(batch, &mut work.writes).await?;
        self.outbox_writes(batch, &mut work.writes).await?;
        let drafts = batch.draft_del.iter();
        work.writes.extend(drafts.map(|id| Write::Delete { shelf: Shelf::Draft, key: RowKey::text(id) }));
        self.area_writes(batch, &mut work);
        self.stage_writes(batch, &mut work)?;
        self.removals(batch, &mut work);
        for area in &batch.swap {
            self.swap(*area, &mut work).await?;
        }
        self.record_writes(batch, &mut work)?;
        blob_writes(batch, &mut work.writes)?;
        self.page_writes(&mut work)?;
        let done = self.rows.commit(RowBatch { expect, wraps, writes: work.writes }).await;
        if let (Err(error), Some(keys)) = (&done, self.keys.borrow_mut().as_mut()) {
            // Or the next write to these areas would be sealed with keys that are nowhere.
            new_areas.iter().for_each(|area| keys.purge_area(&area.to_string()));
            return Err(*error);
        }
        done?;
        self.live.borrow_mut().apply(work.live);
        self.stage.borrow_mut().apply(work.stage);
        self.remember(batch);
        Ok(())
    }

    fn remember(&self, batch: &Batch) {
        let mut out = self.out.borrow_mut();
        for place in &batch.out_del {
            out.retain(|_, at| at != place);
        }
        let moved = batch.out_move.iter().map(|moved| &moved.head);
        for head in moved.chain(batch.out_put.iter().map(|put| &put.head)) {
            out.insert(head.id, (head.inc, head.seq));
        }
        batch.area_del.iter().for_each(|area| self.forget_small(*area));
        let mut blobs = self.blobs.borrow_mut();
        for head in &batch.blob_put {
            blobs.insert(head.hash, head.clone());
        }
        for hash in &batch.blob_del {
            blobs.remove(hash);
        }
        let mut drafts = self.drafts.borrow_mut();
        for id in &batch.draft_del {
            drafts.remove(id);
        }
    }

    /// The areas of its records that have no key here.
    fn new_areas(&self, batch: &Batch) -> Vec<AreaId> {
        let mut areas = Vec::new();
        for record in batch.stage_put.iter().chain(&batch.rep_put) {
            if !areas.contains(&record.area) {
                areas.push(record.area);
            }
        }
        let keys = self.keys.borrow();
        areas.retain(|area| keys.as_ref().is_some_and(|keys| keys.area(&area.to_string()).is_none()));
        areas
    }

    /// Makes the keys of new areas. Gives the wraps as they are stored, which must stand until the batch is written, and the areas.
    async fn add_area_keys(
        &self,
        batch: &Batch,
        writes: &mut Vec<Write>,
    ) -> Result<(Option<String>, Vec<AreaId>), StoreError> {
        if self.new_areas(batch).is_empty() {
            return Ok((None, Vec::new()));
        }
        let seen = self.follow_wraps().await?;
        // Another tab may have made them.
        let areas = self.new_areas(batch);
        if let (false, Some(keys)) = (areas.is_empty(), self.keys.borrow_mut().as_mut()) {
            areas.iter().for_each(|area| keys.add_area(&area.to_string(), entropy::bytes()));
            writes.push(put_head(WRAPS, &json(keys.wraps())?));
        }
        Ok((seen, areas))
    }

    async fn outbox_writes(&self, batch: &Batch, writes: &mut Vec<Write>) -> Result<(), StoreError> {
        let moved: Vec<_> = batch.out_move.iter().map(|moved| out_key(moved.from)).collect();
        let bodies = self.rows.get_many(Shelf::Out, &moved).await?;
        let gone = batch.out_del.iter().map(|place| out_key(*place)).chain(moved);
        writes.extend(gone.map(|key| Write::Delete { shelf: Shelf::Out, key }));
        for (moved, row) in batch.out_move.iter().zip(bodies) {
            let body = row.ok_or(StoreError::Broken)?.body;
            writes.push(put_out(&moved.head, body)?);
        }
        for OutPut { head, changeset } in &batch.out_put {
            let (_, body) = self.seal_out(changeset.id, changeset_body(changeset)?.as_bytes())?;
            writes.push(put_out(head, body)?);
        }
        Ok(())
    }

    fn area_writes(&self, batch: &Batch, work: &mut Work) {
        for area in &batch.area_del {
            let name = area.to_string();
            work.writes.push(Write::DeleteArea { area: name.clone() });
            work.writes.push(Write::DeleteBelow { shelf: Shelf::Idx, prefix: vec![Part::Text(name)] });
            work.writes.push(super::album::delete_small(*area));
            work.live.clear(*area);
        }
        for area in batch.area_del.iter().chain(&batch.stage_clear) {
            clear_stage(*area, &mut work.writes);
            work.stage.clear(*area);
        }
        work.stage_cleared.extend(&batch.area_del);
    }

    fn stage_writes(&self, batch: &Batch, work: &mut Work) -> Result<(), StoreError> {
        let index = self.stage.borrow();
        for (area, row_id, bundle, records) in bundles(&batch.stage_put)? {
            let row = self.record_row(area, &row_id, bundle, &records)?;
            let key = stage_record(area, &row_id);
            work.writes.push(Write::Put { shelf: Shelf::Stage, key, row: row.clone() });
            work.staged.insert((area, row_id), row);
            for record in records {
                work.stage.put(&index, area, Entry::of(record, bundle));
            }
        }
        for id in &batch.stage_del {
            work.stage.remove(&index, *id);
        }
        Ok(())
    }

    /// Records that leave. They do so before a swap, which may bring one of the same id into another area.
    fn removals(&self, batch: &Batch, work: &mut Work) {
        let index = self.live.borrow();
        for id in &batch.rep_del {
            work.writes.push(Write::Delete { shelf: Shelf::Rep, key: RowKey::text(id) });
            work.live.remove(&index, *id);
        }
    }

    /// Staged rows take the place of an area's, their bytes unchanged.
    async fn swap(&self, area: AreaId, work: &mut Work) -> Result<(), StoreError> {
        let name = area.to_string();
        let mut rows = BTreeMap::new();
        if !work.stage_cleared.contains(&area) {
            let prefix = [Part::Text(Shelf::Rep.name().to_owned()), Part::Text(name.clone())];
            for (key, row) in self.rows.scan(Shelf::Stage, &prefix).await? {
                rows.insert(key.text_at(2).ok_or(StoreError::Broken)?.to_owned(), row);
            }
        }
        let new = work.staged.iter().filter(|((at, _), _)| *at == area);
        rows.extend(new.map(|((_, id), row)| (id.clone(), row.clone())));
        work.writes.push(Write::DeleteArea { area: name.clone() });
        work.writes.push(Write::DeleteBelow { shelf: Shelf::Idx, prefix: vec![Part::Text(name)] });
        for (id, row) in rows {
            work.writes.push(Write::Put { shelf: Shelf::Rep, key: RowKey::text(id), row });
        }
        clear_stage(area, &mut work.writes);
        let pages = work.stage.final_pages(&self.stage.borrow(), area);
        work.live.clear(area);
        for (key, page) in pages {
            work.live.put_page(&self.live.borrow(), key, page);
        }
        work.stage.forget(area);
        Ok(())
    }

    fn record_writes(&self, batch: &Batch, work: &mut Work) -> Result<(), StoreError> {
        let index = self.live.borrow();
        for (area, row_id, bundle, records) in bundles(&batch.rep_put)? {
            let row = self.record_row(area, &row_id, bundle, &records)?;
            work.writes.push(Write::Put { shelf: Shelf::Rep, key: RowKey::text(row_id), row });
            for record in records {
                work.live.put(&index, area, Entry::of(record, bundle));
            }
        }
        Ok(())
    }

    fn record_row(
        &self,
        area: AreaId,
        row_id: &str,
        bundle: Option<Uuid>,
        records: &[&LocalRecord],
    ) -> Result<Row, StoreError> {
        let parent = records.first().filter(|_| bundle.is_none()).and_then(|record| record.parent);
        let body = self.seal_row(Shelf::Rep.name(), row_id, area, json(&records)?.as_bytes())?;
        Ok(Row { head: None, body, area: Some(area.to_string()), parent: parent.map(|id| id.to_string()) })
    }

    fn page_writes(&self, work: &mut Work) -> Result<(), StoreError> {
        for (changes, shelf) in [(&work.live, Shelf::Idx), (&work.stage, Shelf::Stage)] {
            for (key, page) in changes.pages() {
                let at = match shelf {
                    Shelf::Idx => RowKey::numbered(key.0, u64::from(key.1)),
                    _ => stage_page(*key),
                };
                work.writes.push(self.page_write(shelf, at, *key, page)?);
            }
        }
        Ok(())
    }

    pub(super) fn page_write(
        &self,
        shelf: Shelf,
        at: RowKey,
        key: PageKey,
        page: &Page,
    ) -> Result<Write, StoreError> {
        if page.is_empty() {
            return Ok(Write::Delete { shelf, key: at });
        }
        let entries: Vec<&Entry> = page.values().map(AsRef::as_ref).collect();
        let body = self.seal_row(Shelf::Idx.name(), &key.1.to_string(), key.0, json(&entries)?.as_bytes())?;
        Ok(Write::Put { shelf, key: at, row: Row { head: Some(COLUMNS.to_owned()), body, ..Row::default() } })
    }
}

/// Area, name of the row, bundle, records.
type Bundle<'a> = (AreaId, String, Option<Uuid>, Vec<&'a LocalRecord>);

/// Few records of an area get a row each, many share rows: one row for each of 50,000 records would take seconds.
fn bundles(records: &[LocalRecord]) -> Result<Vec<Bundle<'_>>, StoreError> {
    let mut areas: BTreeMap<AreaId, Vec<&LocalRecord>> = BTreeMap::new();
    for record in records {
        areas.entry(record.area).or_default().push(record);
    }
    let mut rows = Vec::new();
    for (area, records) in areas {
        if records.len() < BUNDLE_RECORDS_MIN {
            rows.extend(records.into_iter().map(|record| (area, record.id.to_string(), None, vec![record])));
            continue;
        }
        let mut bundle: Vec<&LocalRecord> = Vec::new();
        let mut bytes = 0;
        for record in records {
            let size = json(record)?.len();
            if bytes + size > BUNDLE_BYTES_MAX && !bundle.is_empty() {
                rows.push(bundled(area, std::mem::take(&mut bundle)));
                bytes = 0;
            }
            bytes += size;
            bundle.push(record);
        }
        rows.push(bundled(area, bundle));
    }
    Ok(rows)
}

fn bundled(area: AreaId, records: Vec<&LocalRecord>) -> Bundle<'_> {
    let id = uuid::Builder::from_random_bytes(entropy::bytes()).into_uuid();
    (area, id.to_string(), Some(id), records)
}

fn blob_writes(batch: &Batch, writes: &mut Vec<Write>) -> Result<(), StoreError> {
    for head in &batch.blob_put {
        writes.push(put_blob_head(head)?);
    }
    for hash in &batch.blob_del {
        let prefix = vec![Part::Text(hash.to_string())];
        writes.push(Write::DeleteBelow { shelf: Shelf::Blob, prefix });
    }
    Ok(())
}

pub(super) fn put_blob_head(head: &BlobHead) -> Result<Write, StoreError> {
    let row = Row { head: Some(json(head)?), ..Row::default() };
    Ok(Write::Put { shelf: Shelf::Blob, key: RowKey::numbered(head.hash, 0), row })
}

pub(super) fn out_key((inc, seq): (Inc, u64)) -> RowKey {
    RowKey::numbered(inc, seq)
}

fn put_out(head: &OutboxHead, body: Vec<u8>) -> Result<Write, StoreError> {
    let row = Row { head: Some(json(head)?), body, ..Row::default() };
    Ok(Write::Put { shelf: Shelf::Out, key: out_key((head.inc, head.seq)), row })
}

fn clear_stage(area: AreaId, writes: &mut Vec<Write>) {
    for shelf in [Shelf::Rep, Shelf::Idx] {
        let prefix = vec![Part::Text(shelf.name().to_owned()), Part::Text(area.to_string())];
        writes.push(Write::DeleteBelow { shelf: Shelf::Stage, prefix });
    }
}

pub(super) fn stage_record(area: AreaId, row_id: &str) -> RowKey {
    RowKey(vec![
        Part::Text(Shelf::Rep.name().to_owned()),
        Part::Text(area.to_string()),
        Part::Text(row_id.to_owned()),
    ])
}

fn stage_page((area, page): PageKey) -> RowKey {
    RowKey(vec![
        Part::Text(Shelf::Idx.name().to_owned()),
        Part::Text(area.to_string()),
        Part::Number(u64::from(page)),
    ])
}
