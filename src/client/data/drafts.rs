//! Unfinished visits: each answer is on the disk before the page says so.

use super::{
    BlobRow, Data, Draft, DraftRecipient, DraftRow, SaveError, Topic,
    blobs::{self, SHEET, Taken},
    companions,
    file::area_of,
    rounds, templates,
    visits::word,
};
use crate::{
    driver::Driver,
    platform::{clock, entropy},
    vault_store::{BlobRef, DraftBody, entry::Columns},
};
use domain::order::{Gather, Order};
use domain::{
    checklist::{Answers, Checklist, Facts, kind_of, template_of},
    need::NeedState,
    visit::VisitKind,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, rc::Rc};
use sync::{
    id::{AreaId, BlobHash},
    limits::CHANGESET_BYTES_CLIENT_MAX,
    replica::{DraftHead, Event},
    wire::Fields,
};
use uuid::Uuid;

/// What a finished visit needs besides its answers: needs, corrections, the envelope.
const FINISH_BYTES: usize = 4 * 1024;

impl Data {
    /// Unfinished visits, the last touched first.
    #[expect(clippy::unused_async, reason = "reads are alike")]
    pub(crate) async fn drafts(self) -> Vec<DraftRow> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let drafts = driver.store.all_drafts();
        let visits = drafts.iter().filter(|(_, body)| body.event.is_none());
        let mut rows: Vec<DraftRow> =
            visits.map(|(visit, body)| self.draft_row(&driver, *visit, body)).collect();
        rows.order_by_key(|row| std::cmp::Reverse(row.saved_at));
        rows
    }

    pub(crate) async fn draft(self, visit: Uuid) -> Option<Draft> {
        let driver = self.open_driver()?;
        templates::load(&driver).await;
        let body = driver.store.draft(visit)?;
        let facts = templates::facts(&driver, body.recipient, &body.template, visit).await;
        let blob = |one: &BlobRef| {
            let head = driver.store.known_blob(one.blob);
            BlobRow {
                hash: one.blob,
                kind: one.kind.clone(),
                bytes: one.bytes,
                state: head.as_ref().map(|head| word(&head.phase).to_owned()),
                here: head.is_some(),
            }
        };
        Some(Draft {
            row: self.draft_row(&driver, visit, &body),
            template_version: body.template_version,
            current: body.current.clone(),
            blobs: body
                .blobs
                .iter()
                .map(|(code, blobs)| (code.clone(), blobs.iter().map(blob).collect()))
                .gather(),
            recipient: DraftRecipient {
                category: facts.categories.join(","),
                categories: facts.categories.clone(),
                open_measures: facts.open_measures,
                open_needs: open_needs(&driver, body.recipient).into_iter().map(|(_, kind)| kind).collect(),
            },
            checklist: templates::checklist(&body.template, body.template_version),
            sheets: body.blobs.get(SHEET).into_iter().flatten().map(|one| one.blob).collect(),
            share: rounds::share(&driver, &body),
            answers: body.answers,
            corrections: body.corrections,
            companions: body.companions,
            facts,
        })
    }

    fn draft_row(self, driver: &Driver, visit: Uuid, body: &DraftBody) -> DraftRow {
        let (name, village) = self.name_of(driver, body.recipient);
        DraftRow {
            visit,
            recipient: body.recipient,
            name,
            village,
            template: body.template.clone(),
            started_at: body.started_at,
            saved_at: body.saved_at,
            answered: body.answers.len(),
            reopened: body.reopened,
            part_of: body.part_of.filter(|event| driver.store.has_draft(*event)),
        }
    }

    /// Opens a visit; one under way for the recipient and template is continued.
    pub(crate) async fn start_visit(self, recipient: Uuid, template: &str) -> Result<Uuid, SaveError> {
        self.start(recipient, template, kind_of(template)).await
    }

    /// Opens the visit that is due. A call and the day of the martyrs ask what a follow-up asks, and are kept as what they are.
    pub(crate) async fn start_due(self, recipient: Uuid, kind: VisitKind) -> Result<Uuid, SaveError> {
        self.start(recipient, template_of(kind), kind).await
    }

    async fn start(self, recipient: Uuid, template: &str, kind: VisitKind) -> Result<Uuid, SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let drafts = driver.store.all_drafts();
        let is_it = |body: &DraftBody| {
            body.recipient == recipient && body.template == template && !body.reopened && body.event.is_none()
        };
        let under_way = drafts.iter().find(|(_, body)| is_it(body));
        if let Some((visit, _)) = under_way {
            return Ok(*visit);
        }
        let area = area_of(&driver, recipient)?;
        templates::load(&driver).await;
        let checklist =
            templates::newest(template, &templates::places(&driver, area)).ok_or(SaveError::Unknown)?;
        let visit = entropy::uuid(clock::now_ms());
        let mut body = begun(&driver, visit, recipient, area, &checklist).await;
        body.kind = kind.word().to_owned();
        body.companions = companions::of_the_day(&driver);
        self.put(&driver, visit, body).await?;
        if kind == VisitKind::Verification {
            self.verification_began(&driver, recipient).await;
        }
        Ok(visit)
    }

    /// Journals an answer; `null` takes it back. Resolved: it is on the disk.
    pub(crate) async fn answer(self, visit: Uuid, code: &str, value: Value) -> Result<(), SaveError> {
        self.change(visit, |body| {
            body.current = Some(code.to_owned());
            if value.is_null() {
                // Of an instance that was taken out of a repeat: its photos go with it.
                body.blobs.remove(code);
            }
            set(&mut body.answers, code, value);
        })
        .await
    }

    /// Journals which question is open.
    pub(crate) async fn current(self, visit: Uuid, code: &str) -> Result<(), SaveError> {
        self.change(visit, |body| body.current = Some(code.to_owned())).await
    }

    /// Keeps a correction of the recipient's file with the visit; `null` takes it back.
    pub(crate) async fn correct(self, visit: Uuid, field: &str, value: Value) -> Result<(), SaveError> {
        self.change(visit, |body| set(&mut body.corrections, field, value)).await
    }

    /// Keeps a photo or signature (`photo id_photo paper sign strokes voice`) and adds its hash to the answer.
    pub(crate) async fn attach(
        self,
        visit: Uuid,
        code: &str,
        kind: &str,
        bytes: Vec<u8>,
    ) -> Result<BlobHash, SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let mut body = driver.store.draft(visit).ok_or(SaveError::Unknown)?;
        let taken = Taken::new(kind, &bytes);
        let hashes = add_blob(&mut body, code, &taken);
        body.answers.insert(code.to_owned(), json!(hashes));
        body.current = Some(code.to_owned());
        self.keep_named(&driver, visit, body, &taken).await?;
        Ok(taken.hash)
    }

    /// Keeps a blob with the draft that names it.
    pub(super) async fn keep_named(
        self,
        driver: &Rc<Driver>,
        visit: Uuid,
        mut body: DraftBody,
        taken: &Taken<'_>,
    ) -> Result<(), SaveError> {
        body.saved_at = clock::now_ms();
        fits(&body)?;
        blobs::keep(driver, visit, taken, Some(body)).await?;
        self.told(driver, visit);
        Ok(())
    }

    /// Takes a photo or signature out of the answer. Its bytes lapse by themselves.
    pub(crate) async fn detach(self, visit: Uuid, code: &str, blob: BlobHash) -> Result<(), SaveError> {
        self.change(visit, |body| {
            let blobs = body.blobs.entry(code.to_owned()).or_default();
            blobs.retain(|one| one.blob != blob);
            let hashes: Vec<BlobHash> = blobs.iter().map(|one| one.blob).collect();
            if hashes.is_empty() {
                body.blobs.remove(code);
            }
            set(&mut body.answers, code, if hashes.is_empty() { Value::Null } else { json!(hashes) });
        })
        .await
    }

    /// Gives up a visit under way.
    pub(crate) async fn discard_draft(self, visit: Uuid) -> Result<(), SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        if !driver.store.has_draft(visit) {
            return Err(SaveError::Unknown);
        }
        removed(&driver, visit).await?;
        hub.bump(&[Topic::Drafts, Topic::Recipients, Topic::Visits]);
        Ok(())
    }

    pub(super) async fn change(
        self,
        visit: Uuid,
        change: impl FnOnce(&mut DraftBody),
    ) -> Result<(), SaveError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let mut body = driver.store.draft(visit).ok_or(SaveError::Unknown)?;
        change(&mut body);
        body.saved_at = clock::now_ms();
        fits(&body)?;
        self.put(&driver, visit, body).await
    }

    pub(super) async fn put(
        self,
        driver: &Rc<Driver>,
        visit: Uuid,
        body: DraftBody,
    ) -> Result<(), SaveError> {
        let is_new = !driver.store.has_draft(visit);
        if let Err(error) = driver.store.put_draft(visit, body.clone()).await {
            driver.free_after(error).await?;
            driver.store.put_draft(visit, body).await?;
        }
        if is_new {
            let hub = self.hub();
            hub.bump(&[Topic::Recipients, Topic::Visits]);
        }
        self.told(driver, visit);
        Ok(())
    }

    fn told(self, driver: &Rc<Driver>, visit: Uuid) {
        let heads = driver.store.draft_heads();
        if let Some(head) = heads.into_iter().find(|head: &DraftHead| head.id == visit) {
            driver.feed(Event::DraftSaved(head));
        }
        driver.wrote_draft();
        self.hub().bump(&[Topic::Drafts]);
        self.hub().ask_persist();
    }
}

