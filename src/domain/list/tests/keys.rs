//! The three lists with their answer keys, row by row.

use serde_json::Value;

use super::judge;
use crate::list::grid::Grid;
use crate::list::report::Verdict;

fn agrees(grid: &str, key: &str) {
    let grid: Grid = serde_json::from_str(grid).unwrap();
    let key: Value = serde_json::from_str(key).unwrap();
    let report = judge(&grid).unwrap();
    let got = report.to_json(key["file"].as_str().unwrap());
    for field in ["file", "sheet", "header_row", "accepted", "refused", "skipped"] {
        assert_eq!(got[field], key[field], "{field}");
    }
    let expected = key["rows"].as_array().unwrap();
    let rows = got["rows"].as_array().unwrap();
    assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!(row["row"], expected["row"]);
        assert_eq!(row["verdict"], expected["verdict"], "{row}");
        for code in expected["codes"].as_array().unwrap() {
            assert!(row["codes"].as_array().unwrap().contains(code), "{code} is missing: {row}");
        }
        for (field, value) in expected["record"].as_object().into_iter().flatten() {
            assert_eq!(&row["record"][field], value, "{field} of row {}", row["row"]);
        }
    }
    for (row, expected) in report.rows.iter().zip(expected).filter(|(row, _)| row.verdict == Verdict::Accept)
    {
        let known = expected["codes"].as_array().unwrap().len();
        let extra = row.codes().into_iter().filter(|code| *code != "phone_missing").count();
        assert_eq!(extra, known, "a clean row has no warnings: {:?}", row.whys);
    }
}

#[test]
fn the_township_list_agrees_with_its_key() {
    agrees(
        include_str!("../../fixtures/township-list.grid.json"),
        include_str!("../../fixtures/township-list.expected.json"),
    );
}

#[test]
fn the_list_of_3000_rows_agrees_with_its_key() {
    agrees(
        include_str!("../../fixtures/township-list-3000.grid.json"),
        include_str!("../../fixtures/township-list-3000.expected.json"),
    );
}

#[test]
fn the_official_template_agrees_with_its_key() {
    agrees(
        include_str!("../../fixtures/disabled-template.grid.json"),
        include_str!("../../fixtures/disabled-template.expected.json"),
    );
}
