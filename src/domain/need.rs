//! Difficulties found at a family, and how far the help has come.

mod limit;
mod measure;
mod steps;

use crate::money::Money;
pub use limit::{Closing, Limit, Since, due_on};
pub use measure::{Measure, MeasureKind, Provider};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
pub use steps::{Around, Ask, Lack, asks, forgets, guard, may_stand, may_step, offers};

/// What a difficulty is about. On the wire its code, such as `N-MED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NeedKind {
    /// 生活困难
    #[serde(rename = "N-LIFE")]
    Life,
    /// 医疗
    #[serde(rename = "N-MED")]
    Medical,
    /// 照料护理
    #[serde(rename = "N-CARE")]
    Care,
    /// 住房
    #[serde(rename = "N-HOUSE")]
    Housing,
    /// 就业
    #[serde(rename = "N-JOB")]
    Job,
    /// 教育
    #[serde(rename = "N-EDU")]
    Education,
    /// 突发事件
    #[serde(rename = "N-DIS")]
    Disaster,
    /// 参保
    #[serde(rename = "N-INS")]
    Insurance,
    /// 待遇发放
    #[serde(rename = "N-PAY")]
    Payment,
    /// 心理
    #[serde(rename = "N-PSY")]
    Psych,
    /// 法律
    #[serde(rename = "N-LEGAL")]
    Legal,
    /// 其他
    #[serde(rename = "N-OTH")]
    Other,
}

impl NeedKind {
    /// Every kind, in the order of their list.
    pub const ALL: [NeedKind; 12] = [
        NeedKind::Life,
        NeedKind::Medical,
        NeedKind::Care,
        NeedKind::Housing,
        NeedKind::Job,
        NeedKind::Education,
        NeedKind::Disaster,
        NeedKind::Insurance,
        NeedKind::Payment,
        NeedKind::Psych,
        NeedKind::Legal,
        NeedKind::Other,
    ];

    /// The code on the wire; also the name of the rule that finds it.
    pub fn code(self) -> &'static str {
        match self {
            NeedKind::Life => "N-LIFE",
            NeedKind::Medical => "N-MED",
            NeedKind::Care => "N-CARE",
            NeedKind::Housing => "N-HOUSE",
            NeedKind::Job => "N-JOB",
            NeedKind::Education => "N-EDU",
            NeedKind::Disaster => "N-DIS",
            NeedKind::Insurance => "N-INS",
            NeedKind::Payment => "N-PAY",
            NeedKind::Psych => "N-PSY",
            NeedKind::Legal => "N-LEGAL",
            NeedKind::Other => "N-OTH",
        }
    }
}

/// A word of a need's fields that this build does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a word of needs")]
pub struct UnknownWord;

impl FromStr for NeedKind {
    type Err = UnknownWord;

    fn from_str(code: &str) -> Result<NeedKind, UnknownWord> {
        NeedKind::ALL.into_iter().find(|kind| kind.code() == code).ok_or(UnknownWord)
    }
}

impl fmt::Display for NeedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How soon something must be done; the later in order the sooner. On the wire its Chinese word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Urgency {
    /// 一般
    #[serde(rename = "一般")]
    Normal,
    /// 急
    #[serde(rename = "急")]
    Urgent,
    /// 特急
    #[serde(rename = "特急")]
    Critical,
}

impl Urgency {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Urgency::Normal => "一般",
            Urgency::Urgent => "急",
            Urgency::Critical => "特急",
        }
    }

    /// The urgency of a wire word.
    pub fn from_word(word: &str) -> Option<Urgency> {
        [Urgency::Normal, Urgency::Urgent, Urgency::Critical].into_iter().find(|one| one.word() == word)
    }
}

/// How far the help against a difficulty has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedState {
    /// 已发现
    Found,
    /// 已定责任人
    Assigned,
    /// 核查中
    Verifying,
    /// 已定措施
    Planned,
    /// 公示: only where cash from public funds is given.
    PublicNotice,
    /// 已批准
    Approved,
    /// 有异议
    Objection,
    /// 帮扶中
    InProgress,
    /// 措施完成
    AllDone,
    /// 待回访
    AwaitFollowUp,
    /// 已销号
    Closed,
    /// 重新帮扶
    Reopened,
    /// Not taken up, with a reason.
    Dropped,
    /// Found not to be so, with a reason.
    Rejected,
    /// Handed to social relief, with a reason.
    Referred,
}

