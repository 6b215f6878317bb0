//! Who asks, and for which part of the area tree.

use crate::{id::AreaId, wire::AreaNode};
use domain::access::Role;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The areas a caller may see and write: his assigned ones with all below them, archives left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    areas: BTreeSet<AreaId>,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Account id.
    pub user: Uuid,
    /// What the account is.
    pub role: Role,
    /// Where it may read and write.
    pub scope: Scope,
    /// The township of the account: where a held record lies that belongs nowhere else.
    pub home: AreaId,
}

/// One node of the area tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its id; the code is a label.
    pub id: AreaId,
    /// Region code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The node above.
    pub parent: Option<AreaId>,
    /// Set on an archive: the area whose old visits lie here. No replica pulls an archive.
    pub archive_of: Option<AreaId>,
}

/// The area tree of the organisation.
#[derive(Clone, Debug, Default)]
pub struct AreaTree {
    nodes: BTreeMap<AreaId, Area>,
    below: BTreeMap<AreaId, Vec<AreaId>>,
    archives: BTreeMap<AreaId, AreaId>,
}

impl Scope {
    /// Whether `area` is inside.
    pub fn holds(&self, area: AreaId) -> bool {
        self.areas.contains(&area)
    }

    /// Every area inside, in order of id.
    pub fn areas(&self) -> impl Iterator<Item = AreaId> + '_ {
        self.areas.iter().copied()
    }
}

impl AreaTree {
    /// The tree of these nodes. A node whose parent is unknown is a top.
    pub fn new(areas: impl IntoIterator<Item = Area>) -> AreaTree {
        let mut tree = AreaTree::default();
        for area in areas {
            if let Some(of) = area.archive_of {
                tree.archives.insert(of, area.id);
            } else if let Some(parent) = area.parent {
                tree.below.entry(parent).or_default().push(area.id);
            }
            tree.nodes.insert(area.id, area);
        }
        tree
    }

    /// The node `id`.
    pub fn get(&self, id: AreaId) -> Option<&Area> {
        self.nodes.get(&id)
    }

    /// Where old visits of `area` lie.
    pub fn archive(&self, area: AreaId) -> Option<AreaId> {
        self.archives.get(&area).copied()
    }

    /// Whether `area` is an archive.
    pub fn is_archive(&self, area: AreaId) -> bool {
        self.nodes.get(&area).is_some_and(|node| node.archive_of.is_some())
    }

    /// The assigned areas with all below them. An id that the tree lacks, and an archive, give nothing.
    pub fn scope(&self, assigned: &[AreaId]) -> Scope {
        let mut areas = BTreeSet::new();
        let mut waiting: Vec<AreaId> = assigned.to_vec();
        while let Some(area) = waiting.pop() {
            let known = self.nodes.get(&area).is_some_and(|node| node.archive_of.is_none());
            if known && areas.insert(area) {
                waiting.extend(self.below.get(&area).into_iter().flatten());
            }
        }
        Scope { areas }
    }

    /// The nodes of a scope as the wire shows them; a parent outside it is omitted. `again` marks areas to be pulled anew.
    pub fn wire_nodes(&self, scope: &Scope, again: &BTreeSet<AreaId>) -> Vec<AreaNode> {
        let nodes = scope.areas().filter_map(|id| self.nodes.get(&id));
        nodes
            .map(|node| AreaNode {
                id: node.id,
                code: node.code.clone(),
                name: node.name.clone(),
                parent: node.parent.filter(|parent| scope.holds(*parent)),
                again: again.contains(&node.id),
            })
            .collect()
    }
}
