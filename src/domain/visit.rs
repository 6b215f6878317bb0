//! Visits: what a record of one says, where it stands, and which are due.

mod cancelling;
mod due;
mod file_changes;
mod heed;
mod plan;
mod round;
mod rules;
mod said;

use crate::{checklist::Answers, day::Day, day::Timestamp, private::Private};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

pub use cancelling::guard;
pub use due::{Cause, Priority, PriorityFacts, is_frail};
pub use file_changes::{FieldChange, changes};
pub use heed::{Heed, heeds};
pub use plan::{Due, DueState, Occasion, Plan, PlanFacts};
pub use round::{Stand, next_after};
pub use rules::{PlanRules, Span};
pub use said::{is_away, said};

/// What a visit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    /// 节日走访慰问
    Festival,
    /// 定期回访
    FollowUp,
    /// 常态化联系
    Contact,
    /// 困难走访、入户核查
    Verification,
    /// 年度确认
    AnnualConfirmation,
    /// 病危探望、丧葬
    SickOrDeath,
    /// 新退役报到走访
    NewReport,
    /// 光荣牌悬挂、更换
    Plaque,
    /// 送喜报
    MeritNotice,
    /// 烈士纪念日走访
    MartyrDay,
    /// 帮扶后回访
    AfterHelp,
}

impl VisitKind {
    /// Every kind, in the order of their table.
    pub const ALL: [VisitKind; 11] = [
        VisitKind::Festival,
        VisitKind::FollowUp,
        VisitKind::Contact,
        VisitKind::Verification,
        VisitKind::AnnualConfirmation,
        VisitKind::SickOrDeath,
        VisitKind::NewReport,
        VisitKind::Plaque,
        VisitKind::MeritNotice,
        VisitKind::MartyrDay,
        VisitKind::AfterHelp,
    ];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            VisitKind::Festival => "festival",
            VisitKind::FollowUp => "follow_up",
            VisitKind::Contact => "contact",
            VisitKind::Verification => "verification",
            VisitKind::AnnualConfirmation => "annual_confirmation",
            VisitKind::SickOrDeath => "sick_or_death",
            VisitKind::NewReport => "new_report",
            VisitKind::Plaque => "plaque",
            VisitKind::MeritNotice => "merit_notice",
            VisitKind::MartyrDay => "martyr_day",
            VisitKind::AfterHelp => "after_help",
        }
    }

    /// The kind of a wire word.
    pub fn from_word(word: &str) -> Option<VisitKind> {
        VisitKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What the office says of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It stands.
    Accepted,
    /// It goes back to the worker.
    Returned,
}

/// One entry of the append field `reviews`, as rows give it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The entry's id.
    pub id: String,
    /// What was said.
    pub v: ReviewText,
    /// The account that said it.
    pub author: String,
    /// When.
    pub t: Timestamp,
}

/// What the office appends to `reviews`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewText {
    /// The verdict.
    pub verdict: Verdict,
    /// At which question the visit is to be opened again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What the worker should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<Private<String>>,
}

/// The typed view of a visit's fields. What this build does not know lies in `rest` and survives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// A word of [`VisitKind`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// For which day it was planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_on: Option<Day>,
    /// The last day on which it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Day>,
    /// When the checklist was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When the visitors left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Which checklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Which version of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_version: Option<u32>,
    /// Answers by code, those of hidden questions left out.
    #[serde(default)]
    pub answers: Private<Answers>,
    /// When the next visit is due, as promised at this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due: Option<Day>,
    /// When the worker finished it, last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// Why it will not take place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Json>,
    /// What the office said, in the order it came.
    #[serde(default)]
    pub reviews: Vec<Review>,
    /// All other fields, as they came.
    #[serde(flatten)]
    pub rest: Private<Map<String, Json>>,
}

/// Where a visit stands. Derived, never stored, so that worker and office do not write over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VisitState {
    /// 计划中
    Planned,
    /// 进行中: a draft is on the device.
    InProgress,
    /// 已完成, not yet acknowledged by the office.
    Completed,
    /// 已提交
    Submitted,
    /// 已审阅
    Reviewed,
    /// 已退回
    Returned,
    /// 逾期未访: the window closed before it was completed.
    Missed,
    /// 已取消
    Cancelled,
}

/// What the device knows beside the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Here {
    /// A draft of it lies here.
    pub has_draft: bool,
    /// The office has acknowledged its last save.
    pub is_acknowledged: bool,
    /// The day.
    pub today: Day,
}

impl Visit {
    /// The kind, if this build knows its word.
    pub fn kind(&self) -> Option<VisitKind> {
        self.kind.as_deref().and_then(VisitKind::from_word)
    }

    /// Where it stands.
    pub fn state(&self, here: Here) -> VisitState {
        if self.cancelled.as_ref().is_some_and(|reason| !reason.is_null()) {
            return VisitState::Cancelled;
        }
        if here.has_draft {
            return VisitState::InProgress;
        }
        let Some(completed_at) = self.completed_at else {
            let is_over = self.due_on.is_some_and(|due_on| due_on < here.today);
            return if is_over { VisitState::Missed } else { VisitState::Planned };
        };
        match self.last_review().filter(|review| review.t >= completed_at) {
            Some(review) if review.v.verdict == Verdict::Accepted => VisitState::Reviewed,
            Some(_) => VisitState::Returned,
            None if here.is_acknowledged => VisitState::Submitted,
            None => VisitState::Completed,
        }
    }

    /// The office's last word.
    pub fn last_review(&self) -> Option<&Review> {
        self.reviews.iter().max_by(|a, b| a.t.cmp(&b.t).then_with(|| a.id.cmp(&b.id)))
    }

    /// Whether the worker may still change it: until it is reviewed.
    pub fn may_be_corrected(&self, here: Here) -> bool {
        !matches!(self.state(here), VisitState::Reviewed | VisitState::Cancelled)
    }
}

#[cfg(test)]
mod tests;
