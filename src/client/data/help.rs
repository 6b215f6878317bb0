//! 帮扶: what is planned against a need and what was done, the steps it takes, and what was promised to a family.

use super::{
    Data, NeedRow, PledgeRow, SaveError,
    blobs::{blobs_of, hash_in},
    fields::set,
    file::{area_of, children, view_of},
    sponsors::sponsor_name,
    templates::last_answers,
    visits,
};
use crate::{
    driver::Driver,
    platform::{clock, entropy},
    vault_store::{
        DraftBody,
        entry::{Columns, Entry, list},
    },
};
use domain::{
    checklist::FOLLOWUP,
    kinds::Fields as _,
    need::{Around, Lack, Measure, NeedState, Since, Urgency, asks, due_on, forgets, may_step},
    order::{Gather, Order},
    visit::{Heed, VisitKind},
};
use serde_json::{Map, Value, json};
use std::rc::Rc;
use sync::{
    id::BlobHash,
    wire::{Fields, Op},
};
use uuid::Uuid;

/// All about one need.
#[derive(Clone)]
pub(crate) struct NeedFile {
    pub(crate) row: NeedRow,
    pub(crate) fields: Fields,
    pub(crate) measures: Vec<MeasureRow>,
    /// What sponsors promised against it; only the office knows.
    pub(crate) pledges: Vec<PledgeRow>,
    verified_by: Option<Fields>,
    follow_up: Option<Fields>,
}

/// Something that is done against a need.
#[derive(Clone, PartialEq)]
pub(crate) struct MeasureRow {
    pub(crate) id: Uuid,
    pub(crate) fields: Fields,
    /// What shows that it was done.
    pub(crate) blobs: Vec<BlobHash>,
    /// The sponsor who pays for it, where this device knows him; else empty.
    pub(crate) sponsor: String,
}

/// A step that a need took.
#[derive(Clone, PartialEq)]
pub(crate) struct StepRow {
    /// Wire word of the state that it led to.
    pub(crate) to: String,
    pub(crate) by: String,
    pub(crate) at: i64,
    pub(crate) reason: String,
}

/// What a family may remind a visitor of.
#[derive(Clone)]
pub(crate) struct Promised {
    pub(crate) needs: Vec<(NeedRow, Vec<MeasureRow>)>,
    /// What they asked for at the last visit; empty where they asked for nothing.
    pub(crate) asked: String,
}

/// Why a step was not taken.
pub(crate) enum StepError {
    Lacks(Lack),
    Save(SaveError),
}

impl From<SaveError> for StepError {
    fn from(error: SaveError) -> StepError {
        StepError::Save(error)
    }
}

impl NeedFile {
    pub(crate) fn state(&self) -> Option<NeedState> {
        NeedState::from_word(&self.row.state)
    }

    /// The steps that it took, the oldest first.
    pub(crate) fn steps(&self) -> Vec<StepRow> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let step = |entry: &Value| StepRow {
            to: text(&entry["v"]["to"]),
            by: text(&entry["author"]),
            at: entry["t"].as_i64().unwrap_or_default(),
            reason: text(&entry["v"]["reason"]),
        };
        list(&self.fields, "steps").iter().map(step).collect()
    }

    /// Whether the visit that the step asks for was made: the check at home, or the follow-up.
    pub(crate) fn was_seen(&self) -> bool {
        match self.state() {
            Some(NeedState::AwaitFollowUp) => self.follow_up.is_some(),
            _ => self.verified_by.is_some(),
        }
    }

    /// What the check at home asks for a second look at.
    pub(crate) fn heeds(&self) -> Vec<Heed> {
        self.verified_by.as_ref().map(visits::heeds).unwrap_or_default()
    }

    pub(crate) fn has_public_cash(&self) -> bool {
        self.measures.iter().any(|row| Measure(&row.fields).is_public_cash())
    }

    /// Whether the step to `to` with these answers may be taken, and all that it writes.
    fn check(&self, role: domain::access::Role, to: NeedState, said: &Fields) -> Result<Fields, Lack> {
        let from = self.state().ok_or(Lack::Way)?;
        let today = clock::today_day();
        let mut writes = said.clone();
        let mut put = |field: &str, value: Value| writes.insert(field.to_owned(), value);
        put("state", to.word().into());
        if let Some(visit) = forgets(from, to) {
            put(visit, Value::Null);
        }
        let since = Since {
            day: today,
            last_measure: self.measures.iter().filter_map(|row| Measure(&row.fields).due_on()).max(),
            notice_until: said.get("notice_until").and_then(Value::as_str).and_then(|day| day.parse().ok()),
        };
        let urgency = Urgency::from_word(&self.row.urgency).unwrap_or(Urgency::Normal);
        put("due_on", due_on(to, urgency, since).map_or(Value::Null, |day| day.to_string().into()));
        let mut after = self.fields.clone();
        for (field, value) in &writes {
            after.insert(field.clone(), value.clone());
        }
        let measures: Vec<&dyn domain::kinds::Fields> =
            self.measures.iter().map(|row| &row.fields as &dyn domain::kinds::Fields).collect();
        let around = Around {
            id: self.row.id,
            role,
            day: today,
            need: &after,
            verified_by: seen(&after, "verified_by", self.verified_by.as_ref()),
            follow_up: seen(&after, "follow_up", self.follow_up.as_ref()),
            measures: &measures,
        };
        may_step(from, to, &around).map(|()| writes)
    }
}

