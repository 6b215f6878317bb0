//! Forms that pyxform judged, and what it and this crate understood of them (`tests/forms/compare.py --freeze` writes them anew).

use super::*;
use domain::checklist::{Question, Required};
use serde_json::{Map, Value, json};

const CORPUS: &str = include_str!("fixtures/corpus.json");

/// A cell as the reader of workbooks gives it.
fn text(cell: &Value) -> String {
    match cell {
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn book(form: &Value) -> Book {
    let rows = |rows: &Value| -> Vec<Vec<String>> {
        let row = |row: &Value| row.as_array().into_iter().flatten().map(text).collect();
        rows.as_array().into_iter().flatten().map(row).collect()
    };
    let sheets = form.as_object().into_iter().flatten();
    let sheets = sheets.filter(|(name, sheet)| name.as_str() != "settings" || sheet != &&json!([]));
    let sheet = |(name, sheet): (&String, &Value)| Sheet {
        name: name.clone(),
        rows: rows(sheet),
        merges: Vec::new(),
    };
    Book { stem: "form".to_owned(), sheets: sheets.map(sheet).collect() }
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

fn understood(questions: &[Question], within: &str, into: &mut Map<String, Value>) {
    for question in questions {
        let dotted = format!("{}.", within.trim_start_matches('/').replace('/', "."));
        let name = question.code.strip_prefix(&dotted).unwrap_or(&question.code);
        let path = format!("{within}/{name}");
        let mut said = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                said.insert(name.to_owned(), value);
            }
        };
        let expr = |expr: Option<&domain::expr::Expr>| expr.map(|expr| json!(bare(expr.text())));
        put("kind", serde_json::to_value(question.kind).ok());
        put("relevant", expr(question.show_if.as_ref()));
        put(
            "required",
            match &question.required {
                Required::No => None,
                Required::Yes => Some(json!(true)),
                Required::When(when) => expr(Some(when)),
            },
        );
        put("constraint", expr(question.validate.as_ref().map(|rule| &rule.expr)));
        put("calculate", expr(question.derive.as_ref()));
        put("default", expr(question.default.as_ref()));
        put("filter", expr(question.filter.as_ref().map(|filter| &filter.0)));
        let codes: Vec<&str> = question.options.iter().map(|choice| &*choice.code).collect();
        put("options", (!codes.is_empty()).then(|| json!(codes)));
        into.insert(path.clone(), Value::Object(said));
        understood(&question.parts, &path, into);
    }
}

#[test]
fn what_pyxform_accepts_is_accepted_and_means_the_same_and_what_it_refuses_is_refused() {
    let corpus: Vec<Value> = serde_json::from_str(CORPUS).unwrap();
    assert!(corpus.len() > 100, "{} forms", corpus.len());
    let (mut accepted, mut refused) = (0, 0);
    for form in &corpus {
        let name = &form["name"];
        let read = read(&book(&form["form"]));
        assert_eq!(read.template.is_none(), form["refused"].as_bool().unwrap(), "{name}: {:?}", read.errors);
        let Some(template) = read.template else {
            let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(read.errors.iter().all(|error| !error.message.is_empty()));
            assert!(read.errors.iter().all(|error| error.zh.contains(is_chinese)), "{:?}", read.errors);
            refused += 1;
            continue;
        };
        let mut found = Map::new();
        understood(&template.questions, "", &mut found);
        assert_eq!(Value::Object(found), form["questions"], "{name}");
        accepted += 1;
    }
    assert!(accepted > 40 && refused > 40, "{accepted} accepted, {refused} refused");
}

#[test]
fn every_accepted_form_goes_out_and_comes_back_the_same() {
    let corpus: Vec<Value> = serde_json::from_str(CORPUS).unwrap();
    let mut count = 0;
    for form in corpus.iter().filter(|form| form["refused"] == json!(false)) {
        let Some(first) = read(&book(&form["form"])).template else { continue };
        let sheet =
            |sheet: PlainSheet| Sheet { name: sheet.name.to_owned(), rows: sheet.rows, merges: Vec::new() };
        let again =
            Book { stem: "x".to_owned(), sheets: write(&first).sheets.into_iter().map(sheet).collect() };
        let second = read(&again);
        assert_eq!(second.errors, [], "{}", form["name"]);
        let second = second.template.unwrap();
        for (second, first) in second.questions.iter().zip(&first.questions) {
            assert_eq!(second, first, "{}", form["name"]);
        }
        assert!(second == first, "{}", form["name"]);
        count += 1;
    }
    assert!(count > 40);
}
