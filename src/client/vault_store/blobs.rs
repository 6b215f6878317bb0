//! Photos and signatures in chunks of 48 KiB: larger values become files of their own, which phone cleaners delete.

use super::{DraftBody, VaultStore, commit::put_blob_head};
use crate::{
    platform::entropy,
    store::{Part, RecordStore, Row, RowKey, Shelf, StoreError, Write},
};
use crypto::seal::{open_chunk, seal_chunk};
use domain::order::Gather;
use sync::{
    id::BlobHash,
    limits::BLOB_CHUNK_BYTES,
    replica::{BlobHead, BlobPhase},
};
use uuid::Uuid;

impl VaultStore {
    /// Stores a blob, and the draft that names it, in one transaction.
    pub(crate) async fn put_blob(
        &self,
        head: &BlobHead,
        bytes: &[u8],
        draft: Option<(Uuid, DraftBody)>,
    ) -> Result<(), StoreError> {
        let hash = head.hash.to_string();
        let mut writes = vec![put_blob_head(head)?];
        for (place, chunk) in bytes.chunks(BLOB_CHUNK_BYTES).enumerate() {
            let n = u32::try_from(place + 1).map_err(|_| StoreError::Full)?;
            let (key_id, body) = self.with_blob_key(|id, key| {
                (id.to_owned(), seal_chunk(key, entropy::bytes(), &hash, n, chunk))
            })?;
            let row = Row { head: Some(key_id), body, ..Row::default() };
            writes.push(Write::Put { shelf: Shelf::Blob, key: RowKey::numbered(&hash, u64::from(n)), row });
        }
        if let Some((visit, draft)) = &draft {
            writes.push(self.draft_write(*visit, draft)?);
        }
        self.write(writes).await?;
        self.drafts.borrow_mut().extend(draft);
        self.blobs.borrow_mut().insert(head.hash, head.clone());
        Ok(())
    }

    /// No note names the blob any more. Its head, if one did.
    pub(crate) async fn unnote(&self, hash: BlobHash) -> Result<Option<BlobHead>, StoreError> {
        let Some(noted) = self.known_blob(hash).filter(|head| head.noted) else { return Ok(None) };
        let head = BlobHead { noted: false, ..noted };
        self.write(vec![put_blob_head(&head)?]).await?;
        self.blobs.borrow_mut().insert(hash, head.clone());
        Ok(Some(head))
    }

    /// The head of a blob of this device, from memory.
    pub(crate) fn known_blob(&self, hash: BlobHash) -> Option<BlobHead> {
        self.blobs.borrow().get(&hash).cloned()
    }

    /// How far those of the blobs are that this device knows.
    pub(crate) fn phases(&self, hashes: &[String]) -> Vec<BlobPhase> {
        let blobs = self.blobs.borrow();
        let known = hashes.iter().filter_map(|hash| blobs.get(&hash.parse().ok()?));
        known.map(|head| head.phase.clone()).collect()
    }

    /// The head of a blob.
    pub(crate) async fn blob_head(&self, hash: BlobHash) -> Result<Option<BlobHead>, StoreError> {
        let row = self.rows.get(Shelf::Blob, &RowKey::numbered(hash, 0)).await?;
        row.map(|row| super::read::head(&row)).transpose()
    }

    /// Every head, without reading a chunk.
    pub(crate) async fn blob_heads(&self) -> Result<Vec<BlobHead>, StoreError> {
        let keys = self.rows.keys(Shelf::Blob).await?;
        let heads: Vec<RowKey> = keys.into_iter().filter(|key| key.number_at(1) == Some(0)).collect();
        let rows = self.rows.get_many(Shelf::Blob, &heads).await?;
        let heads: Vec<BlobHead> = rows.iter().flatten().map(super::read::head).collect::<Result<_, _>>()?;
        *self.blobs.borrow_mut() = heads.iter().map(|head| (head.hash, head.clone())).gather();
        Ok(heads)
    }

    /// A chunk as it lies, sealed; `n` from 1.
    pub(crate) async fn sealed_chunk(&self, hash: BlobHash, n: u32) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.rows.get(Shelf::Blob, &RowKey::numbered(hash, u64::from(n))).await?.map(|row| row.body))
    }

    /// The id of the key that sealed a blob.
    pub(crate) async fn blob_key(&self, hash: BlobHash) -> Result<Option<String>, StoreError> {
        Ok(self.rows.get(Shelf::Blob, &RowKey::numbered(hash, 1)).await?.and_then(|row| row.head))
    }

    /// Removes the chunks of blobs that the office has, and keeps their heads; of how many there were any.
    pub(crate) async fn drop_chunks(&self, blobs: &[BlobHash]) -> Result<usize, StoreError> {
        let mut writes = Vec::new();
        let mut count = 0;
        for hash in blobs {
            if self.rows.get(Shelf::Blob, &RowKey::numbered(hash, 1)).await?.is_none() {
                continue;
            }
            count += 1;
            let Some(head) = self.rows.get(Shelf::Blob, &RowKey::numbered(hash, 0)).await? else { continue };
            writes.push(delete(hash));
            writes.push(Write::Put { shelf: Shelf::Blob, key: RowKey::numbered(hash, 0), row: head });
        }
        self.write(writes).await?;
        Ok(count)
    }

    /// The plain bytes of a blob, if all of it is here and opens.
    pub(crate) async fn blob_bytes(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
        let name = hash.to_string();
        let rows = self.rows.scan(Shelf::Blob, &[Part::Text(name.clone())]).await?;
        let mut bytes = Vec::new();
        for (key, row) in rows {
            let Some(n) = key.number_at(1).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0) else {
                continue;
            };
            let chunk = self.with_blob_key(|_, key| open_chunk(key, &name, n, &row.body))?;
            bytes.extend(chunk.map_err(|_| StoreError::Broken)?);
        }
        Ok((!bytes.is_empty()).then_some(bytes))
    }
}

fn delete(hash: &BlobHash) -> Write {
    Write::DeleteBelow { shelf: Shelf::Blob, prefix: vec![Part::Text(hash.to_string())] }
}
