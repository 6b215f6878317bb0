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
fn what_a_file_says_of_the_class_is_read_from_its_fields() {
    let check = |recipient: Json, expected| {
        let facts = PriorityFacts::of_file(|name| recipient.get(name));
        assert_eq!((facts.priority(), facts.cause()), expected, "{recipient}");
    };
    check(json!({}), (Priority::C, None));
    check(json!({"lone_elder": true}), (Priority::A, Some(Cause::LoneElder)));
    check(json!({"lone_elder": false, "self_care": "1"}), (Priority::C, None));
    check(json!({"self_care": "3"}), (Priority::A, Some(Cause::Frail)));
    check(json!({"self_care": "2"}), (Priority::A, Some(Cause::Frail)));
    check(json!({"relief_basic": true}), (Priority::A, Some(Cause::OnRelief)));
    check(json!({"relief_destitute": true}), (Priority::A, Some(Cause::OnRelief)));
}

#[test]
fn a_new_address_and_a_new_number_go_to_the_file() {
    let file = json!({"live_addr": "旧址", "live_code": "339999100201", "mobile": "13800000000"});
    let check = |given: Json, expected: &[(&str, &str)]| {
        let answers: Answers = serde_json::from_value(given.clone()).unwrap();
        let changes = changes(&answers, file.as_object().unwrap(), "2026-11-26".parse().unwrap());
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

#[test]
fn what_became_of_the_plaque_goes_to_the_file() {
    let check = |given: Json, expected: &[(&str, &str)]| {
        let answers: Answers = serde_json::from_value(given.clone()).unwrap();
        let file = serde_json::Map::from_iter([("plaque".to_owned(), json!("damaged"))]);
        let changes = changes(&answers, &file, "2026-11-26".parse().unwrap());
        let found: Vec<_> =
            changes.iter().map(|change| (change.field, change.value.as_str().unwrap())).collect();
        assert_eq!(found, expected, "{given}");
    };
    let hung = [("plaque", "hung"), ("plaque_hung_on", "2026-11-26")];
    check(json!({"P01": "新挂", "P02": "新符合条件", "P04": false, "P05": "大门"}), &hung);
    check(json!({"P01": "更换", "P02": "破损", "P05": "室内"}), &hung);
    check(json!({"P01": "新挂", "P02": "新符合条件", "P04": true}), &[]);
    check(json!({"P01": "收回", "P02": "不再符合条件"}), &[("plaque", "ended")]);
    check(json!({"P01": "收回", "P02": "丢失"}), &[("plaque", "lost")]);
    check(json!({"P01": "收回", "P02": "搬迁"}), &[("plaque", "none")]);
    check(json!({"P02": "丢失"}), &[]);
}