/// Removes a draft, with `drafting` locked.
pub(super) async fn removed(driver: &Rc<Driver>, visit: Uuid) -> Result<(), SaveError> {
    for head in driver.store.remove_draft(visit).await? {
        driver.feed(Event::BlobSaved(head));
    }
    driver.feed(Event::DraftRemoved(visit));
    driver.wrote_draft();
    Ok(())
}

/// Names a blob in a draft, once; returns all that its question has.
pub(super) fn add_blob(body: &mut DraftBody, code: &str, taken: &Taken<'_>) -> Vec<BlobHash> {
    let Taken { hash, kind, bytes, .. } = *taken;
    let blobs = body.blobs.entry(code.to_owned()).or_default();
    if !blobs.iter().any(|one| one.blob == hash) {
        blobs.push(BlobRef { blob: hash, kind: kind.to_owned(), bytes: bytes.len() as u64 });
    }
    blobs.iter().map(|one| one.blob).collect()
}

fn set(fields: &mut Fields, name: &str, value: Value) {
    if value.is_null() {
        fields.remove(name);
    } else {
        fields.insert(name.to_owned(), value);
    }
}

/// Checked at each answer, so that 完成 never meets the limit.
fn fits(body: &DraftBody) -> Result<(), SaveError> {
    if body.bytes() + FINISH_BYTES > CHANGESET_BYTES_CLIENT_MAX { Err(SaveError::TooLarge) } else { Ok(()) }
}

