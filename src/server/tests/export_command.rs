//! `huifang export`: the ledger in a file, and each way it can be asked wrongly.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

#[path = "support/program.rs"]
mod program;

use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;

use calamine::{Data, Reader, Xlsx};
use program::{Place, Run, TOWNSHIP};
use rust_xlsxwriter::Workbook;
use serde_json::json;

const ID_NO: &str = "339999194803120019";

/// A township of two villages with one family.
fn township() -> Place {
    let place = Place::with_township(&["红旗村", "石桥村"]);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["姓名", "身份证号", "类别", "村", "电话"]).unwrap();
    sheet.write_row(1, 0, ["李伟", ID_NO, "参战", "红旗村", "13800001234"]).unwrap();
    let list = place.file("list.xlsx", &book.save_to_buffer().unwrap());
    place.done(&["import", &list, "--area", TOWNSHIP]);
    place
}

fn texts(file: &str) -> Vec<String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(std::fs::read(file).unwrap())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    let text = |cell: &Data| match cell {
        Data::String(text) => Some(text.clone()),
        _ => None,
    };
    range.rows().flatten().filter_map(text).collect()
}

fn file(place: &Place, name: &str) -> String {
    place.path().join(name).to_str().unwrap().to_owned()
}

/// Asserts a refusal that leaves no file behind.
#[track_caller]
fn refused(place: &Place, run: &Run, code: i32, said: &str) {
    assert_eq!(run.code(), code, "{} {}", run.text(), run.complaint());
    assert!(run.complaint().contains(said), "{}", run.complaint());
    let left: Vec<_> =
        std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let is_left = |name: &std::ffi::OsString| name.to_string_lossy().contains("out");
    assert!(!left.iter().any(is_left), "{left:?}");
}

#[test]
fn the_ledger_is_written_with_masked_numbers() {
    let place = township();
    let out = file(&place, "out.xlsx");
    let run = place.done(&["export", "followup", "--out", &out]);
    assert_eq!(run.text(), format!("{out}: 定期回访台账, 示范县: 1 lines\n"));
    let texts = texts(&out);
    assert_eq!((texts[0].as_str(), texts[1].as_str()), ("定期回访台账", "填报单位：示范县"));
    assert!(texts.iter().any(|text| text == "李伟") && texts.iter().any(|text| text == "**************0019"));
    assert!(!texts.iter().any(|text| text.contains(ID_NO)));
    let mode = std::fs::metadata(&out).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "families are not for everyone on the machine");
}

#[test]
fn every_ledger_is_written_by_its_name() {
    let place = township();
    for (name, title, lines) in [
        ("help", "困难帮扶台账", 0),
        ("roster", "优抚对象花名册", 1),
        ("changes", "优抚对象增减变动表", 1),
        ("festival", "走访慰问情况统计表", 0),
        ("confirmation", "年度确认进度表", 2),
        ("plaques", "光荣牌悬挂统计表", 2),
        ("stipend", "优待金发放表", 0),
        ("merit", "立功奖励发放表", 0),
    ] {
        let out = file(&place, &format!("{name}.xlsx"));
        let run = place.done(&["export", name, "--out", &out]);
        assert!(run.text().contains(&format!("{title}, 示范县: {lines} lines")), "{}", run.text());
        assert_eq!(run.text().contains("the file holds the heading only"), lines == 0, "{}", run.text());
        let texts = texts(&out);
        assert_eq!((texts[0].as_str(), texts[1].as_str()), (title, "填报单位：示范县"));
        assert!(texts.iter().any(|text| text == "负责人："));
    }
}

#[test]
fn days_of_which_a_ledger_cannot_be_made_are_refused() {
    let place = township();
    let out = file(&place, "out.xlsx");
    for (asked, said) in [
        (["roster", "--from", "2026-01-01"], "leave out from and to"),
        (["changes", "--from", "2099-01-01"], "these days lie ahead"),
    ] {
        let run = place.run(&[&["export"], &asked[..], &["--out", &out]].concat());
        refused(&place, &run, 1, said);
    }
    let run =
        place.run(&["export", "confirmation", "--out", &out, "--from", "2025-12-01", "--to", "2026-01-31"]);
    refused(&place, &run, 1, "lie in the same year");
}

