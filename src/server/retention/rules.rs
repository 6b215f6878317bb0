//! The rules: records in, what is due out, and what would be but for something that is open.

mod family;
mod sponsors;
mod whose;

use domain::{
    day::Day,
    kinds::{Whose, kinds},
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::BlobHash,
    record::Record,
    rev::Rev,
    wire::{DeleteBase, Op},
};
use uuid::Uuid;

use super::Keeping;
use crate::day_text::day_of_ms;
use family::Family;
pub(crate) use family::is_open_request;
pub(crate) use sponsors::SPONSOR;
use whose::Owners;

/// What stands in the history of everything that goes by this.
const REASON: &str = "保存期满";

/// What goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum What {
    /// The whole file of somebody who died, moved away or left the register.
    File,
    Visit,
    Need,
    /// Something that was to be done, and was.
    Task,
    /// A closed case.
    Case,
    /// The photos of a visit that stays.
    Photos,
    /// Something that hangs below files, or names people, of whom nothing is left.
    Orphan,
    /// Somebody who helped, with whom nobody has dealt since.
    Sponsor,
}

/// Why something stays whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// The person, or his kin, waits for an answer about what is kept of him: until then all of it stays (PIPL §44–§47).
    OpenRequest,
    OpenNeed,
    OpenTask,
    OpenCase,
    /// A visit that nobody accepted.
    Unreviewed,
    /// A promise that was not kept yet.
    OpenPledge,
    /// A conflict, a proposal or a kept save about it waits for the office.
    Undecided,
}

impl Why {
    pub(crate) const ALL: [Why; 7] = [
        Why::Unreviewed,
        Why::OpenNeed,
        Why::OpenTask,
        Why::OpenCase,
        Why::OpenPledge,
        Why::OpenRequest,
        Why::Undecided,
    ];
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Due {
    pub(crate) what: What,
    /// Whose file it is about; of a sponsor he himself.
    pub(crate) recipient: Uuid,
    pub(crate) area: Uuid,
    pub(crate) name: String,
    /// The day from which its time is counted.
    pub(crate) since: String,
    /// Records that go, with their versions: what changed since the report is not what was seen.
    pub(crate) records: Vec<(Uuid, Rev)>,
    /// Photos that leave a record that stays.
    pub(crate) detached: Vec<(Uuid, BlobHash)>,
}

/// What the rules find.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) due: Vec<Due>,
    /// What would be due, and why it is not.
    pub(crate) held: Vec<(Due, Why)>,
}

impl Judgement {
    fn settle(&mut self, line: Due, why: Option<Why>) {
        match why {
            None => self.due.push(line),
            Some(why) => self.held.push((line, why)),
        }
    }
}

/// What the rules are asked about.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Live records of the kinds that are somebody's, and of those who help.
    pub(crate) records: Vec<Record>,
    /// Records about which something waits for a person.
    pub(crate) undecided: BTreeSet<Uuid>,
    /// Of what these records name and is not among them: what it became part of, or hung below.
    pub(crate) roots: BTreeMap<Uuid, Root>,
}

/// Where the way up from a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Root {
    pub(crate) file: Uuid,
    /// Nothing is left of it.
    pub(crate) is_gone: bool,
}

impl Due {
    /// Whether it is what was seen: the same records in the same versions, at the same place.
    pub(crate) fn is_same(&self, seen: &Due) -> bool {
        let parts = |line: &Due| {
            let records: BTreeSet<(Uuid, Rev)> = line.records.iter().copied().collect();
            (line.what, line.recipient, line.area, records)
        };
        parts(self) == parts(seen) && self.detached == seen.detached
    }

    /// What is written to carry it out.
    pub(crate) fn ops(&self) -> Vec<Op> {
        let delete = |(e, rev): &(Uuid, Rev)| Op::Delete {
            e: *e,
            base: DeleteBase { rev: *rev, ops: Vec::new() },
            reason: REASON.to_owned(),
        };
        let detach = |(e, blob): &(Uuid, BlobHash)| Op::Detach { e: *e, blob: *blob };
        self.records.iter().map(delete).chain(self.detached.iter().map(detach)).collect()
    }
}

/// The kinds whose records are somebody's, and not the server's own about others, and those who help: of each something may be due.
pub(crate) fn judged_kinds() -> impl Iterator<Item = &'static str> {
    let is_judged = |whose| matches!(whose, Whose::File | Whose::Below | Whose::Named(_));
    kinds().iter().filter(move |kind| is_judged(kind.whose) || kind.name == SPONSOR).map(|kind| kind.name)
}

/// Those that hang below no file and name people.
pub(crate) fn naming_kinds() -> impl Iterator<Item = &'static str> {
    kinds().iter().filter(|kind| matches!(kind.whose, Whose::Named(_))).map(|kind| kind.name)
}

/// What these records name as somebody's: their file, or what their fields name.
pub(crate) fn named_by(record: &Record) -> BTreeSet<Uuid> {
    whose::named_by(record)
}

/// What is due on a day, in the order of the files.
pub(crate) fn due(facts: &Facts, keeping: Keeping, today: &str) -> Judgement {
    let owners = Owners::of(facts);
    let mut found = Judgement::default();
    for file in facts.records.iter().filter(|record| record.kind == "recipient") {
        Family { file, members: owners.members(file.id), facts, keeping, today }.judge(&mut found);
    }
    for (record, root) in owners.orphans() {
        let why = family::is_open(record).or(facts.undecided.contains(&record.id).then_some(Why::Undecided));
        let line = Due {
            what: What::Orphan,
            recipient: root.file,
            area: record.area.0,
            // Nobody is left who has one.
            name: "—".to_owned(),
            since: last_change(record),
            records: vec![(record.id, record.rev)],
            detached: Vec::new(),
        };
        found.settle(line, why);
    }
    sponsors::judge(facts, keeping, today, &mut found);
    found
}

/// The day so many months earlier; no day is before the text of one that cannot be told.
fn before(today: &str, months: u32) -> String {
    let months = i32::try_from(months).unwrap_or(i32::MAX);
    let day = today.parse::<Day>().ok().and_then(|today| today.plus_months(-months));
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The day of the last write to any field.
fn last_change(record: &Record) -> String {
    let written = record.fields.values().map(|field| field.origin.t_eff);
    day_of_ms(written.chain([record.placed.t_eff]).max().unwrap_or_default())
}

#[cfg(test)]
mod tests;
