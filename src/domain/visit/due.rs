//! How important regular visits are to a family (domain.md §4.1), and why.

use serde_json::Value as Json;

/// How often a family is visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// 重点.
    A,
    /// Other persons with regular pay.
    B,
    /// All others.
    C,
}

impl Priority {
    /// Its letter.
    pub fn letter(self) -> char {
        match self {
            Priority::A => 'A',
            Priority::B => 'B',
            Priority::C => 'C',
        }
    }
}

/// What puts somebody into his class, the gravest of all that do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// An open need that is 急 or 特急.
    UrgentNeed,
    /// 孤老
    LoneElder,
    /// 1–4 级残疾
    BadlyDisabled,
    /// 半自理 or 享受护理
    Frail,
    /// 低保 or 特困
    OnRelief,
    /// 有定期抚恤补助
    RegularPay,
}

/// What decides on the priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriorityFacts {
    /// 孤老
    pub lone_elder: bool,
    /// 半自理 or 享受护理
    pub frail: bool,
    /// 低保 or 特困
    pub on_relief: bool,
    /// A disability of grade 1–4.
    pub badly_disabled: bool,
    /// An open need that is 急 or 特急.
    pub urgent_need: bool,
    /// An entitlement with regular pay.
    pub regular_pay: bool,
}

impl PriorityFacts {
    /// What the fields of a file say; what lies below it is added by [`super::PlanFacts`].
    pub fn of_file<'a>(field: impl Fn(&str) -> Option<&'a Json>) -> PriorityFacts {
        let flag = |name: &str| field(name) == Some(&Json::Bool(true));
        PriorityFacts {
            lone_elder: flag("lone_elder"),
            frail: is_frail(field("self_care").and_then(Json::as_str).unwrap_or_default()),
            on_relief: flag("relief_basic") || flag("relief_destitute"),
            ..PriorityFacts::default()
        }
    }

    /// The priority.
    pub fn priority(self) -> Priority {
        match self.cause() {
            None => Priority::C,
            Some(Cause::RegularPay) => Priority::B,
            Some(_) => Priority::A,
        }
    }

    /// What it follows from; nothing of those who are in no special position.
    pub fn cause(self) -> Option<Cause> {
        let causes = [
            (self.urgent_need, Cause::UrgentNeed),
            (self.lone_elder, Cause::LoneElder),
            (self.badly_disabled, Cause::BadlyDisabled),
            (self.frail, Cause::Frail),
            (self.on_relief, Cause::OnRelief),
            (self.regular_pay, Cause::RegularPay),
        ];
        causes.into_iter().find_map(|(is_so, cause)| is_so.then_some(cause))
    }
}

/// Whether a code of 生活能力 means 半自理 or 享受护理.
pub fn is_frail(self_care: &str) -> bool {
    matches!(self_care, "2" | "3")
}
