use super::*;
use crate::day::Day;
use serde_json::json;

fn today() -> Day {
    "2026-11-23".parse().unwrap()
}

fn checklist(questions: Json) -> Checklist {
    let json = json!({"id": "T", "version": 1, "title": {"zh": "表"}, "questions": questions});
    Checklist::new(serde_json::from_value(json).unwrap()).unwrap()
}

fn answers(json: Json) -> Answers {
    serde_json::from_value(json).unwrap()
}

fn q(code: &str, kind: &str, more: Json) -> Json {
    let mut question = json!({"code": code, "text": {"zh": "问"}, "type": kind});
    question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    question
}

/// A family with its children and their schools.
fn family() -> Checklist {
    checklist(json!([
        q(
            "child",
            "repeat",
            json!({"max": 5, "parts": [
                q("name", "text", json!({"required": true})),
                q("more", "parts", json!({"show_if": "${age} >= 6", "parts": [
                    q("school", "text", json!({"required": true})),
                    q("n", "calculate", json!({"derive": "position(../..)"})),
                ]})),
                q("age", "int", json!({"required": true, "validate": {"expr": ". <= ${oldest}", "say": {"zh": "大了"}}})),
                q("toy", "repeat", json!({"parts": [
                    q("what", "text", json!({"required": "${age} < 3"})),
                    q("of", "calculate", json!({"derive": "concat(${name}, position(..), count(${toy}), sum(${age}))"})),
                ]})),
            ]})
        ),
        q("oldest", "calculate", json!({"derive": "max(${age})"})),
        q("sum", "decimal", json!({"derive": "sum(${age}) div count(${child})"})),
        q("schools", "calculate", json!({"derive": "count(${school})"})),
        q("toys", "calculate", json!({"derive": "count(${toy})"})),
        q("any", "note", json!({"show_if": "${name} = '丙'"})),
    ]))
}

#[test]
fn a_repeat_asks_for_each_instance_and_its_answers_are_told_apart() {
    let given = answers(json!({
        "child": 2, "child[1].name": "甲", "child[1].age": 7, "child[1].school": "一小", "child[2].name": "乙", "child[2].age": 2,
        "child[2].school": "没有", "child[2].toy": 2, "child[2].toy[1].what": "球", "child[3].name": "丙",
    }));
    let view = family().look(&given, &Facts::default(), today());
    assert_eq!(
        view.codes(),
        [
            "child[1].name",
            "child[1].school",
            "child[1].age",
            "child[1].toy",
            "child[2].name",
            "child[2].age",
            "child[2].toy[1].what",
            "child[2].toy[2].what",
            "child[2].toy",
            "child",
            "sum"
        ]
    );
    assert_eq!(view.missing().collect::<Vec<_>>(), ["child[2].toy[2].what"]);
    let stored = view.stored();
    assert_eq!(stored.get("child[2].school"), None, "hidden questions store nothing");
    assert_eq!(stored.get("child[3].name"), None, "nor instances that are not there");
    assert_eq!(stored.int("oldest"), Some(7));
    assert_eq!(stored.get("sum"), Some(&json!(4.5)));
    assert_eq!((stored.int("schools"), stored.int("toys")), (Some(1), Some(2)));
    assert_eq!(stored.int("child[1].n"), Some(1));
    assert_eq!(stored.text("child[2].toy[2].of"), Some("乙222"));
    assert_eq!(family().look(stored, &Facts::default(), today()), view);
}

#[test]
fn a_repeat_has_limits_and_no_instance_to_begin_with() {
    let look = |json: Json| family().look(&answers(json), &Facts::default(), today());
    let view = look(json!({}));
    assert_eq!((view.codes(), view.is_complete()), (&["child".to_owned(), "sum".to_owned()][..], true));
    assert_eq!(view.stored().get("sum"), None, "a division by zero is no answer");
    let many = look(json!({"child": 6}));
    assert!(many.problems().contains(&Problem { code: "child".into(), why: Why::More(5) }));
    assert!(look(json!({"child": 1_000_000_000_i64})).codes().len() < 1_000);
    assert_eq!(look(json!({"child": "x"})).problems()[0].why, Why::Kind);
    let counted = checklist(json!([
        q("n", "int", json!({})),
        q("row", "repeat", json!({"derive": "${n}", "parts": [q("a", "text", json!({}))]})),
    ]));
    let view = counted.look(&answers(json!({"n": 2, "row": 7})), &Facts::default(), today());
    assert_eq!(view.codes(), ["n", "row[1].a", "row[2].a", "row"]);
}

