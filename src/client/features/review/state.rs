//! The queue of visits to review, and what a visit says against the file.

use crate::data::{FieldView, VisitFile, VisitRow, VisitState};
use domain::order::Order;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which visits the queue shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Queue {
    #[default]
    Waiting,
    Returned,
    Accepted,
}

impl Queue {
    pub(super) const ALL: [Queue; 3] = [Queue::Waiting, Queue::Returned, Queue::Accepted];

    fn holds(self, state: VisitState) -> bool {
        match self {
            Queue::Waiting => matches!(state, VisitState::Submitted | VisitState::Completed),
            Queue::Returned => state == VisitState::Returned,
            Queue::Accepted => state == VisitState::Accepted,
        }
    }
}

/// The visits of a queue: those that wait longest first, those that are done newest first.
pub(super) fn queued(visits: &[VisitRow], queue: Queue) -> Vec<VisitRow> {
    let mut shown: Vec<VisitRow> = visits.iter().filter(|visit| queue.holds(visit.state)).cloned().collect();
    shown.order_by_key(|visit| visit.completed_at);
    if queue != Queue::Waiting {
        shown.reverse();
    }
    shown
}

/// The visit to open after `id` is done with: the next one that waits, else the one before it.
pub(super) fn next_of(waiting: &[VisitRow], id: Uuid) -> Option<Uuid> {
    let at = waiting.iter().position(|visit| visit.id == id)?;
    waiting
        .get(at + 1)
        .or_else(|| at.checked_sub(1).and_then(|before| waiting.get(before)))
        .map(|visit| visit.id)
}

/// An answer that speaks of a field of the file.
pub(super) struct Against {
    pub(super) field: &'static str,
    /// What the file says.
    pub(super) file: Value,
    pub(super) differs: bool,
}

/// Options of a question with their codes in the file.
type Options = &'static [(&'static str, &'static str)];

/// The questions of the follow-up checklist that speak of a field of the file (domain.md §4.4), and which of its options is which code there.
/// An option without a code there always differs.
const SPEAKS_OF: [(&str, &str, Options); 7] = [
    ("A06", "live_addr", &[]),
    ("A08", "mobile", &[]),
    ("A10", "health", &[("健康或良好", "10"), ("一般或较弱", "20"), ("有慢性病", "30"), ("残疾", "60")]),
    ("A14", "self_care", &[("自理", "1"), ("半自理", "3"), ("需要护理", "2")]),
    (
        "A16",
        "medical_scheme",
        &[("职工医保", "employee"), ("居民医保", "resident"), ("其他", "other"), ("未参加", "none")],
    ),
    ("A17", "house_state", &[("完好", "1"), ("一般危房", "2"), ("较重危房", "3")]),
    (
        "A22",
        "plaque",
        &[
            ("完好", "hung"),
            ("破损", "damaged"),
            ("丢失", "lost"),
            ("未挂", "none"),
            ("不适合悬挂", "unsuited"),
        ],
    ),
];

/// What the file says about the matter of a question; nothing if it says nothing.
pub(super) fn against(code: &str, answer: &Value, fields: &BTreeMap<String, FieldView>) -> Option<Against> {
    let (_, field, options) = SPEAKS_OF.iter().find(|(question, ..)| *question == code)?;
    let file = fields.get(*field).map(|view| view.value.clone()).filter(|value| !value.is_null())?;
    let said = match answer {
        Value::Object(place) => place.get("addr").and_then(Value::as_str),
        other => other.as_str(),
    };
    let same = match (options.is_empty(), said) {
        (true, said) => said == file.as_str(),
        (false, Some(said)) => options.iter().any(|(option, code)| *option == said && file == **code),
        (false, None) => false,
    };
    Some(Against { field, file, differs: !same })
}

/// Whether nothing in a visit has to be decided: it agrees with the file, proposes nothing, is signed, and was never returned.
pub(super) fn is_plain(visit: &VisitFile, fields: &BTreeMap<String, FieldView>) -> bool {
    let agrees = |(code, answer): (&String, &Value)| {
        let is_refused = answer.get("refused").is_some();
        !is_refused && against(code, answer, fields).is_none_or(|against| !against.differs)
    };
    visit.needs.is_empty()
        && visit.proposals.is_empty()
        && visit.reviews.is_empty()
        && visit.heeds().is_empty()
        && visit.answers.iter().all(agrees)
}

/// The codes that have an answer, in the order of the checklist; parts follow their question.
pub(super) fn answered(order: &[String], answers: &BTreeMap<String, Value>) -> Vec<String> {
    let question = |code: &str| code.split('.').next().unwrap_or_default().to_owned();
    let mut codes: Vec<String> = answers.keys().cloned().collect();
    codes.order_by_key(|code| {
        let stem = question(code);
        (order.iter().position(|known| *known == stem || known == code).unwrap_or(usize::MAX), code.clone())
    });
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ReviewRow;
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
            ended_at: Some(at),
            why: String::new(),
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
            ("live_addr".to_owned(), view(json!("石桥村1组2号"))),
        ]);
        let differs = |code, answer| against(code, &answer, &fields).map(|against| against.differs);
        assert_eq!(differs("A10", json!("重病")), Some(true));
        assert_eq!(differs("A10", json!("健康或良好")), Some(false));
        assert_eq!(differs("A22", json!("完好")), Some(false));
        assert_eq!(differs("A06", json!({"addr": "石桥村1组3号"})), Some(true));
        assert_eq!(differs("A01", json!("入户")), None);
        assert_eq!(differs("A14", json!("自理")), None);
    }

    #[test]
    fn a_visit_is_plain_only_when_nothing_is_to_be_decided() {
        let view = |value| FieldView { value, masked: false, unsent: false, proposed: None };
        let fields = BTreeMap::from([("health".to_owned(), view(json!("10")))]);
        let file = |answers: Value| VisitFile {
            row: visit(1, VisitState::Submitted, 1_795_500_000_000),
            fields: BTreeMap::from([
                ("completed_at".to_owned(), json!(1_795_500_000_000_i64)),
                ("answers".to_owned(), answers.clone()),
            ]),
            answers: serde_json::from_value(answers).expect("answers"),
            template_version: 1,
            blobs: Vec::new(),
            reviews: Vec::new(),
            needs: Vec::new(),
            proposals: Vec::new(),
        };
        let is_plain = |visit: &VisitFile| super::is_plain(visit, &fields);
        assert!(is_plain(&file(json!({"A10": "健康或良好", "A25": 4}))));
        assert!(!is_plain(&file(json!({"A10": "重病"}))));
        assert!(!is_plain(&file(json!({"A25": 2}))));
        assert!(!is_plain(&file(json!({"A29": {"refused": "不便", "reason": "手伤"}}))));
        let mut returned = file(json!({}));
        let (word, author) = (String::new(), String::new());
        returned.reviews.push(ReviewRow { accepted: false, question: None, word, author, at: 1 });
        assert!(!is_plain(&returned));
    }

    #[test]
    fn answers_follow_the_checklist() {
        let order = ["A01", "A02", "A30"].map(str::to_owned);
        let answers: BTreeMap<String, Value> =
            ["A30.2", "A02", "A30.1", "Z9", "A01"].map(|code| (code.to_owned(), json!(1))).into();
        assert_eq!(answered(&order, &answers), ["A01", "A02", "A30.1", "A30.2", "Z9"]);
    }
}
