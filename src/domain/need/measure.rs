//! Measures: what is done against a need, by whom, until when, and what shows that it was done.

use super::UnknownWord;
use crate::{day::Day, kinds::Fields};
use serde_json::Value;
use std::str::FromStr;
use uuid::Uuid;

/// What is done (domain.md §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MeasureKind {
    /// 资金
    Cash,
    /// 实物
    Goods,
    /// 医疗转介
    MedicalReferral,
    /// 代办申请: 低保, 医疗救助, 临时救助.
    ApplyRelief,
    /// 住房改造
    HouseRepair,
    /// 就业介绍
    JobPlacement,
    /// 培训
    Training,
    /// 助学
    SchoolAid,
    /// 照料服务
    CareService,
    /// 参保代缴
    InsurancePremium,
    /// 心理疏导
    Counselling,
    /// 法律援助
    LegalAid,
    /// 结对联系
    Pairing,
    /// 企业认领
    SponsorAdoption,
    /// 其他
    Other,
}

/// Each kind with its word on the wire, in the order of their list.
const KINDS: [(MeasureKind, &str); 15] = [
    (MeasureKind::Cash, "cash"),
    (MeasureKind::Goods, "goods"),
    (MeasureKind::MedicalReferral, "medical_referral"),
    (MeasureKind::ApplyRelief, "apply_relief"),
    (MeasureKind::HouseRepair, "house_repair"),
    (MeasureKind::JobPlacement, "job_placement"),
    (MeasureKind::Training, "training"),
    (MeasureKind::SchoolAid, "school_aid"),
    (MeasureKind::CareService, "care_service"),
    (MeasureKind::InsurancePremium, "insurance_premium"),
    (MeasureKind::Counselling, "counselling"),
    (MeasureKind::LegalAid, "legal_aid"),
    (MeasureKind::Pairing, "pairing"),
    (MeasureKind::SponsorAdoption, "sponsor_adoption"),
    (MeasureKind::Other, "other"),
];

impl MeasureKind {
    /// Every kind, in the order of their list.
    pub fn all() -> impl Iterator<Item = MeasureKind> {
        KINDS.iter().map(|(kind, _)| *kind)
    }

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

impl FromStr for MeasureKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<MeasureKind, UnknownWord> {
        KINDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind).ok_or(UnknownWord)
    }
}

/// Who gives what the measure takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// A public unit: the township, a bureau.
    Unit,
    /// A sponsor.
    Sponsor,
    /// Somebody by himself.
    Person,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Provider; 3] = [Provider::Unit, Provider::Sponsor, Provider::Person];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Provider::Unit => "unit",
            Provider::Sponsor => "sponsor",
            Provider::Person => "person",
        }
    }
}

/// A measure as its record says it.
#[derive(Clone, Copy)]
pub struct Measure<'a>(pub &'a dyn Fields);

impl<'a> Measure<'a> {
    /// Whether it is against this need.
    pub fn is_against(self, need: Uuid) -> bool {
        self.text("need").is_some_and(|id| Uuid::try_parse(id) == Ok(need))
    }

    /// The day until which it was promised.
    pub fn due_on(self) -> Option<Day> {
        self.day("due_on")
    }

    /// The day on which it was done.
    pub fn done_on(self) -> Option<Day> {
        self.day("done_on")
    }

    /// Whether something shows that it was done: a photo or paper, or a visit that saw it.
    pub fn has_evidence(self) -> bool {
        ["blobs", "evidence"]
            .iter()
            .any(|field| self.0.field(field).and_then(Value::as_array).is_some_and(|shown| !shown.is_empty()))
    }

    /// Whether it was done, and something shows it.
    pub fn is_done(self) -> bool {
        self.done_on().is_some() && self.has_evidence()
    }

    /// Whether it is cash that a public unit pays, which must be announced first. A measure that names no provider is the office's own.
    pub fn is_public_cash(self) -> bool {
        self.text("kind") == Some(MeasureKind::Cash.word())
            && self.text("provider").unwrap_or(Provider::Unit.word()) == Provider::Unit.word()
    }

    /// A field that is not empty.
    pub fn text(self, field: &str) -> Option<&'a str> {
        self.0.field(field).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    fn day(self, field: &str) -> Option<Day> {
        self.text(field).and_then(|text| text.parse().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, json};

    fn fields(value: Value) -> Map<String, Value> {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn every_word_finds_its_kind_again() {
        for kind in MeasureKind::all() {
            assert_eq!(kind.word().parse(), Ok(kind));
        }
        assert_eq!("gold".parse::<MeasureKind>(), Err(UnknownWord));
    }

    #[test]
    fn done_is_what_has_a_day_and_something_to_show() {
        for (said, done) in [
            (json!({"done_on": "2026-11-20"}), false),
            (json!({"done_on": "2026-11-20", "blobs": []}), false),
            (json!({"blobs": [{"blob": "x"}]}), false),
            (json!({"done_on": "soon", "blobs": [{"blob": "x"}]}), false),
            (json!({"done_on": "2026-11-20", "blobs": [{"blob": "x"}]}), true),
            (json!({"done_on": "2026-11-20", "evidence": ["visit"]}), true),
        ] {
            assert_eq!(Measure(&fields(said.clone())).is_done(), done, "{said}");
        }
    }

    #[test]
    fn only_cash_of_public_units_is_announced() {
        for (said, public) in [
            (json!({"kind": "cash"}), true),
            (json!({"kind": "cash", "provider": "unit"}), true),
            (json!({"kind": "cash", "provider": "sponsor"}), false),
            (json!({"kind": "goods", "provider": "unit"}), false),
        ] {
            assert_eq!(Measure(&fields(said.clone())).is_public_cash(), public, "{said}");
        }
    }
}