#[test]
fn nested_repeats_do_not_multiply_without_bound() {
    let mut inner = q("leaf", "text", json!({}));
    for level in 0..6 {
        inner = q(&format!("r{level}"), "repeat", json!({"min": 50, "parts": [inner]}));
    }
    let view = checklist(json!([inner])).look(&Answers::default(), &Facts::default(), today());
    assert!(view.codes().len() < 10_000);
}

#[test]
fn an_instance_is_taken_out_and_those_behind_it_move_up() {
    let mut given = answers(json!({
        "child": 3, "child[1].name": "甲", "child[2].name": "乙", "child[2].age": 2, "child[3].name": "丙", "child[3].toy": 1,
        "child[3].toy[1].what": "球",
    }));
    for (code, json) in family().without(&given, "child", 2) {
        given.set(&code, json);
    }
    let expected = json!({
        "child": 2, "child[1].name": "甲", "child[2].name": "丙", "child[2].toy": 1, "child[2].toy[1].what": "球",
    });
    assert_eq!(serde_json::to_value(&given).unwrap(), expected);
    assert_eq!(family().without(&given, "child", 3), []);
    assert_eq!(family().without(&given, "name", 1), []);
    assert_eq!(family().without(&given, "child[2].toy", 1).len(), 2);
}

#[test]
fn options_follow_from_what_was_chosen_before() {
    let towns = json!([
        {"code": "a", "text": {"zh": "甲"}, "columns": {"county": "x"}},
        {"code": "b", "text": {"zh": "乙"}, "columns": {"county": "y"}},
        {"code": "b", "text": {"zh": "乙二"}, "columns": {"county": "x"}},
    ]);
    let list = checklist(json!([
        q(
            "county",
            "single",
            json!({"options": [{"code": "x", "text": {"zh": "X"}}, {"code": "y", "text": {"zh": "Y"}}]})
        ),
        q("town", "single", json!({"options": towns, "filter": "county = ${county}"})),
        q("towns", "multi", json!({"options": towns, "filter": "county = ${county} and name != 'b'"})),
    ]));
    let look = |json: Json| list.look(&answers(json), &Facts::default(), today());
    assert_eq!(look(json!({})).offered("town"), Some(&[][..]));
    let view = look(json!({"county": "x", "town": "b", "towns": ["a"]}));
    assert_eq!((view.offered("town"), view.offered("towns")), (Some(&[0, 2][..]), Some(&[0][..])));
    assert_eq!((view.offered("county"), view.is_complete()), (None, true));
    let view = look(json!({"county": "y", "town": "a", "towns": ["a"]}));
    let why = |code: &str| Problem { code: code.to_owned(), why: Why::Option };
    assert_eq!(view.problems(), [why("town"), why("towns")]);
}

#[test]
fn defaults_come_from_the_file_the_last_visit_and_each_other() {
    let list = checklist(json!([
        q("addr", "text", json!({"default": "${recipient.live_addr}"})),
        q("phone", "phone", json!({"default": "${recipient.mobile}"})),
        q(
            "health",
            "single",
            json!({"as_last": true, "default": "${last-saved#health}", "options": [{"code": "好", "text": {"zh": "好"}}]})
        ),
        q("n", "int", json!({"default": "'2'"})),
        q("twice", "decimal", json!({"default": "${n} * 2.25"})),
        q("day", "date", json!({"default": "today()"})),
        q(
            "kinds",
            "multi",
            json!({"default": "'a b'", "options": [{"code": "a", "text": {"zh": "A"}}, {"code": "b", "text": {"zh": "B"}}]})
        ),
        q("row", "repeat", json!({"min": 1, "parts": [q("of", "int", json!({"default": "position(..)"}))]})),
    ]));
    let file = json!({"live_addr": "3组12号", "mobile": "13800000000"});
    let mut facts = Facts {
        file: serde_json::from_value(file).unwrap(),
        last: answers(json!({"health": "好"})),
        ..Facts::default()
    };
    let defaults = |facts: &Facts, given: Json, prefix: &str| {
        let found = list.defaults(&answers(given), facts, today(), prefix);
        Json::Object(found.into_iter().collect())
    };
    let expected = json!({
        "addr": "3组12号", "phone": "13800000000", "health": "好", "n": 2, "twice": 4.5, "day": "2026-11-23", "kinds": ["a", "b"],
        "row[1].of": 1,
    });
    assert_eq!(defaults(&facts, json!({}), ""), expected);
    assert_eq!(defaults(&facts, json!({"row": 2}), "row[2]."), json!({"row[2].of": 2}));
    assert_eq!(list.last("health", &facts), Some(&json!("好")));
    facts.last = answers(json!({"health": "旧选项"}));
    assert_eq!(list.last("health", &facts), None, "an option that is no more is no answer");
    facts.file.clear();
    assert_eq!(
        defaults(&facts, json!({"n": 3}), ""),
        json!({"twice": 6.75, "day": "2026-11-23", "kinds": ["a", "b"], "row[1].of": 1})
    );
}