fn seen<'a>(need: &Fields, field: &str, visit: Option<&'a Fields>) -> Option<&'a dyn domain::kinds::Fields> {
    need.field(field).filter(|id| !id.is_null()).and(visit).map(|visit| visit as &dyn domain::kinds::Fields)
}

impl Data {
    pub(crate) async fn need_file(self, id: Uuid) -> Option<NeedFile> {
        let driver = self.open_driver()?;
        let row = self.need(id).await?;
        let fields = view_of(&driver, id).await?.f;
        let measures = measures(&driver, row.recipient).await;
        let visit = async |field: &str| {
            let id = fields.get(field)?.as_str()?.parse().ok()?;
            view_of(&driver, id).await.map(|view| view.f)
        };
        Some(NeedFile {
            verified_by: visit("verified_by").await,
            follow_up: visit("follow_up").await,
            pledges: self.pledges_against(&driver, id).await,
            measures: measures.into_iter().filter(|one| Measure(&one.fields).is_against(id)).collect(),
            fields,
            row,
        })
    }

    /// What was promised to a family: open needs with their measures, and what they asked for.
    pub(crate) async fn promised(self, recipient: Uuid) -> Option<Promised> {
        let driver = self.open_driver()?;
        let all = measures(&driver, recipient).await;
        let open =
            self.needs_of(&driver, recipient).into_iter().filter(|need| NeedState::is_open_word(&need.state));
        let with = |need: NeedRow| {
            let own = all.iter().filter(|one| Measure(&one.fields).is_against(need.id)).cloned().collect();
            (need, own)
        };
        Some(Promised { needs: open.map(with).collect(), asked: asked_last(&driver, recipient).await })
    }

    /// Takes a need a step further; `said` is what the step asked for, by field.
    pub(crate) async fn step(self, need: Uuid, to: NeedState, said: Fields) -> Result<(), StepError> {
        let file = self.need_file(need).await.ok_or(SaveError::Unknown)?;
        let role = self.role().ok_or(SaveError::Right)?;
        let writes = file.check(role, to, &said).map_err(StepError::Lacks)?;
        let mut entry = Map::new();
        entry.insert("to".to_owned(), to.word().into());
        for ask in asks(to) {
            if let Some(answer) = said.get(ask.field()) {
                entry.insert(ask.field().to_owned(), answer.clone());
            }
        }
        let mut ops: Vec<Op> = writes.into_iter().map(|(field, value)| set(need, &field, value)).collect();
        ops.push(Op::Append { e: need, f: "steps".to_owned(), v: Value::Object(entry) });
        self.save(ops).await?;
        Ok(())
    }

