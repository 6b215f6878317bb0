//! Files that are no list, and lists with damage: each ends with a message that names the place, and nothing half-written.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/program.rs"]
mod program;

use std::io::{Cursor, Read, Write};

use program::{Place, TOWNSHIP};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

const HEADER: [&str; 5] = ["姓名", "身份证号", "类别", "村", "电话"];
const GOOD: [&str; 5] = ["李伟", "339999194803120019", "参战", "红旗村", "13800001234"];

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name("名单").unwrap());
    book.save_to_buffer().unwrap()
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// How many families are on file: each is a line of the ledger.
fn families(place: &Place) -> Value {
    let out = place.path().join("families.xlsx");
    let run = place.done(&["export", "followup", "--overwrite", "--json", "--out", out.to_str().unwrap()]);
    run.json()["lines"].clone()
}

#[test]
fn what_is_no_list_is_refused_with_one_clear_message_and_writes_nothing() {
    let place = Place::with_township(&["红旗村"]);
    let check = |name: &str, bytes: &[u8], err: &str, said: &str| {
        let file = place.file(name, bytes);
        let run = place.run(&["import", &file, "--area", TOWNSHIP, "--json"]);
        assert_eq!(run.code(), 1, "{name}: {}", run.complaint());
        let answer = run.json();
        assert_eq!((&answer["err"], &answer["file"]), (&json!(err), &json!(name)));
        let message = answer["message"].as_str().unwrap();
        assert!(message.contains(said), "{name}: {message}");
        let text = place.run(&["import", &file, "--area", TOWNSHIP]).text();
        assert_eq!(text, format!("{name}: {message}\n"));
    };
    check("page.xlsx", b"<html><table></table></html>", "not_a_workbook", "save it as .xlsx");
    check("nothing.xlsx", b"", "empty", "the file is empty");
    let mut locked = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    check("locked.xlsx", &locked, "encrypted", "save a copy without one");
    check("blank.xlsx", &book(|_| {}), "empty", "no sheet of it holds anything");
    let spaces = zipped(&[("xl/workbook.xml", b"<x/>"), ("a", &vec![b' '; 200 << 20])]);
    check("bomb.xlsx", &spaces, "inflates_too_much", "inflates to more than 192 MB");
    let letter = book(|sheet| {
        sheet.write(3, 0, "尊敬的领导").unwrap();
    });
    check("letter.xlsx", &letter, "header_not_found", "sheet 名单: no header row");
    let nameless = book(|sheet| {
        sheet.write_row(1, 0, ["村", "身份证号", "类别", "住址"]).unwrap();
    });
    check(
        "nameless.xlsx",
        &nameless,
        "column_missing",
        "sheet 名单: the header in row 2 has no column for name",
    );
    let good = book(|sheet| {
        sheet.write_row(0, 0, HEADER).unwrap().write_row(1, 0, GOOD).unwrap();
    });
    check("cut.xlsx", &good[..good.len() / 2], "damaged", "save it again");
    assert_eq!(families(&place), 0);
}

#[test]
fn of_20001_people_none_is_written() {
    let place = Place::with_township(&["红旗村"]);
    let long = book(|sheet| {
        sheet.write_row(0, 0, HEADER).unwrap();
        for row in 1..=20_001 {
            sheet.write_row(row, 0, GOOD).unwrap();
        }
    });
    let file = place.file("long.xlsx", &long);
    let answer = place.run(&["import", &file, "--area", TOWNSHIP, "--json"]).json();
    assert_eq!((&answer["err"], &answer["row"]), (&json!("too_many_rows"), &json!(20_002)));
    let message = answer["message"].as_str().unwrap();
    assert!(
        message.starts_with("sheet 名单: 20001 rows") && message.ends_with("split the list"),
        "{message}"
    );
    let far = book(|sheet| {
        sheet.write_row(0, 0, HEADER).unwrap().write(1_000_000, 0, "李伟").unwrap();
    });
    let file = place.file("far.xlsx", &far);
    let said = place.run(&["import", &file, "--area", TOWNSHIP]).text();
    assert!(said.contains("sheet 名单 goes on to row 1000001"), "{said}");
    assert_eq!(families(&place), 0);
}

#[test]
fn a_rounded_number_names_its_row_and_column_and_stops_nobody_else() {
    let place = Place::with_township(&["红旗村"]);
    let list = book(|sheet| {
        sheet.write_row(0, 0, HEADER).unwrap().write_row(1, 0, GOOD).unwrap().write_row(2, 0, GOOD).unwrap();
        sheet.write(2, 0, "王强").unwrap().write(2, 1, 339_999_197_101_172_156_f64).unwrap();
        sheet.write_row(3, 0, GOOD).unwrap();
        sheet.write(3, 0, "孙丽").unwrap().write(3, 1, 339_999_530_506_085_f64).unwrap();
    });
    let file = place.file("numbers.xlsx", &list);
    let run = place.run(&["import", &file, "--area", TOWNSHIP]);
    assert_eq!(run.code(), 1);
    let text = run.text();
    assert!(text.contains("sheet 名单, header in row 1: 2 accepted, 1 refused"), "{text}");
    assert!(text.contains("row 3: refused, the ID number was rounded by a spreadsheet"), "{text}");
    assert!(text.contains("in column B 身份证号"), "{text}");
    assert!(text.contains("row 4: accepted, an old ID number of 15 digits was converted"), "{text}");
    assert!(text.contains("written: 2 people new"), "{text}");
    assert_eq!(families(&place), 2);
}

#[test]
fn merged_villages_and_sums_are_understood() {
    let place = Place::with_township(&["红旗村"]);
    let list = book(|sheet| {
        sheet.merge_range(0, 0, 0, 4, "双桥镇花名册", &Format::new()).unwrap();
        sheet.write_row(1, 0, HEADER).unwrap().write_row(2, 0, GOOD).unwrap();
        sheet.write_row(3, 0, ["孙丽", "339999193508090027", "参战", "", "13800001235"]).unwrap();
        sheet.merge_range(2, 3, 3, 3, "红旗村", &Format::new()).unwrap();
        sheet.write_row(4, 0, ["合计", "2人"]).unwrap();
        sheet.write_row(5, 0, ["制表人:张三"]).unwrap();
    });
    let file = place.file("merged.xlsx", &list);
    let run = place.run(&["import", &file, "--area", TOWNSHIP, "--json"]);
    assert_eq!(run.code(), 0, "{}", run.text());
    let answer = run.json();
    assert_eq!(answer["rows"][1]["record"]["village"], "红旗村");
    assert_eq!(answer["skipped"], json!([{"row": 5, "why": "total"}, {"row": 6, "why": "footnote"}]));
    assert_eq!(families(&place), 2);
}

#[test]
fn days_of_a_workbook_from_1904_are_the_days_that_it_shows() {
    let place = Place::with_township(&["红旗村"]);
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let made = book(|sheet| {
        sheet.write_row(0, 0, HEADER).unwrap().write(0, 5, "入伍时间").unwrap();
        sheet.write_row(1, 0, GOOD).unwrap().write_with_format(1, 5, 23_436, &date).unwrap();
    });
    let mut zip = zip::ZipArchive::new(Cursor::new(made)).unwrap();
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        parts.push((part.name().to_owned(), text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")));
    }
    let parts: Vec<_> = parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let file = place.file("1904.xlsx", &zipped(&parts));
    let answer = place.run(&["import", &file, "--area", TOWNSHIP, "--json"]).json();
    assert_eq!(answer["rows"][0]["record"]["enlisted_on"], "1968-03-01");
}
