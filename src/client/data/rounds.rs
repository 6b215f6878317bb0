//! 集体走访: one event for many families. What all have in common is answered once, in a draft of its own; each family's visit is one like any
//! other. Which visit is whose follows from the event and the family, so that nothing beside the drafts says how far a round is.

mod parts;

pub(super) use parts::{is_untouched_in_round, share};

use parts::{fresh, limited, shared, stands, taken_over, visit_of};

use super::{
    Candidate, Data, Round, RoundFamily, RoundRow, SaveError, Topic, companions,
    drafts::{begun, removed},
    file::area_of,
    templates,
};
use crate::{
    platform::{clock, entropy},
    vault_store::{DraftBody, EventBody},
};
use domain::{
    checklist::{Checklist, kind_of},
    order::{Gather, Order},
    visit::{Stand, next_after},
};
use std::{collections::BTreeSet, sync::Arc};
use sync::id::AreaId;
use uuid::Uuid;

/// So many families one event may have: their list is written with each of its answers.
pub(crate) const FAMILIES_MAX: usize = 200;

/// What became of a family that was not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// It stays due, as if nobody had come.
    Due,
    /// Something was answered for it alone: that stays, unfinished.
    Begun,
}

impl Data {
    /// Checklists by which many families can be visited together, with their ids.
    pub(crate) async fn round_checklists(self) -> Vec<(String, Arc<Checklist>)> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        templates::load(&driver).await;
        let places: Vec<AreaId> = driver.store.index().areas().into_iter().collect();
        templates::all(&places).into_iter().filter(|(_, checklist)| checklist.is_for_groups()).collect()
    }

    /// Everybody who may be taken into an event by a checklist, village by village, those who are due for it first.
    pub(crate) fn round_candidates(self, template: &str) -> Vec<Candidate> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let kind = kind_of(template);
        self.look(&driver, |look| {
            let due = look.people.due(look.areas).into_iter();
            let due: Vec<_> = due
                .filter(|row| row.dues.iter().any(|one| one.kind == kind))
                .map(|row| row.recipient)
                .collect();
            let ids: BTreeSet<Uuid> = due.iter().map(|row| row.id).gather();
            let others = look.people.all().map(|person| &person.row).filter(|row| !ids.contains(&row.id));
            let others = others.map(|row| Candidate { recipient: row.clone(), due: false });
            let due = due.into_iter().map(|recipient| Candidate { recipient, due: true });
            let mut all: Vec<Candidate> = due.chain(others).collect();
            all.order_by(|a, b| {
                // The area besides: villages without a code stay apart.
                let place = |area| (look.areas.code(area), area);
                place(a.recipient.area).cmp(&place(b.recipient.area))
            });
            all
        })
    }

    /// Begins an event for these families, in their order.
    pub(crate) async fn start_round(self, template: &str, families: Vec<Uuid>) -> Result<Uuid, SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let first = *families.first().ok_or(SaveError::Unknown)?;
        let area = area_of(&driver, first)?;
        templates::load(&driver).await;
        let checklist =
            templates::newest(template, &templates::places(&driver, area)).ok_or(SaveError::Unknown)?;
        let event = entropy::uuid(clock::now_ms());
        let mut body = begun(&driver, event, first, area, &checklist).await;
        body.answers.retain(|code, _| checklist.is_shared(code));
        body.companions = companions::of_the_day(&driver);
        body.event = Some(EventBody { families: limited(families)?, absent: Vec::new() });
        self.put(&driver, event, body).await?;
        Ok(event)
    }

    /// Events under way, the last touched first.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn rounds(self) -> Vec<RoundRow> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let mut drafts = driver.store.all_drafts();
        drafts.order_by_key(|(_, body)| std::cmp::Reverse(body.saved_at));
        let row = |(event, body): &(Uuid, DraftBody)| {
            let families = &body.event.as_ref()?.families;
            let stands = stands(&driver, *event, body);
            let under_way = drafts.iter().find(|(_, draft)| draft.part_of == Some(*event) && !draft.reopened);
            Some(RoundRow {
                event: *event,
                template: body.template.clone(),
                families: families.len(),
                done: stands.iter().filter(|stand| **stand == Stand::Done).count(),
                under_way: under_way.map(|(visit, _)| *visit),
            })
        };
        drafts.iter().filter_map(row).collect()
    }

    /// An event with its families.
    pub(crate) async fn round(self, event: Uuid) -> Option<Round> {
        let driver = self.open_driver()?;
        templates::load(&driver).await;
        let body = driver.store.draft(event)?;
        let families = &body.event.as_ref()?.families;
        let checklist = templates::checklist(&body.template, body.template_version);
        let row = |(recipient, stand): (&Uuid, Stand)| {
            let (name, village) = self.name_of(&driver, *recipient);
            RoundFamily { recipient: *recipient, name, village, stand }
        };
        Some(Round {
            event,
            template: body.template.clone(),
            families: families.iter().zip(stands(&driver, event, &body)).map(row).collect(),
            counted: self.counted(families),
            shared: checklist.as_deref().map(|checklist| shared(checklist, &body)).unwrap_or_default(),
            checklist,
        })
    }

    /// Takes other families into the event, and some out. A visit that was begun stays where it is.
    pub(crate) async fn change_round(self, event: Uuid, families: Vec<Uuid>) -> Result<(), SaveError> {
        let families = limited(families)?;
        self.change(event, |body| {
            if let Some(event) = &mut body.event {
                event.absent.retain(|one| families.contains(one));
                event.families = families;
            }
        })
        .await
    }

    /// Begins the visit to a family of the event, or goes on with it; what all have in common and it has no answer to, it takes over.
    pub(crate) async fn visit_in_round(self, event: Uuid, family: Uuid) -> Result<Uuid, SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let mut round = driver.store.draft(event).ok_or(SaveError::Unknown)?;
        templates::load(&driver).await;
        let checklist =
            templates::checklist(&round.template, round.template_version).ok_or(SaveError::Unknown)?;
        let visit = visit_of(event, family);
        if driver.store.index().get(visit).is_some() {
            return Ok(visit);
        }
        let body = match driver.store.draft(visit) {
            Some(body) => body,
            None => fresh(&driver, event, family, &round, &checklist).await?,
        };
        let body = DraftBody { saved_at: clock::now_ms(), ..taken_over(body, &round, &checklist) };
        self.put(&driver, visit, body).await?;
        let before = round.event.as_ref().map_or(0, |event| event.absent.len());
        if let Some(event) = &mut round.event {
            event.absent.retain(|one| *one != family);
        }
        if round.event.as_ref().is_some_and(|event| event.absent.len() < before) {
            self.put(&driver, event, round).await?;
        }
        Ok(visit)
    }

    /// Nobody was there. What was answered for the family alone is kept, unfinished; else it stays due.
    pub(crate) async fn not_there(self, event: Uuid, family: Uuid) -> Result<Left, SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let mut round = driver.store.draft(event).ok_or(SaveError::Unknown)?;
        let checklist =
            templates::checklist(&round.template, round.template_version).ok_or(SaveError::Unknown)?;
        let visit = visit_of(event, family);
        if let Some(body) = driver.store.draft(visit) {
            if !is_untouched_in_round(&driver, event, &round, &body, &checklist).await {
                return Ok(Left::Begun);
            }
            removed(&driver, visit).await?;
        }
        if let Some(event) = round.event.as_mut().filter(|event| !event.absent.contains(&family)) {
            event.absent.push(family);
        }
        self.put(&driver, event, round).await?;
        hub.bump(&[Topic::Recipients, Topic::Visits]);
        Ok(Left::Due)
    }

    /// Who comes after a family of the event; nobody where none is left.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn next_in_round(self, event: Uuid, after: Option<Uuid>) -> Option<Uuid> {
        let driver = self.open_driver()?;
        let body = driver.store.draft(event)?;
        let families = &body.event.as_ref()?.families;
        let at = after.and_then(|after| families.iter().position(|one| *one == after));
        next_after(&stands(&driver, event, &body), at).map(|place| families[place])
    }

    /// Ends the event. Visits that were begun and not finished stay by themselves, and with them what they took over.
    pub(crate) async fn end_round(self, event: Uuid) -> Result<(), SaveError> {
        self.discard_draft(event).await
    }
}
