use super::*;
use crate::day::Day;
use proptest::prelude::*;
use serde_json::json;

/// The table of the paper form, as the work's reference prints it.
const TABLE: &str = include_str!("templates/followup_table.md");

fn today() -> Day {
    "2026-11-23".parse().unwrap()
}

fn hash() -> Json {
    json!("ab".repeat(32))
}

fn answers(json: Json) -> Answers {
    serde_json::from_value(json).unwrap()
}

fn followup() -> Checklist {
    builtin(FOLLOWUP).unwrap()
}

/// A home visit to a healthy person without worries.
fn well() -> Answers {
    answers(json!({
        "A01": "入户", "A02": "本人", "A05": true, "A07": false, "A09": "按时足额", "A10": "健康或良好", "A11": false,
        "A14": "自理", "A16": "居民医保", "A17": "完好", "A18": "持平", "A19": ["无"], "A21": "无在读",
        "A22": "完好", "A23": "已领", "A26": ["无"], "A28": [hash()], "A29": [hash(), hash()],
        "A30.1": [hash()], "A30.2": "2027-02-20",
    }))
}

fn look(answers: &Answers) -> View {
    followup().look(answers, &Facts::default(), today())
}

fn with(changes: Json) -> Answers {
    let mut answers = well();
    for (code, answer) in changes.as_object().unwrap() {
        answers.set(code, answer.clone());
    }
    answers
}

fn problems(answers: &Answers) -> Vec<(String, Why)> {
    look(answers).problems().iter().map(|problem| (problem.code.clone(), problem.why.clone())).collect()
}

fn missing(answers: &Answers) -> Vec<String> {
    look(answers).missing().map(str::to_owned).collect()
}

#[test]
fn the_follow_up_form_has_the_words_types_and_options_of_its_table() {
    let checklist = followup();
    let questions = &checklist.template().questions;
    let rows: Vec<Vec<&str>> =
        TABLE.lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect();
    assert_eq!(rows.len(), 30);
    assert_eq!(questions.len(), 30);
    for (question, row) in questions.iter().zip(rows) {
        let [code, text, kind, options, required, ..] = row[..] else {
            panic!("a row of the table is short")
        };
        assert_eq!(question.code, code);
        assert_eq!(question.text.zh, text);
        assert!(question.text.en.is_some(), "{code}");
        match kind {
            "signature+date" => {
                let kinds: Vec<_> = question.parts.iter().map(|part| part.kind).collect();
                assert_eq!(kinds, [QuestionKind::Signature, QuestionKind::Date]);
                assert!(question.parts.iter().all(|part| part.required == Required::Yes));
                continue;
            }
            _ => assert_eq!(serde_json::to_value(question.kind).unwrap(), json!(kind), "{code}"),
        }
        if matches!(question.kind, QuestionKind::Single | QuestionKind::Multi) {
            let words: Vec<_> = question.options.iter().map(|choice| choice.text.zh.as_str()).collect();
            assert_eq!(words.join("/"), options, "{code}");
        }
        let expected = if required == "否" { Required::No } else { Required::Yes };
        assert_eq!(question.required, expected, "{code}");
    }
}

#[test]
fn limits_are_those_of_the_table() {
    let check = |changes: Json, expected: &[(&str, Why)]| {
        let expected: Vec<_> = expected.iter().map(|(code, why)| ((*code).to_owned(), why.clone())).collect();
        assert_eq!(problems(&with(changes.clone())), expected, "{changes}");
    };
    check(json!({"A11": true, "A12": 0}), &[]);
    check(json!({"A11": true, "A12": 100_000_000}), &[]);
    check(json!({"A11": true, "A12": 100_000_001}), &[("A12", Why::More(100_000_000))]);
    check(json!({"A11": true, "A12": -1}), &[("A12", Why::Less(0))]);
    check(json!({"A11": true, "A12": 1.5}), &[("A12", Why::Kind)]);
    check(json!({"A20": 10}), &[]);
    check(json!({"A20": 11}), &[("A20", Why::More(10))]);
    check(json!({"A20": null}), &[]);
    check(json!({"A26": ["政策咨询"], "A27": "问".repeat(500)}), &[]);
    check(json!({"A26": ["政策咨询"], "A27": "问".repeat(501)}), &[("A27", Why::More(500))]);
    check(json!({"A28": [hash(), hash(), hash(), hash()]}), &[]);
    check(json!({"A28": vec![hash(); 5]}), &[("A28", Why::More(4))]);
    check(json!({"A28": ["photo.jpg"]}), &[("A28", Why::Kind)]);
    check(json!({"A19": ["无", "意外伤害"]}), &[("A19", Why::Alone)]);
    check(json!({"A19": ["意外伤害", "意外伤害"]}), &[("A19", Why::Kind)]);
    check(json!({"A10": "severe"}), &[("A10", Why::Option)]);
    check(json!({"A30.2": "2027-02-30"}), &[("A30.2", Why::Kind)]);
    check(json!({"A02": "子女", "A03": "去世", "A04": "2026-11-23"}), &[]);
    check(json!({"A02": "子女", "A03": "去世", "A04": "2026-11-24"}), &[("A04", Why::Rule)]);
    check(json!({"A07": true, "A08": "13800000000"}), &[]);
    check(json!({"A07": true, "A08": "0571-88880000"}), &[]);
    check(json!({"A07": true, "A08": "1380000000"}), &[("A08", Why::Phone)]);
    check(json!({"A05": false, "A06": {"code": "339999100201", "addr": "12号"}}), &[]);
    check(json!({"A05": false, "A06": {"addr": "杭州市"}}), &[]);
    check(json!({"A05": false, "A06": {"code": "339999100201", "addr": " "}}), &[("A06", Why::Missing)]);
    check(json!({"A05": false, "A06": {"code": "x", "addr": "12号"}}), &[("A06", Why::Area)]);
}