#[test]
fn a_running_server_makes_the_same_file() {
    let place = township();
    let _server = place.serve();
    let out = file(&place, "out.xlsx");
    let village = format!("{TOWNSHIP}201");
    let run = place.done(&["export", "定期回访台账", "--out", &out, "--village", &village, "--json"]).json();
    assert_eq!((&run["unit"], &run["lines"], &run["file"]), (&json!("红旗村"), &json!(1), &json!(out)));
    assert!(texts(&out).iter().any(|text| text == "李伟"));
}

#[test]
fn full_numbers_need_a_reason() {
    let place = township();
    let out = file(&place, "out.xlsx");
    let export = |more: &[&str]| place.run(&[&["export", "followup", "--out", &out], more].concat());
    refused(&place, &export(&["--full"]), 2, "--reason");
    assert_eq!(export(&["--reason", "县里核对"]).code(), 0, "a reason may stand alone");
    std::fs::remove_file(&out).unwrap();
    refused(&place, &export(&["--full", "--reason", " "]), 1, "need a reason");
    assert_eq!(export(&["--full", "--reason", "县里核对"]).code(), 0);
    assert!(texts(&out).iter().any(|text| text == ID_NO));
}

#[test]
fn what_is_asked_wrongly_is_refused_with_what_to_do() {
    let place = township();
    let out = file(&place, "out.xlsx");
    let export = |more: &[&str]| place.run(&[&["export", "followup", "--out", &out], more].concat());
    refused(
        &place,
        &place.run(&["export", "payroll", "--out", &out]),
        2,
        "[possible values: followup, help, roster, changes, coverage, festival, confirmation, plaques, stipend, merit]",
    );
    refused(&place, &place.run(&["export", "followup"]), 2, "--out");
    refused(&place, &export(&["--village", "339999100299"]), 1, "there is no area 339999100299");
    refused(&place, &export(&["--village", "红旗村"]), 2, "6, 9 or 12 digits");
    refused(&place, &export(&["--from", "2026-02-30"]), 2, "no such day");
    refused(&place, &export(&["--to", "1.3.2026"]), 2, "not of the form 2026-11-23");
    let backwards = export(&["--from", "2026-12-31", "--to", "2026-01-01"]);
    refused(&place, &backwards, 2, "--from lies after the day of --to");
    let nowhere = file(&place, "no-such-folder/out.xlsx");
    let run = place.run(&["export", "followup", "--out", &nowhere]);
    refused(&place, &run, 1, "name a file in a folder that is there");
    let folder = place.path().to_str().unwrap();
    refused(&place, &place.run(&["export", "followup", "--out", folder]), 1, "is a folder");
    let empty = Place::new();
    let run = empty.run(&["export", "followup", "--out", &out]);
    refused(&place, &run, 1, "there is no database in");
    assert!(!empty.data().exists());
}

#[test]
fn a_file_is_not_replaced_in_silence() {
    let place = township();
    let out = place.file("kept.xlsx", b"somebody's work");
    let run = place.run(&["export", "followup", "--out", &out]);
    refused(&place, &run, 1, "exists already");
    assert_eq!(std::fs::read(&out).unwrap(), b"somebody's work");
    place.done(&["export", "followup", "--out", &out, "--overwrite"]);
    assert_eq!(texts(&out)[0], "定期回访台账");
}

#[test]
fn a_ledger_without_lines_has_its_heading_and_says_so() {
    let place = township();
    let out = file(&place, "out.xlsx");
    let village = format!("{TOWNSHIP}202");
    let asked = ["export", "followup", "--out", &out, "--village", &village];
    let run = place.done(&[&asked[..], &["--from", "2026-01-01", "--to", "2026-12-31"]].concat());
    assert!(run.text().contains("石桥村: 0 lines; no family was visited or due"), "{}", run.text());
    let texts = texts(&out);
    for heading in ["填报单位：石桥村", "期间：2026-01-01 至 2026-12-31", "姓名", "身份证号"]
    {
        assert!(texts.iter().any(|text| text == heading), "{heading}");
    }
}
