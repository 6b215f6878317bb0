//! Section `pull`, a new scope: the outbox first, then the keys of the areas that leave, then the new areas from nothing.

use super::Applying;
use crate::{
    id::AreaId,
    planted::{Bug, planted},
    replica::{AreaState, Attention, Effect, Position, disk::record_divergence},
    wire::{AreaNode, DivergenceKind, Purged},
};
use domain::order::Gather;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Applying<'_> {
    pub(super) fn scope(&mut self, scope_rev: u64, nodes: &[AreaNode], confirmed: bool) {
        let given: BTreeSet<AreaId> = nodes.iter().map(|node| node.id).chain([AreaId::OWN]).gather();
        let leaving: Vec<AreaId> =
            self.meta.areas.keys().filter(|area| !given.contains(area)).copied().collect();
        let waits = self.all_heads().any(|head| head.seq > self.meta.acked);
        if waits && !leaving.is_empty() && !planted(Bug::PurgeFirst) {
            self.news.scope_waits = true;
            return;
        }
        let handing = self.drafts_of(&leaving);
        if !handing.is_empty() {
            self.news.scope_waits = true;
            self.news.hand_over = handing;
            return;
        }
        let rows = |areas: &[AreaId]| -> u64 {
            areas.iter().filter_map(|area| self.meta.areas.get(area)).map(|state| state.live.rows).sum()
        };
        let (gone, of) = (rows(&leaving), self.meta.areas.values().map(|state| state.live.rows).sum());
        let is_old = scope_rev == self.meta.scope_rev;
        if gone > 0 && (is_old || gone * 2 > of) && !self.meta.wiping && !confirmed {
            self.news.purge_refused = true;
            record_divergence(&mut self.meta, DivergenceKind::Purge, &leaving, self.now);
            self.after.push(Effect::Attention(Attention::PurgeRefused { areas: leaving, rows: gone, of }));
            return;
        }
        self.news.progress = true;
        self.news.more = true;
        self.purge(scope_rev, leaving, gone);
        self.take(scope_rev, nodes, &given, is_old);
    }

    /// Drafts of visits in areas that leave; while the vault is locked nothing is pulled, so every area is known here.
    fn drafts_of(&self, leaving: &[AreaId]) -> BTreeSet<Uuid> {
        let left =
            |draft: &&crate::replica::DraftHead| draft.area.is_some_and(|area| leaving.contains(&area));
        self.disk.drafts.values().filter(left).map(|draft| draft.id).gather()
    }

    fn purge(&mut self, scope_rev: u64, leaving: Vec<AreaId>, rows: u64) {
        if leaving.is_empty() {
            return;
        }
        if planted(Bug::PurgeFirst) {
            let lost: Vec<_> = self.disk.unsent().map(|head| (head.inc, head.seq)).collect();
            lost.iter().for_each(|(_, seq)| drop(self.heads.remove(seq)));
            self.meta.pruned = self.meta.next_seq - 1;
            self.meta.acked = self.meta.next_seq - 1;
            self.batch.out_del.extend(lost);
        }
        for area in &leaving {
            self.meta.areas.remove(area);
        }
        let (mut areas, mut total) =
            self.meta.purged.take().map_or((Vec::new(), 0), |old| (old.areas, old.rows));
        areas.extend(leaving.iter().copied().filter(|area| *area != AreaId::OWN));
        total += rows;
        self.meta.purged = Some(Purged { scope_rev, areas, rows: total });
        let set: BTreeSet<AreaId> = leaving.iter().copied().gather();
        self.changed.areas.extend(&set);
        self.batch.area_del.extend(leaving.iter().copied());
        self.after.push(Effect::DestroyAreaKeys(leaving));
    }

    fn take(&mut self, scope_rev: u64, nodes: &[AreaNode], given: &BTreeSet<AreaId>, is_old: bool) {
        for area in given {
            self.meta.areas.entry(*area).or_default();
        }
        let mut again: BTreeSet<AreaId> = nodes.iter().filter(|node| node.again).map(|node| node.id).gather();
        if !is_old {
            again.insert(AreaId::OWN);
        }
        again.retain(|area| self.meta.areas.get(area).is_some_and(|state| !is_untouched(state)));
        self.restart(&again);
        self.meta.nodes = nodes.to_vec();
        self.meta.scope_rev = scope_rev;
    }
}

fn is_untouched(state: &AreaState) -> bool {
    state.live == Position::default() && state.stage.is_none()
}
