//! Section `pull`, a page: rows and cursors in one commit.

use super::{Applying, Reply};
use crate::{
    id::AreaId,
    local::{Applied, Gone, LocalRecord, apply_exit, apply_row},
    planted::{Bug, planted},
    replica::{AreaState, Attention, BlobHead, BlobPhase, Effect, Position, disk::record_divergence},
    rev::Rev,
    wire::{AreaDigest, DivergenceKind, PullAnswer, PullError, PullPage, Row},
};
use domain::order::Gather;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl Applying<'_> {
    /// What the last equal digests were is `equal`: an area that the page left alone need not be counted again.
    pub(super) fn pull(
        &mut self,
        reply: &Reply,
        purge_confirmed: bool,
        equal: &BTreeMap<AreaId, AreaDigest>,
    ) {
        let (Some(sent), Some(answer)) = (&reply.request.pull, &reply.answer.pull) else { return };
        let is_ours = sent.epoch == self.meta.epoch
            && sent.scope_rev == self.meta.scope_rev
            && self.meta.areas.iter().all(|(area, state)| {
                let here = state.pulling();
                sent.cur.get(area).copied().unwrap_or_default() == here.cur
                    && sent.since.get(area).copied().unwrap_or_default() == here.since
            });
        if !is_ours {
            return;
        }
        if !self.unlocked {
            // The vault was locked under way: rows cannot be laid beside records that nobody can read, so they are asked for again.
            self.news.more = true;
            return;
        }
        match answer {
            PullAnswer::Page(page) => self.page(page, equal),
            PullAnswer::Error(PullError::Epoch { epoch, acked }) => {
                self.new_epoch(*epoch, acked.get(&self.meta.inc).copied().unwrap_or(0));
                // A new device has no area yet whose restart would say that there is more to pull.
                self.news.more = true;
                self.news.progress = true;
            }
            PullAnswer::Error(PullError::Scope { scope_rev, areas }) => {
                self.scope(*scope_rev, areas, purge_confirmed);
            }
            PullAnswer::Error(PullError::Session) => self.news.session_ended = true,
            PullAnswer::Error(PullError::Wipe) => self.meta.wiping = true,
        }
    }

    /// The office was restored: everything is pulled again, and what it has no longer is sent again (R8).
    pub(super) fn new_epoch(&mut self, epoch: u16, acked: u64) {
        self.meta.epoch = epoch;
        self.forget_verdicts_after(acked);
        let areas = self.meta.areas.keys().copied().gather();
        self.restart(&areas);
        self.doubt_photos();
    }

    /// A photo that the office had may have come after the backup: the next `hello` asks for each, and what is absent goes up again.
    fn doubt_photos(&mut self) {
        if planted(Bug::PhotoTrusted) {
            return;
        }
        let is_had = |blob: &&BlobHead| matches!(blob.phase, BlobPhase::Verified | BlobPhase::Durable);
        let had = self.disk.blobs.values().filter(is_had);
        self.batch.blob_put.extend(had.map(|blob| BlobHead { phase: BlobPhase::Sent, ..blob.clone() }));
    }

    fn page(&mut self, page: &PullPage, equal: &BTreeMap<AreaId, AreaDigest>) {
        let torn = self.rows(&page.rows);
        let areas: Vec<AreaId> = self.meta.areas.keys().copied().collect();
        for area in areas.iter().filter(|area| !torn.contains(area)) {
            let (Some(cur), Some(state)) = (page.cur.get(area), self.meta.areas.get_mut(area)) else {
                continue;
            };
            let place = state.stage.as_mut().unwrap_or(&mut state.live);
            self.news.progress |= place.cur != *cur;
            place.cur = place.cur.max(*cur);
            if place.cur == page.head {
                place.since = page.head;
            }
        }
        self.restart(&torn);
        let named: Vec<AreaId> = torn.iter().copied().collect();
        record_divergence(&mut self.meta, DivergenceKind::Torn, &named, self.now);
        self.after.extend(torn.iter().map(|area| Effect::Attention(Attention::AreaTorn(*area))));
        self.news.more = page.more || !torn.is_empty();
        if page.more {
            return;
        }
        self.is_complete = true;
        let staged = self
            .meta
            .areas
            .iter()
            .filter(|(_, state)| state.stage.is_some_and(|stage| stage.cur == page.head));
        self.swap = staged.map(|(area, _)| *area).gather();
        self.name_digests(page, &torn, equal);
    }

    fn name_digests(
        &mut self,
        page: &PullPage,
        torn: &BTreeSet<AreaId>,
        equal: &BTreeMap<AreaId, AreaDigest>,
    ) {
        let moved: BTreeSet<AreaId> = page.rows.iter().map(|row| row.area).gather();
        for (area, digest) in page.digest.iter().flatten() {
            let is_ours = self.meta.areas.contains_key(area) && !torn.contains(area);
            let is_known =
                equal.get(area) == Some(digest) && !moved.contains(area) && !self.swap.contains(area);
            if is_ours && !is_known {
                self.digests.insert(*area, digest.clone());
            }
        }
    }

    /// Rows first, exits after, so that what moved between two areas of the scope is never dropped in between. Returns the areas that are torn.
    fn rows(&mut self, rows: &[Row]) -> BTreeSet<AreaId> {
        let mut torn = BTreeSet::new();
        for row in rows.iter().filter(|row| row.x.is_none()) {
            let Some(state) = self.meta.areas.get(&row.area).copied() else { continue };
            let applied = match state.stage {
                Some(_) => self.row_to_stage(row),
                None => self.row_to_rep(row),
            };
            self.news.progress = true;
            if !applied {
                torn.insert(row.area);
            }
        }
        for exit in rows.iter().filter(|row| row.x.is_some()) {
            self.news.progress = true;
            let left = apply_exit(self.shelves.rep.get(exit.e), exit);
            store(&mut self.shelves.rep, exit.e, left);
            let left = apply_exit(self.shelves.stage.get(exit.e), exit);
            store(&mut self.shelves.stage, exit.e, left);
        }
        torn
    }

    /// A staged copy from the area that the record lay in before is out of date (`own` has no exits). So is a live record of an area that
    /// is staged: its version may be of an epoch that a restore took back, and says nothing about the row.
    fn row_to_rep(&mut self, row: &Row) -> bool {
        let live = self.shelves.rep.get(row.e);
        let applied = match live.filter(|live| self.is_staged(live.area)) {
            Some(outdated) => apply_row(Some(&own_work_of(outdated, row)), row),
            None => apply_row(live, row),
        };
        if self.shelves.stage.get(row.e).is_some_and(|staged| staged.rev() < row.rev) {
            self.shelves.stage.remove(row.e);
        }
        store(&mut self.shelves.rep, row.e, applied)
    }

    /// A staged record keeps the own work that lies beside its live twin. A twin in an area that is not staged has left it.
    fn row_to_stage(&mut self, row: &Row) -> bool {
        let live = self.shelves.rep.get(row.e);
        let left = live.filter(|live| !self.is_staged(live.area)).map(|live| apply_exit(Some(live), row));
        let twin = live.map(|live| own_work_of(live, row));
        let applied = apply_row(self.shelves.stage.get(row.e).or(twin.as_ref()), row);
        if let Some(left) = left {
            store(&mut self.shelves.rep, row.e, left);
        }
        store(&mut self.shelves.stage, row.e, applied)
    }

    /// Whether the area's live records are about to be replaced, or the area is none of ours.
    fn is_staged(&self, area: AreaId) -> bool {
        self.meta.areas.get(&area).is_none_or(|state| state.stage.is_some())
    }

    /// Areas start again from nothing, in `stage`; what is live stays until they are whole.
    pub(super) fn restart(&mut self, areas: &BTreeSet<AreaId>) {
        for area in areas {
            if let Some(state) = self.meta.areas.get_mut(area) {
                *state = AreaState { stage: Some(Position::default()), ..*state };
                self.batch.stage_clear.push(*area);
            }
        }
    }

    /// Of the live records that the swap replaces, those with own work that no staged twin carries.
    pub(super) fn kept_at_swap(&mut self) -> Vec<LocalRecord> {
        let touched: BTreeSet<Uuid> = self
            .all_heads()
            .filter(|head| !head.settled)
            .flat_map(|head| head.touched.iter().copied())
            .gather();
        let mut kept = Vec::new();
        for e in touched {
            let Some(live) = self.shelves.rep.get(e).filter(|live| self.swap.contains(&live.area)) else {
                continue;
            };
            if self.shelves.stage.get(e).is_some() || !live.is_waiting() {
                continue;
            }
            let mut live = live.clone();
            if live.confirmed.is_some() && live.gone.is_none() {
                live.gone = Some(Gone { rev: Rev::ZERO, deleted: false, into: None });
            }
            // Whatever is pulled later is newer, though a restore may have taken back the epoch of these versions.
            live.confirmed.iter_mut().for_each(|confirmed| confirmed.rev = Rev::ZERO);
            live.gone.iter_mut().for_each(|gone| gone.rev = Rev::ZERO);
            kept.push(live);
        }
        kept
    }
}

/// The own work beside a live record, for a row that is not to be compared with it.
fn own_work_of(live: &LocalRecord, row: &Row) -> LocalRecord {
    LocalRecord {
        own: live.own.clone(),
        own_area: live.own_area.clone(),
        pending: live.pending.clone(),
        ..LocalRecord::unseen(row.e, row.area, &live.kind)
    }
}

/// Returns false when the record is torn.
fn store(shelf: &mut crate::replica::shelf::Shelf<'_>, e: Uuid, applied: Applied) -> bool {
    match applied {
        Applied::Put(record) => shelf.put(*record),
        Applied::Drop => shelf.remove(e),
        Applied::Older => {}
        Applied::Torn => return false,
    }
    true
}
