use super::*;
use serde_json::json;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn here(has_draft: bool, is_acknowledged: bool) -> Here {
    Here { has_draft, is_acknowledged, today: day("2026-11-23") }
}

fn visit(json: Json) -> Visit {
    serde_json::from_value(json).unwrap()
}

fn review(verdict: &str, t: i64) -> Json {
    json!({"id": format!("r{t}"), "v": {"verdict": verdict, "question": "A12", "word": "照片不清"}, "author": "u", "t": t})
}

#[test]
fn the_state_follows_from_the_record_and_the_device() {
    let check = |record: Json, here: Here, expected| {
        assert_eq!(visit(record.clone()).state(here), expected, "{record}")
    };
    check(json!({}), here(false, false), VisitState::Planned);
    check(json!({"due_on": "2026-11-23"}), here(false, true), VisitState::Planned);
    check(json!({"due_on": "2026-11-22"}), here(false, true), VisitState::Missed);
    check(json!({"due_on": "2026-11-22"}), here(true, false), VisitState::InProgress);
    check(json!({"completed_at": 100}), here(false, false), VisitState::Completed);
    check(json!({"completed_at": 100}), here(false, true), VisitState::Submitted);
    check(json!({"completed_at": 100, "due_on": "2026-01-01"}), here(false, true), VisitState::Submitted);
    check(
        json!({"completed_at": 100, "reviews": [review("accepted", 200)]}),
        here(false, true),
        VisitState::Reviewed,
    );
    check(
        json!({"completed_at": 100, "reviews": [review("returned", 200)]}),
        here(false, true),
        VisitState::Returned,
    );
    check(
        json!({"completed_at": 300, "reviews": [review("returned", 200)]}),
        here(false, false),
        VisitState::Completed,
    );
    check(
        json!({"completed_at": 300, "reviews": [review("returned", 200)]}),
        here(false, true),
        VisitState::Submitted,
    );
    check(
        json!({"completed_at": 300, "reviews": [review("accepted", 500), review("returned", 400)]}),
        here(false, true),
        VisitState::Reviewed,
    );
    check(
        json!({"completed_at": 100, "reviews": [review("returned", 200)]}),
        here(true, true),
        VisitState::InProgress,
    );
    check(
        json!({"completed_at": 100, "cancelled": {"reason": "重复"}}),
        here(true, true),
        VisitState::Cancelled,
    );
}

#[test]
fn a_reviewed_visit_is_closed_to_the_worker() {
    let returned = visit(json!({"completed_at": 100, "reviews": [review("returned", 200)]}));
    assert!(returned.may_be_corrected(here(false, true)));
    let accepted = visit(json!({"completed_at": 100, "reviews": [review("accepted", 200)]}));
    assert!(!accepted.may_be_corrected(here(false, true)));
}

#[test]
fn unknown_fields_survive_and_nothing_personal_is_printed() {
    let record = json!({"kind": "follow_up", "answers": {"A27": "病"}, "reviews": [], "weather": "雨"});
    let visit = visit(record.clone());
    assert_eq!(visit.kind(), Some(VisitKind::FollowUp));
    assert_eq!(serde_json::to_value(&visit).unwrap(), record);
    let printed = format!("{visit:?}");
    assert!(!printed.contains('病') && !printed.contains('雨'), "{printed}");
}

