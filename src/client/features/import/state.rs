//! An import step by step: choose, preview, decide about unknown villages, commit.

use domain::order::Gather;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What the office makes of a list before anything is written.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct Preview {
    pub(crate) id: String,
    pub(crate) file: String,
    pub(crate) sheet: String,
    pub(crate) header_row: u32,
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
    pub(crate) new: usize,
    pub(crate) changed: usize,
    pub(crate) same: usize,
    pub(crate) rows: Vec<PreviewRow>,
    #[serde(default)]
    pub(crate) skipped: Vec<SkippedRow>,
    #[serde(default)]
    pub(crate) villages_unknown: Vec<UnknownVillage>,
    #[serde(default)]
    pub(crate) households: Vec<ProposedHousehold>,
}

/// One row of the list, by Excel's number.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct PreviewRow {
    pub(crate) row: u32,
    pub(crate) verdict: Verdict,
    #[serde(default)]
    pub(crate) codes: Vec<String>,
    #[serde(default)]
    pub(crate) why: Vec<Why>,
    #[serde(default)]
    pub(crate) record: Option<Map<String, Value>>,
    #[serde(default)]
    pub(crate) state: Option<RowState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Accept,
    Refuse,
}

/// What a row would do to the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowState {
    New,
    Changed,
    Same,
}

/// Why a row is refused or warned about, and the cell.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Why {
    pub(crate) code: String,
    /// The column as Excel letters it.
    #[serde(default)]
    pub(crate) col: Option<String>,
    /// The column's heading in the list.
    #[serde(default)]
    pub(crate) heading: Option<String>,
    /// The other row that it concerns.
    #[serde(default)]
    pub(crate) other_row: Option<u32>,
}

impl Why {
    /// The cell and its heading, such as `E194 身份证号`; empty where there is none.
    pub(crate) fn place(&self, row: u32) -> String {
        let cell = self.col.as_ref().map(|col| format!("{col}{row}"));
        [cell, self.heading.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct SkippedRow {
    pub(crate) row: u32,
    pub(crate) why: String,
}

/// A village name that the area tree lacks.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct UnknownVillage {
    pub(crate) name: String,
    pub(crate) rows: usize,
}

/// People of the list who have one door by their addresses; whether they are one household a person says.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct ProposedHousehold {
    pub(crate) village: String,
    pub(crate) addr: String,
    /// A row for each of them.
    pub(crate) rows: Vec<u32>,
    pub(crate) names: Vec<String>,
}

impl ProposedHousehold {
    /// What tells it from the others: no row is of two.
    pub(crate) fn key(&self) -> String {
        self.rows.first().map(u32::to_string).unwrap_or_default()
    }
}

/// What the commit did.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Committed {
    pub(crate) changesets: usize,
    pub(crate) created: usize,
    pub(crate) changed: usize,
    pub(crate) same: usize,
    #[serde(default)]
    pub(crate) households: usize,
}

/// Which rows of the preview are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RowFilter {
    #[default]
    All,
    Refused,
    Warned,
    New,
    Changed,
    Same,
}

impl RowFilter {
    pub(crate) const ALL: [RowFilter; 6] = [
        RowFilter::All,
        RowFilter::Refused,
        RowFilter::Warned,
        RowFilter::New,
        RowFilter::Changed,
        RowFilter::Same,
    ];

    fn holds(self, row: &PreviewRow) -> bool {
        let accepted = row.verdict == Verdict::Accept;
        match self {
            RowFilter::All => true,
            RowFilter::Refused => !accepted,
            RowFilter::Warned => accepted && !row.codes.is_empty(),
            RowFilter::New => accepted && row.state == Some(RowState::New),
            RowFilter::Changed => accepted && row.state == Some(RowState::Changed),
            RowFilter::Same => accepted && row.state == Some(RowState::Same),
        }
    }
}

impl Preview {
    /// The rows that a filter lets through, in the list's order.
    pub(crate) fn shown(&self, filter: RowFilter) -> Vec<&PreviewRow> {
        self.rows.iter().filter(|row| filter.holds(row)).collect()
    }

    /// How many rows a filter lets through.
    pub(crate) fn count(&self, filter: RowFilter) -> usize {
        self.rows.iter().filter(|row| filter.holds(row)).count()
    }