#[test]
fn the_rating_is_asked_of_those_with_measures_and_lies_between_1_and_5() {
    let facts = Facts { open_measures: 1, ..Facts::default() };
    let look = |rating: i64| followup().look(&with(json!({"A24": "已落实", "A25": rating})), &facts, today());
    assert!(look(1).is_complete() && look(5).is_complete());
    assert_eq!(look(0).problems()[0].why, Why::Less(1));
    assert_eq!(look(6).problems()[0].why, Why::More(5));
    let without = followup().look(&well(), &facts, today());
    assert_eq!(without.missing().collect::<Vec<_>>(), ["A24", "A25"]);
}

#[test]
fn a_signature_may_be_refused_with_a_reason_by_the_person_but_not_by_the_visitor() {
    let refusal = |reason: &str| json!({"refused": "拒签", "reason": reason});
    assert_eq!(problems(&with(json!({"A29": refusal("手受伤")}))), []);
    assert_eq!(problems(&with(json!({"A29": refusal(" ")}))), [("A29".to_owned(), Why::Refused)]);
    assert_eq!(problems(&with(json!({"A30.1": refusal("忙")}))), [("A30.1".to_owned(), Why::Refused)]);
}

#[test]
fn nothing_answered_misses_what_is_shown_in_order() {
    let first = [
        "A01", "A02", "A03", "A05", "A07", "A09", "A10", "A11", "A14", "A15", "A16", "A18", "A19", "A21",
        "A23", "A26", "A27", "A30.1", "A30.2",
    ];
    assert_eq!(missing(&Answers::default()), first);
    assert!(look(&well()).is_complete());
    let view = look(&with(json!({"A10": null, "A30.2": ""})));
    assert_eq!(view.missing().collect::<Vec<_>>(), ["A10", "A30.2"]);
    let (given, required) = view.progress();
    assert_eq!(required - given, 2);
}

#[test]
fn each_condition_shows_its_question() {
    let check = |changes: Json, code: &str, expected: bool| {
        assert_eq!(look(&with(changes.clone())).is_shown(code), expected, "{code} with {changes}");
    };
    check(json!({}), "A03", false);
    check(json!({"A02": "配偶"}), "A03", true);
    check(json!({"A02": null}), "A03", true);
    check(json!({"A02": "配偶", "A03": "去世"}), "A04", true);
    check(json!({"A02": "配偶", "A03": "搬迁"}), "A04", false);
    check(json!({"A05": false}), "A06", true);
    check(json!({"A05": null}), "A06", false);
    check(json!({"A07": true}), "A08", true);
    check(json!({"A11": true}), "A12", true);
    check(json!({"A14": "半自理"}), "A15", true);
    check(json!({"A14": null}), "A15", true);
    check(json!({}), "A15", false);
    check(json!({"A01": "电话"}), "A17", false);
    check(json!({"A01": "电话"}), "A22", false);
    check(json!({"A01": "电话"}), "A28", false);
    check(json!({"A01": "电话"}), "A29", false);
    check(json!({"A01": "约见"}), "A28", false);
    check(json!({"A01": "约见"}), "A29", true);
    check(json!({"A26": ["住房", "政策咨询"]}), "A27", true);
    check(json!({}), "A27", false);
    check(json!({}), "A24", false);
}

