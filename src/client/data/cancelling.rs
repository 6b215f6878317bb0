//! 取消走访: a visit that does not count, with the reason. What was answered stays with it, so that a mistake can be put right.

use super::{
    Data, SaveError, Topic,
    columns::outcome,
    drafts::{answers_of, begun},
    fields::set,
    finish::visit_ops,
    rounds::is_untouched_in_round,
    templates,
};
use crate::{
    data::VisitState,
    driver::Driver,
    vault_store::{
        DraftBody,
        entry::{Columns, VisitColumns},
    },
};
use serde_json::{Value, json};
use sync::replica::Save;
use uuid::Uuid;

impl Data {
    /// Cancels a visit that is planned, under way or finished, until it is accepted. One under way is written down as far as it is.
    pub(crate) async fn cancel_visit(self, visit: Uuid, reason: &str) -> Result<(), SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let save = match driver.store.draft(visit) {
            // A correction is given up, and the visit cancelled after; an event is ended.
            Some(body) if body.reopened || body.event.is_some() => return Err(SaveError::Right),
            Some(body) => {
                let ending = [("cancelled", json!(reason)), ("notice_version", json!(self.notice().version))];
                let ops = visit_ops(&driver, visit, &body, &answers_of(&body), ending);
                Save { ops, draft: Some(visit), ..Save::default() }
            }
            None => {
                if !columns_of(&driver, visit).is_some_and(|columns| may_be_cancelled(&columns)) {
                    return Err(SaveError::Right);
                }
                Save { ops: vec![set(visit, "cancelled", json!(reason))], ..Save::default() }
            }
        };
        driver.save(save).await?;
        hub.bump(&[Topic::Drafts, Topic::Visits, Topic::Recipients, Topic::Outbox]);
        hub.ask_persist();
        Ok(())
    }

    /// A finished visit that was cancelled counts again.
    pub(crate) async fn restore_visit(self, visit: Uuid) -> Result<(), SaveError> {
        self.set_field(visit, "visit", "cancelled", Value::Null).await?;
        self.hub().bump(&[Topic::Visits, Topic::Recipients]);
        Ok(())
    }

    /// Whether nothing was answered of a visit under way beside what stood there from the beginning.
    pub(crate) async fn is_untouched(self, visit: Uuid) -> bool {
        let Some(driver) = self.open_driver() else { return false };
        templates::load(&driver).await;
        let Some(body) = driver.store.draft(visit) else { return false };
        let Some(checklist) = templates::checklist(&body.template, body.template_version) else {
            return false;
        };
        match body.part_of.and_then(|event| Some((event, driver.store.draft(event)?))) {
            Some((event, round)) => is_untouched_in_round(&driver, event, &round, &body, &checklist).await,
            None => {
                let fresh = begun(&driver, visit, body.recipient, body.area, &checklist).await;
                is_as(&body, &fresh)
            }
        }
    }
}

fn is_as(body: &DraftBody, fresh: &DraftBody) -> bool {
    body.answers == fresh.answers && body.blobs.is_empty() && body.corrections.is_empty()
}

fn columns_of(driver: &Driver, visit: Uuid) -> Option<VisitColumns> {
    let index = driver.store.index();
    match index.get(visit).filter(|entry| !entry.hidden).and_then(|entry| entry.columns.as_ref()) {
        Some(Columns::Visit(columns)) => Some(columns.clone()),
        _ => None,
    }
}

fn may_be_cancelled(visit: &VisitColumns) -> bool {
    !matches!(outcome(visit, false), VisitState::Accepted | VisitState::Cancelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_is_cancelled_until_the_office_has_accepted_it() {
        let finished = VisitColumns { completed_at: Some(100), ..VisitColumns::default() };
        let reviewed =
            |word: &str, at| VisitColumns { review: Some((word.to_owned(), at)), ..finished.clone() };
        assert!(may_be_cancelled(&VisitColumns {
            planned_on: "2026-12-01".to_owned(),
            ..VisitColumns::default()
        }));
        assert!(may_be_cancelled(&finished));
        assert!(may_be_cancelled(&reviewed("returned", 200)));
        assert!(!may_be_cancelled(&reviewed("accepted", 200)));
        assert!(may_be_cancelled(&reviewed("accepted", 50)), "it was corrected since");
        assert!(!may_be_cancelled(&VisitColumns { cancelled: true, ..finished }));
    }
}
