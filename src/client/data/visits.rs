//! Visits: lists and one in full.

use super::{
    BlobRow, Data, RecipientFile, ReviewRow, VisitFile, VisitRow, VisitState,
    blobs::{blobs_of, hash_in},
    columns::{completed_day, outcome},
    file::{text, view_of},
    recipients::Look,
    templates,
};
use crate::{
    driver::Driver,
    vault_store::entry::{Columns, Entry, VisitColumns, list},
};
use domain::{
    day::Timestamp,
    order::{Gather, Order},
    visit::{self, Heed},
};
use serde_json::Value;
use std::{collections::BTreeMap, rc::Rc};
use sync::{replica::BlobPhase, wire::Fields};
use uuid::Uuid;

impl VisitFile {
    /// What its answers ask for a second look at.
    pub(crate) fn heeds(&self) -> Vec<Heed> {
        heeds(&self.fields)
    }
}

impl Data {
    /// Finished visits of the device's areas, newest first.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn visits(self) -> Vec<VisitRow> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        self.look(&driver, |look| newest_first(look, look.index.all().map(|(_, entry)| entry), |_| true))
    }

    /// The visits of one recipient, newest first.
    pub(super) fn visits_of(self, driver: &Driver, recipient: Uuid) -> Vec<VisitRow> {
        self.look(driver, |look| newest_first(look, look.index.children(recipient), |_| true))
    }

    /// A visit, and the file of its family.
    pub(crate) async fn visit_and_file(self, id: Uuid) -> Option<(VisitFile, RecipientFile)> {
        let visit = self.visit(id).await?;
        let file = self.recipient(visit.row.recipient).await?;
        Some((visit, file))
    }

    /// The same, with what was answered at the visit before it by the same checklist.
    pub(crate) async fn visit_to_review(self, id: Uuid) -> Option<(VisitFile, RecipientFile, Fields)> {
        let (visit, file) = self.visit_and_file(id).await?;
        let driver = self.open_driver()?;
        let VisitRow { recipient, template, .. } = &visit.row;
        let last = templates::last_answers(&driver, *recipient, template, Some(id)).await;
        let last = last.map(|answers| answers.into_iter().gather()).unwrap_or_default();
        Some((visit, file, last))
    }

    pub(crate) async fn visit(self, id: Uuid) -> Option<VisitFile> {
        let driver = self.open_driver()?;
        let row = self.look(&driver, |look| look.index.get(id).and_then(|entry| visit_row(look, entry)))?;
        templates::load(&driver).await;
        let view = view_of(&driver, id).await?;
        let answers = match view.f.get("answers") {
            Some(Value::Object(answers)) => answers.clone().into_iter().gather(),
            _ => Fields::new(),
        };
        let needs = self.needs_of(&driver, row.recipient).into_iter();
        let proposals = self.proposals_of(&driver, row.recipient).await.into_iter();
        let completed_at = row.completed_at;
        Some(VisitFile {
            template_version: view
                .f
                .get("template_version")
                .and_then(Value::as_u64)
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(1),
            blobs: blob_rows(&driver, &view.f),
            reviews: reviews(&view.f),
            needs: needs.filter(|need| need.found_by == Some(id) || need.evidence.contains(&id)).collect(),
            // A proposal names no visit: those made in the same save bear its time.
            proposals: proposals
                .filter(|one| {
                    one.visit == Some(id)
                        || one.visit.is_none() && completed_at.is_some_and(|at| (one.at - at).abs() < 2_000)
                })
                .collect(),
            answers,
            fields: view.f,
            row,
        })
    }
}

/// What the answers of a completed visit ask for a second look at, by the fields of its record.
pub(super) fn heeds(visit: &Fields) -> Vec<Heed> {
    let found = || {
        let on = Timestamp::from_ms(visit.get("completed_at")?.as_i64()?).day();
        let answers = domain::json::from_value(visit.get("answers")?.clone()).ok()?;
        Some(visit::heeds(&answers, on).collect())
    };
    found().unwrap_or_default()
}

