//! The steps of one assistance (domain.md §5.3): who may take which, and what each asks.
//!
//! Phone, desk and server ask the same: the pages before they save, the server before it applies ([`guard`]).

use super::{Measure, NeedState};
use crate::{
    access::Role,
    checklist::Answers,
    day::{Day, Timestamp},
    kinds::{Fields, Guard, Turn},
    visit::{Heed, VisitKind},
};
use serde_json::Value;
use uuid::Uuid;

/// Of how many stars on a family must be content, that a need may be closed.
const RATING_MIN: i64 = 3;
/// The question of the check at home that says what it found.
const CONCLUSION: &str = "B28";
/// Questions of the follow-up form: whether the measures were carried out, how content the family is, its signature.
const CARRIED_OUT: &str = "A24";
const RATING: &str = "A25";
const SIGNATURE: &str = "A29";

/// What a need and what lies around it say, as they would be after the step.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The need's id.
    pub id: Uuid,
    /// Who takes the step.
    pub role: Role,
    /// On which day.
    pub day: Day,
    /// The need's fields.
    pub need: &'a dyn Fields,
    /// The visit that `verified_by` names, if it is there and of the same person.
    pub verified_by: Option<&'a dyn Fields>,
    /// The visit that `follow_up` names, if it is there and of the same person.
    pub follow_up: Option<&'a dyn Fields>,
    /// The person's measures; those against other needs are passed over.
    pub measures: &'a [&'a dyn Fields],
}

/// What a step lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// It does not lead there from where the need stands.
    #[error("not from here")]
    Way,
    /// Another role decides this.
    #[error("not this role's")]
    Role,
    /// The reason.
    #[error("no reason")]
    Reason,
    /// The day on which the person was told.
    #[error("the person was not told")]
    Told,
    /// The responsible person.
    #[error("nobody is responsible")]
    Responsible,
    /// A finished check at home.
    #[error("not verified")]
    Verification,
    /// A check at home that found it true, at least in part.
    #[error("found untrue")]
    Untrue,
    /// The county: the check at home names something that may speak against help.
    #[error("the county decides")]
    County,
    /// A measure that is still to be done.
    #[error("no measure")]
    Measure,
    /// The day until which a measure is to be done.
    #[error("a measure without a day")]
    MeasureDay,
    /// The public notice, which cash from public funds takes.
    #[error("not announced")]
    Notice,
    /// Cash from public funds, without which nothing is announced.
    #[error("nothing to announce")]
    NoCash,
    /// The last day of the notice, which lies ahead.
    #[error("no last day of the notice")]
    NoticeDay,
    /// The notice still hangs.
    #[error("the notice still hangs")]
    NoticeHangs,
    /// A measure that is not done, or that nothing shows.
    #[error("a measure is not done or not shown")]
    Undone,
    /// The day of the follow-up.
    #[error("no day of the follow-up")]
    FollowUpDay,
    /// A follow-up visit after the help, finished when all was done.
    #[error("no follow-up")]
    FollowUp,
    /// The follow-up says that not all was carried out.
    #[error("not carried out")]
    NotCarriedOut,
    /// The family is less content than it must be.
    #[error("not content")]
    Rating,
    /// The follow-up is not signed by the family.
    #[error("not signed")]
    Signature,
}

/// What a person is asked for when he takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Why.
    Reason,
    /// On which day the person was told.
    Told,
    /// Who is responsible.
    Responsible,
    /// Until which day the notice hangs.
    NoticeDay,
    /// On which day the follow-up is planned.
    FollowUpDay,
}

impl Ask {
    /// The need's field that takes the answer.
    pub fn field(self) -> &'static str {
        match self {
            Ask::Reason => "reason",
            Ask::Told => "told_on",
            Ask::Responsible => "responsible",
            Ask::NoticeDay => "notice_until",
            Ask::FollowUpDay => "follow_up_on",
        }
    }
}

/// What a step to this state asks for.
pub fn asks(to: NeedState) -> &'static [Ask] {
    use NeedState as S;
    match to {
        S::Assigned => &[Ask::Responsible],
        S::PublicNotice => &[Ask::NoticeDay],
        S::Objection | S::Reopened => &[Ask::Reason],
        S::AwaitFollowUp => &[Ask::FollowUpDay],
        S::Dropped | S::Rejected | S::Referred => &[Ask::Reason, Ask::Told],
        _ => &[],
    }
}

