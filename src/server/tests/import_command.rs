//! `huifang import --check` as a user runs it: the program itself, with its child process.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn check(file: &Path, more: &[&str]) -> Output {
    let nowhere = std::env::temp_dir().join("huifang-no-such-folder");
    let output = Command::new(env!("CARGO_BIN_EXE_huifang"))
        .arg("import")
        .arg(file)
        .args(["--area", "339999100", "--check", "--data-dir"])
        .arg(&nowhere)
        .args(more)
        .output()
        .unwrap();
    assert!(!nowhere.exists(), "a check makes no folder");
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A file of the given bytes that goes when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Scratch {
        let path = std::env::temp_dir().join(format!("huifang-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn the_printed_verdicts_agree_with_the_answer_keys() {
    for name in ["township-list", "township-list-3000", "disabled-template"] {
        let output = check(&fixture(&format!("{name}.xlsx")), &["--json"]);
        assert_eq!(output.status.code(), Some(1), "{name} has refused rows");
        let got = json(&output);
        let key = fixture("../../domain/fixtures").join(format!("{name}.expected.json"));
        let key: Value = serde_json::from_slice(&std::fs::read(key).unwrap()).unwrap();
        for field in ["file", "sheet", "header_row", "accepted", "refused", "skipped"] {
            assert_eq!(got[field], key[field], "{name} {field}");
        }
        let (rows, expected) = (got["rows"].as_array().unwrap(), key["rows"].as_array().unwrap());
        assert_eq!(rows.len(), expected.len());
        for (row, expected) in rows.iter().zip(expected) {
            assert_eq!((&row["row"], &row["verdict"]), (&expected["row"], &expected["verdict"]));
            let codes = row["codes"].as_array().unwrap();
            for code in expected["codes"].as_array().unwrap() {
                assert!(codes.contains(code), "{name} {code} of row {}: {codes:?}", row["row"]);
            }
            for (field, value) in expected["record"].as_object().into_iter().flatten() {
                assert_eq!(&row["record"][field], value, "{name} {field} of row {}", row["row"]);
            }
        }
    }
}

#[test]
fn refused_rows_are_named_with_reason_and_column() {
    let output = check(&fixture("township-list.xlsx"), &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with(
        "township-list.xlsx, sheet 花名册, header in row 3: 211 accepted, 7 refused, 11 skipped"
    ));
    assert!(
        text.contains("row 84: refused, the ID number stands in the list already (id_duplicate_in_file)")
    );
    assert!(text.contains("in column E 身份证号码"), "{text}");
}

#[test]
fn files_that_are_no_list_end_with_one_clear_message() {
    let page = Scratch::new("page.xlsx", b"<html><table></table></html>");
    let mut locked = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let locked = Scratch::new("locked.xlsx", &locked);
    for (file, err) in [(&page, "not_a_workbook"), (&locked, "encrypted")] {
        let output = check(&file.0, &["--json"]);
        assert_eq!((output.status.code(), &json(&output)["err"]), (Some(1), &Value::from(err)));
        assert!(!json(&output)["message"].as_str().unwrap().is_empty());
    }
    let missing = check(Path::new("no-such-list.xlsx"), &[]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("cannot read no-such-list.xlsx"));
}

#[test]
fn a_wrong_area_is_wrong_use() {
    let output = Command::new(env!("CARGO_BIN_EXE_huifang"))
        .args(["import", "list.xlsx", "--area", "33x", "--check"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
