//! The need rules once more (domain.md §4.7): what a phone did not make of a visit that it finished, the server makes behind the push, in the same
//! transaction and under the ids that both make alike. An old phone gets it with its next pull.
//!
//! What has the id already is left alone, whatever became of it: a need that a worker dropped stays dropped. Nothing is taken back when a visit is
//! corrected and a rule holds no more.

use domain::{
    access::Role,
    checklist::Answers,
    kinds::kind,
    need::{NeedKind, NeedState, Thresholds},
    need_rules::{Finding, Found, OpenNeed, Outcome, findings, outcomes},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync::{
    authority::WriteSet,
    id::{AreaId, DeviceId, Inc, made_alike},
    record::Record,
    rev::Rev,
    scope::Principal,
    wire::Op,
};
use uuid::Uuid;

use super::{
    SqlDatabase,
    fence::{self, Beyond},
    own,
    scope::Standpoint,
    sql::Tx,
    store,
};
use crate::db::DbError;

/// The server itself, as where villages merge: nobody's account, on no device.
const NOBODY: Uuid = Uuid::nil();
const DEVICE: DeviceId = DeviceId([0; 16]);
const INC: Inc = Inc([0; 8]);
/// Digits of a county's code.
const COUNTY_DIGITS: usize = 6;

/// A visit that was finished, or corrected.
pub(super) struct Finished {
    visit: Uuid,
    recipient: Uuid,
    area: AreaId,
    answers: Answers,
}

/// The visits among what a push wrote whose answers it brought or finished.
pub(super) fn finished(writes: &WriteSet, before: Rev) -> Vec<Finished> {
    writes.records.iter().filter_map(|record| finished_one(record, before)).collect()
}

fn finished_one(record: &Record, before: Rev) -> Option<Finished> {
    let holds = |field: &str| record.plain(field).is_some_and(|value| !value.is_null());
    let is_new = |field: &str| record.fields.get(field).is_some_and(|state| state.fv > before);
    if record.kind != "visit" || record.del.is_some() || !holds("completed_at") || holds("cancelled") {
        return None;
    }
    let answers = record.plain("answers")?.as_object()?;
    (is_new("completed_at") || is_new("answers")).then(|| Finished {
        visit: record.id,
        recipient: record.parent.unwrap_or_default(),
        area: record.area,
        answers: Answers(answers.clone().into_iter().collect()),
    })
}

/// Makes what is missing of these visits. The transaction looks past the caller's areas afterwards.
pub(super) async fn run(
    db: &SqlDatabase,
    tx: &mut Tx,
    at: &Standpoint,
    finished: Vec<Finished>,
    now: i64,
) -> Result<(), DbError> {
    for visit in finished {
        fence::lift(tx, Beyond::Judgement).await?;
        let ops = missing(tx, at, &visit).await?;
        if !ops.is_empty() {
            write(db, tx, at, ops, now).await?;
        }
    }
    Ok(())
}

/// What the rules find and nobody made.
async fn missing(tx: &mut Tx, at: &Standpoint, visit: &Finished) -> Result<Vec<Op>, DbError> {
    let county = at.tree.get(visit.area).and_then(|area| area.code.get(..COUNTY_DIGITS));
    let thresholds = Thresholds { own_county: county.map(str::to_owned), ..Thresholds::default() };
    let mut found = findings(&visit.answers, &thresholds);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = found.iter().map(|finding| visit.id_of(finding)).chain([visit.recipient]).collect();
    let known = store::by_ids(tx, &ids).await?;
    // Of who is not there, or became part of another file, nothing is made.
    if !known.iter().any(|record| record.id == visit.recipient && record.del.is_none()) {
        return Ok(Vec::new());
    }
    let made: BTreeSet<Uuid> = known.iter().map(|record| record.id).collect();
    found.retain(|finding| !made.contains(&visit.id_of(finding)));
    let is_need = |finding: &Finding| matches!(finding.found, Found::Need(_));
    let needs =
        if found.iter().any(is_need) { store::children(tx, visit.recipient).await? } else { Vec::new() };
    // A need that has this visit as evidence was opened by it or for it: what a correction says again opens no other, whatever became of that one.
    let visit_id = json!(visit.visit);
    let is_evidence = |record: &&Record| {
        let evidence = record.plain("evidence").and_then(Value::as_array);
        evidence.is_some_and(|evidence| evidence.contains(&visit_id))
    };
    let answered: BTreeSet<&str> =
        needs.iter().filter(is_evidence).filter_map(|need| need.text("kind")).collect();
    found.retain(|finding| !is_need(finding) || !answered.contains(finding.rule()));
    let open: Vec<OpenNeed> = needs.iter().filter_map(open_need).collect();
    Ok(outcomes(found, &open).into_iter().filter_map(|outcome| visit.op(outcome)).collect())
}

fn open_need(record: &Record) -> Option<OpenNeed> {
    let is_open = record.kind == "need"
        && record.del.is_none()
        && NeedState::is_open_word(record.text("state").unwrap_or_default());
    let kind = record.text("kind")?.parse::<NeedKind>().ok()?;
    is_open.then_some(OpenNeed { id: record.id, kind })
}

impl Finished {
    fn id_of(&self, finding: &Finding) -> Uuid {
        made_alike(finding.record_kind(), &[&self.visit.to_string(), finding.rule()])
    }

    fn op(&self, outcome: Outcome) -> Option<Op> {
        match outcome {
            Outcome::Create(finding) => {
                let word = finding.record_kind();
                let hangs_below = kind(word)?.parent.is_some();
                Some(Op::Create {
                    e: self.id_of(&finding),
                    kind: word.to_owned(),
                    area: self.area,
                    parent: hangs_below.then_some(self.recipient),
                    f: finding.fields(self.visit, self.recipient).into_iter().collect(),
                })
            }
            Outcome::AddEvidence { need, .. } => {
                Some(Op::Add { e: need, f: "evidence".to_owned(), item: json!(self.visit) })
            }
        }
    }
}

/// Writes changesets of the server's own in the caller's areas, one for each op: each stands alone, and what is refused is kept for the office as
/// every held changeset is (H1).
async fn write(
    db: &SqlDatabase,
    tx: &mut Tx,
    at: &Standpoint,
    ops: Vec<Op>,
    now: i64,
) -> Result<(), DbError> {
    let who =
        Principal { user: NOBODY, role: Role::CountyClerk, scope: at.who.scope.clone(), home: at.who.home };
    let changesets: Vec<_> = ops.into_iter().map(|op| own::changeset(NOBODY, vec![op], now)).collect();
    let written = own::Written { who: &who, device: DEVICE, inc: INC };
    let verdicts = own::write(db, tx, &written, &at.tree, &changesets, now).await?;
    for refused in verdicts.iter().filter(|verdict| !verdict.st.is_written()) {
        tracing::warn!(?refused, "what the need rules found again was not applied");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
