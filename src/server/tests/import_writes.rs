//! `huifang import` without `--check`: what is written, by whom, and that the same people again change nothing.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/program.rs"]
mod program;

use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use program::{Place, TOWNSHIP, fixture};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

const VILLAGES: [&str; 9] =
    ["红旗村", "石桥村", "柳河村", "东岭村", "南湾村", "双拥村", "大槐树村", "上杨家村", "下杨家村"];

fn list() -> String {
    fixture("township-list.xlsx").to_str().unwrap().to_owned()
}

fn written(changesets: u32, created: u32, changed: u32, same: u32) -> Value {
    // A list alone joins nobody: a clerk says who is of one household.
    json!({"changesets": changesets, "created": created, "changed": changed, "same": same, "households": 0})
}

/// The people of a workbook in the opposite order, under another title and without the sums.
fn turned_around(file: &Path) -> Vec<u8> {
    const FIRST: usize = 3;
    const VILLAGE: usize = 1;
    let mut book: Xlsx<_> = open_workbook(file).unwrap();
    let range = book.worksheet_range("花名册").unwrap();
    let mut rows: Vec<Vec<Data>> = range.rows().map(<[Data]>::to_vec).collect();
    for row in FIRST + 1..rows.len() {
        if rows[row][VILLAGE] == Data::Empty && rows[row][2] != Data::Empty {
            rows[row][VILLAGE] = rows[row - 1][VILLAGE].clone();
        }
    }
    let people =
        rows.split_off(FIRST).into_iter().filter(|row| row[2] != Data::Empty && row[4] != Data::Empty);
    let mut again = Workbook::new();
    let sheet = again.add_worksheet();
    sheet.write(0, 0, "双桥镇优抚对象(重报)").unwrap();
    let header = rows.pop().unwrap();
    for (at, row) in std::iter::once(header).chain(people.collect::<Vec<_>>().into_iter().rev()).enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let (row, column) = (u32::try_from(at + 4).unwrap(), u16::try_from(column).unwrap());
            match cell {
                Data::String(text) => {
                    sheet.write(row, column, text).unwrap();
                }
                Data::Float(number) => {
                    sheet.write(row, column, *number).unwrap();
                }
                _ => {}
            }
        }
    }
    again.save_to_buffer().unwrap()
}

#[test]
fn accepted_rows_are_written_once_and_refused_ones_are_listed() {
    let place = Place::with_township(&VILLAGES);
    let import = |file: &str| place.run(&["import", file, "--area", TOWNSHIP, "--create-villages", "--json"]);
    let first = import(&list());
    assert_eq!(first.code(), 1, "some rows are refused: {}", first.complaint());
    let first = first.json();
    assert_eq!((&first["accepted"], &first["refused"]), (&json!(211), &json!(7)));
    assert_eq!(
        (&first["written"], &first["villages_made"]),
        (&written(211, 211, 0, 0), &json!(["桃花社区"]))
    );
    assert_eq!(first["rows"].as_array().unwrap().len(), 218);

    let renamed = place.file("另一个名字.xlsx", &std::fs::read(list()).unwrap());
    assert_eq!(import(&renamed).json()["written"], written(0, 0, 0, 211));
    let turned = place.file("turned.xlsx", &turned_around(&fixture("township-list.xlsx")));
    let turned = import(&turned).json();
    assert_eq!((&turned["header_row"], &turned["written"]), (&json!(5), &written(0, 0, 0, 211)));
}

#[test]
fn the_summary_says_what_was_written() {
    let place = Place::with_township(&VILLAGES);
    let run = place.run(&["import", &list(), "--area", TOWNSHIP, "--create-villages"]);
    let text = run.text();
    assert!(text.starts_with(
        "township-list.xlsx, sheet 花名册, header in row 3: 211 accepted, 7 refused, 11 skipped\n"
    ));
    assert!(text.contains("\nvillage 桃花社区 was made\n"), "{text}");
    assert!(text.ends_with("\nwritten: 211 people new, 0 changed, 0 unchanged (211 changesets)\n"), "{text}");
}

