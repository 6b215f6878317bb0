//! Sponsors: who helps, what was promised, what came of it, and for whom.

mod rows;
mod tally;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use rows::*;
pub(crate) use write::NewRecord;

use tally::Tallies;

use super::{Data, MeasureRow, file::text, help::measure_row, recipients::Look};
use crate::{
    driver::Driver,
    vault_store::{entry::Columns, index::Index},
};
use domain::{
    order::{Gather, Order},
    sponsor::{Agreement, Donation, Pledge, standing},
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::local::{LocalRecord, View};
use uuid::Uuid;

/// What sponsors, their pledges and their donations say, as it is on this device.
#[derive(Default)]
struct Ledger {
    sponsors: BTreeMap<Uuid, View>,
    pledges: BTreeMap<Uuid, View>,
    donations: BTreeMap<Uuid, View>,
    /// Measures that a sponsor pays for: the measure, the need, the sponsor.
    measures: Vec<(Uuid, Option<Uuid>, Uuid)>,
    /// Files named by a pledge that became a part of another since.
    merged: BTreeMap<Uuid, Uuid>,
    /// Needs that are no longer there.
    gone: BTreeSet<Uuid>,
}

impl Ledger {
    async fn read(driver: &Driver) -> Ledger {
        let (ids, measures) = {
            let index = driver.store.index();
            (ids(&index), sponsored(&index))
        };
        let records = driver.store.load_live(&ids).await.unwrap_or_default();
        let mut ledger = Ledger { measures, ..Ledger::default() };
        for view in records.values().map(LocalRecord::view).filter(|view| !view.hidden) {
            let of_kind = match view.kind.as_str() {
                "sponsor" => &mut ledger.sponsors,
                "pledge" => &mut ledger.pledges,
                _ => &mut ledger.donations,
            };
            of_kind.insert(view.id, view);
        }
        ledger.merged = ledger.merged_files(driver).await;
        ledger.gone = ledger.gone_needs(&driver.store.index());
        ledger
    }

    fn gone_needs(&self, index: &Index) -> BTreeSet<Uuid> {
        let pledged = self.pledges.values().filter_map(|view| Pledge(&view.f).need());
        let measured = self.measures.iter().filter_map(|(_, need, _)| *need);
        let is_gone = |need: &Uuid| index.get(*need).is_none_or(|entry| entry.hidden);
        pledged.chain(measured).filter(is_gone).gather()
    }

    async fn merged_files(&self, driver: &Driver) -> BTreeMap<Uuid, Uuid> {
        let away: BTreeSet<Uuid> = {
            let index = driver.store.index();
            let named = self.pledges.values().filter_map(|view| Pledge(&view.f).recipient());
            named.filter(|id| index.get(*id).is_some_and(|entry| entry.hidden)).gather()
        };
        let records = driver.store.load_live(&away).await.unwrap_or_default();
        records.into_iter().filter_map(|(id, record)| Some((id, record.view().into?))).gather()
    }

    fn name(&self, sponsor: Option<Uuid>) -> String {
        sponsor.and_then(|id| self.sponsors.get(&id)).map(|view| text(&view.f, "name")).unwrap_or_default()
    }

    /// Who gave: whom the donation names, else whoever made the pledge that it names.
    fn giver(&self, donation: &View) -> Option<Uuid> {
        let of_pledge = || {
            let pledge = self.pledges.get(&Donation(&donation.f).pledge()?)?;
            Pledge(&pledge.f).sponsor()
        };
        Donation(&donation.f).sponsor().or_else(of_pledge)
    }

    fn sponsor_row(&self, view: &View, tallies: &Tallies) -> SponsorRow {
        let f = &view.f;
        SponsorRow {
            id: view.id,
            area: view.area,
            name: text(f, "name"),
            kind: text(f, "kind"),
            credit_code: text(f, "credit_code"),
            contact: text(f, "contact"),
            phone: text(f, "phone"),
            agreement: f.get("agreement").and_then(Agreement::read),
            tally: tallies.of(view.id),
            unsent: view.waiting,
            fields: f.clone(),
        }
    }

    fn given_for(&self, pledge: Uuid) -> impl Iterator<Item = Donation<'_>> + Clone {
        self.donations
            .values()
            .map(|view| Donation(&view.f))
            .filter(move |donation| donation.pledge() == Some(pledge))
    }

    fn pledge_row(&self, look: Look<'_>, view: &View) -> PledgeRow {
        let pledge = Pledge(&view.f);
        let mut delivered = Amount::default();
        self.given_for(view.id).for_each(|donation| delivered.add(donation.money(), donation.goods()));
        PledgeRow {
            id: view.id,
            sponsor: pledge.sponsor(),
            sponsor_name: self.name(pledge.sponsor()),
            money: pledge.money(),
            goods: pledge.goods().unwrap_or_default().to_owned(),
            due_on: pledge.due_on(),
            target: self.target(look, pledge),
            standing: standing(pledge, self.given_for(view.id)),
            delivered,
            unsent: view.waiting,
            fields: view.f.clone(),
        }
    }

    /// Whom a pledge is for. No more of him than a sponsor may know.
    fn target(&self, look: Look<'_>, pledge: Pledge<'_>) -> Target {
        if let Some(need) = pledge.need() {
            return of_need(look, need);
        }
        let Some(named) = pledge.recipient() else { return Target::Nobody };
        let id = self.merged.get(&named).copied().unwrap_or(named);
        look.people.get(id).map_or(Target::Gone, |person| Target::Person {
            id,
            name: person.row.name.clone(),
            village: person.row.village.clone(),
        })
    }

    fn donation_row(&self, look: Look<'_>, view: &View) -> DonationRow {
        let donation = Donation(&view.f);
        let target = match (donation.measure(), donation.pledge()) {
            (Some(measure), _) => of_measure(look, measure),
            (None, Some(pledge)) => {
                self.pledges.get(&pledge).map_or(Target::Gone, |pledge| self.target(look, Pledge(&pledge.f)))
            }
            (None, None) => Target::Nobody,
        };
        DonationRow {
            id: view.id,
            given_on: donation.given_on(),
            money: donation.money(),
            goods: donation.goods().unwrap_or_default().to_owned(),
            receipt_no: donation.receipt_no().unwrap_or_default().to_owned(),
            target,
            unsent: view.waiting,
            fields: view.f.clone(),
        }
    }
}