/// The steps that a role may take from a state, the one that leads on first.
pub fn offers(from: NeedState, role: Role) -> impl Iterator<Item = NeedState> {
    from.leads_to().iter().copied().filter(move |to| is_for(role, from, *to))
}

/// Whether the role may take the step, whatever else it lacks.
fn is_for(role: Role, from: NeedState, to: NeedState) -> bool {
    use NeedState as S;
    match (from, to) {
        // A worker gives up what he found himself, checks, and tells what was done.
        (S::Found, S::Dropped) | (_, S::Verifying | S::AllDone | S::AwaitFollowUp) => {
            role.is_office() || role == Role::VillageWorker
        }
        // The township's lead and the county approve; the clerk prepares.
        (_, S::Approved) => role.is_office() && role != Role::TownshipClerk,
        _ => role.is_office(),
    }
}

/// Whether what is planned was approved, where it takes an approval.
fn is_approved(state: NeedState) -> bool {
    use NeedState as S;
    matches!(state, S::Approved | S::InProgress | S::AllDone | S::AwaitFollowUp | S::Closed)
}

/// The field whose visit counts no more after the step: what was seen before an objection, or before the need was taken up again.
pub fn forgets(from: NeedState, to: NeedState) -> Option<&'static str> {
    match (from, to) {
        (NeedState::Objection, NeedState::Verifying) => Some("verified_by"),
        (_, NeedState::Reopened) => Some("follow_up"),
        _ => None,
    }
}

/// Whether the need may go from one state to the other; `around` is how things would be after.
///
/// # Errors
/// When something is lacking: the first thing in the order in which a person would mend it.
pub fn may_step(from: NeedState, to: NeedState, around: &Around<'_>) -> Result<(), Lack> {
    if !from.may_become(to) {
        return Err(Lack::Way);
    }
    may_stand(from, to, around)
}

/// Whether the need may stand there, whichever way it came: an office that decides what becomes of a save that was kept for it, or which of two
/// values stands, is asked for what the state needs. Who approves, and the notice before cash from public funds is given, nobody gets around.
///
/// # Errors
/// As [`may_step`].
pub fn may_stand(from: NeedState, to: NeedState, around: &Around<'_>) -> Result<(), Lack> {
    if !is_for(around.role, from, to) {
        return Err(Lack::Role);
    }
    let is_help_begun = to != NeedState::Approved && is_approved(to) && !is_approved(from);
    if is_help_begun && around.has_public_cash() {
        return Err(Lack::Notice);
    }
    match forgets(from, to).filter(|visit| around.text(visit).is_some()) {
        Some("verified_by") => return Err(Lack::Verification),
        Some(_) => return Err(Lack::FollowUp),
        None => {}
    }
    around.holds(to)
}

impl<'a> Around<'a> {
    /// What the new state itself asks, wherever the need comes from.
    fn holds(&self, to: NeedState) -> Result<(), Lack> {
        use NeedState as S;
        match to {
            S::Found | S::InProgress | S::Verifying => Ok(()),
            // A notice hangs its days before anything is approved.
            S::Approved => {
                need(self.day("notice_until").is_some_and(|until| until < self.day), Lack::NoticeHangs)
            }
            S::Assigned => need(self.text("responsible").is_some(), Lack::Responsible),
            S::Planned => self.is_planned(),
            S::PublicNotice => {
                need(self.has_public_cash(), Lack::NoCash)?;
                need(self.day("notice_until").is_some_and(|until| until > self.day), Lack::NoticeDay)
            }
            S::AllDone => self.all_done(),
            S::AwaitFollowUp => {
                self.all_done()?;
                need(self.day("follow_up_on").is_some(), Lack::FollowUpDay)
            }
            S::Closed => {
                self.all_done()?;
                self.was_followed_up()
            }
            S::Objection | S::Reopened | S::Dropped => need(self.text("reason").is_some(), Lack::Reason),
            S::Rejected | S::Referred => {
                need(self.text("reason").is_some(), Lack::Reason)?;
                need(self.day("told_on").is_some_and(|told| told <= self.day), Lack::Told)
            }
        }
    }

