//! Small pictures from earlier visits and of faces, to be looked at without a signal. They can be fetched again, and leave when space is short: those
//! of visits first of all, and faces last.
//!
//! Each is sealed with the key of its village: who loses the village loses them.

use super::VaultStore;
use crate::store::{Part, RecordStore, Row, RowKey, Shelf, StoreError, Write};
use domain::order::{Gather, Order};
use sync::id::{AreaId, BlobHash};

/// First part of the keys, in `kv`.
const ALBUM: &str = "album";
/// Rows of 64 KiB and more become files of their own, which phone cleaners delete.
const SMALL_BYTES_MAX: usize = 48 * 1024;

/// Faces lie under times that no visit has.
const FACES_FROM: u64 = 1 << 52;

/// Where a small picture lies: its village, and the time of its visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kept {
    pub(crate) at: u64,
    pub(crate) area: AreaId,
}

impl Kept {
    /// The place of a visit's picture.
    pub(crate) fn visit(completed_at: Option<i64>, area: AreaId) -> Kept {
        Kept { at: completed_at.and_then(|at| u64::try_from(at).ok()).unwrap_or(0), area }
    }

    /// The place of a face.
    pub(crate) fn face(area: AreaId) -> Kept {
        Kept { at: FACES_FROM, area }
    }

    fn is_face(self) -> bool {
        self.at >= FACES_FROM
    }
}

impl VaultStore {
    /// Learns which small pictures are here, unless that is known: who asks for one pays for it, and not the start.
    async fn read_album(&self) -> Result<(), StoreError> {
        if self.album.borrow().is_none() {
            let keys = self.rows.keys(Shelf::Kv).await?;
            self.album.borrow_mut().get_or_insert_with(|| keys.iter().filter_map(read).gather());
        }
        Ok(())
    }

    fn kept(&self) -> Vec<(BlobHash, Kept)> {
        self.album.borrow().iter().flatten().map(|(hash, kept)| (*hash, *kept)).collect()
    }

    /// Keeps a small picture; one that is too large is left out.
    pub(crate) async fn keep_small(
        &self,
        hash: BlobHash,
        kept: Kept,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        if bytes.len() > SMALL_BYTES_MAX {
            return Ok(());
        }
        self.read_album().await?;
        let body = self.seal_row(ALBUM, &hash.to_string(), kept.area, bytes)?;
        let row = Row { body, ..Row::default() };
        self.write(vec![Write::Put { shelf: Shelf::Kv, key: key(hash, kept), row }]).await?;
        if let Some(album) = self.album.borrow_mut().as_mut() {
            album.insert(hash, kept);
        }
        Ok(())
    }

    /// Whether a small picture is here, as far as was asked for any.
    pub(crate) fn has_small(&self, hash: BlobHash) -> bool {
        self.album.borrow().as_ref().is_some_and(|album| album.contains_key(&hash))
    }

    /// A small picture, if it is here and opens.
    pub(crate) async fn small(&self, hash: BlobHash) -> Option<Vec<u8>> {
        self.read_album().await.ok()?;
        let kept = self.album.borrow().as_ref()?.get(&hash).copied()?;
        let row = self.rows.get(Shelf::Kv, &key(hash, kept)).await.ok()??;
        self.open_row(ALBUM, &hash.to_string(), &kept.area.to_string(), &row.body).ok()
    }

    /// Removes those that are not of these.
    pub(crate) async fn keep_only_small(
        &self,
        is_wanted: impl Fn(BlobHash) -> bool,
    ) -> Result<(), StoreError> {
        self.read_album().await?;
        let unwanted: Vec<_> = self.kept().into_iter().filter(|(hash, _)| !is_wanted(*hash)).collect();
        self.remove_small(&unwanted).await
    }

    /// Removes the older half of those of visits, or all when few are left; how many.
    pub(crate) async fn drop_old_small(&self) -> Result<usize, StoreError> {
        const FEW: usize = 100;
        self.read_album().await?;
        let mut all = self.kept();
        all.retain(|(_, kept)| !kept.is_face());
        all.order_by_key(|(hash, kept)| (kept.at, *hash));
        let count = if all.len() <= FEW { all.len() } else { all.len().div_ceil(2) };
        all.truncate(count);
        self.remove_small(&all).await?;
        Ok(count)
    }

    /// Removes the faces.
    pub(crate) async fn drop_faces(&self) -> Result<(), StoreError> {
        self.read_album().await?;
        let mut faces = self.kept();
        faces.retain(|(_, kept)| kept.is_face());
        self.remove_small(&faces).await
    }

    async fn remove_small(&self, these: &[(BlobHash, Kept)]) -> Result<(), StoreError> {
        if these.is_empty() {
            return Ok(());
        }
        let writes =
            these.iter().map(|(hash, kept)| Write::Delete { shelf: Shelf::Kv, key: key(*hash, *kept) });
        self.write(writes.collect()).await?;
        if let Some(album) = self.album.borrow_mut().as_mut() {
            for (hash, _) in these {
                album.remove(hash);
            }
        }
        Ok(())
    }

    /// Forgets those of an area whose rows a commit removed.
    pub(super) fn forget_small(&self, area: AreaId) {
        if let Some(album) = self.album.borrow_mut().as_mut() {
            album.retain(|_, kept| kept.area != area);
        }
    }
}

/// All small pictures of an area.
pub(super) fn delete_small(area: AreaId) -> Write {
    let prefix = vec![Part::Text(ALBUM.to_owned()), Part::Text(area.to_string())];
    Write::DeleteBelow { shelf: Shelf::Kv, prefix }
}

fn key(hash: BlobHash, kept: Kept) -> RowKey {
    RowKey(vec![
        Part::Text(ALBUM.to_owned()),
        Part::Text(kept.area.to_string()),
        Part::Number(kept.at),
        Part::Text(hash.to_string()),
    ])
}

fn read(key: &RowKey) -> Option<(BlobHash, Kept)> {
    let area = key.text_at(1)?.parse().ok()?;
    (key.text_at(0) == Some(ALBUM)).then_some(())?;
    Some((key.text_at(3)?.parse().ok()?, Kept { at: key.number_at(2)?, area }))
}
