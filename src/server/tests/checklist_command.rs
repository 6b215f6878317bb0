//! `huifang checklist`: forms as they come from spreadsheets, good and bad.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/program.rs"]
mod program;

use program::{Place, Run};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

/// A workbook of sheets, each with rows of cells between `|`.
fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, text) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, line) in (0_u32..).zip(text.lines()) {
            for (column, cell) in (0_u16..).zip(line.split('|')).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn check(place: &Place, bytes: &[u8]) -> Run {
    let file = place.file("form.xlsx", bytes);
    place.run(&["checklist", "check", &file, "--json"])
}

/// Where and why a form is refused.
#[track_caller]
fn refused(place: &Place, bytes: &[u8], said: &str) -> Value {
    let run = check(place, bytes);
    assert_eq!(run.code(), 1, "{} {}", run.text(), run.complaint());
    let json = run.json();
    let error = json["errors"][0].clone();
    assert!(error["message"].as_str().unwrap().contains(said), "{json:#}");
    error
}

const GOOD: &str = "type|name|label|relevant\ninteger|n|几口人|\ntext|why|为什么|${n} > 5";

#[test]
fn a_form_is_checked_without_a_folder() {
    let place = Place::new();
    let run = check(&place, &workbook(&[("survey", GOOD)]));
    assert_eq!(run.code(), 0, "{}", run.text());
    let json = run.json();
    assert_eq!(
        (&json["ok"], &json["template"]["id"], &json["errors"]),
        (&json!(true), &json!("form"), &json!([]))
    );
    assert!(!place.data().exists());
}

#[test]
fn what_is_wrong_is_said_with_sheet_row_and_column() {
    let place = Place::new();
    let error = refused(&place, &workbook(&[("survey", &format!("{GOOD}\ninteger|n|又几口"))]), "twice");
    assert_eq!(
        (&error["sheet"], &error["row"], &error["column"]),
        (&json!("survey"), &json!(4), &json!("name"))
    );
    refused(&place, &workbook(&[("survey", "type|name|label\nbegin group|g|组\ntext|a|问")]), "does not end");
    refused(&place, &workbook(&[("survey", "type|name|label\nselect_one x|a|问")]), "no list \"x\"");
    refused(&place, &workbook(&[("Fragen", GOOD), ("choices", "name")]), "no sheet named survey");
    refused(&place, b"type,name,label\ntext,a,A\n", "not an Excel workbook");
    refused(&place, b"", "empty");
    refused(&place, &workbook(&[("survey", GOOD)])[..900], "damaged");
    let many: String = (0..2_000).map(|n| format!("integer|q{n}|问\n")).collect();
    refused(&place, &workbook(&[("survey", &format!("type|name|label\n{many}"))]), "split the form");
    let circle = "type|name|calculation\ncalculate|a|${b}\ncalculate|b|${a}";
    refused(&place, &workbook(&[("survey", circle)]), "depends on itself");
}

#[test]
fn merged_cells_are_told_of() {
    let place = Place::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("survey").unwrap();
    sheet.write_row(0, 0, ["type", "name", "label"]).unwrap();
    sheet.write_row(1, 0, ["text", "a", "问"]).unwrap();
    sheet.merge_range(2, 0, 2, 2, "note", &Format::new()).unwrap();
    let run = check(&place, &book.save_to_buffer().unwrap());
    assert!(run.text().contains("merged"), "{}", run.text());
}

#[test]
fn a_form_is_published_exported_changed_and_published_again() {
    let place = Place::with_township(&["红旗村", "石桥村"]);
    let file = place
        .file("own.xlsx", &workbook(&[("survey", GOOD), ("settings", "form_title|form_id\n本县表|OWN")]));
    let run = place.done(&["checklist", "import", &file]);
    assert_eq!(run.text(), "own.xlsx: version 1 of OWN is published, new in 2 villages\n");
    let _server = place.serve();
    let again = place.done(&["checklist", "import", &file, "--json"]).json();
    assert_eq!((&again["same"], &again["villages"]), (&json!(true), &json!(0)));
    let out = place.path().join("out.xlsx").to_str().unwrap().to_owned();
    place.done(&["checklist", "export", "OWN", "--out", &out]);
    let back = place.done(&["checklist", "check", &out, "--json"]).json();
    assert_eq!(back["template"]["questions"][1]["show_if"], "${n} > 5");
    let unchanged = place.done(&["checklist", "import", &out]);
    assert!(unchanged.text().contains("is out already"), "{}", unchanged.text());
    let longer = workbook(&[
        ("survey", &format!("{GOOD}\ndate|d|哪天")),
        ("settings", "form_title|form_id\n本县表|OWN"),
    ]);
    let changed = place.done(&["checklist", "import", &place.file("own.xlsx", &longer)]);
    assert!(changed.text().contains("version 2 of OWN is published"), "{}", changed.text());
    assert!(place.done(&["checklist", "list"]).text().contains("OWN 2 本县表\n"));
    let lost = place.run(&["checklist", "export", "NOPE", "--out", &format!("{out}2")]);
    assert_eq!(lost.code(), 1);
    assert!(lost.complaint().contains("checklist list"), "{}", lost.complaint());
}

#[test]
fn a_checklist_in_json_is_checked_and_published_like_a_workbook() {
    let place = Place::with_township(&["红旗村"]);
    let text = r#"{"id": "OWN", "version": 9, "title": {"zh": "本县表"}, "questions": [{"code": "Q1", "text": {"zh": "好吗"}, "type": "bool"}]}"#;
    let run = place.done(&["checklist", "import", &place.file("own.json", text.as_bytes())]);
    assert_eq!(run.text(), "own.json: version 1 of OWN is published, new in 1 villages\n");
    let wrong =
        place.run(&["checklist", "check", &place.file("own.json", text.replace("bool", "mood").as_bytes())]);
    assert_eq!(wrong.code(), 1);
    assert!(wrong.text().contains("mood") && wrong.text().contains("line 1"), "{}", wrong.text());
}

#[test]
fn a_built_in_checklist_is_exported_without_a_folder_and_read_again() {
    let place = Place::new();
    let out = place.path().join("out.xlsx").to_str().unwrap().to_owned();
    place.done(&["checklist", "export", "FOLLOWUP", "--out", &out]);
    let json = place.done(&["checklist", "check", &out, "--json"]).json();
    assert_eq!((&json["template"]["id"], &json["warnings"]), (&json!("FOLLOWUP"), &json!([])));
    assert!(!place.data().exists());
}
