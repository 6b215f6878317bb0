//! 完成: a draft becomes the changeset of its visit, all of it or nothing. What the visit says of needs that are there already lies behind it in changesets of their
//! own, in the same transaction: a need that somebody deleted meanwhile holds what is said of it, and not the visit.

use super::{
    AnswerProblem, Data, FinishError, MissingAnswer, SaveError, Topic,
    blobs::{SHEET, VOICE},
    companions,
    drafts::{answers_of, open_needs},
    fields::set,
    file::view_of,
    help, templates,
};
use crate::{
    driver::Driver,
    platform::clock,
    vault_store::{
        DraftBody,
        entry::{Columns, VisitColumns},
    },
};
use domain::order::Gather;
use domain::{
    checklist::{Answers, Why},
    kinds::kind,
    need::{NeedKind, Thresholds},
    need_rules::{Finding, OpenNeed, Outcome, findings, outcomes, urgency_advised},
    visit::{VisitKind, changes, said},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use sync::{
    id::{AreaId, made_alike},
    local::View,
    replica::Save,
    wire::{Fields, Op},
};
use uuid::Uuid;

impl Data {
    /// 完成: turns the draft into one changeset, which keeps the version of the notice that was shown.
    pub(crate) async fn finish(self, visit: Uuid, notice_version: &str) -> Result<(), FinishError> {
        let hub = self.hub();
        let _one = hub.drafting.lock().await;
        let driver = self.writer()?;
        let mut body = driver.store.draft(visit).ok_or(SaveError::Unknown)?;
        // One that was broken off is finished for the first time.
        let is_resumed = of_record(&driver, visit, body.reopened, |columns| columns.completed_at.is_none());
        if (is_resumed || !body.reopened) && help::is_after_help(&driver, &body) {
            body.kind = VisitKind::AfterHelp.word().to_owned();
        }
        let stored = complete(&driver, visit, &body).await?;
        let ending = [("completed_at", json!(clock::now_ms())), ("notice_version", json!(notice_version))];
        let mut ops = visit_ops(&driver, visit, &body, &stored, ending);
        if of_record(&driver, visit, body.reopened, |columns| columns.cancelled) {
            ops.push(set(visit, "cancelled", Value::Null));
        }
        if is_resumed {
            ops.push(set(visit, "kind", json!(body.kind)));
        }
        let mut behind = help::seen_by(&driver, body.recipient, visit, &body.kind);
        if let Some(advised) = urgency_advised(&stored) {
            behind.iter_mut().for_each(|(need, ops)| ops.push(set(*need, "urgency", json!(advised.word()))));
        }
        let said_before = earlier(&driver, visit, &body).await;
        for outcome in outcomes_of(&driver, visit, &body, &stored) {
            match outcome {
                Outcome::AddEvidence { need, .. } => {
                    let is_said =
                        help::shows(&driver, need, visit) || behind.iter().any(|(of, _)| *of == need);
                    if !is_said {
                        behind.push((need, vec![help::evidence(need, visit)]));
                    }
                }
                // What a corrected visit said before has opened its need then, whatever became of it.
                Outcome::Create(finding) if is_said_again(&finding, &said_before) => {}
                Outcome::Create(finding) => ops.extend(self.create_op(&driver, visit, &body, &finding)),
            }
        }
        ops.extend(self.correction_ops(&driver, &body, &stored).await?);
        let behind = behind.into_iter().map(|(_, ops)| ops).collect();
        let save = Save { ops, behind, draft: Some(visit), ..Save::default() };
        driver.save(save).await.map_err(SaveError::from)?;
        hub.bump(&[Topic::Drafts, Topic::Visits, Topic::Recipients, Topic::Needs, Topic::Outbox]);
        hub.ask_persist();
        Ok(())
    }

    /// A record of what was found. What the role may not create, the office's side does.
    fn create_op(self, driver: &Driver, visit: Uuid, body: &DraftBody, finding: &Finding) -> Option<Op> {
        let record_kind = finding.record_kind();
        let e = made_alike(record_kind, &[&visit.to_string(), finding.rule()]);
        let may = self.role().is_some_and(|role| kind(record_kind).is_some_and(|of| of.may_create(role)));
        let is_new = driver.store.index().get(e).is_none();
        (may && is_new).then(|| create(e, record_kind, body, fields(finding, visit, body.recipient)))
    }

    /// What the visit corrects in the file: by its answers, and by hand. A field is named once, by hand wins.
    async fn correction_ops(
        self,
        driver: &Driver,
        body: &DraftBody,
        stored: &Answers,
    ) -> Result<Vec<Op>, SaveError> {
        let view = view_of(driver, body.recipient).await.ok_or(SaveError::Unknown)?;
        let file: Map<String, Value> = view.f.clone().into_iter().gather();
        let mut corrections = body.corrections.clone();
        for change in changes(stored, &file, clock::today_day()) {
            corrections.entry(change.field.to_owned()).or_insert(change.value);
        }
        let mut ops = Vec::new();
        for (field, value) in corrections {
            if file.get(&field) == Some(&value) {
                continue;
            }
            match self.field_op(driver, body.recipient, "recipient", &field, value) {
                Ok(op) => ops.push(op),
                // What the role may not even propose would hold the whole visit.
                Err(SaveError::Right) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ops)
    }
}

/// What the answers show: a need only where none of its kind is open.
fn outcomes_of(driver: &Driver, visit: Uuid, body: &DraftBody, stored: &Answers) -> Vec<Outcome> {
    let open: Vec<OpenNeed> = open_needs(driver, body.recipient)
        .into_iter()
        // Its own needs, of a visit that is corrected, are no other's.
        .filter(|(id, kind)| *id != made_alike("need", &[&visit.to_string(), kind]))
        .filter_map(|(id, kind)| Some(OpenNeed { id, kind: kind.parse::<NeedKind>().ok()? }))
        .collect();
    outcomes(found_in(driver, stored), &open)
}

fn found_in(driver: &Driver, answers: &Answers) -> Vec<Finding> {
    findings(answers, &Thresholds { own_county: own_county(driver), ..Thresholds::default() })
}

/// What the answers showed that a corrected visit had before.
async fn earlier(driver: &Driver, visit: Uuid, body: &DraftBody) -> Vec<Finding> {
    // One that was broken off has opened none.
    let was_completed = |view: &View| view.f.get("completed_at").is_some_and(|at| !at.is_null());
    match view_of(driver, visit).await.filter(|_| body.reopened).filter(was_completed) {
        Some(view) => found_in(driver, &answers_in(&view.f)),
        None => Vec::new(),
    }
}

/// The answers of a visit's record.
fn answers_in(fields: &Fields) -> Answers {
    match fields.get("answers") {
        Some(Value::Object(answers)) => Answers(answers.clone().into_iter().gather()),
        _ => Answers::default(),
    }
}

fn is_said_again(finding: &Finding, before: &[Finding]) -> bool {
    before.iter().any(|one| one.found == finding.found)
}

/// The answers that are stored, or all that keeps the visit from being finished.
async fn complete(driver: &Driver, visit: Uuid, body: &DraftBody) -> Result<Answers, FinishError> {
    templates::load(driver).await;
    let checklist = templates::checklist(&body.template, body.template_version).ok_or(SaveError::Unknown)?;
    let facts = templates::facts(driver, body.recipient, &body.template, visit).await;
    let view = checklist.look(&answers_of(body), &facts, clock::today_day());
    if view.is_complete() {
        return Ok(view.stored().clone());
    }
    let missing = view.problems().iter().map(|problem| MissingAnswer {
        code: problem.code.clone(),
        problem: if problem.why == Why::Missing { AnswerProblem::Missing } else { AnswerProblem::Invalid },
    });
    Err(FinishError::Missing(missing.collect()))
}

/// What writes a visit down; `ending` says how it ended.
pub(super) fn visit_ops<const N: usize>(
    driver: &Driver,
    visit: Uuid,
    body: &DraftBody,
    stored: &Answers,
    ending: [(&str, Value); N],
) -> Vec<Op> {
    let mut f = Fields::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            f.insert(name.to_owned(), value);
        }
    };
    put("ended_at", json!(clock::now_ms()));
    put("geo", body.corrections.get("geo").cloned().unwrap_or_default());
    for (field, value) in said(stored).into_iter().chain(ending) {
        put(field, value);
    }
    put("answers", json!(stored));
    let before = visitors_before(driver, visit, body.reopened);
    let visitors = companions::visitors(&before, &driver.author().to_string(), &body.companions);
    if visitors != before {
        put("visitors", json!(visitors));
    }
    let mut ops = match body.reopened {
        true => f.into_iter().map(|(name, value)| set(visit, &name, value)).collect(),
        false => {
            put("kind", json!(body.kind));
            put("started_at", json!(body.started_at));
            put("template", json!(body.template));
            put("template_version", json!(body.template_version));
            vec![create(visit, "visit", body, f)]
        }
    };
    let shown: BTreeSet<String> = stored.0.keys().cloned().gather();
    let attached: BTreeSet<String> = known_blobs(driver, visit, body.reopened);
    let mut seen = BTreeSet::new();
    for (_, blobs) in body.blobs.iter().filter(|(code, _)| is_aside(code) || shown.contains(*code)) {
        for blob in blobs.iter().filter(|blob| !attached.contains(&blob.blob.to_string())) {
            if seen.insert(blob.blob) {
                ops.push(Op::Attach {
                    e: visit,
                    blob: blob.blob,
                    kind: blob.kind.clone(),
                    bytes: blob.bytes,
                });
            }
        }
    }
    ops
}

