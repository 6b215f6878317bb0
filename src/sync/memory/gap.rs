//! The gap of a sequence used as cursor, planted as `commit_gap`: what a transaction wrote is seen later than what a younger one wrote.

use crate::{
    planted::{Bug, planted},
    record::Record,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many later transactions are seen before the one that hides.
const BEHIND: u32 = 2;

/// What readers do not see yet. Always empty in a build that ships.
#[derive(Clone, Debug, Default)]
pub(super) struct Gap {
    /// Records that readers see as they were before; none where there was none.
    before: BTreeMap<Uuid, Option<Record>>,
    behind: u32,
}

impl Gap {
    /// A transaction is being stored: what hid long enough is seen, and this one hides if none does.
    pub(super) fn pass<'r>(&mut self, changes: impl Iterator<Item = (Uuid, Option<&'r Record>)>) {
        if !planted(Bug::CommitGap) {
            return;
        }
        self.behind += 1;
        if self.behind > BEHIND {
            self.close();
        }
        if self.before.is_empty() {
            self.before = changes.map(|(id, old)| (id, old.cloned())).collect();
            self.behind = 0;
        }
    }

    /// Everything is seen.
    pub(super) fn close(&mut self) {
        self.before.clear();
    }

    /// Whether the newest state of a record is not seen.
    pub(super) fn hides(&self, id: Uuid) -> bool {
        self.before.contains_key(&id)
    }

    /// Whether anything hides.
    pub(super) fn is_closed(&self) -> bool {
        self.before.is_empty()
    }

    /// The older states that are seen instead.
    pub(super) fn older(&self) -> impl Iterator<Item = &Record> {
        self.before.values().flatten()
    }
}
