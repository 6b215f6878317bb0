//! The tree of areas that this device may see.

use super::{AreaRow, Counted};
use domain::order::{Gather, Order};
use std::collections::{BTreeMap, BTreeSet};
use sync::{id::AreaId, replica::Meta, rev::Rev, wire::AreaNode};

/// The nodes of the scope, by id.
#[derive(Default)]
pub(super) struct Areas {
    nodes: BTreeMap<AreaId, AreaNode>,
    whole: BTreeSet<AreaId>,
}

impl Areas {
    pub(super) fn of(meta: &Meta) -> Areas {
        let whole = meta.areas.iter().filter(|(_, area)| area.live.since > Rev::ZERO);
        Areas { whole: whole.map(|(area, _)| *area).gather(), ..Areas::of_nodes(&meta.nodes) }
    }

    pub(super) fn of_nodes(nodes: &[AreaNode]) -> Areas {
        Areas { nodes: nodes.iter().map(|node| (node.id, node.clone())).gather(), whole: BTreeSet::new() }
    }

    pub(super) fn name(&self, area: AreaId) -> &str {
        self.nodes.get(&area).map_or("", |node| &node.name)
    }

    /// The areas named and all below them.
    pub(super) fn with_below(&self, areas: &[AreaId]) -> BTreeSet<AreaId> {
        let is_below = |node: &AreaNode| {
            let mut at = Some(node.id);
            // No tree is deeper than its nodes are many.
            for _ in 0..=self.nodes.len() {
                match at {
                    Some(area) if areas.contains(&area) => return true,
                    Some(area) => at = self.nodes.get(&area).and_then(|node| node.parent),
                    None => return false,
                }
            }
            false
        };
        let below = self.nodes.values().filter(|node| is_below(node)).map(|node| node.id);
        below.chain(areas.iter().copied()).gather()
    }

    /// The place of an area in lists: villages in the order of their codes.
    pub(super) fn code(&self, area: AreaId) -> &str {
        self.nodes.get(&area).map_or("", |node| &node.code)
    }

    /// The rows of the page, in the order of codes; `counts`: who lives there, by area.
    pub(super) fn rows(&self, counts: &BTreeMap<AreaId, Counted>) -> Vec<AreaRow> {
        let mut rows: Vec<AreaRow> = self
            .nodes
            .values()
            .map(|node| AreaRow {
                id: node.id,
                code: node.code.clone(),
                name: node.name.clone(),
                parent: node.parent,
                counted: counts.get(&node.id).copied().unwrap_or_default(),
                complete: self.whole.contains(&node.id),
            })
            .collect();
        rows.order_by(|a, b| (&a.code, &a.name).cmp(&(&b.code, &b.name)));
        rows
    }
}
