//! Needs: difficulties found, and what became of them.

use super::{Data, NeedRow, columns::completed_day, recipients::Look};
use crate::{
    driver::Driver,
    vault_store::entry::{Columns, Entry, NeedColumns},
};
use domain::need::{NeedState, Since, Urgency, due_on};
use domain::order::Order;
use std::cmp::Reverse;
use uuid::Uuid;

impl Data {
    /// Needs of the device's areas: open ones first, the most urgent before the others.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn needs(self) -> Vec<NeedRow> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        self.look(&driver, |look| {
            in_order(look.index.all().filter_map(|(_, entry)| need_row(look, entry)).collect())
        })
    }

    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn need(self, id: Uuid) -> Option<NeedRow> {
        let driver = self.open_driver()?;
        self.look(&driver, |look| look.index.get(id).and_then(|entry| need_row(look, entry)))
    }

    pub(super) fn needs_of(self, driver: &Driver, recipient: Uuid) -> Vec<NeedRow> {
        self.look(driver, |look| {
            in_order(look.index.children(recipient).filter_map(|entry| need_row(look, entry)).collect())
        })
    }
}

fn need_row(look: Look<'_>, entry: &Entry) -> Option<NeedRow> {
    let Some(Columns::Need(columns)) = entry.columns.as_ref().filter(|_| !entry.hidden) else { return None };
    let recipient = entry.parent?;
    let (name, village) = look.people.name_of(recipient);
    Some(NeedRow {
        id: entry.id,
        recipient,
        name,
        village,
        kind: columns.kind.clone(),
        urgency: columns.urgency.clone(),
        state: columns.state.clone(),
        due_on: columns.due_on.clone().or_else(|| found_due(look, columns)),
        responsible: columns.responsible.clone(),
        found_by: columns.found_by,
        rule: columns.rule.clone(),
        reason: columns.reason.clone(),
        evidence: columns.evidence.clone(),
        unsent: entry.waiting,
    })
}

/// What was only found is due by the day of the visit that found it.
fn found_due(look: Look<'_>, need: &NeedColumns) -> Option<String> {
    let state = NeedState::from_word(&need.state).filter(|state| *state == NeedState::Found)?;
    let Some(Columns::Visit(visit)) = &look.index.get(need.found_by?)?.columns else { return None };
    let since = Since { day: completed_day(visit.completed_at?), last_measure: None, notice_until: None };
    let urgency = Urgency::from_word(&need.urgency).unwrap_or(Urgency::Normal);
    due_on(state, urgency, since).map(|day| day.to_string())
}

fn in_order(mut rows: Vec<NeedRow>) -> Vec<NeedRow> {
    rows.order_by_key(|row| {
        let closed = !NeedState::is_open_word(&row.state);
        (closed, Reverse(Urgency::from_word(&row.urgency)), row.due_on.clone(), Reverse(row.id))
    });
    rows
}
