//! The records a piece of work has read, with what it makes of them.

use super::{Batch, Meta, Position, changed::Changed};
use crate::{id::AreaId, local::LocalRecord};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Records by id out of one store, before and after.
#[derive(Debug)]
pub(super) struct Shelf<'a> {
    before: &'a BTreeMap<Uuid, LocalRecord>,
    after: BTreeMap<Uuid, Option<LocalRecord>>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(before: &'a BTreeMap<Uuid, LocalRecord>) -> Shelf<'a> {
        Shelf { before, after: BTreeMap::new() }
    }

    pub(super) fn get(&self, e: Uuid) -> Option<&LocalRecord> {
        match self.after.get(&e) {
            Some(after) => after.as_ref(),
            None => self.before.get(&e),
        }
    }

    pub(super) fn put(&mut self, record: LocalRecord) {
        self.after.insert(record.id, Some(record));
    }

    pub(super) fn remove(&mut self, e: Uuid) {
        if self.get(e).is_some() {
            self.after.insert(e, None);
        }
    }

    /// Changes a record that is there; one of which nothing is left is removed.
    pub(super) fn edit(&mut self, e: Uuid, change: impl FnOnce(&mut LocalRecord)) {
        let Some(before) = self.get(e) else { return };
        let mut record = before.clone();
        change(&mut record);
        if record.is_empty() {
            self.remove(e);
        } else if self.get(e) != Some(&record) {
            self.put(record);
        }
    }

    /// Forgets what was done to records of these areas.
    pub(super) fn drop_areas(&mut self, areas: &BTreeSet<AreaId>) {
        let before = self.before;
        self.after.retain(|e, after| {
            let area = after.as_ref().or_else(|| before.get(e)).map(|record| record.area);
            area.is_none_or(|area| !areas.contains(&area))
        });
    }

    /// A record that a staged one replaces goes, wherever it lies: what the swap brings in stands under the same id.
    fn yield_to(&mut self, stage: &Shelf<'_>, swap: &BTreeSet<AreaId>) {
        let is_replaced = |e: &Uuid| stage.get(*e).is_some_and(|staged| swap.contains(&staged.area));
        let replaced: Vec<Uuid> = self.after.keys().copied().filter(is_replaced).collect();
        for e in replaced {
            if self.before.contains_key(&e) {
                self.after.insert(e, None);
            } else {
                self.after.remove(&e);
            }
        }
    }

    /// Names the area of each confirmed record that is no longer there (`false`) or now is (`true`).
    fn count(&self, mut step: impl FnMut(AreaId, bool)) {
        for (e, after) in &self.after {
            if let Some(old) = self.before.get(e).filter(|old| old.is_counted()) {
                step(old.area, false);
            }
            if let Some(new) = after.as_ref().filter(|new| new.is_counted()) {
                step(new.area, true);
            }
        }
    }

    pub(super) fn tell(&self, changed: &mut Changed) {
        for (e, after) in &self.after {
            self.before.get(e).into_iter().chain(after).for_each(|record| changed.record(record));
        }
    }

    pub(super) fn into_parts(self) -> (Vec<LocalRecord>, Vec<Uuid>) {
        let mut put = Vec::new();
        let mut del = Vec::new();
        for (e, after) in self.after {
            match after {
                Some(record) => put.push(record),
                None => del.push(e),
            }
        }
        (put, del)
    }
}

/// Both stores of records.
#[derive(Debug)]
pub(super) struct Shelves<'a> {
    pub(super) rep: Shelf<'a>,
    pub(super) stage: Shelf<'a>,
}

impl<'a> Shelves<'a> {
    pub(super) fn new(loaded: &'a super::Loaded) -> Shelves<'a> {
        Shelves { rep: Shelf::new(&loaded.rep), stage: Shelf::new(&loaded.stage) }
    }

    /// Changes a record wherever it lies, so that a staged twin stays alike in own work.
    pub(super) fn edit(&mut self, e: Uuid, change: impl Fn(&mut LocalRecord)) {
        self.rep.edit(e, &change);
        self.stage.edit(e, &change);
    }

    /// Corrects the counts and writes the records into the batch. Areas of `swap` take their staged records; `kept` stays of the old ones.
    pub(super) fn finish(mut self, place: Place<'_>, swap: &BTreeSet<AreaId>, kept: Vec<LocalRecord>) {
        let Place { meta, batch, changed } = place;
        self.stage.count(|area, is_new| {
            recount(meta.areas.get_mut(&area).and_then(|state| state.stage.as_mut()), is_new);
        });
        for area in swap {
            if let Some(state) = meta.areas.get_mut(area) {
                state.live = state.stage.take().unwrap_or(state.live);
            }
            changed.areas.insert(*area);
        }
        self.rep.drop_areas(swap);
        self.rep.yield_to(&self.stage, swap);
        kept.into_iter().for_each(|record| self.rep.put(record));
        self.rep.count(|area, is_new| {
            let state = meta.areas.get_mut(&area).filter(|_| !swap.contains(&area));
            recount(state.map(|state| &mut state.live), is_new);
        });
        self.rep.tell(changed);
        batch.swap = swap.iter().copied().collect();
        (batch.rep_put, batch.rep_del) = self.rep.into_parts();
        (batch.stage_put, batch.stage_del) = self.stage.into_parts();
    }
}

fn recount(place: Option<&mut Position>, is_new: bool) {
    if let Some(place) = place {
        place.rows = if is_new { place.rows + 1 } else { place.rows.saturating_sub(1) };
    }
}

/// Where the outcome goes.
pub(super) struct Place<'a> {
    pub(super) meta: &'a mut Meta,
    pub(super) batch: &'a mut Batch,
    pub(super) changed: &'a mut Changed,
}
