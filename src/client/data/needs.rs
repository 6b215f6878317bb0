//! Needs: difficulties found, and what became of them.

use super::{Data, NeedRow, SaveError};
use crate::{
    driver::Driver,
    vault_store::entry::{Columns, Entry},
};
use domain::need::{NeedState, Urgency};
use serde_json::json;
use std::cmp::Reverse;
use sync::{
    rev::Rev,
    wire::{Base, Op},
};
use uuid::Uuid;

impl Data {
    /// Needs of the device's areas: open ones first, the most urgent before the others.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn needs(self) -> Vec<NeedRow> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let entries: Vec<_> = {
            let index = driver.store.index();
            let needs = index.all().filter(|(_, entry)| entry.kind == "need" && !entry.hidden);
            needs.map(|(_, entry)| entry.clone()).collect()
        };
        let mut rows: Vec<NeedRow> = entries.iter().filter_map(|entry| self.need_row(&driver, entry)).collect();
        rows.sort_by_cached_key(|row| {
            let closed = !NeedState::from_word(&row.state).is_none_or(NeedState::is_open);
            (closed, Reverse(Urgency::from_word(&row.urgency)), row.due_on.clone(), Reverse(row.id))
        });
        rows
    }

    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn need(self, id: Uuid) -> Option<NeedRow> {
        let driver = self.open_driver()?;
        let entry = driver.store.index().get(id).cloned()?;
        self.need_row(&driver, &entry)
    }

    pub(super) fn needs_of(self, driver: &Driver, recipient: Uuid) -> Vec<NeedRow> {
        let entries: Vec<_> = {
            let index = driver.store.index();
            index.children(recipient).filter(|child| child.kind == "need" && !child.hidden).cloned().collect()
        };
        entries.iter().filter_map(|entry| self.need_row(driver, entry)).collect()
    }

    fn need_row(self, driver: &Driver, entry: &Entry) -> Option<NeedRow> {
        let Some(Columns::Need(columns)) = &entry.columns else { return None };
        let recipient = entry.parent?;
        let (name, village) = self.name_of(driver, recipient);
        Some(NeedRow {
            id: entry.id,
            recipient,
            name,
            village,
            kind: columns.kind.clone(),
            urgency: columns.urgency.clone(),
            state: columns.state.clone(),
            due_on: columns.due_on.clone(),
            responsible: columns.responsible.clone(),
            found_by: columns.found_by,
            rule: columns.rule.clone(),
            reason: columns.reason.clone(),
            evidence: columns.evidence.clone(),
            unsent: entry.waiting,
        })
    }

    /// Drops a need with a reason.
    pub(crate) async fn drop_need(self, need: Uuid, reason: &str) -> Result<(), SaveError> {
        let set = |field: &str, value: &str| Op::Set {
            e: need,
            f: field.to_owned(),
            v: json!(value),
            base: Base::Fv(Rev::ZERO),
        };
        self.save(vec![set("state", NeedState::Dropped.word()), set("reason", reason)]).await
    }
}