impl Data {
    /// Every sponsor of the device's areas, with what all of them together gave.
    pub(crate) async fn sponsors(self) -> Sponsors {
        let Some(driver) = self.open_driver() else { return Sponsors::default() };
        let ledger = Ledger::read(&driver).await;
        let tallies = ledger.tallies();
        let rows = ledger.sponsors.values().map(|view| ledger.sponsor_row(view, &tallies)).collect();
        Sponsors { rows, tally: tallies.all.tally }
    }

    /// All about one sponsor.
    pub(crate) async fn sponsor(self, id: Uuid) -> Option<SponsorFile> {
        let driver = self.open_driver()?;
        let ledger = Ledger::read(&driver).await;
        let tallies = ledger.tallies();
        let row = ledger.sponsor_row(ledger.sponsors.get(&id)?, &tallies);
        let (pledges, donations) = self.look(&driver, |look| {
            let own = ledger.pledges.values().filter(|view| Pledge(&view.f).sponsor() == Some(id));
            let mut pledges: Vec<_> = own.map(|view| ledger.pledge_row(look, view)).collect();
            pledges.order_by_key(|row| (row.standing, row.due_on.is_none(), row.due_on, row.id));
            let own = ledger.donations.values().filter(|view| ledger.giver(view) == Some(id));
            let mut donations: Vec<_> = own.map(|view| ledger.donation_row(look, view)).collect();
            donations.order_by_key(|row| std::cmp::Reverse((row.given_on, row.id)));
            (pledges, donations)
        });
        let measures = self.measures_around(&driver, id, &pledges).await;
        let others = ledger.sponsors.values().filter(|view| view.id != id);
        let others = others.map(|view| ledger.sponsor_row(view, &tallies)).collect();
        Some(SponsorFile { row, pledges, donations, measures, others })
    }