    /// The body of a commit.
    pub(crate) fn decided(&self, villages: &Villages, households: &[String]) -> Value {
        let confirmed = self.households.iter().filter(|one| households.contains(&one.key()));
        let rows: Vec<&[u32]> = confirmed.map(|one| one.rows.as_slice()).collect();
        serde_json::json!({ "villages": villages.decided(), "households": rows })
    }

    /// Whether a commit would write anything.
    pub(crate) fn has_news(&self) -> bool {
        self.new + self.changed > 0
    }
}

/// What becomes of a village that the area tree lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VillageChoice {
    Create,
    /// The id of an area that exists.
    Map(String),
}

/// The decisions about unknown villages, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Villages(BTreeMap<String, VillageChoice>);

impl Villages {
    pub(crate) fn choose(&mut self, name: &str, choice: Option<VillageChoice>) {
        match choice {
            Some(choice) => self.0.insert(name.to_owned(), choice),
            None => self.0.remove(name),
        };
    }

    pub(crate) fn choice(&self, name: &str) -> Option<&VillageChoice> {
        self.0.get(name)
    }

    /// The villages that nobody decided about yet.
    pub(crate) fn open(&self, preview: &Preview) -> usize {
        preview.villages_unknown.iter().filter(|village| !self.0.contains_key(&village.name)).count()
    }

    /// The decisions as the office reads them.
    fn decided(&self) -> Map<String, Value> {
        self.0
            .iter()
            .map(|(name, choice)| {
                let value = match choice {
                    VillageChoice::Create => serde_json::json!({ "create": true }),
                    VillageChoice::Map(area) => serde_json::json!({ "area": area }),
                };
                (name.clone(), value)
            })
            .gather()
    }
}

/// Whether a file can be sent at all; the office looks at the content.
pub(crate) fn check_file(name: &str, bytes: usize) -> Result<(), FileProblem> {
    const BYTES_MAX: usize = 20 * 1024 * 1024;
    if bytes == 0 {
        return Err(FileProblem::Empty);
    }
    if bytes > BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    if !name.to_ascii_lowercase().ends_with(".xlsx") {
        return Err(FileProblem::NotXlsx);
    }
    Ok(())
}

/// Why a list is not read. Nothing of it is in the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileProblem {
    NotXlsx,
    Encrypted,
    Empty,
    TooLarge,
    TooManyRows,
    Damaged,
    /// Reading it did not come to an end.
    TooLong,
    ColumnMissing {
        row: u64,
        field: String,
    },
    HeaderNotFound {
        sheet: String,
    },
    /// The preview is no longer kept; the file must be chosen again.
    Lapsed,
    Offline,
    /// The list was sent to be written, and the answer did not come: it is written, or it is not.
    Uncertain,
    Login,
    Right,
    /// Another refusal, by its code.
    Other(String),
}

