//! What a commit changed, for the pages that show it.

use super::Effect;
use crate::{id::AreaId, local::LocalRecord};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Areas, kinds and records.
#[derive(Clone, Debug, Default)]
pub(super) struct Changed {
    pub(super) areas: BTreeSet<AreaId>,
    pub(super) kinds: BTreeSet<String>,
    pub(super) records: BTreeSet<Uuid>,
}

impl Changed {
    pub(super) fn record(&mut self, record: &LocalRecord) {
        self.areas.insert(record.area);
        self.kinds.insert(record.kind.clone());
        self.records.insert(record.id);
    }

    pub(super) fn effect(&self) -> Option<Effect> {
        let is_empty = self.areas.is_empty() && self.records.is_empty();
        (!is_empty).then(|| Effect::Changed {
            areas: self.areas.clone(),
            kinds: self.kinds.clone(),
            records: self.records.clone(),
        })
    }
}