    /// One promise.
    pub(crate) async fn pledge(self, id: Uuid) -> Option<PledgeRow> {
        let driver = self.open_driver()?;
        let ledger = Ledger::read(&driver).await;
        let pledge = ledger.pledges.get(&id)?;
        Some(self.look(&driver, |look| ledger.pledge_row(look, pledge)))
    }

    /// What sponsors promised against a need.
    pub(super) async fn pledges_against(self, driver: &Driver, need: Uuid) -> Vec<PledgeRow> {
        let ledger = Ledger::read(driver).await;
        self.look(driver, |look| {
            let against = ledger.pledges.values().filter(|view| Pledge(&view.f).need() == Some(need));
            against.map(|view| ledger.pledge_row(look, view)).collect()
        })
    }

    /// The measures that a sponsor pays for, and those against the needs that it adopted.
    async fn measures_around(self, driver: &Driver, id: Uuid, pledges: &[PledgeRow]) -> Vec<MeasureOf> {
        let needs: BTreeSet<Uuid> = pledges.iter().filter_map(|row| Pledge(&row.fields).need()).gather();
        let ids: BTreeSet<Uuid> = {
            let index = driver.store.index();
            let around = measures(&index).filter(|(_, need, sponsor)| {
                *sponsor == Some(id) || need.is_some_and(|need| needs.contains(&need))
            });
            around.map(|(measure, _, _)| measure).gather()
        };
        let records = driver.store.load_live(&ids).await.unwrap_or_default();
        self.look(driver, |look| {
            let row = |(measure, record): (Uuid, LocalRecord)| {
                let row: MeasureRow = measure_row(measure, record.view().f);
                let is_own = text(&row.fields, "sponsor") == id.to_string();
                MeasureOf { target: of_measure(look, measure), row, is_own }
            };
            records.into_iter().map(row).collect()
        })
    }
}

/// Ids of all that a ledger of sponsors is made of.
fn ids(index: &Index) -> BTreeSet<Uuid> {
    let kinds = ["sponsor", "pledge", "donation"];
    let found = index.all().filter(|(_, entry)| !entry.hidden && kinds.contains(&entry.kind.as_str()));
    found.map(|(_, entry)| entry.id).gather()
}

/// Each measure with its need and its sponsor.
fn measures(index: &Index) -> impl Iterator<Item = (Uuid, Option<Uuid>, Option<Uuid>)> {
    index.all().filter(|(_, entry)| !entry.hidden && entry.kind == "measure").filter_map(|(_, entry)| {
        match &entry.columns {
            Some(Columns::Open(open)) => Some((entry.id, open.of, open.sponsor)),
            _ => None,
        }
    })
}

fn sponsored(index: &Index) -> Vec<(Uuid, Option<Uuid>, Uuid)> {
    measures(index).filter_map(|(measure, need, sponsor)| Some((measure, need, sponsor?))).collect()
}

fn of_need(look: Look<'_>, id: Uuid) -> Target {
    let entry = look.index.get(id).filter(|entry| !entry.hidden);
    let Some((Columns::Need(need), Some(recipient))) =
        entry.and_then(|entry| Some((entry.columns.as_ref()?, entry.parent)))
    else {
        return Target::Gone;
    };
    let (name, village) = look.people.name_of(recipient);
    Target::Need { id, name, village, kind: need.kind.clone(), state: need.state.clone() }
}

fn of_measure(look: Look<'_>, id: Uuid) -> Target {
    match look.index.get(id).filter(|entry| !entry.hidden).and_then(|entry| entry.columns.as_ref()) {
        Some(Columns::Open(open)) => open.of.map_or(Target::Gone, |need| of_need(look, need)),
        _ => Target::Gone,
    }
}

/// The name of a sponsor; empty where this device does not have it.
pub(super) async fn sponsor_name(driver: &Driver, fields: &sync::wire::Fields) -> String {
    let Some(id) = fields.get("sponsor").and_then(Value::as_str).and_then(|id| id.parse().ok()) else {
        return String::new();
    };
    super::file::view_of(driver, id).await.map(|view| text(&view.f, "name")).unwrap_or_default()
}
