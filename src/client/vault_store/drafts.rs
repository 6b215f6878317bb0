//! Unfinished visits: written whole at each answer, strictly, under the key that the office can open too.

use super::{VaultStore, commit::put_blob_head, json};
use crate::store::{RecordStore, Row, RowKey, Shelf, StoreError, Write};
use domain::order::Gather;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sync::{
    id::{AreaId, BlobHash},
    replica::BlobHead,
    wire::Fields,
};
use uuid::Uuid;

/// The plaintext of a draft.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DraftBody {
    pub(crate) recipient: Uuid,
    pub(crate) area: AreaId,
    pub(crate) template: String,
    pub(crate) template_version: u32,
    /// Wire word of the visit's kind.
    pub(crate) kind: String,
    pub(crate) started_at: i64,
    pub(crate) saved_at: i64,
    /// The question that was open last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<String>,
    pub(crate) answers: Fields,
    /// Corrections of the file, by recipient field.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub(crate) corrections: Fields,
    /// Photos and signatures by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) blobs: BTreeMap<String, Vec<BlobRef>>,
    /// A finished visit that is corrected: its record exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) reopened: bool,
    /// Who came along: account ids, and names of people without an account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) companions: Vec<String>,
    /// Of an event for many families: whom it is for. It holds what all have in common and is nobody's visit; an app that does not know it
    /// shows it as one to the first family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<EventBody>,
    /// The event that the visit belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) part_of: Option<Uuid>,
}

/// The families of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EventBody {
    /// In the order of the round.
    pub(crate) families: Vec<Uuid>,
    /// Of these, who was not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) absent: Vec<Uuid>,
}

/// A photo or signature of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BlobRef {
    pub(crate) blob: BlobHash,
    pub(crate) kind: String,
    pub(crate) bytes: u64,
}

impl DraftBody {
    /// Bytes of its JSON text.
    pub(crate) fn bytes(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |text| text.len())
    }
}

impl VaultStore {
    /// An unfinished visit.
    pub(crate) fn draft(&self, visit: Uuid) -> Option<DraftBody> {
        self.drafts.borrow().get(&visit).cloned()
    }

    /// Whether there is an unfinished visit of this id.
    pub(crate) fn has_draft(&self, visit: Uuid) -> bool {
        self.drafts.borrow().contains_key(&visit)
    }

    /// Every unfinished visit.
    pub(crate) fn all_drafts(&self) -> Vec<(Uuid, DraftBody)> {
        self.drafts.borrow().iter().map(|(id, body)| (*id, body.clone())).collect()
    }

    /// The unfinished visit of each recipient who has one.
    pub(crate) fn drafts_by_recipient(&self) -> BTreeMap<Uuid, Uuid> {
        let drafts = self.drafts.borrow();
        let visits = drafts.iter().filter(|(_, body)| body.event.is_none());
        visits.map(|(visit, body)| (body.recipient, *visit)).gather()
    }

    /// Writes a draft; resolves when it is on disk.
    pub(crate) async fn put_draft(&self, visit: Uuid, body: DraftBody) -> Result<(), StoreError> {
        let write = self.draft_write(visit, &body)?;
        self.write(vec![write]).await?;
        self.drafts.borrow_mut().insert(visit, body);
        Ok(())
    }

    /// The key that a draft is sealed with: after a forgotten code it is an earlier one.
    pub(crate) async fn draft_key(&self, visit: Uuid) -> Result<Uuid, StoreError> {
        let row = self.rows.get(Shelf::Draft, &RowKey::text(visit)).await?;
        if let Some(key) = row.and_then(|row| row.head?.parse().ok()) {
            return Ok(key);
        }
        // The app of before did not say.
        let wraps = self.wraps().await?.ok_or(StoreError::Broken)?;
        let is_old = self.is_unlocked() && !self.has_draft(visit);
        let seal = wraps.earlier_out.last().filter(|_| is_old).unwrap_or(&wraps.out.seal);
        seal.id.parse().map_err(|_| StoreError::Broken)
    }

    /// Removes a draft. Photos of it that other drafts name too are theirs from now on: a phone keeps what an unfinished visit holds. Returns
    /// their heads.
    pub(crate) async fn remove_draft(&self, visit: Uuid) -> Result<Vec<BlobHead>, StoreError> {
        let left = self.left_by(visit);
        // The bytes lie where they lay.
        let mut writes = left.iter().map(put_blob_head).collect::<Result<Vec<_>, _>>()?;
        writes.push(Write::Delete { shelf: Shelf::Draft, key: RowKey::text(visit) });
        self.write(writes).await?;
        self.drafts.borrow_mut().remove(&visit);
        self.blobs.borrow_mut().extend(left.iter().map(|head| (head.hash, head.clone())));
        Ok(left)
    }

    /// The photos of a draft that others name, each as of the first of them.
    fn left_by(&self, visit: Uuid) -> Vec<BlobHead> {
        let (drafts, blobs) = (self.drafts.borrow(), self.blobs.borrow());
        let names = |body: &DraftBody, hash| body.blobs.values().flatten().any(|one| one.blob == hash);
        let heir = |hash| drafts.iter().find(|(id, body)| **id != visit && names(body, hash));
        let own = blobs.values().filter(|head| head.e == visit);
        own.filter_map(|head| Some(BlobHead { e: *heir(head.hash)?.0, ..head.clone() })).collect()
    }

    pub(super) fn draft_write(&self, visit: Uuid, body: &DraftBody) -> Result<Write, StoreError> {
        let (key, sealed) = self.seal_out(visit, json(body)?.as_bytes())?;
        let row = Row { head: Some(key), body: sealed, ..Row::default() };
        Ok(Write::Put { shelf: Shelf::Draft, key: RowKey::text(visit), row })
    }
}
