//! What is due of one family.

use domain::need::NeedState;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::BlobHash,
    record::{Record, Stored},
};
use uuid::Uuid;

use super::{
    Due, Facts, Judgement, Keeping, What, Why, before, last_change,
    whose::{Member, ids_of},
};
use crate::day_text::day_of_ms;

/// Why a file is closed: words of the field `status`.
const CLOSED: [&str; 3] = ["died", "moved", "closed"];

/// A file and what is of it.
pub(super) struct Family<'r> {
    pub(super) file: &'r Record,
    pub(super) members: Vec<Member<'r>>,
    pub(super) facts: &'r Facts,
    pub(super) keeping: Keeping,
    pub(super) today: &'r str,
}

impl Family<'_> {
    pub(super) fn judge(&self, found: &mut Judgement) {
        if let Some(since) = self.closed_since().filter(|day| self.is_over(day, self.keeping.keep_files)) {
            // What names others too stays with them.
            let going = self.members.iter().filter(|member| member.is_alone).map(|member| member.record);
            let going: Vec<&Record> = going.chain([self.file]).collect();
            let why = self.holds_the_file(&going);
            found.settle(self.line(What::File, since, &going), why);
            if why.is_none() {
                return;
            }
        }
        let shown = self.shown_by_open();
        for visit in self.of("visit") {
            self.visit(visit, &shown, found);
        }
        self.closed_work(&shown, found);
    }

    /// Why the file as a whole stays.
    fn holds_the_file(&self, going: &[&Record]) -> Option<Why> {
        let open = self.members.iter().filter_map(|member| is_open(member.record));
        let unreviewed = self.of("visit").any(|visit| !is_reviewed(visit)).then_some(Why::Unreviewed);
        open.min().or(unreviewed).or_else(|| self.undecided(going))
    }

    /// What is still open names what it began with, or was shown by: that stays with it.
    fn shown_by_open(&self) -> BTreeMap<Uuid, Why> {
        let mut shown = BTreeMap::new();
        for record in self.members.iter().map(|member| member.record) {
            let Some(why) = is_open(record) else { continue };
            let mut ids = BTreeSet::new();
            for field in record.fields.values() {
                if let Stored::Plain(value) = &field.value {
                    ids_of(value, &mut ids);
                }
            }
            for id in ids {
                shown.entry(id).or_insert(why);
            }
        }
        shown
    }

    fn visit(&self, visit: &Record, shown: &BTreeMap<Uuid, Why>, found: &mut Judgement) {
        let Some(done_at) = visit.plain("completed_at").and_then(Value::as_i64) else { return };
        let since = day_of_ms(done_at);
        let is_due = self.is_over(&since, self.keeping.keep_visits);
        let photos = photos(visit);
        if !is_due && (photos.is_empty() || !self.is_over(&since, self.keeping.keep_photos)) {
            return;
        }
        let unreviewed = (!is_reviewed(visit)).then_some(Why::Unreviewed);
        let why = self.request().or(unreviewed).or_else(|| self.holds(&[visit], shown));
        let line = if is_due {
            self.line(What::Visit, since, &[visit])
        } else {
            let detached = photos.into_iter().map(|blob| (visit.id, blob)).collect();
            Due { detached, ..self.line(What::Photos, since, &[]) }
        };
        found.settle(line, why);
    }

    /// Needs with their help, tasks and cases, each on its own.
    fn closed_work(&self, shown: &BTreeMap<Uuid, Why>, found: &mut Judgement) {
        for Member { record, is_alone } in &self.members {
            let what = match record.kind.as_str() {
                "need" => What::Need,
                "task" => What::Task,
                "case" => What::Case,
                _ => continue,
            };
            let since = last_change(record);
            if is_open(record).is_some() || !is_alone || !self.is_over(&since, self.keeping.keep_needs) {
                continue;
            }
            let own = record.id.to_string();
            let help = self.of("measure").filter(|measure| measure.text("need") == Some(own.as_str()));
            let records: Vec<&Record> = help.chain([*record]).collect();
            let why = self.request().or_else(|| self.holds(&records, shown));
            found.settle(self.line(what, since, &records), why);
        }
    }

    /// An open request holds whatever is kept of the person.
    fn request(&self) -> Option<Why> {
        self.of("rights_request").find_map(is_open)
    }

    fn holds(&self, records: &[&Record], shown: &BTreeMap<Uuid, Why>) -> Option<Why> {
        let shown = records.iter().filter_map(|record| shown.get(&record.id)).min();
        shown.copied().or_else(|| self.undecided(records))
    }

    fn undecided(&self, records: &[&Record]) -> Option<Why> {
        let waits = |record: &&Record| self.facts.undecided.contains(&record.id);
        records.iter().any(waits).then_some(Why::Undecided)
    }

    fn of(&self, kind: &'static str) -> impl Iterator<Item = &Record> {
        self.members.iter().map(|member| member.record).filter(move |record| record.kind == kind)
    }

    fn line(&self, what: What, since: String, records: &[&Record]) -> Due {
        let name = self.file.text("name").unwrap_or_default().to_owned();
        let (recipient, area) = (self.file.id, self.file.area.0);
        let records = records.iter().map(|record| (record.id, record.rev)).collect();
        Due { what, recipient, area, name, since, records, detached: Vec::new() }
    }

    /// Since when the file is closed: since that was written down, or anything of it happened later.
    fn closed_since(&self) -> Option<String> {
        let status = self.file.text("status").filter(|status| CLOSED.contains(status)).is_some();
        let written = self.file.fields.get("status").filter(|_| status)?.origin.t_eff;
        let later =
            self.members.iter().filter(|member| member.is_alone).map(|member| last_change(member.record));
        later.chain([day_of_ms(written)]).max()
    }

    fn is_over(&self, since: &str, months: u32) -> bool {
        since <= before(self.today, months).as_str()
    }
}

/// What is not done yet, and what that is called. A state of a later version may be open.
pub(super) fn is_open(record: &Record) -> Option<Why> {
    let state = record.text("state").unwrap_or_default();
    let (is_open, why) = match record.kind.as_str() {
        "need" => (NeedState::is_open_word(state), Why::OpenNeed),
        "task" => (state != "done", Why::OpenTask),
        "case" => (state != "closed", Why::OpenCase),
        "rights_request" => (is_open_request(record), Why::OpenRequest),
        _ => return None,
    };
    is_open.then_some(why)
}

/// Whether the person still waits for an answer.
pub(crate) fn is_open_request(request: &Record) -> bool {
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