impl NeedState {
    /// Every state.
    pub const ALL: [NeedState; 15] = [
        NeedState::Found,
        NeedState::Assigned,
        NeedState::Verifying,
        NeedState::Planned,
        NeedState::PublicNotice,
        NeedState::Approved,
        NeedState::Objection,
        NeedState::InProgress,
        NeedState::AllDone,
        NeedState::AwaitFollowUp,
        NeedState::Closed,
        NeedState::Reopened,
        NeedState::Dropped,
        NeedState::Rejected,
        NeedState::Referred,
    ];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            NeedState::Found => "found",
            NeedState::Assigned => "assigned",
            NeedState::Verifying => "verifying",
            NeedState::Planned => "planned",
            NeedState::PublicNotice => "public_notice",
            NeedState::Approved => "approved",
            NeedState::Objection => "objection",
            NeedState::InProgress => "in_progress",
            NeedState::AllDone => "all_done",
            NeedState::AwaitFollowUp => "await_follow_up",
            NeedState::Closed => "closed",
            NeedState::Reopened => "reopened",
            NeedState::Dropped => "dropped",
            NeedState::Rejected => "rejected",
            NeedState::Referred => "referred",
        }
    }

    /// The state of a wire word.
    pub fn from_word(word: &str) -> Option<NeedState> {
        NeedState::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Where it may go from here.
    pub fn leads_to(self) -> &'static [NeedState] {
        use NeedState as S;
        match self {
            S::Found => &[S::Assigned, S::Dropped],
            S::Assigned => &[S::Verifying],
            S::Verifying => &[S::Planned, S::Rejected, S::Referred],
            S::Planned => &[S::PublicNotice, S::InProgress],
            S::PublicNotice => &[S::Approved, S::Objection],
            S::Approved => &[S::InProgress],
            S::Objection => &[S::Verifying],
            S::InProgress => &[S::AllDone],
            S::AllDone => &[S::AwaitFollowUp],
            S::AwaitFollowUp => &[S::Closed, S::Reopened],
            S::Closed => &[S::Reopened],
            S::Reopened => &[S::Planned],
            S::Dropped | S::Rejected | S::Referred => &[],
        }
    }

    /// Whether it may become that.
    pub fn may_become(self, next: NeedState) -> bool {
        self.leads_to().contains(&next)
    }

    /// Whether the difficulty is still being dealt with.
    pub fn is_open(self) -> bool {
        !matches!(self, NeedState::Closed | NeedState::Dropped | NeedState::Rejected | NeedState::Referred)
    }

    /// The same of the word on the wire: none yet, and one of a later build, count as open.
    pub fn is_open_word(word: &str) -> bool {
        NeedState::from_word(word).is_none_or(NeedState::is_open)
    }

    /// Whether going there takes a reason, and a notice to the person.
    pub fn takes_reason(self) -> bool {
        matches!(self, NeedState::Dropped | NeedState::Rejected | NeedState::Referred)
    }
}

/// Something to be done for a family that is no need: a change of the file, a plaque, a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TaskKind {
    /// The person has died: state change and what follows from it.
    #[serde(rename = "D1")]
    Death,
    /// The person has moved: transfer of the file.
    #[serde(rename = "D2")]
    Transfer,
    /// The plaque of honour is damaged, lost or not hung.
    #[serde(rename = "T-PLAQUE")]
    Plaque,
    /// The preferential treatment card is lacking or lost.
    #[serde(rename = "T-CARD")]
    Card,
    /// A file begun in the village lacks its category.
    #[serde(rename = "T-FILE")]
    File,
    /// Two files are of one person: the office makes one of them.
    #[serde(rename = "T-MERGE")]
    Merge,
}

impl TaskKind {
    /// The code on the wire; also the name of the rule that finds it.
    pub fn code(self) -> &'static str {
        match self {
            TaskKind::Death => "D1",
            TaskKind::Transfer => "D2",
            TaskKind::Plaque => "T-PLAQUE",
            TaskKind::Card => "T-CARD",
            TaskKind::File => "T-FILE",
            TaskKind::Merge => "T-MERGE",
        }
    }
}

/// What the rules from answers to needs measure by. Counties set them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// From this much paid by the family itself a hospital stay is a medical need.
    pub medical: Money,
    /// Below this much a head and year a family lives in difficulty; a placeholder until the county sets it.
    pub poverty_line: Money,
    /// The six digits of the own county; moves inside it are no transfer. `None`: not known, so any move is one.
    pub own_county: Option<String>,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds {
            medical: Money::from_fen(500_000),
            poverty_line: Money::from_fen(600_000),
            own_county: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_finds_its_like_again_and_serde_agrees() {
        for kind in NeedKind::ALL {
            assert_eq!(kind.code().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        for state in NeedState::ALL {
            assert_eq!(NeedState::from_word(state.word()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.word());
        }
        let first = [TaskKind::Death, TaskKind::Transfer, TaskKind::Plaque, TaskKind::Card];
        for task in first.into_iter().chain([TaskKind::File, TaskKind::Merge]) {
            assert_eq!(serde_json::to_value(task).unwrap(), task.code());
        }
        assert_eq!(Urgency::from_word("特急"), Some(Urgency::Critical));
        assert_eq!(serde_json::to_value(Urgency::Urgent).unwrap(), "急");
        assert!(Urgency::Critical > Urgency::Urgent && Urgency::Urgent > Urgency::Normal);
        assert_eq!("N-NEW".parse::<NeedKind>(), Err(UnknownWord));
    }

    #[test]
    fn nothing_is_closed_without_a_follow_up() {
        for state in NeedState::ALL {
            assert_eq!(state.may_become(NeedState::Closed), state == NeedState::AwaitFollowUp, "{state:?}");
        }
    }

    #[test]
    fn every_state_is_reached_and_only_the_end_states_lead_nowhere() {
        for state in NeedState::ALL {
            let reached = NeedState::ALL.iter().any(|other| other.may_become(state));
            assert!(reached || state == NeedState::Found, "{state:?}");
            assert_eq!(state.leads_to().is_empty(), state.takes_reason(), "{state:?}");
        }
    }

    #[test]
    fn a_worker_may_drop_what_was_only_found() {
        assert!(NeedState::Found.may_become(NeedState::Dropped));
        assert!(!NeedState::Planned.may_become(NeedState::Dropped));
        assert!(!NeedState::Dropped.is_open() && NeedState::Reopened.is_open());
    }
}