impl FileProblem {
    /// The problem for a refusal of the office.
    pub(crate) fn from_refusal(err: &str, body: &Value) -> FileProblem {
        let sheet = body.get("sheet").and_then(Value::as_str).unwrap_or_default().to_owned();
        match err {
            "not_xlsx" | "not_json" | "unsupported_media" => FileProblem::NotXlsx,
            "encrypted" => FileProblem::Encrypted,
            "empty" => FileProblem::Empty,
            "too_large" | "inflated_too_large" => FileProblem::TooLarge,
            "too_many_rows" => FileProblem::TooManyRows,
            "damaged" => FileProblem::Damaged,
            "too_long" => FileProblem::TooLong,
            "column_missing" => FileProblem::ColumnMissing {
                row: body.get("row").and_then(Value::as_u64).unwrap_or_default(),
                field: body.get("field").and_then(Value::as_str).unwrap_or_default().to_owned(),
            },
            "header_not_found" => FileProblem::HeaderNotFound { sheet },
            "not_found" | "lapsed" => FileProblem::Lapsed,
            "login" => FileProblem::Login,
            "right" | "out_of_scope" => FileProblem::Right,
            other => FileProblem::Other(other.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn preview() -> Preview {
        serde_json::from_value(json!({
            "id": "p1", "file": "list.xlsx", "sheet": "花名册", "header_row": 3,
            "accepted": 3, "refused": 1, "new": 1, "changed": 1, "same": 1,
            "rows": [
                {"row": 4, "verdict": "accept", "codes": [], "why": [], "record": {"name": "甲"}, "state": "new"},
                {"row": 5, "verdict": "accept", "codes": ["sex_mismatch"], "why": [{"code": "sex_mismatch", "field": "sex", "col": "D", "heading": "性别"}], "record": {"name": "乙"}, "state": "changed"},
                {"row": 6, "verdict": "accept", "codes": [], "record": {"name": "丙"}, "state": "same"},
                {"row": 7, "verdict": "refuse", "codes": ["id_checksum"], "why": [{"code": "id_checksum"}], "record": null}
            ],
            "skipped": [{"row": 8, "why": "total"}],
            "villages_unknown": [{"name": "新村", "rows": 2}]
        }))
        .expect("the shape agreed with the office")
    }

    #[test]
    fn a_filter_shows_its_rows_and_counts_them() {
        let preview = preview();
        let rows = |filter| preview.shown(filter).iter().map(|row| row.row).collect::<Vec<_>>();
        assert_eq!(rows(RowFilter::All), [4, 5, 6, 7]);
        assert_eq!(rows(RowFilter::Refused), [7]);
        assert_eq!(rows(RowFilter::Warned), [5]);
        assert_eq!(rows(RowFilter::New), [4]);
        assert_eq!(rows(RowFilter::Changed), [5]);
        assert_eq!(preview.count(RowFilter::Same), 1);
    }

    #[test]
    fn a_reason_names_its_cell() {
        let preview = preview();
        assert_eq!(preview.rows[1].why[0].place(5), "D5 性别");
        assert_eq!(preview.rows[3].why[0].place(7), "");
    }

    #[test]
    fn a_commit_waits_for_every_unknown_village() {
        let preview = preview();
        let mut villages = Villages::default();
        assert_eq!(villages.open(&preview), 1);
        villages.choose("新村", Some(VillageChoice::Create));
        assert_eq!(villages.open(&preview), 0);
        assert_eq!(preview.decided(&villages, &[])["villages"], json!({"新村": {"create": true}}));
        villages.choose("新村", Some(VillageChoice::Map("a1".to_owned())));
        assert_eq!(preview.decided(&villages, &[])["villages"], json!({"新村": {"area": "a1"}}));
        villages.choose("新村", None);
        assert_eq!(villages.open(&preview), 1);
    }

    #[test]
    fn only_confirmed_households_go_with_a_commit() {
        let of = |rows: &[u32]| ProposedHousehold {
            village: "红旗村".to_owned(),
            addr: "3组12号".to_owned(),
            rows: rows.to_vec(),
            names: Vec::new(),
        };
        let preview = Preview { households: vec![of(&[4, 9]), of(&[5, 6])], ..preview() };
        let decided = |households: &[String]| preview.decided(&Villages::default(), households);
        assert_eq!(decided(&[])["households"], json!([]));
        assert_eq!(decided(&["5".to_owned()])["households"], json!([[5, 6]]));
    }

    #[test]
    fn a_refusal_names_what_is_wrong_with_the_file() {
        let check = |err: &str, expected| {
            assert_eq!(FileProblem::from_refusal(err, &json!({"sheet": "Sheet1"})), expected)
        };
        check("encrypted", FileProblem::Encrypted);
        check("too_many_rows", FileProblem::TooManyRows);
        check("header_not_found", FileProblem::HeaderNotFound { sheet: "Sheet1".to_owned() });
        check("damaged", FileProblem::Damaged);
        check("too_long", FileProblem::TooLong);
        check("busy", FileProblem::Other("busy".to_owned()));
    }

    #[test]
    fn a_list_without_a_column_says_which() {
        let body = json!({"err": "column_missing", "row": 3, "field": "id_no", "sheet": "Sheet1"});
        let missing = FileProblem::ColumnMissing { row: 3, field: "id_no".to_owned() };
        assert_eq!(FileProblem::from_refusal("column_missing", &body), missing);
    }

    #[test]
    fn a_file_of_another_kind_is_not_sent() {
        assert_eq!(check_file("名单.XLSX", 10), Ok(()));
        assert_eq!(check_file("名单.xls", 10), Err(FileProblem::NotXlsx));
        assert_eq!(check_file("名单.xlsx", 0), Err(FileProblem::Empty));
    }
}
