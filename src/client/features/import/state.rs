//! An import step by step: choose, preview, decide about unknown villages, commit.

use super::decisions::Villages;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What the office makes of a list before anything is written.
#[derive(Clone, Default, PartialEq, Deserialize)]
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
    /// The field of which no column is known, and without which nothing is read.
    #[serde(default)]
    pub(crate) missing: Option<String>,
    #[serde(default)]
    pub(crate) columns: Vec<ListColumn>,
    /// What a column may fill.
    #[serde(default)]
    pub(crate) fields: Vec<String>,
}

/// A column of the list, and what it is taken for.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct ListColumn {
    /// As Excel letters it.
    pub(crate) col: String,
    pub(crate) heading: String,
    /// Empty where nothing is taken from it.
    pub(crate) field: String,
    pub(crate) told: Told,
}

/// How it is known what a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    Heading,
    Place,
    Hand,
    Nothing,
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
    /// Fields that would get another value.
    #[serde(default)]
    pub(crate) diff: Vec<FieldNews>,
    /// Fields that the list leaves empty, and which keep what they hold.
    #[serde(default)]
    pub(crate) stays: Vec<FieldNews>,
}

/// A field of a file that is there.
#[derive(Clone, PartialEq, Deserialize)]
pub(crate) struct FieldNews {
    pub(crate) field: String,
    pub(crate) old: Value,
    #[serde(default)]
    pub(crate) new: Value,
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
    /// What stands in the cell; absent where it is a number that is not sent out.
    #[serde(default)]
    pub(crate) cell: Option<String>,
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

    /// The columns of which a person said what they are, with one more: the body of a judgement.
    pub(crate) fn with_column(&self, col: &str, field: &str) -> Value {
        let by_hand = self.columns.iter().filter(|column| column.told == Told::Hand && column.col != col);
        let mut columns: Map<String, Value> = Map::new();
        for column in by_hand {
            columns.insert(column.col.clone(), Value::String(column.field.clone()));
        }
        columns.insert(col.to_owned(), Value::String(field.to_owned()));
        serde_json::json!({ "columns": columns })
    }

    /// Whether a person said what a column is.
    pub(crate) fn is_by_hand(&self) -> bool {
        self.columns.iter().any(|column| column.told == Told::Hand)
    }

    /// Whether a commit would write anything.
    pub(crate) fn has_news(&self) -> bool {
        self.new + self.changed > 0
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    pub(in super::super) fn preview() -> Preview {
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
    fn what_was_said_of_other_columns_is_said_again() {
        let column = |col: &str, field: &str, told| ListColumn {
            col: col.to_owned(),
            heading: String::new(),
            field: field.to_owned(),
            told,
        };
        let columns = vec![
            column("A", "name", Told::Heading),
            column("B", "id_no", Told::Hand),
            column("C", "", Told::Hand),
        ];
        let preview = Preview { columns, ..preview() };
        assert_eq!(preview.with_column("C", "village"), json!({"columns": {"B": "id_no", "C": "village"}}));
        assert_eq!(preview.with_column("A", ""), json!({"columns": {"A": "", "B": "id_no", "C": ""}}));
    }

    #[test]
    fn a_reason_names_its_cell() {
        let preview = preview();
        assert_eq!(preview.rows[1].why[0].place(5), "D5 性别");
        assert_eq!(preview.rows[3].why[0].place(7), "");
    }
}