#[test]
fn every_kind_is_found_by_its_word_and_serde_agrees() {
    for kind in VisitKind::ALL {
        assert_eq!(VisitKind::from_word(kind.word()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
    }
}

#[test]
fn the_priority_follows_the_default_plan() {
    let check = |recipient: Json, entitlement: Json, urgent, expected| {
        let entitlement = serde_json::from_value(entitlement).unwrap();
        let facts = PriorityFacts::of(recipient.as_object().unwrap(), &[entitlement], urgent);
        assert_eq!(facts.priority(), expected, "{recipient}");
    };
    let unpaid = || json!({"category": "90"});
    check(json!({}), unpaid(), false, Priority::C);
    check(json!({}), json!({"category": "42", "state": "paid"}), false, Priority::B);
    check(json!({}), json!({"category": "42", "state": "stopped"}), false, Priority::C);
    check(json!({"lone_elder": true}), unpaid(), false, Priority::A);
    check(json!({"lone_elder": false, "self_care": "1"}), unpaid(), false, Priority::C);
    check(json!({"self_care": "3"}), unpaid(), false, Priority::A);
    check(json!({"self_care": "2"}), unpaid(), false, Priority::A);
    check(json!({"relief_basic": true}), unpaid(), false, Priority::A);
    check(json!({"relief_destitute": true}), unpaid(), false, Priority::A);
    check(json!({}), json!({"category": "11", "grade": 4, "state": "paid"}), false, Priority::A);
    check(json!({}), json!({"category": "11", "grade": 5, "state": "paid"}), false, Priority::B);
    check(json!({}), unpaid(), true, Priority::A);
}

#[test]
fn the_next_visit_is_due_when_promised_or_when_the_interval_is_over() {
    let check = |last: Option<&str>, promised: Option<&str>, priority, expected: Option<&str>| {
        assert_eq!(next_due(last.map(day), promised.map(day), priority), expected.map(day));
    };
    check(None, None, Priority::A, None);
    check(Some("2026-11-30"), None, Priority::A, Some("2027-02-28"));
    check(Some("2026-11-23"), None, Priority::B, Some("2027-05-23"));
    check(Some("2026-11-23"), None, Priority::C, Some("2027-11-23"));
    check(Some("2026-11-23"), Some("2026-12-10"), Priority::C, Some("2026-12-10"));
    check(Some("2026-11-23"), Some("2028-12-10"), Priority::A, Some("2027-02-23"));
    check(Some("2026-11-23"), Some("2025-12-10"), Priority::A, Some("2027-02-23"));
}

#[test]
fn a_new_address_and_a_new_number_go_to_the_file() {
    let file = json!({"live_addr": "旧址", "live_code": "339999100201", "mobile": "13800000000"});
    let check = |given: Json, expected: &[(&str, &str)]| {
        let answers: Answers = serde_json::from_value(given.clone()).unwrap();
        let changes = changes(&answers, file.as_object().unwrap());
        let found: Vec<_> =
            changes.iter().map(|change| (change.field, change.value.as_str().unwrap())).collect();
        assert_eq!(found, expected, "{given}");
    };
    check(json!({"A05": true, "A07": false}), &[]);
    check(
        json!({"A05": false, "A06": {"code": "339999100202", "addr": " 3组12号 "}}),
        &[("live_code", "339999100202"), ("live_addr", "3组12号")],
    );
    check(json!({"A05": false, "A06": {"code": "339999100201", "addr": "新址"}}), &[("live_addr", "新址")]);
    check(json!({"A05": false, "A06": {"addr": "杭州"}}), &[("live_addr", "杭州")]);
    check(json!({"A05": true, "A06": {"addr": "杭州"}}), &[]);
    check(json!({"A07": true, "A08": "139 0000-0000"}), &[("mobile", "13900000000")]);
    check(json!({"A07": true, "A08": "13800000000"}), &[]);
    check(json!({"A07": true, "A08": "0571-88880000"}), &[("phone2", "0571-88880000")]);
    check(json!({"A07": false, "A08": "13900000000"}), &[]);
    check(json!({"C07": ["住址"], "C08": {"addr": "杭州"}}), &[("live_addr", "杭州")]);
    check(json!({"C07": ["无变化"], "C08": {"addr": "杭州"}}), &[]);
    check(json!({"C07": ["电话"], "C09": "139 0000-0000"}), &[("mobile", "13900000000")]);
    check(json!({"C07": ["户籍"], "C09": "139 0000-0000"}), &[]);
}