    fn is_planned(&self) -> Result<(), Lack> {
        let finished = |visit: &dyn Fields| {
            is_of(visit, VisitKind::Verification) && visit.field("completed_at").is_some_and(Value::is_i64)
        };
        let visit = self.verified_by.filter(|visit| finished(*visit)).ok_or(Lack::Verification)?;
        let found = answers_of(visit);
        need(!found.has(CONCLUSION, "不属实"), Lack::Untrue)?;
        need(self.role.is_county() || !Heed::Barred.is_said(&found, self.day), Lack::County)?;
        need(self.measures().any(|measure| !measure.is_done()), Lack::Measure)?;
        need(self.measures().all(|measure| measure.due_on().is_some()), Lack::MeasureDay)
    }

    fn all_done(&self) -> Result<(), Lack> {
        need(self.measures().next().is_some(), Lack::Measure)?;
        need(self.measures().all(Measure::is_done), Lack::Undone)
    }

    /// A visit after the help, with its day and the family's signature, that found it carried out and the family content.
    fn was_followed_up(&self) -> Result<(), Lack> {
        let visit =
            self.follow_up.filter(|visit| is_of(*visit, VisitKind::AfterHelp)).ok_or(Lack::FollowUp)?;
        let at = visit.field("completed_at").and_then(Value::as_i64).ok_or(Lack::FollowUp)?;
        let last_done = self.measures().filter_map(Measure::done_on).max();
        let day = Timestamp::from_ms(at).day();
        need(last_done.is_none_or(|done| done <= day), Lack::FollowUp)?;
        let answers = answers_of(visit);
        need(answers.has(CARRIED_OUT, "已落实"), Lack::NotCarriedOut)?;
        need(answers.int(RATING).is_some_and(|stars| stars >= RATING_MIN), Lack::Rating)?;
        let is_signed = answers.get(SIGNATURE).and_then(Value::as_array).is_some_and(|ink| !ink.is_empty());
        need(is_signed, Lack::Signature)
    }

    /// The measures against this need.
    fn measures(&self) -> impl Iterator<Item = Measure<'a>> {
        let id = self.id;
        self.measures.iter().map(|fields| Measure(*fields)).filter(move |measure| measure.is_against(id))
    }

    fn has_public_cash(&self) -> bool {
        self.measures().any(Measure::is_public_cash)
    }

    fn text(&self, field: &str) -> Option<&'a str> {
        Measure(self.need).text(field)
    }

    fn day(&self, field: &str) -> Option<Day> {
        self.text(field).and_then(|text| text.parse().ok())
    }
}

fn need(holds: bool, lack: Lack) -> Result<(), Lack> {
    if holds { Ok(()) } else { Err(lack) }
}

fn answers_of(visit: &dyn Fields) -> Answers {
    match visit.field("answers") {
        Some(Value::Object(answers)) => Answers(answers.clone().into_iter().collect()),
        _ => Answers::default(),
    }
}

fn is_of(visit: &dyn Fields, kind: VisitKind) -> bool {
    visit.field("kind").and_then(Value::as_str) == Some(kind.word())
}

/// The server's door before `need.state`.
pub const fn guard() -> Guard {
    Guard { field: "state", names: &["verified_by", "follow_up"], siblings: "measure", allows }
}

/// Whether the turn of a need's state may stand. What begins in a village begins as found; an office that takes over its ledger may begin
/// anywhere, as long as what the state itself asks is there.
fn allows(turn: &Turn<'_>) -> bool {
    let state = |fields: &dyn Fields| match fields.field("state") {
        None | Some(Value::Null) => Some(NeedState::Found),
        Some(word) => word.as_str().and_then(NeedState::from_word),
    };
    let Some(to) = state(turn.after) else { return false };
    let visit = |place: usize| turn.named.get(place).copied().flatten();
    let around = Around {
        id: turn.id,
        role: turn.role,
        day: turn.day,
        need: turn.after,
        verified_by: visit(0),
        follow_up: visit(1),
        measures: &turn.siblings,
    };
    match turn.before {
        None if to == NeedState::Found => true,
        None => turn.role.is_office() && (to.is_open() || around.holds(to).is_ok()),
        Some(before) => state(before).is_some_and(|from| {
            let may = if turn.is_decided { may_stand } else { may_step };
            may(from, to, &around).is_ok()
        }),
    }
}

#[cfg(test)]
mod tests;