#[test]
fn a_running_server_writes_the_same() {
    let place = Place::with_township(&VILLAGES);
    let server = place.serve();
    let run = place.run(&["import", &list(), "--area", TOWNSHIP, "--create-villages", "--json"]);
    assert_eq!(run.json()["written"], written(211, 211, 0, 0));
    drop(server);
    let again = place.run(&["import", &list(), "--area", TOWNSHIP, "--json"]);
    assert_eq!(again.json()["written"], written(0, 0, 0, 211));
}

#[test]
fn a_check_says_the_same_before_and_after_and_writes_nothing() {
    let place = Place::with_township(&VILLAGES);
    let check = || place.run(&["import", &list(), "--area", TOWNSHIP, "--check", "--json"]).json();
    let before = check();
    assert_eq!(before["villages_unknown"][0]["name"], "桃花社区");
    assert!(before.get("written").is_none());
    let run = place.run(&["import", &list(), "--area", TOWNSHIP, "--create-villages", "--json"]);
    assert_eq!(run.json()["written"]["created"], 211, "the check wrote nobody");
    let after = check();
    assert_eq!((&before["accepted"], &before["skipped"]), (&after["accepted"], &after["skipped"]));
}

#[test]
fn nothing_is_written_while_a_village_is_undecided() {
    let place = Place::with_township(&VILLAGES);
    let refused = place.run(&["import", &list(), "--area", TOWNSHIP, "--json"]);
    assert_eq!(refused.code(), 1);
    let answer = refused.json();
    assert_eq!((&answer["err"], &answer["written"]), (&json!("villages_open"), &Value::Null));
    assert_eq!(answer["accepted"], 211, "the verdicts are there all the same");
    let said = place.run(&["import", &list(), "--area", TOWNSHIP]).text();
    assert!(said.contains("nothing was written") && said.contains("--create-villages"), "{said}");
    assert!(said.contains("NAME=CODE: 桃花社区"), "{said}");

    let elsewhere = format!("桃花社区={TOWNSHIP}201");
    let run = place.run(&["import", &list(), "--area", TOWNSHIP, "--village", &elsewhere, "--json"]);
    assert_eq!(run.json()["written"], written(211, 211, 0, 0));
    assert_eq!(run.json()["villages_made"], json!([]));
    let nowhere = format!("桃花社区={TOWNSHIP}299");
    let run = place.run(&["import", &list(), "--area", TOWNSHIP, "--village", &nowhere]);
    assert_eq!(run.code(), 1);
    assert!(run.complaint().contains(&format!("there is no area {TOWNSHIP}299")), "{}", run.complaint());
}

#[test]
fn a_missing_area_or_folder_is_named_with_what_to_do() {
    let place = Place::new();
    let run = place.run(&["import", &list(), "--area", TOWNSHIP]);
    assert_eq!(run.code(), 1);
    assert!(run.complaint().contains("there is no database in"), "{}", run.complaint());
    assert!(!place.data().exists(), "a failed import makes no folder");
    place.done(&["area", "add", "339998", "别县"]);
    let run = place.run(&["import", &list(), "--area", TOWNSHIP]);
    assert_eq!(run.code(), 1);
    let said = run.complaint();
    assert!(said.contains(&format!("has no area {TOWNSHIP}, so nothing was written")), "{said}");
    assert!(said.contains(&format!("huifang area add {TOWNSHIP} NAME")), "{said}");
}

#[test]
fn wrong_use_ends_with_2() {
    let place = Place::new();
    for args in [
        vec!["import", "list.xlsx"],
        vec!["import", "list.xlsx", "--area", "33x"],
        vec!["import", "list.xlsx", "--area", TOWNSHIP, "--check", "--create-villages"],
        vec!["import", "list.xlsx", "--area", TOWNSHIP, "--village", "红旗"],
        vec!["import", "list.xlsx", "--area", TOWNSHIP, "--village", "红旗=33"],
    ] {
        assert_eq!(place.run(&args).code(), 2, "{args:?}");
    }
}