/// A visit as it stands when its form is opened first.
pub(super) async fn begun(
    driver: &Driver,
    visit: Uuid,
    recipient: Uuid,
    area: AreaId,
    checklist: &Checklist,
) -> DraftBody {
    let (template, now) = (checklist.template(), clock::now_ms());
    let facts = templates::facts(driver, recipient, &template.id, visit).await;
    let defaults = checklist.defaults(&Answers::default(), &facts, clock::today_day(), "");
    DraftBody {
        recipient,
        area,
        template: template.id.clone(),
        template_version: template.version,
        kind: kind_of(&template.id).word().to_owned(),
        started_at: now,
        saved_at: now,
        current: None,
        answers: defaults.into_iter().gather(),
        corrections: Fields::new(),
        blobs: BTreeMap::new(),
        reopened: false,
        companions: Vec::new(),
        event: None,
        part_of: None,
    }
}

/// What the index knows of a person that conditions ask for.
pub(super) fn facts(driver: &Driver, recipient: Uuid) -> Facts {
    let index = driver.store.index();
    let mut facts = Facts::default();
    let open = open_needs(driver, recipient);
    // Of a need that is done with, nothing is asked any more; of a measure that is done, whether it helped.
    let counts = |need: Option<Uuid>| need.is_none_or(|need| open.iter().any(|(id, _)| *id == need));
    for child in index.children(recipient).filter(|child| !child.hidden) {
        match &child.columns {
            Some(Columns::Entitlement(one)) => facts.categories.push(one.category.clone()),
            Some(Columns::Open(measure)) if child.kind == "measure" && counts(measure.of) => {
                facts.open_measures += 1
            }
            _ => {}
        }
    }
    facts.categories.order_by(Ord::cmp);
    facts.categories.dedup();
    facts
}

/// Open needs of a person: id and kind.
pub(super) fn open_needs(driver: &Driver, recipient: Uuid) -> Vec<(Uuid, String)> {
    let index = driver.store.index();
    let open =
        index.children(recipient).filter(|child| !child.hidden).filter_map(|child| match &child.columns {
            Some(Columns::Need(need)) if NeedState::is_open_word(&need.state) => {
                Some((child.id, need.kind.clone()))
            }
            _ => None,
        });
    open.collect()
}

/// The answers of a draft as the checklist looks at them.
pub(super) fn answers_of(body: &DraftBody) -> Answers {
    Answers(body.answers.clone())
}
