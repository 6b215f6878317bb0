//! The recipients of the device as list rows, kept ready for lists and search.
//!
//! They are made area by area of the pages of `idx`, and again only where a page changed: a record and what hangs below it lie in one area.

mod due;
mod find;
mod person;
#[cfg(test)]
mod tests;

pub(super) use person::Person;

use super::{Counted, RecipientRow, areas::Areas};
use crate::{
    search::Letters,
    vault_store::index::{Index, Page},
};
use domain::order::{Gather, Order};
use domain::{
    day::Day,
    visit::{Plan, PlanRules},
};
use person::{Place, disputed, person};
use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::Arc,
};
use sync::id::AreaId;
use uuid::Uuid;

/// What rows are made of.
pub(super) struct Surroundings<'a> {
    pub(super) index: &'a Index,
    pub(super) areas: &'a Areas,
    /// The county's plan and the day: when they change, everybody is looked at anew.
    pub(super) rules: PlanRules,
    pub(super) today: Day,
    /// Unfinished visits by recipient.
    pub(super) drafts: BTreeMap<Uuid, Uuid>,
}

/// Every recipient, by area.
#[derive(Default)]
pub(super) struct People {
    areas: BTreeMap<AreaId, AreaPeople>,
    drafts: BTreeMap<Uuid, Uuid>,
    plan: Option<Plan>,
}

/// The people of one area, by the sound of their names.
struct AreaPeople {
    /// What they were made of.
    pages: Vec<Rc<Page>>,
    village: String,
    letters: Letters,
    people: Vec<Person>,
    places: HashMap<Uuid, usize>,
}

impl People {
    /// Takes over what changed since the last look.
    pub(super) fn refresh(&mut self, around: &Surroundings<'_>) {
        let plan = match self.plan.filter(|plan| plan.is_of(&around.rules, around.today)) {
            Some(plan) => plan,
            None => {
                self.areas.clear();
                *self.plan.insert(Plan::new(around.rules, around.today))
            }
        };
        let present = around.index.areas();
        self.areas.retain(|area, _| present.contains(area));
        let mut renewed = Vec::new();
        for area in present {
            let village = around.areas.name(area);
            if self.areas.get(&area).is_none_or(|known| !known.is_of(around.index, area, village)) {
                self.areas.insert(area, AreaPeople::of(around, area, village, &plan));
                renewed.push(area);
            }
        }
        self.mark_drafts(around, &renewed);
    }

    fn mark_drafts(&mut self, around: &Surroundings<'_>, renewed: &[AreaId]) {
        if renewed.is_empty() && self.drafts == around.drafts {
            return;
        }
        for id in self.drafts.keys().chain(around.drafts.keys()) {
            let area = around.index.area_of(*id).and_then(|area| self.areas.get_mut(&area));
            let Some(person) = area.and_then(|area| area.people.get_mut(*area.places.get(id)?)) else {
                continue;
            };
            let draft = around.drafts.get(id).copied();
            if person.row.draft != draft {
                person.row = Arc::new(RecipientRow { draft, ..RecipientRow::clone(&person.row) });
            }
        }
        self.drafts.clone_from(&around.drafts);
    }

    pub(super) fn get(&self, id: Uuid) -> Option<&Person> {
        self.areas.values().find_map(|area| area.people.get(*area.places.get(&id)?))
    }

    /// Everybody.
    pub(super) fn all(&self) -> impl Iterator<Item = &Person> {
        self.areas.values().flat_map(|area| &area.people)
    }

    /// Households and people by area.
    pub(super) fn counts(&self) -> BTreeMap<AreaId, Counted> {
        let counted = |here: &AreaPeople| Counted::of(here.people.iter().map(|person| &*person.row));
        self.areas.iter().map(|(area, here)| (*area, counted(here))).gather()
    }

    /// Name and village of a recipient; empty if he is not here.
    pub(super) fn name_of(&self, id: Uuid) -> (String, String) {
        self.get(id).map(|person| (person.row.name.clone(), person.row.village.clone())).unwrap_or_default()
    }
}

impl AreaPeople {
    fn of(around: &Surroundings<'_>, area: AreaId, village: &str, plan: &Plan) -> AreaPeople {
        let index = around.index;
        let pages: Vec<Rc<Page>> = index.pages_of(area).map(|(_, page)| page.clone()).collect();
        let disputed = disputed(index, &pages);
        let place = Place { area, village, plan, today: around.today, disputed: &disputed };
        let entries = pages.iter().flat_map(|page| page.values());
        let mut people: Vec<Person> = entries.filter_map(|entry| person(index, entry, place)).collect();
        people.order_by(find::by_name);
        let places = people.iter().enumerate().map(|(place, person)| (person.row.id, place)).gather();
        AreaPeople { pages, village: village.to_owned(), letters: Letters::of_place(village), people, places }
    }

    /// Whether nothing that it was made of has changed.
    fn is_of(&self, index: &Index, area: AreaId, village: &str) -> bool {
        let mut known = self.pages.iter();
        self.village == village
            && index.pages_of(area).all(|(_, page)| known.next().is_some_and(|other| Rc::ptr_eq(page, other)))
            && known.next().is_none()
    }
}
