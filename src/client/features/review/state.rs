//! The queue of visits to review, and what a visit says against the file.

use crate::data::{FieldView, VisitRow, VisitState};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which visits the queue shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Queue {
    #[default]
    Waiting,
    Returned,
    Accepted,
}

impl Queue {
    pub(crate) const ALL: [Queue; 3] = [Queue::Waiting, Queue::Returned, Queue::Accepted];

    fn holds(self, state: VisitState) -> bool {
        match self {
            Queue::Waiting => matches!(state, VisitState::Submitted | VisitState::Completed),
            Queue::Returned => state == VisitState::Returned,
            Queue::Accepted => state == VisitState::Accepted,
        }
    }
}

/// The visits of a queue: those that wait longest first, those that are done newest first.
pub(crate) fn queued(visits: &[VisitRow], queue: Queue) -> Vec<VisitRow> {
    let mut shown: Vec<VisitRow> = visits.iter().filter(|visit| queue.holds(visit.state)).cloned().collect();
    shown.sort_by_key(|visit| visit.completed_at);
    if queue != Queue::Waiting {
        shown.reverse();
    }
    shown
}

/// The visit to open after `id` is done with: the next one that waits, else the one before it.
pub(crate) fn next_of(waiting: &[VisitRow], id: Uuid) -> Option<Uuid> {
    let at = waiting.iter().position(|visit| visit.id == id)?;
    waiting.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| waiting.get(before))).map(|visit| visit.id)
}

/// An answer that speaks of a field of the file.
pub(crate) struct Against {
    pub(crate) field: &'static str,
    /// What the file says, as words.
    pub(crate) file: String,
    pub(crate) differs: bool,
}

/// The questions of the follow-up checklist that speak of a field of the file (domain.md §4.4).
const SPEAKS_OF: [(&str, &str); 7] = [
    ("A06", "live_addr"),
    ("A08", "mobile"),
    ("A10", "health"),
    ("A14", "self_care"),
    ("A16", "medical_scheme"),
    ("A17", "house_state"),
    ("A22", "plaque"),
];

/// What the file says about the matter of a question; nothing if the file has no such field.
pub(crate) fn against(
    code: &str,
    answer: &str,
    fields: &BTreeMap<String, FieldView>,
    words: fn(&str, &Value) -> String,
) -> Option<Against> {
    let (_, field) = SPEAKS_OF.iter().find(|(question, _)| *question == code)?;
    let file = fields.get(*field).filter(|view| !view.value.is_null()).map(|view| words(field, &view.value));
    let file = file.unwrap_or_default();
    let differs = !file.is_empty() && !is_same(&file, answer);
    Some(Against { field, file, differs })
}

/// The answer's words and the file's say the same: the checklist and the file name some states differently.
fn is_same(file: &str, answer: &str) -> bool {
    const SAME: [(&str, &str); 3] = [("已挂", "完好"), ("享受护理", "需要护理"), ("无", "未参加")];
    file == answer || SAME.contains(&(file, answer))
}

/// The codes that have an answer, in the order of the checklist; parts follow their question.
pub(crate) fn answered(order: &[String], answers: &Map<String, Value>) -> Vec<String> {
    let question = |code: &str| code.split('.').next().unwrap_or_default().to_owned();
    let mut codes: Vec<String> = answers.keys().cloned().collect();
    codes.sort_by_key(|code| {
        let stem = question(code);
        (order.iter().position(|known| *known == stem || known == code).unwrap_or(usize::MAX), code.clone())
    });
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn visit(n: u128, state: VisitState, at: i64) -> VisitRow {
        VisitRow {
            id: Uuid::from_u128(n),
            recipient: Uuid::from_u128(100 + n),
            name: "李伟".to_owned(),
            village: "石桥村".to_owned(),
            kind: "follow_up".to_owned(),
            template: "FOLLOWUP".to_owned(),
            state,
            day: "2026-11-23".to_owned(),
            completed_at: Some(at),
            visitors: Vec::new(),
            photos: 0,
            photos_at_office: None,
            needs: 0,
        }
    }

    #[test]
    fn who_waits_longest_comes_first() {
        let visits = [
            visit(1, VisitState::Submitted, 30),
            visit(2, VisitState::Submitted, 10),
            visit(3, VisitState::Accepted, 5),
            visit(4, VisitState::Accepted, 50),
        ];
        let ids = |queue| queued(&visits, queue).iter().map(|v| v.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(ids(Queue::Waiting), [2, 1]);
        assert_eq!(ids(Queue::Accepted), [4, 3]);
    }

    #[test]
    fn after_a_visit_comes_the_next_that_waits() {
        let waiting = [visit(1, VisitState::Submitted, 1), visit(2, VisitState::Submitted, 2)];
        assert_eq!(next_of(&waiting, Uuid::from_u128(1)), Some(Uuid::from_u128(2)));
        assert_eq!(next_of(&waiting, Uuid::from_u128(2)), Some(Uuid::from_u128(1)));
        assert_eq!(next_of(&waiting[..1], Uuid::from_u128(1)), None);
    }

    #[test]
    fn an_answer_is_held_against_the_file() {
        let view = |value| FieldView { value, masked: false, unsent: false, proposed: None };
        let fields = BTreeMap::from([
            ("health".to_owned(), view(json!("10"))),
            ("plaque".to_owned(), view(json!("hung"))),
        ]);
        let words = crate::features::labels::value;
        let health = against("A10", "重病", &fields, words).expect("the file has a health field");
        assert!(health.differs && health.file == "健康或良好");
        assert!(!against("A22", "完好", &fields, words).expect("a plaque field").differs);
        assert!(against("A01", "入户", &fields, words).is_none());
        assert!(!against("A14", "自理", &fields, words).expect("named").differs);
    }

    #[test]
    fn answers_follow_the_checklist() {
        let order = ["A01", "A02", "A30"].map(str::to_owned);
        let Value::Object(answers) = json!({"A30.2": "x", "A02": 1, "A30.1": [], "Z9": 1, "A01": 1}) else {
            panic!("an object")
        };
        assert_eq!(answered(&order, &answers), ["A01", "A02", "A30.1", "A30.2", "Z9"]);
    }
}
