//! The rules: records in, what is due out.

use domain::{day::Day, need::NeedState};
use serde::Serialize;
use serde_json::Value;
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

/// Every kind of which something may be due, or holds something back: all that hang below a file, and the file.
pub(crate) const KINDS: &[&str] =
    &["recipient", "entitlement", "visit", "need", "task", "measure", "rights_request"];
/// Why a file is closed: words of the field `status`.
const CLOSED: [&str; 3] = ["died", "moved", "closed"];
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
    /// The photos of a visit that stays.
    Photos,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Due {
    pub(crate) what: What,
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

/// How many would be due but for what still hangs on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct HeldBack {
    pub(crate) unreviewed: u64,
    pub(crate) open_need: u64,
    pub(crate) open_request: u64,
    /// A conflict, a proposal or a kept save about it waits for the office.
    pub(crate) undecided: u64,
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

/// What is due on a day among all live records of some areas, in the order of the records. `undecided` are records about which something waits for a
/// person.
pub(crate) fn due(
    records: &[Record],
    keeping: Keeping,
    today: &str,
    undecided: &BTreeSet<Uuid>,
) -> (Vec<Due>, HeldBack) {
    let mut below: BTreeMap<Uuid, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if let Some(parent) = record.parent {
            below.entry(parent).or_default().push(record);
        }
    }
    let (mut found, mut held) = (Vec::new(), HeldBack::default());
    for file in records.iter().filter(|record| record.kind == "recipient") {
        let children = below.get(&file.id).map(Vec::as_slice).unwrap_or_default();
        Family { file, children, keeping, today, undecided }.due(&mut found, &mut held);
    }
    (found, held)
}

/// A file and what hangs below it.
struct Family<'r> {
    file: &'r Record,
    children: &'r [&'r Record],
    keeping: Keeping,
    today: &'r str,
    undecided: &'r BTreeSet<Uuid>,
}

impl Family<'_> {
    fn due(&self, found: &mut Vec<Due>, held: &mut HeldBack) {
        if let Some(since) = self.closed_since().filter(|day| self.is_over(day, self.keeping.keep_files)) {
            if self.of("rights_request").any(is_open_request) {
                held.open_request += 1;
            } else if self.of("need").any(is_open_need) {
                held.open_need += 1;
            } else if self.of("visit").any(|visit| !is_reviewed(visit)) {
                held.unreviewed += 1;
            } else if self.children.iter().copied().chain([self.file]).any(|record| self.waits(record)) {
                held.undecided += 1;
            } else {
                let records = self.children.iter().map(|child| (child.id, child.rev));
                let records = records.chain([(self.file.id, self.file.rev)]).collect();
                found.push(self.line(What::File, since, records));
                return;
            }
        }
        let shown_by_open: BTreeSet<String> = self
            .of("need")
            .filter(|need| is_open_need(need))
            .filter_map(|need| need.plain("evidence")?.as_array())
            .flatten()
            .filter_map(|visit| visit.as_str().map(str::to_owned))
            .collect();
        for visit in self.of("visit") {
            self.visit(visit, &shown_by_open, found, held);
        }
        for need in self.of("need").filter(|need| !is_open_need(need)) {
            let since = last_change(need);
            if self.is_over(&since, self.keeping.keep_needs) {
                let own = need.id.to_string();
                let help = self.of("measure").filter(|measure| measure.text("need") == Some(own.as_str()));
                let records: Vec<&Record> = help.chain([need]).collect();
                if records.iter().any(|record| self.waits(record)) {
                    held.undecided += 1;
                    continue;
                }
                let records = records.iter().map(|record| (record.id, record.rev)).collect();
                found.push(self.line(What::Need, since, records));
            }
        }
    }

    fn visit(
        &self,
        visit: &Record,
        shown_by_open: &BTreeSet<String>,
        found: &mut Vec<Due>,
        held: &mut HeldBack,
    ) {
        let Some(done_at) = visit.plain("completed_at").and_then(Value::as_i64) else { return };
        let since = day_of_ms(done_at);
        let is_due = self.is_over(&since, self.keeping.keep_visits);
        let photos = photos(visit);
        if !is_due && (photos.is_empty() || !self.is_over(&since, self.keeping.keep_photos)) {
            return;
        }
        if !is_reviewed(visit) {
            held.unreviewed += 1;
        } else if shown_by_open.contains(&visit.id.to_string()) {
            held.open_need += 1;
        } else if self.waits(visit) {
            held.undecided += 1;
        } else if is_due {
            found.push(self.line(What::Visit, since, vec![(visit.id, visit.rev)]));
        } else {
            let detached = photos.into_iter().map(|blob| (visit.id, blob)).collect();
            found.push(Due { detached, ..self.line(What::Photos, since, Vec::new()) });
        }
    }

    fn waits(&self, record: &Record) -> bool {
        self.undecided.contains(&record.id)
    }

    fn of(&self, kind: &'static str) -> impl Iterator<Item = &Record> {
        self.children.iter().copied().filter(move |child| child.kind == kind)
    }

    fn line(&self, what: What, since: String, records: Vec<(Uuid, Rev)>) -> Due {
        let name = self.file.text("name").unwrap_or_default().to_owned();
        let (recipient, area) = (self.file.id, self.file.area.0);
        Due { what, recipient, area, name, since, records, detached: Vec::new() }
    }

    /// Since when the file is closed: since that was written down, or anything below it happened later.
    fn closed_since(&self) -> Option<String> {
        let status = self.file.text("status").filter(|status| CLOSED.contains(status)).is_some();
        let written = self.file.fields.get("status").filter(|_| status)?.origin.t_eff;
        let below = self.children.iter().map(|child| last_change(child)).max();
        below.into_iter().chain([day_of_ms(written)]).max()
    }

    fn is_over(&self, since: &str, months: u32) -> bool {
        since <= before(self.today, months).as_str()
    }
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

fn is_open_need(need: &Record) -> bool {
    // A state of a later version may be open.
    NeedState::is_open_word(need.text("state").unwrap_or_default())
}

fn is_open_request(request: &Record) -> bool {
    !matches!(request.text("state"), Some("granted" | "refused"))
}

/// Whether the office's last word on the visit, after it was finished, is that it is accepted. One that was called off, or never made, needs none.
fn is_reviewed(visit: &Record) -> bool {
    if visit.plain("cancelled").is_some_and(|why| !why.is_null()) {
        return true;
    }
    let Some(done_at) = visit.plain("completed_at").and_then(Value::as_i64) else { return true };
    let reviews = visit.plain("reviews").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let at = |review: &&Value| review["t"].as_i64().unwrap_or_default();
    reviews
        .iter()
        .max_by_key(at)
        .is_some_and(|last| at(&last) >= done_at && last["v"]["verdict"] == "accepted")
}

fn photos(visit: &Record) -> Vec<BlobHash> {
    let attached = visit.plain("blobs").and_then(Value::as_array).into_iter().flatten();
    attached.filter_map(|item| item["blob"].as_str()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::before;

    #[test]
    fn months_are_counted_back_over_new_year() {
        assert_eq!(before("2026-11-26", 36), "2023-11-26");
        assert_eq!(before("2026-03-31", 13), "2025-02-28");
        assert_eq!(before("2026-01-05", 6), "2025-07-05");
    }
}
