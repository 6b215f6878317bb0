//! One entitlement of a person: a category with its certificate, grade and state.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::category::Category;
use crate::disability::{self, Cause, OldClass};
use crate::private::Private;
use crate::recipient::Problem;

/// The typed view of an entitlement's fields; what this build does not know lies in `rest` and survives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Entitlement {
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// accepted, paid, stopped … (see `options`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// 1–10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<u8>,
    /// war, duty, illness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// A class in use until 2004.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_class: Option<OldClass>,
    /// All other fields, as they came.
    #[serde(flatten)]
    pub rest: Private<Map<String, Value>>,
}

/// Whether money is paid on an entitlement in this state.
pub fn is_paid(state: &str) -> bool {
    matches!(state, "" | "paid")
}

impl Entitlement {
    /// The category, if this build knows its code.
    pub fn category(&self) -> Option<Category> {
        self.category.as_deref()?.parse().ok()
    }

    /// What is wrong or missing, to be shown and not to be refused.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        match self.category() {
            None => problems.push(Problem::new("category", "category_unknown")),
            Some(category) if category.is_disabled() => self.check_disability(&mut problems),
            Some(_) if self.grade.is_some() => problems.push(Problem::new("grade", "grade_unexpected")),
            Some(_) => {}
        }
        problems
    }

    fn check_disability(&self, problems: &mut Vec<Problem>) {
        match (self.grade, self.cause) {
            (None, _) if self.old_class.is_none() => problems.push(Problem::new("grade", "required_missing")),
            (Some(grade), _) if !(1..=10).contains(&grade) => {
                problems.push(Problem::new("grade", "grade_out_of_range"));
            }
            (Some(grade), Some(cause)) if !disability::fits(cause, grade) => {
                problems.push(Problem::new("grade", "illness_grade"));
            }
            _ => {}
        }
        if self.cause.is_none() {
            problems.push(Problem::new("cause", "required_missing"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Entitlement, is_paid};

    fn codes(value: serde_json::Value) -> Vec<&'static str> {
        serde_json::from_value::<Entitlement>(value).unwrap().check().into_iter().map(|p| p.code).collect()
    }

    #[test]
    fn faults_are_listed_and_not_refused() {
        assert_eq!(codes(json!({"category": "ZZ"})), ["category_unknown"]);
        assert_eq!(codes(json!({"category": "11", "grade": 8, "cause": "illness"})), ["illness_grade"]);
        assert_eq!(codes(json!({"category": "11", "grade": 11, "cause": "war"})), ["grade_out_of_range"]);
        assert_eq!(codes(json!({"category": "81", "grade": 3})), ["grade_unexpected"]);
        assert_eq!(codes(json!({"category": "11", "old_class": "second_b", "cause": "war"})), [""; 0]);
    }

    #[test]
    fn fields_of_a_later_build_survive() {
        let value = json!({"category": "21", "kin_relation": "spouse", "halo": {"x": [1]}});
        let typed: Entitlement = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), value);
        assert!(is_paid(typed.state.as_deref().unwrap_or_default()));
    }
}
