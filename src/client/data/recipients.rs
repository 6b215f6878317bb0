//! Lists of recipients.

use super::{AreaRow, Data, RecipientQuery, RecipientRow, people::Surroundings};
use crate::{driver::Driver, platform::clock};
use std::{collections::BTreeMap, sync::Arc};
use sync::{id::AreaId, rev::Rev};
use uuid::Uuid;

impl Data {
    /// Recipients on this device that fit the query.
    #[expect(clippy::unused_async, reason = "the signature allows an index that is not in memory")]
    pub(crate) async fn recipients(self, query: &RecipientQuery) -> Vec<Arc<RecipientRow>> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        self.with_people(&driver, |people| people.find(query, clock::today_day()))
    }

    /// The areas of the scope, by code.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn areas(self) -> Vec<AreaRow> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let mut counts: BTreeMap<AreaId, usize> = BTreeMap::new();
        self.with_people(&driver, |people| {
            for person in people.all() {
                *counts.entry(person.row.area).or_default() += 1;
            }
        });
        let mut areas = driver.with_replica(|replica| {
            let Some(meta) = replica.meta() else { return Vec::new() };
            let row = |node: &sync::wire::AreaNode| AreaRow {
                id: node.id,
                code: node.code.clone(),
                name: node.name.clone(),
                parent: node.parent,
                recipients: counts.get(&node.id).copied().unwrap_or(0),
                complete: meta.areas.get(&node.id).is_some_and(|area| area.live.cur > Rev::ZERO && area.stage.is_none()),
            };
            meta.nodes.iter().map(row).collect::<Vec<_>>()
        });
        areas.sort_by(|a, b| a.code.cmp(&b.code));
        areas
    }

    /// Looks at the people of the device, made anew where something changed.
    pub(super) fn with_people<T>(self, driver: &Driver, look: impl FnOnce(&super::people::People) -> T) -> T {
        let hub = self.hub();
        let villages = villages(driver);
        let drafts: BTreeMap<Uuid, Uuid> =
            driver.store.all_drafts().into_iter().map(|(visit, body)| (body.recipient, visit)).collect();
        let index = driver.store.index();
        let mut people = hub.people.borrow_mut();
        people.refresh(&Surroundings { index: &index, villages: &villages, drafts: &drafts });
        look(&people)
    }

    /// A recipient's row.
    pub(super) fn row(self, driver: &Driver, id: Uuid) -> Option<Arc<RecipientRow>> {
        self.with_people(driver, |people| people.get(id).map(|person| person.row.clone()))
    }

    /// Name and village of a recipient; empty if he is not here.
    pub(super) fn name_of(self, driver: &Driver, id: Uuid) -> (String, String) {
        self.row(driver, id).map(|row| (row.name.clone(), row.village.clone())).unwrap_or_default()
    }
}

/// Names of the areas.
pub(super) fn villages(driver: &Driver) -> BTreeMap<AreaId, String> {
    driver.with_replica(|replica| {
        let nodes = replica.meta().map(|meta| meta.nodes.as_slice()).unwrap_or_default();
        nodes.iter().map(|node| (node.id, node.name.clone())).collect()
    })
}
