//! The rescue file: everything unsent as it lies on the disk, for a phone that cannot reach the office (sync.md §9).

use super::{Data, SaveError};
use crypto::b64;
use serde_json::{Value, json};
use sync::replica::BlobPhase;

impl Data {
    /// The rescue file of everything unsent.
    pub(crate) async fn rescue_file(self) -> Result<Vec<u8>, SaveError> {
        let driver = self.session.driver().ok_or(SaveError::Locked)?;
        let store = &driver.store;
        let wraps = store.wraps().await?.ok_or(SaveError::Unknown)?;
        let (device, inc, heads) = driver.with_replica(|replica| {
            let meta = replica.meta();
            let heads: Vec<_> = replica.outbox().filter(|head| !head.is_acked()).cloned().collect();
            (meta.map(|meta| meta.identity.device), meta.map(|meta| meta.inc), heads)
        });
        let out_key = wraps.out.seal.id.parse().map_err(|_| SaveError::Storage)?;
        let mut out: Vec<Value> = Vec::new();
        for head in heads {
            let key = head.key.unwrap_or(out_key);
            for one in store.sealed_changesets(&[head.id], key).await? {
                out.push(json!({ "seq": head.seq, "id": one.id, "sealed": one.sealed }));
            }
        }
        let mut drafts = Vec::new();
        for id in store.draft_ids().await? {
            drafts.extend(store.sealed_drafts(&[id], store.draft_key(id).await?).await?);
        }
        let mut blobs = Vec::new();
        for head in store.blob_heads().await?.into_iter().filter(|head| head.phase == BlobPhase::Waiting) {
            let mut chunks = Vec::new();
            while let Some(chunk) =
                store.sealed_chunk(head.hash, u32::try_from(chunks.len() + 1).unwrap_or(0)).await?
            {
                chunks.push(b64::encode(&chunk));
            }
            blobs.push(json!({ "sha256": head.hash, "bytes": head.bytes, "kind": head.kind, "e": head.e, "chunks": chunks }));
        }
        let keys: Vec<_> = [&wraps.out.seal, &wraps.blob.seal]
            .into_iter()
            .chain(&wraps.earlier_out)
            .chain(&wraps.earlier_blob)
            .map(|seal| json!({ "id": seal.id, "kid": seal.kid, "alg": seal.alg, "enc": seal.enc, "ct": seal.ct }))
            .collect();
        let file = json!({
            "huifang": "rescue-1", "device": device, "inc": inc, "keys": keys, "out": out, "drafts": drafts, "blobs": blobs,
        });
        serde_json::to_vec(&file).map_err(|_| SaveError::Storage)
    }
}