/// Whether blobs stand there that go with a visit whatever was answered.
fn is_aside(code: &str) -> bool {
    [SHEET, VOICE].contains(&code)
}

/// Blobs that the record of a corrected visit has already.
pub(super) fn known_blobs(driver: &Driver, visit: Uuid, reopened: bool) -> BTreeSet<String> {
    of_record(driver, visit, reopened, |columns| columns.blobs.iter().cloned().gather())
}

/// Who was there, as the record of a corrected visit says.
fn visitors_before(driver: &Driver, visit: Uuid, reopened: bool) -> Vec<String> {
    of_record(driver, visit, reopened, |columns| columns.visitors.clone())
}

/// What the record of a corrected visit says already.
fn of_record<T: Default>(
    driver: &Driver,
    visit: Uuid,
    reopened: bool,
    read: impl Fn(&VisitColumns) -> T,
) -> T {
    let index = driver.store.index();
    match index.get(visit).and_then(|entry| entry.columns.as_ref()).filter(|_| reopened) {
        Some(Columns::Visit(columns)) => read(columns),
        _ => T::default(),
    }
}

fn create(e: Uuid, kind: &str, body: &DraftBody, f: Fields) -> Op {
    Op::Create { e, kind: kind.to_owned(), area: area(body), parent: Some(body.recipient), f }
}