#[test]
fn old_injuries_are_asked_of_the_disabled_alone() {
    for (category, expected) in [("11", true), ("13", true), ("16", true), ("21", false), ("81", false)] {
        let facts = Facts { categories: vec!["90".into(), category.into()], ..Facts::default() };
        assert_eq!(followup().look(&well(), &facts, today()).is_shown("A13"), expected, "{category}");
    }
}

#[test]
fn of_the_dead_only_what_makes_sense_is_asked() {
    let dead = with(json!({"A02": "子女", "A03": "去世"}));
    let facts = Facts { categories: vec!["11".into()], open_measures: 1, ..Facts::default() };
    let view = followup().look(&dead, &facts, today());
    assert_eq!(
        view.codes(),
        ["A01", "A02", "A03", "A04", "A22", "A24", "A25", "A28", "A29", "A30.1", "A30.2"]
    );
    assert_eq!(view.missing().collect::<Vec<_>>(), ["A04", "A24", "A25"]);
}

#[test]
fn hidden_questions_store_nothing_and_their_answers_count_for_nothing() {
    let view = look(&with(json!({"A02": "本人", "A03": "去世", "A04": "2026-01-01", "A12": 900_000})));
    assert!(view.is_complete());
    for code in ["A03", "A04", "A12"] {
        assert_eq!(view.stored().get(code), None, "{code}");
    }
    assert!(view.is_shown("A05"), "a hidden 去世 does not hide what follows");
    assert_eq!(view.stored(), &well());
}

fn template(questions: Json) -> Result<Checklist, Vec<Fault>> {
    let json = json!({"id": "T", "version": 1, "title": {"zh": "表"}, "questions": questions});
    Checklist::new(serde_json::from_value(json).unwrap())
}

fn faults(questions: Json) -> Vec<(String, FaultWhy)> {
    template(questions).unwrap_err().into_iter().map(|fault| (fault.code, fault.why)).collect()
}

#[test]
fn faulty_templates_are_refused_with_place_and_reason() {
    let q = |code: &str, more: Json| {
        let mut question = json!({"code": code, "text": {"zh": "问"}, "type": "int"});
        question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        question
    };
    let one = |code: &str, why: FaultWhy| vec![(code.to_owned(), why)];
    assert_eq!(faults(json!([])), one("", FaultWhy::Nothing));
    assert_eq!(faults(json!([q("a", json!({})), q("a", json!({}))])), one("a", FaultWhy::Twice("a".into())));
    assert_eq!(faults(json!([q("a b", json!({}))])), one("a b", FaultWhy::Code("a b".into())));
    assert_eq!(faults(json!([q("a", json!({"type": "single"}))])), one("a", FaultWhy::Nothing));
    assert_eq!(faults(json!([q("a", json!({"type": "parts"}))])), one("a", FaultWhy::Nothing));
    assert_eq!(faults(json!([q("a", json!({"min": 2, "max": 1}))])), one("a", FaultWhy::Limits));
    assert_eq!(
        faults(json!([q("a", json!({"show_if": "${b} = 1"}))])),
        one("a", FaultWhy::Unknown("b".into()))
    );
    assert_eq!(faults(json!([q("a", json!({"show_if": "${a} = 1"}))])), one("a", FaultWhy::Circle));
    let circle = json!([
        q("a", json!({"show_if": "${b} = 1"})),
        q("b", json!({"derive": "${a} + 1"})),
        q("c", json!({}))
    ]);
    assert_eq!(faults(circle), [("a".to_owned(), FaultWhy::Circle), ("b".to_owned(), FaultWhy::Circle)]);
    let follows = json!([
        q("a", json!({"show_if": "${a} = 1"})),
        q("b", json!({"show_if": "${a} = 1"})),
        q("c", json!({"derive": "${b} + 1"}))
    ]);
    assert_eq!(faults(follows), one("a", FaultWhy::Circle), "what follows on a circle is not at fault");
    let many: Vec<_> = (0..2_000).map(|i| q(&format!("q{i}"), json!({}))).collect();
    assert_eq!(faults(json!(many)), one("", FaultWhy::TooMany));
}

