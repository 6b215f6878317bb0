//! A device's disk: the stores of `sync.md` §4 with transactions, and ways to lose what was on it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
};
use sync::{
    digest::area_digest,
    id::{AreaId, BlobHash, Inc},
    local::LocalRecord,
    replica::{Batch, BlobHead, CommitFailure, DraftHead, Loaded, Meta, OutboxHead},
    wire::{AreaDigest, Changeset},
};
use uuid::Uuid;

/// How many transactions a cut log may take back.
const HISTORY_MAX: usize = 12;

/// The stores.
#[derive(Clone, Debug, Default)]
pub struct Stores {
    /// Store `meta`.
    pub meta: Option<Rc<Meta>>,
    /// Store `out`.
    pub out: BTreeMap<(Inc, u64), Rc<(OutboxHead, Changeset)>>,
    /// Store `draft`.
    pub draft: BTreeMap<Uuid, DraftHead>,
    /// Store `rep`.
    pub rep: BTreeMap<Uuid, Rc<LocalRecord>>,
    /// Store `stage`.
    pub stage: BTreeMap<Uuid, Rc<LocalRecord>>,
    /// Heads of store `blob`; the chunks lie beside them.
    pub blobs: BTreeMap<BlobHash, BlobHead>,
    /// Rows of `out` that no longer authenticate.
    pub damaged: BTreeSet<(Inc, u64)>,
}

/// The stores with their newest past.
#[derive(Debug, Default)]
pub struct Disk {
    /// As they are.
    pub now: Stores,
    past: VecDeque<Stores>,
}

impl Disk {
    /// Writes a batch whole, or says why not.
    ///
    /// # Errors
    /// When another writer was faster.
    pub fn commit(&mut self, batch: &Batch) -> Result<(), CommitFailure> {
        let generation = self.now.meta.as_ref().map_or(0, |meta| meta.generation);
        if batch.meta.generation != generation + 1 {
            return Err(CommitFailure::Stale);
        }
        self.remember();
        self.now.write(batch);
        Ok(())
    }

    /// Keeps the state before a transaction, for a cut log to return to.
    pub fn remember(&mut self) {
        if self.past.len() == HISTORY_MAX {
            self.past.pop_front();
        }
        self.past.push_back(self.now.clone());
    }

    /// The newest `n` transactions vanish. Returns false when there is no past.
    pub fn roll_back(&mut self, n: usize) -> bool {
        let at = self.past.len().saturating_sub(n.max(1));
        let Some(old) = self.past.get(at).cloned() else { return false };
        self.now = old;
        self.past.clear();
        true
    }

    /// Of the records that the newest transaction wrote those for which `is_lost` says so are gone. Which, and the areas that they lay in.
    pub fn tear(&mut self, mut is_lost: impl FnMut() -> bool) -> (BTreeSet<Uuid>, BTreeSet<AreaId>) {
        let (mut lost, mut areas) = (BTreeSet::new(), BTreeSet::new());
        let Some(old) = self.past.back() else { return (lost, areas) };
        self.now.rep.retain(|id, record| {
            if old.rep.get(id) == Some(record) || !is_lost() {
                return true;
            }
            lost.insert(*id);
            areas.insert(record.area);
            false
        });
        (lost, areas)
    }

    /// How many transactions can vanish.
    pub fn depth(&self) -> usize {
        self.past.len()
    }

    /// Everything is gone.
    pub fn empty(&mut self) {
        *self = Disk::default();
    }
}

impl Stores {
    fn write(&mut self, batch: &Batch) {
        self.meta = Some(Rc::new(batch.meta.clone()));
        for key in &batch.out_del {
            self.out.remove(key);
            self.damaged.remove(key);
        }
        let moved: Vec<_> = batch
            .out_move
            .iter()
            .filter_map(|moved| Some((self.out.remove(&moved.from)?, moved.head.clone())))
            .collect();
        for (old, head) in moved {
            self.out.insert((head.inc, head.seq), Rc::new((head, old.1.clone())));
        }
        for put in &batch.out_put {
            let row = (put.head.clone(), put.changeset.clone());
            self.out.insert((put.head.inc, put.head.seq), Rc::new(row));
        }
        for id in &batch.draft_del {
            self.draft.remove(id);
        }
        self.rep.retain(|_, record| !batch.area_del.contains(&record.area));
        self.stage.retain(|_, record| {
            !batch.area_del.contains(&record.area) && !batch.stage_clear.contains(&record.area)
        });
        put_all(&mut self.stage, &batch.stage_put);
        for e in &batch.stage_del {
            self.stage.remove(e);
        }
        for e in &batch.rep_del {
            self.rep.remove(e);
        }
        if !batch.swap.is_empty() {
            self.rep.retain(|_, record| !batch.swap.contains(&record.area));
            let (moved, kept): (BTreeMap<_, _>, BTreeMap<_, _>) =
                std::mem::take(&mut self.stage).into_iter().partition(|(_, r)| batch.swap.contains(&r.area));
            self.rep.extend(moved);
            self.stage = kept;
        }
        put_all(&mut self.rep, &batch.rep_put);
        for head in &batch.blob_put {
            self.blobs.insert(head.hash, head.clone());
        }
        for hash in &batch.blob_del {
            self.blobs.remove(hash);
        }
    }

    /// Records by id.
    pub fn load(&self, entities: &[Uuid]) -> Loaded {
        let pick = |from: &BTreeMap<Uuid, Rc<LocalRecord>>| {
            entities.iter().filter_map(|e| Some((*e, from.get(e)?.as_ref().clone()))).collect()
        };
        Loaded { rep: pick(&self.rep), stage: pick(&self.stage) }
    }

    /// The digest of an area of `rep`.
    pub fn digest(&self, area: AreaId) -> AreaDigest {
        let rows = self.rep.values().filter(|record| record.area == area && record.is_counted());
        area_digest(rows.map(|record| (record.id, record.rev())))
    }

    /// The changeset of an id.
    pub fn changeset(&self, id: Uuid) -> Option<&Changeset> {
        self.out.values().find(|row| row.0.id == id).map(|row| &row.1)
    }

    /// Ids in the outbox that still open.
    pub fn changesets(&self) -> BTreeSet<Uuid> {
        let whole = self.out.iter().filter(|(key, _)| !self.damaged.contains(key));
        whole.map(|(_, row)| row.0.id).collect()
    }
}

fn put_all(store: &mut BTreeMap<Uuid, Rc<LocalRecord>>, records: &[LocalRecord]) {
    store.extend(records.iter().map(|record| (record.id, Rc::new(record.clone()))));
}
