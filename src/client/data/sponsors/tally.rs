//! What sponsors promised and gave, summed in one pass.

use super::{Ledger, Tally};
use domain::sponsor::{Donation, Pledge};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What came of the promises of each sponsor, and of all.
#[derive(Default)]
pub(super) struct Tallies {
    pub(super) all: Sums,
    of: BTreeMap<Uuid, Sums>,
}

#[derive(Default)]
pub(super) struct Sums {
    pub(super) tally: Tally,
    adopted: BTreeSet<Uuid>,
}

impl Tallies {
    fn count(&mut self, sponsor: Option<Uuid>, add: impl Fn(&mut Sums)) {
        add(&mut self.all);
        if let Some(sponsor) = sponsor {
            add(self.of.entry(sponsor).or_default());
        }
    }

    pub(super) fn of(&self, sponsor: Uuid) -> Tally {
        self.of.get(&sponsor).map(|sums| sums.tally).unwrap_or_default()
    }
}

impl Ledger {
    /// Sums over the pledges, donations and measures of each sponsor, and over all.
    pub(super) fn tallies(&self) -> Tallies {
        let mut tallies = Tallies::default();
        for pledge in self.pledges.values().map(|view| Pledge(&view.f)) {
            tallies.count(pledge.sponsor(), |sums| {
                sums.tally.pledged.add(pledge.money(), pledge.goods());
                sums.adopted.extend(pledge.need());
            });
        }
        for view in self.donations.values() {
            let donation = Donation(&view.f);
            tallies.count(self.giver(view), |sums| {
                sums.tally.delivered.add(donation.money(), donation.goods());
            });
        }
        for (_, need, sponsor) in &self.measures {
            tallies.count(Some(*sponsor), |sums| sums.adopted.extend(*need));
        }
        for sums in tallies.of.values_mut().chain([&mut tallies.all]) {
            sums.tally.adopted = sums.adopted.difference(&self.gone).count();
        }
        tallies
    }
}