#[test]
fn a_division_by_zero_is_not_published_and_what_was_published_is_still_asked() {
    let template = |expr: &str| -> Template {
        let group = json!({"code": "g", "text": {"zh": "组"}, "type": "parts", "parts": [
            {"code": "a", "text": {"zh": "问"}, "type": "decimal", "derive": expr}]});
        serde_json::from_value(json!({"id": "T", "version": 1, "title": {"zh": "表"}, "questions": [group]}))
            .unwrap()
    };
    for (expr, is_fault) in [
        ("1 div 0", true),
        ("round(3 mod -0.0) + 1", true),
        ("1 div 0.5", false),
        ("0 div 2", false),
        ("1 div (2 - 2)", false),
    ] {
        let (checklist, found) = super::judged(&template(expr));
        let found: Vec<_> = found.into_iter().map(|fault| fault.why).collect();
        assert_eq!(found, vec![FaultWhy::Zero; usize::from(is_fault)], "{expr}");
        assert_eq!(checklist, Checklist::new(template(expr)).ok(), "{expr}");
        assert!(checklist.is_some(), "{expr}");
    }
}

#[test]
fn a_computed_answer_follows_its_sources_even_backwards() {
    let checklist = template(json!([
        {"code": "sum", "text": {"zh": "和"}, "type": "money", "derive": "${a} - ${b}", "required": true},
        {"code": "a", "text": {"zh": "甲"}, "type": "money"},
        {"code": "b", "text": {"zh": "乙"}, "type": "money", "validate": {"expr": ". <= ${a}", "say": {"zh": "乙不大于甲"}}},
        {"code": "head", "text": {"zh": "人均"}, "type": "money", "derive": "${sum} div ${n}"},
        {"code": "n", "text": {"zh": "人数"}, "type": "int"},
    ]))
    .unwrap();
    let look = |json: Json| checklist.look(&answers(json), &Facts::default(), today());
    let view = look(json!({"a": 10_050, "b": 20_000, "sum": 1, "n": 3}));
    assert_eq!(view.stored().int("sum"), Some(-9_950));
    assert_eq!(view.stored().int("head"), Some(-3_317));
    assert_eq!(view.problems(), [Problem { code: "b".into(), why: Why::Rule }]);
    assert_eq!(look(json!({"a": 1, "b": 1, "n": 0})).stored().int("head"), None);
    assert!(look(json!({})).is_complete(), "what is computed is not the visitor's to supply");
}

#[test]
fn a_long_chain_of_conditions_does_not_hang() {
    let questions: Vec<_> = (0..QUESTIONS_MAX)
        .rev()
        .map(|i| match i {
            0 => json!({"code": "q0", "text": {"zh": "问"}, "type": "bool"}),
            _ => json!({"code": format!("q{i}"), "text": {"zh": "问"}, "type": "bool", "show_if": format!("${{q{}}} = true()", i - 1)}),
        })
        .collect();
    let checklist = template(json!(questions)).unwrap();
    let all: serde_json::Map<String, Json> =
        (0..QUESTIONS_MAX).map(|i| (format!("q{i}"), json!(true))).collect();
    assert_eq!(
        checklist.look(&answers(Json::Object(all)), &Facts::default(), today()).codes().len(),
        QUESTIONS_MAX
    );
}

#[test]
fn a_template_survives_being_stored() {
    let template = followup().template().clone();
    let text = serde_json::to_string(&template).unwrap();
    assert_eq!(serde_json::from_str::<Template>(&text).unwrap(), template);
    let json: Json = serde_json::from_str(include_str!("templates/followup_v1.json")).unwrap();
    assert_eq!(serde_json::to_value(&template).unwrap(), json);
}

fn any_answer() -> impl Strategy<Value = Json> {
    prop_oneof![
        prop::sample::select(vec![
            "入户",
            "电话",
            "本人",
            "子女",
            "去世",
            "搬迁",
            "无",
            "半自理",
            "2026-01-01",
            ""
        ])
        .prop_map(|text| json!(text)),
        any::<bool>().prop_map(|truth| json!(truth)),
        (-5_i64..20).prop_map(|n| json!(n)),
        Just(json!(["无"])),
        Just(json!(["权益受侵害", "无"])),
        Just(json!({"addr": "x"})),
        Just(json!(null)),
    ]
}

proptest! {
    #[test]
    fn whatever_is_answered_only_shown_questions_are_stored_and_looking_again_changes_nothing(
        given in prop::collection::btree_map("A[0-3][0-9]", any_answer(), 0..30),
        measures in 0_u32..2,
    ) {
        let checklist = followup();
        let facts = Facts { categories: vec!["11".into()], open_measures: measures, ..Facts::default() };
        let view = checklist.look(&Answers(given), &facts, today());
        for code in view.stored().0.keys() {
            prop_assert!(view.is_shown(code));
        }
        let again = checklist.look(view.stored(), &facts, today());
        prop_assert_eq!(&again, &view);
        let positions: Vec<_> = view.codes().iter().map(|code| checklist.position(code)).collect();
        prop_assert!(positions.is_sorted());
    }
}