/// Rows of the visits among entries that took place, as far as wanted.
pub(super) fn newest_first<'a>(
    look: Look<'_>,
    entries: impl Iterator<Item = &'a Rc<Entry>>,
    wanted: impl Fn(&VisitColumns) -> bool,
) -> Vec<VisitRow> {
    let is_wanted =
        |entry: &&Rc<Entry>| matches!(&entry.columns, Some(Columns::Visit(columns)) if wanted(columns));
    let visits = entries.filter(is_wanted);
    let mut rows: Vec<VisitRow> = visits.filter_map(|entry| visit_row(look, entry)).collect();
    rows.order_by_key(|row| std::cmp::Reverse(row.ended_at));
    rows
}

fn visit_row(look: Look<'_>, entry: &Entry) -> Option<VisitRow> {
    let Some(Columns::Visit(columns)) = entry.columns.as_ref().filter(|_| !entry.hidden) else { return None };
    // One that is only planned is not among those that took place.
    if columns.completed_at.is_none() && !columns.cancelled {
        return None;
    }
    let recipient = entry.parent?;
    let (name, village) = look.people.name_of(recipient);
    let here = look.store.phases(&columns.blobs);
    let needs = look.index.children(recipient).filter(|child| is_found_by(child, entry.id)).count();
    let ended_at = columns.completed_at.or(columns.ended_at);
    let has_draft = look.people.get(recipient).is_some_and(|person| person.row.draft == Some(entry.id));
    Some(VisitRow {
        id: entry.id,
        recipient,
        name,
        village,
        kind: columns.kind.clone(),
        template: columns.template.clone(),
        state: if has_draft { VisitState::InProgress } else { outcome(columns, entry.waiting) },
        day: ended_at.map(|at| completed_day(at).to_string()).unwrap_or_default(),
        completed_at: columns.completed_at,
        ended_at,
        why: columns.why.clone(),
        visitors: columns.visitors.clone(),
        photos: u32::try_from(columns.blobs.len()).unwrap_or(0),
        photos_at_office: (!here.is_empty()).then(|| {
            let sent = here.iter().filter(|phase| phase.is_at_office()).count();
            u32::try_from(sent + (columns.blobs.len() - here.len())).unwrap_or(0)
        }),
        needs: u32::try_from(needs).unwrap_or(0),
    })
}

fn is_found_by(entry: &Entry, visit: Uuid) -> bool {
    match &entry.columns {
        Some(Columns::Need(need)) => {
            !entry.hidden && (need.found_by == Some(visit) || need.evidence.contains(&visit))
        }
        _ => false,
    }
}

fn blob_rows(driver: &Driver, fields: &Fields) -> Vec<BlobRow> {
    let row = |blob: &Value| {
        let hash = hash_in(blob)?;
        let head = driver.store.known_blob(hash);
        Some(BlobRow {
            hash,
            kind: blob["kind"].as_str().unwrap_or_default().to_owned(),
            bytes: blob["bytes"].as_u64().unwrap_or(0),
            state: head.as_ref().map(|head| word(&head.phase).to_owned()),
            here: head.is_some(),
        })
    };
    blobs_of(fields).iter().filter_map(row).collect()
}

/// The wire's word for how far a blob is.
pub(super) fn word(phase: &BlobPhase) -> &'static str {
    match phase {
        BlobPhase::Waiting => "partial",
        BlobPhase::Sent => "complete",
        BlobPhase::Verified | BlobPhase::Durable => "verified",
        BlobPhase::Rejected(_) => "rejected",
    }
}

fn reviews(fields: &Fields) -> Vec<ReviewRow> {
    let review = |entry: &Value| {
        let said: BTreeMap<String, Value> = domain::json::from_value(entry["v"].clone()).unwrap_or_default();
        ReviewRow {
            accepted: text(&said, "verdict") == "accepted",
            question: said.get("question").and_then(Value::as_str).map(str::to_owned),
            word: text(&said, "word"),
            author: entry["author"].as_str().unwrap_or_default().to_owned(),
            at: entry["t"].as_i64().unwrap_or_default(),
        }
    };
    list(fields, "reviews").iter().map(review).collect()
}
