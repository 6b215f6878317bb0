//! What is due of those who help: a name, a contact and a telephone are kept for so long after the last dealing with them.

use domain::sponsor::{Agreement, Donation, Pledge, Standing, standing};
use sync::record::Record;

use super::{Due, Facts, Judgement, Keeping, What, Why, before, last_change};

/// The kind of those who help.
pub(crate) const SPONSOR: &str = "sponsor";

/// Every sponsor whose time is over. What he promised and gave stays, without his name.
pub(super) fn judge(facts: &Facts, keeping: Keeping, today: &str, found: &mut Judgement) {
    let of = |kind: &'static str| facts.records.iter().filter(move |record| record.kind == kind);
    for sponsor in of(SPONSOR) {
        let pledges: Vec<&Record> =
            of("pledge").filter(|one| Pledge(*one).sponsor() == Some(sponsor.id)).collect();
        let keeps = |one: &Record, pledge: &Record| Donation(one).pledge() == Some(pledge.id);
        let gave = |one: &&Record| {
            Donation(*one).sponsor() == Some(sponsor.id) || pledges.iter().any(|pledge| keeps(one, pledge))
        };
        let donations: Vec<&Record> = of("donation").filter(gave).collect();
        let agreement = sponsor.plain("agreement").and_then(Agreement::read);
        if agreement.as_ref().is_some_and(|agreement| agreement.to.is_none()) {
            continue;
        }
        let ends = agreement.and_then(|agreement| agreement.to).map(|day| day.to_string());
        let dealings = pledges.iter().chain(&donations).map(|record| last_change(record));
        let due = pledges.iter().filter_map(|one| Pledge(*one).due_on()).map(|day| day.to_string());
        let given = donations.iter().filter_map(|one| Donation(*one).given_on()).map(|day| day.to_string());
        let since = dealings.chain(due).chain(given).chain(ends).chain([last_change(sponsor)]).max();
        let Some(since) = since.filter(|day| *day <= before(today, keeping.keep_sponsors)) else { continue };
        let is_open = |pledge: &&Record| {
            let kept = donations.iter().filter(|one| keeps(one, pledge)).map(|one| Donation(*one));
            standing(Pledge(*pledge), kept) != Standing::Kept
        };
        let undecided = facts.undecided.contains(&sponsor.id).then_some(Why::Undecided);
        let why = pledges.iter().any(is_open).then_some(Why::OpenPledge).or(undecided);
        let line = Due {
            what: What::Sponsor,
            recipient: sponsor.id,
            area: sponsor.area.0,
            name: sponsor.text("name").unwrap_or_default().to_owned(),
            since,
            records: vec![(sponsor.id, sponsor.rev)],
            detached: Vec::new(),
        };
        found.settle(line, why);
    }
}