#[test]
fn what_was_computed_once_stays() {
    let list = checklist(json!([q("first", "calculate", json!({"derive": "once(today())"}))]));
    let view = list.look(&Answers::default(), &Facts::default(), today());
    let kept = list.to_keep(&Answers::default(), view.stored());
    assert_eq!(kept, [("first".to_owned(), json!("2026-11-23"))]);
    let later = list.look(view.stored(), &Facts::default(), "2027-01-01".parse().unwrap());
    assert_eq!(later.stored(), view.stored());
    assert_eq!(list.to_keep(view.stored(), later.stored()), []);
}

#[test]
fn sealed_fields_are_no_facts_and_depth_has_a_limit() {
    let faults = |questions: Json| {
        let json = json!({"id": "T", "version": 1, "title": {"zh": "表"}, "questions": questions});
        Checklist::new(serde_json::from_value(json).unwrap()).unwrap_err()
    };
    let found = faults(json!([q(
        "a",
        "text",
        json!({"default": "concat(${recipient.id_no}, ${recipient.name}, ${recipient.x})"})
    )]));
    let names: Vec<_> = found.into_iter().map(|fault| fault.why).collect();
    assert_eq!(names, [FaultWhy::Unknown("recipient.id_no".into()), FaultWhy::Unknown("recipient.x".into())]);
    let mut inner = q("leaf", "text", json!({}));
    for level in 0..LEVELS_MAX {
        inner = q(&format!("g{level}"), "parts", json!({"parts": [inner]}));
    }
    assert_eq!(faults(json!([inner]))[0].why, FaultWhy::TooMany);
    assert_eq!(faults(json!([q("c", "calculate", json!({}))]))[0].why, FaultWhy::Nothing);
    let circle =
        json!([q("r", "repeat", json!({"derive": "count(${in})", "parts": [q("in", "text", json!({}))]})),]);
    assert!(faults(circle).iter().all(|fault| fault.why == FaultWhy::Circle));
}

#[test]
fn words_name_the_answers_of_others_and_answers_are_read_instance_by_instance() {
    let given = answers(json!({
        "child": 2, "child[1].name": "甲", "child[1].age": 7, "child[2].name": "乙", "child[2].age": 2.0, "child[10].name": "丙",
    }));
    let view = family().look(&given, &Facts::default(), today());
    assert_eq!(view.filled("${name}几岁？最大${oldest}，${nobody}${", "child[2].age"), "乙几岁？最大7，${");
    assert_eq!(view.filled("孩子", "child"), "孩子");
    let read = family().answered(&given.0);
    assert_eq!(
        read,
        ["child", "child[1].name", "child[1].age", "child[2].name", "child[2].age", "child[10].name"]
            .map(str::to_owned)
    );
}

#[test]
fn decimals_and_positions_are_read_as_they_are_typed() {
    assert_eq!(decimal_answer("２.50"), json!(2.5));
    assert_eq!(decimal_answer("3"), json!(3));
    assert_eq!(decimal_answer("三"), json!("三"));
    assert_eq!(decimal_answer(" "), Json::Null);
    let place = position_answer("34.1234， 108.5678");
    assert_eq!(place, json!({"lat": 34_123_400, "lon": 108_567_800, "accuracy": 0}));
    assert_eq!(position_text(place.as_object().unwrap()), "34.1234 108.5678");
    for text in ["91 0", "0 181", "1", "1 2 3", "a b"] {
        assert_eq!(position_answer(text), json!(text), "{text}");
    }
    assert_eq!(position_answer(""), Json::Null);
}

#[test]
fn a_position_that_a_device_told_is_kept_to_a_hundred_metres() {
    let place = coarse_position;
    assert_eq!(
        place(31.234_567_8, 118.765_432_1, 12.4),
        json!({"lat": 31_235_000, "lon": 118_765_000, "accuracy": 100})
    );
    assert_eq!(place(-0.000_4, 0.0, 1_250.2), json!({"lat": 0, "lon": 0, "accuracy": 1251}));
}
