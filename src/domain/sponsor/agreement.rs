//! What a sponsor agreed to, and for how long.

use crate::day::Day;
use serde_json::{Value, json};

/// An agreement that ends within so many days is talked about again.
const SOON_DAYS: i64 = 30;

/// An agreement; one without an end goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
    /// What it is about.
    pub scope: String,
}

/// Where an agreement stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgreementState {
    /// It has not begun.
    Ahead,
    /// It runs.
    Running,
    /// It ends within a month.
    Ending,
    /// It has ended.
    Over,
}

impl Agreement {
    /// The agreement of a stored value; nothing where it says nothing.
    pub fn read(value: &Value) -> Option<Agreement> {
        let day = |name: &str| value.get(name).and_then(Value::as_str).and_then(|day| day.parse().ok());
        // Words alone are what it is about.
        let scope = value.as_str().or_else(|| value.get("scope")?.as_str()).unwrap_or_default();
        let agreement = Agreement { from: day("from"), to: day("to"), scope: scope.trim().to_owned() };
        (agreement != Agreement::default()).then_some(agreement)
    }

    /// As it is stored.
    pub fn value(&self) -> Value {
        json!({ "from": self.from, "to": self.to, "scope": self.scope })
    }

    /// Whether its end does not come before its beginning.
    pub fn is_in_order(&self) -> bool {
        !matches!((self.from, self.to), (Some(from), Some(to)) if to < from)
    }

    /// Where it stands on a day.
    pub fn state(&self, today: Day) -> AgreementState {
        match (self.from, self.to) {
            (Some(from), _) if today < from => AgreementState::Ahead,
            (_, Some(to)) if to < today => AgreementState::Over,
            (_, Some(to)) if to.days_since(today) <= SOON_DAYS => AgreementState::Ending,
            _ => AgreementState::Running,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Agreement, AgreementState as S};
    use crate::day::Day;
    use serde_json::json;

    fn day(text: &str) -> Option<Day> {
        text.parse().ok()
    }

    #[test]
    fn what_is_stored_is_read_again() {
        let agreement =
            Agreement { from: day("2026-01-01"), to: day("2026-12-31"), scope: "助学".to_owned() };
        assert_eq!(Agreement::read(&agreement.value()), Some(agreement));
        assert_eq!(Agreement::read(&json!(null)), None);
        assert_eq!(Agreement::read(&json!({ "from": null, "to": "soon", "scope": " " })), None);
        assert_eq!(Agreement::read(&json!("口头约定")).map(|said| said.scope).as_deref(), Some("口头约定"));
    }

    #[test]
    fn a_day_says_where_it_stands() {
        for (from, to, state) in [
            ("2026-11-28", "2027-11-27", S::Ahead),
            ("2026-11-27", "2027-11-27", S::Running),
            ("2025-12-01", "2026-12-28", S::Running),
            ("2025-12-01", "2026-12-27", S::Ending),
            ("2025-12-01", "2026-11-27", S::Ending),
            ("2025-12-01", "2026-11-26", S::Over),
            ("2025-12-01", "", S::Running),
            ("", "", S::Running),
        ] {
            let agreement = Agreement { from: day(from), to: day(to), scope: String::new() };
            assert_eq!(agreement.state(day("2026-11-27").expect("a day")), state, "{from} {to}");
        }
    }

    #[test]
    fn an_end_before_the_beginning_is_out_of_order() {
        let of = |from, to| Agreement { from: day(from), to: day(to), scope: String::new() };
        assert!(of("2026-01-01", "2026-01-01").is_in_order() && of("", "2026-01-01").is_in_order());
        assert!(!of("2026-01-02", "2026-01-01").is_in_order());
    }
}
