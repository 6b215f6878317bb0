use super::*;
use crate::{day::Day, need::Thresholds, need_rules::findings};
use serde_json::json;

/// The table of the paper form, as the work's reference prints it.
const TABLE: &str = include_str!("templates/verify_table.md");

fn verify() -> Checklist {
    builtin(VERIFY).unwrap()
}

fn today() -> Day {
    "2026-11-23".parse().unwrap()
}

/// A house that burnt down; nobody is ill.
fn burnt() -> Json {
    let photo = json!("cd".repeat(32));
    json!({
        "B01": "村级上报", "B02": "本人", "B04": "2026-11-01", "B05": "因灾(火灾水灾)", "B07": 4, "B08": 2, "B09": 1,
        "B10": 3_000_000, "B11": ["务农"], "B12": 1_000_000, "B14": ["无"], "B20.1": 5_000_000, "B20.2": [photo],
        "B21": "较重危房", "B22": [photo, photo], "B23": ["停电"], "B25": ["住房", "资金"], "B26": ["无"], "B27": "王某 属实",
        "B28": "属实建议帮扶", "B29.1": "特急", "B29.2": "2026-12-01", "B30.1": [photo], "B30.2": [photo], "B30.3": [photo],
    })
}

fn look(changes: Json) -> View {
    let mut answers: Answers = serde_json::from_value(burnt()).unwrap();
    for (code, answer) in changes.as_object().unwrap() {
        answers.set(code, answer.clone());
    }
    verify().look(&answers, &Facts::default(), today())
}

#[test]
fn the_check_has_the_words_and_options_of_its_table() {
    let checklist = verify();
    let questions = &checklist.template().questions;
    let rows: Vec<Vec<&str>> =
        TABLE.lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect();
    assert_eq!((rows.len(), questions.len()), (30, 30));
    for (question, row) in questions.iter().zip(rows) {
        assert_eq!((question.code.as_str(), question.text.zh.as_str()), (row[0], row[1]));
        if matches!(question.kind, QuestionKind::Single | QuestionKind::Multi) {
            let words: Vec<_> = question.options.iter().map(|choice| choice.text.zh.as_str()).collect();
            assert_eq!(words.join("/"), row[3], "{}", row[0]);
        }
        if question.kind != QuestionKind::Parts {
            assert_eq!(question.required == Required::Yes, row[4] == "是", "{}", row[0]);
        }
    }
}

#[test]
fn a_whole_check_is_complete_and_computes_the_income_a_head() {
    let view = look(json!({}));
    assert_eq!(view.problems(), []);
    assert_eq!(view.stored().int("B13"), Some(500_000));
    assert!(!view.is_shown("B18"));
    assert_eq!(look(json!({"B12": 5_000_000})).stored().int("B13"), Some(-500_000));
}

#[test]
fn what_cannot_be_is_refused() {
    let check = |changes: Json, code: &str, why: Why| {
        let expected = [Problem { code: code.to_owned(), why }];
        assert_eq!(look(changes.clone()).problems(), expected, "{changes}");
    };
    check(json!({"B08": 5}), "B08", Why::Rule);
    check(json!({"B07": 0, "B08": 0}), "B07", Why::Less(1));
    check(json!({"B04": "2026-12-24"}), "B04", Why::Rule);
    check(json!({"B22": ["cd".repeat(32)]}), "B22", Why::Less(2));
    check(json!({"B02": "子女"}), "B03", Why::Missing);
    check(json!({"B29.2": null}), "B29.2", Why::Missing);
}

#[test]
fn illness_asks_for_costs_and_computes_what_the_family_pays() {
    let ill = json!({"B05": "因病", "B15": "本人 肺病", "B16": 2_000_000, "B17": 500_000, "B19": ["cd".repeat(32)]});
    let view = look(ill);
    assert_eq!(view.problems(), []);
    assert_eq!(view.stored().int("B18"), Some(1_500_000));
    assert!(!view.is_shown("B20.1") && view.stored().get("B20.1").is_none());
    let found: Vec<_> =
        findings(view.stored(), &Thresholds::default()).iter().map(|one| one.rule()).collect();
    assert_eq!(found, ["N-LIFE", "N-MED", "N-HOUSE"]);
    assert_eq!(
        look(json!({"B05": "因病", "B16": 1, "B17": 2})).missing().collect::<Vec<_>>(),
        ["B15", "B19"]
    );
}