    /// Plans a measure against a need.
    pub(crate) async fn plan_measure(self, need: Uuid, mut f: Fields) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let recipient = driver.store.index().get(need).and_then(|entry| entry.parent);
        let recipient = recipient.ok_or(SaveError::Unknown)?;
        let area = area_of(&driver, recipient)?;
        f.insert("need".to_owned(), json!(need));
        let e = entropy::uuid(clock::now_ms());
        self.save(vec![Op::Create { e, kind: "measure".to_owned(), area, parent: Some(recipient), f }]).await
    }

    /// A check at home was begun: what waited for it is being checked now.
    pub(super) async fn verification_began(self, driver: &Driver, recipient: Uuid) {
        for id in needs_in(driver, recipient, &[NeedState::Assigned, NeedState::Objection]) {
            // The visit goes on whether or not the step could be noted; the need's page offers it again.
            let _ = self.step(id, NeedState::Verifying, Fields::new()).await;
        }
    }
}

/// What a visit that is done says of the needs it was made for, of each by itself and once. No step among it: a need that went on meanwhile would
/// hold what the visit says of it.
pub(super) fn seen_by(driver: &Driver, recipient: Uuid, visit: Uuid, kind: &str) -> Vec<(Uuid, Vec<Op>)> {
    use NeedState as S;
    let (field, states): (_, &[NeedState]) = match VisitKind::from_word(kind) {
        Some(VisitKind::Verification) => ("verified_by", &[S::Found, S::Assigned, S::Verifying]),
        Some(VisitKind::AfterHelp) => ("follow_up", &[S::AllDone, S::AwaitFollowUp]),
        _ => return Vec::new(),
    };
    let needs = needs_in(driver, recipient, states).into_iter().filter(|need| !shows(driver, *need, visit));
    needs.map(|need| (need, vec![set(need, field, json!(visit)), evidence(need, visit)])).collect()
}

/// The visit shows that there is this need.
pub(super) fn evidence(need: Uuid, visit: Uuid) -> Op {
    Op::Add { e: need, f: "evidence".to_owned(), item: json!(visit) }
}

/// Whether the visit is among the need's evidence already.
pub(super) fn shows(driver: &Driver, need: Uuid, visit: Uuid) -> bool {
    match driver.store.index().get(need).and_then(|entry| entry.columns.as_ref()) {
        Some(Columns::Need(need)) => need.evidence.contains(&visit),
        _ => false,
    }
}

/// Whether a follow-up is the one after help: where a need waits for it when the visit is finished.
pub(super) fn is_after_help(driver: &Driver, body: &DraftBody) -> bool {
    let waits = [NeedState::AllDone, NeedState::AwaitFollowUp];
    body.template == FOLLOWUP && !needs_in(driver, body.recipient, &waits).is_empty()
}

fn needs_in(driver: &Driver, recipient: Uuid, states: &[NeedState]) -> Vec<Uuid> {
    let index = driver.store.index();
    let is_in = |child: &&Rc<Entry>| match &child.columns {
        Some(Columns::Need(need)) => {
            !child.hidden && NeedState::from_word(&need.state).is_some_and(|state| states.contains(&state))
        }
        _ => false,
    };
    index.children(recipient).filter(is_in).map(|child| child.id).collect()
}

/// The measures of a family, the soonest due first.
async fn measures(driver: &Driver, recipient: Uuid) -> Vec<MeasureRow> {
    let ids = children(driver, recipient, &["measure"]).into_iter().gather();
    let records = driver.store.load_live(&ids).await.unwrap_or_default();
    let mut rows: Vec<MeasureRow> =
        records.into_iter().map(|(id, record)| measure_row(id, record.view().f)).collect();
    for row in &mut rows {
        row.sponsor = sponsor_name(driver, &row.fields).await;
    }
    rows.order_by_key(|row| (Measure(&row.fields).due_on(), row.id));
    rows
}

/// A measure, its sponsor unnamed.
pub(super) fn measure_row(id: Uuid, fields: Fields) -> MeasureRow {
    let blobs = blobs_of(&fields).iter().filter_map(hash_in).collect();
    MeasureRow { id, fields, blobs, sponsor: String::new() }
}

/// What the family asked for at the last follow-up (A27).
async fn asked_last(driver: &Driver, recipient: Uuid) -> String {
    let answers = last_answers(driver, recipient, FOLLOWUP, None).await;
    answers.and_then(|answers| Some(answers.get("A27")?.as_str()?.to_owned())).unwrap_or_default()
}
