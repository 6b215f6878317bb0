//! Lists of recipients, and what every list takes from them.

use super::{
    AreaRow, Counted, Data, RecipientQuery, RecipientRow,
    areas::Areas,
    people::{People, Surroundings},
};
use crate::{
    driver::Driver,
    platform::clock,
    vault_store::{VaultStore, index::Index},
};
use domain::visit::Due;
use std::sync::Arc;
use uuid::Uuid;

/// The device at one moment, for rows that name people.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) store: &'a VaultStore,
    pub(super) index: &'a Index,
    pub(super) areas: &'a Areas,
    pub(super) people: &'a People,
}

impl Data {
    /// Recipients on this device that fit the query.
    #[expect(clippy::unused_async, reason = "the signature allows an index that is not in memory")]
    pub(crate) async fn recipients(self, query: &RecipientQuery) -> Vec<Arc<RecipientRow>> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        self.look(&driver, |look| look.people.find(look.areas, query, clock::today_day()))
    }

    /// The areas of the scope, by code.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn areas(self) -> Vec<AreaRow> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        self.look(&driver, |look| look.areas.rows(&look.people.counts()))
    }

    /// Households and people among these.
    pub(crate) fn counted(self, ids: &[Uuid]) -> Counted {
        let Some(driver) = self.open_driver() else { return Counted::default() };
        self.look(&driver, |look| {
            let people = ids.iter().filter_map(|id| look.people.get(*id));
            Counted::of(people.map(|person| &*person.row))
        })
    }

    /// What visits a person is due for now, the most pressing first.
    pub(crate) fn dues_of(self, id: Uuid) -> Vec<Due> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let mut dues = self
            .look(&driver, |look| look.people.get(id).map(|person| person.dues.clone()))
            .unwrap_or_default();
        dues.retain(Due::has_begun);
        dues
    }

    /// The name of a person; empty if he is not here.
    pub(crate) fn person_name(self, id: Uuid) -> String {
        self.open_driver().map(|driver| self.name_of(&driver, id).0).unwrap_or_default()
    }

    /// Looks at the device, its people made anew where something changed.
    pub(super) fn look<T>(self, driver: &Driver, with: impl FnOnce(Look<'_>) -> T) -> T {
        let hub = self.hub();
        let areas = driver.with_replica(|replica| replica.meta().map(Areas::of).unwrap_or_default());
        let index = driver.store.index();
        let mut people = hub.people.borrow_mut();
        people.refresh(&Surroundings {
            index: &index,
            areas: &areas,
            rules: self.session.policy().plan,
            today: clock::today_day(),
            drafts: driver.store.drafts_by_recipient(),
        });
        with(Look { store: &driver.store, index: &index, areas: &areas, people: &people })
    }

    /// A recipient's row.
    pub(super) fn row(self, driver: &Driver, id: Uuid) -> Option<Arc<RecipientRow>> {
        self.look(driver, |look| look.people.get(id).map(|person| person.row.clone()))
    }

    /// Name and village of a recipient; empty if he is not here.
    pub(super) fn name_of(self, driver: &Driver, id: Uuid) -> (String, String) {
        self.look(driver, |look| look.people.name_of(id))
    }
}