fn area(body: &DraftBody) -> AreaId {
    body.area
}

fn fields(finding: &Finding, visit: Uuid, recipient: Uuid) -> Fields {
    finding.fields(visit, recipient).into_iter().gather()
}

/// The six digits of the county that the scope lies in.
fn own_county(driver: &Driver) -> Option<String> {
    driver.with_replica(|replica| {
        let nodes = replica.meta().map(|meta| meta.nodes.as_slice()).unwrap_or_default();
        nodes.iter().find_map(|node| node.code.get(..6)).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is newly found by answers of a visit that had these before.
    fn news(before: &Value, after: &Value) -> Vec<String> {
        let found = |answers: &Value| {
            let fields = [("answers".to_owned(), answers.clone())].into_iter().collect();
            findings(&answers_in(&fields), &Thresholds::default())
        };
        let before = found(before);
        let new = found(after).into_iter().filter(|finding| !is_said_again(finding, &before));
        new.map(|finding| finding.rule().to_owned()).collect()
    }

    #[test]
    fn a_corrected_visit_opens_no_need_for_what_it_said_before() {
        let (ill, uninsured) = (json!({"A10": "重病"}), json!({"A10": "重病", "A16": "未参加"}));
        assert_eq!(news(&json!({}), &ill), ["N-MED"]);
        assert_eq!(
            news(&ill, &ill),
            [""; 0],
            "it has opened its need, or was added to one, whatever became of that"
        );
        assert_eq!(
            news(&ill, &json!({"A12": 900_000})),
            [""; 0],
            "said by another answer it is the same need"
        );
        assert_eq!(news(&ill, &uninsured), ["N-INS"]);
        assert_eq!(news(&Value::Null, &ill), ["N-MED"], "a record without answers said nothing");
    }
}
