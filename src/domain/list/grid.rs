//! The cells of a sheet, typed as the workbook has them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::text::tidy;

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Nothing.
    #[default]
    #[serde(rename = "_")]
    Empty,
    /// A text, exactly as stored.
    #[serde(rename = "t")]
    Text(String),
    /// A number in plain decimal notation, without an exponent.
    #[serde(rename = "n")]
    Number(String),
    /// A number that the sheet shows as a date: whole days since the workbook's epoch.
    #[serde(rename = "d")]
    Date(i64),
    /// True or false.
    #[serde(rename = "b")]
    Bool(bool),
    /// An error of a formula, such as `#N/A`.
    #[serde(rename = "e")]
    Error(String),
}

impl Cell {
    /// Whether nothing can be read in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => tidy(text).is_empty(),
            _ => false,
        }
    }
}

/// Cells that a sheet shows as one; rows and columns count from 0, the ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Last row.
    pub bottom: usize,
    /// Last column.
    pub right: usize,
}

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// The sheet's name.
    pub sheet: String,
    /// Rows from the sheet's first; each may end before its last empty cells.
    pub rows: Vec<Vec<Cell>>,
    /// Merged ranges.
    #[serde(default)]
    pub merges: Vec<Merge>,
    /// Dates count from 1904 instead of 1900.
    #[serde(default)]
    pub date_1904: bool,
    /// Option texts that the file itself brings (sheet `type`), by heading.
    #[serde(default)]
    pub options: BTreeMap<String, Vec<String>>,
}

static EMPTY: Cell = Cell::Empty;

impl Grid {
    /// Whether no cell has anything in it.
    pub fn is_empty(&self) -> bool {
        self.rows.iter().flatten().all(Cell::is_empty)
    }

    /// The cell itself; empty beyond the sheet.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(&EMPTY)
    }

    /// The text of a cell, tidy; a date in ISO form, an error as nothing.
    pub fn text(&self, row: usize, column: usize) -> String {
        self.text_of(self.cell(row, column)).into_owned()
    }

    /// The same of a cell in hand.
    pub fn text_of<'a>(&self, cell: &'a Cell) -> Cow<'a, str> {
        match cell {
            Cell::Empty | Cell::Error(_) => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Owned(tidy(text)),
            Cell::Number(text) => Cow::Borrowed(text),
            Cell::Date(days) => {
                self.serial(*days).map_or(Cow::Borrowed(""), |day| Cow::Owned(day.to_string()))
            }
            Cell::Bool(true) => Cow::Borrowed("是"),
            Cell::Bool(false) => Cow::Borrowed("否"),
        }
    }

    /// Puts a text into a cell; nothing where it is empty.
    pub fn write(&mut self, row: usize, column: usize, text: &str) {
        if row >= self.rows.len() {
            return;
        }
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    }

    /// The day of a serial number. In the 1900 system day 60 is the 29 February 1900 that never was.
    pub fn serial(&self, days: i64) -> Option<Day> {
        let day = if self.date_1904 {
            Day::new(1904, 1, 1)?.plus_days(days)?
        } else {
            let before_the_gap = i64::from(days < 60);
            Day::new(1899, 12, 30)?.plus_days(days.checked_add(before_the_gap)?)?
        };
        let exists = days >= 0 && (self.date_1904 || days != 60);
        exists.then_some(day)
    }

    /// Takes the option texts of a sheet `type`: a heading in the first row, its texts below.
    pub fn add_options(&mut self, sheet: &Grid) {
        let width = sheet.rows.first().map_or(0, Vec::len);
        for column in 0..width {
            let heading = super::heading::normal(&sheet.text(0, column));
            let texts =
                (1..sheet.rows.len()).map(|row| sheet.text(row, column)).filter(|text| !text.is_empty());
            if !heading.is_empty() {
                self.options.entry(heading).or_default().extend(texts);
            }
        }
    }

    /// Values that merged cells lend to the rows below their first: (row, column) → row of the value.
    /// Rows up to `header` are left out.
    pub(crate) fn lent(&self, header: usize) -> BTreeMap<(usize, usize), usize> {
        let mut lent = BTreeMap::new();
        for merge in self.merges.iter().filter(|merge| merge.top > header && merge.bottom > merge.top) {
            let bottom = merge.bottom.min(self.rows.len().saturating_sub(1));
            for row in merge.top + 1..=bottom {
                if self.cell(row, merge.left).is_empty() {
                    lent.insert((row, merge.left), merge.top);
                }
            }
        }
        lent
    }
}

/// The letters of a column: 0 → A, 26 → AA.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The column of these letters.
pub fn column_at(letters: &str) -> Option<usize> {
    let digit = |letter: u8| letter.is_ascii_uppercase().then(|| usize::from(letter - b'A') + 1);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let number = letters.bytes().try_fold(0, |number, letter| Some(number * 26 + digit(letter)?))?;
    Some(number - 1)
}

#[cfg(test)]
mod tests {
    use super::{Cell, Grid, Merge, column_at, column_letters};

    #[test]
    fn serial_days_follow_the_epoch_of_the_workbook() {
        let old = Grid { date_1904: true, ..Grid::default() };
        let new = Grid::default();
        for (grid, days, expected) in [
            (&new, 31_108, Some("1985-03-02")),
            (&new, 1, Some("1900-01-01")),
            (&new, 59, Some("1900-02-28")),
            (&new, 60, None),
            (&new, 61, Some("1900-03-01")),
            (&new, -1, None),
            (&new, i64::MAX, None),
            (&old, 29_646, Some("1985-03-02")),
            (&old, 60, Some("1904-03-01")),
        ] {
            assert_eq!(grid.serial(days).map(|day| day.to_string()).as_deref(), expected, "{days}");
        }
    }

    #[test]
    fn a_merge_of_the_whole_sheet_lends_no_further_than_its_rows() {
        let rows = vec![vec![Cell::Text("a".into())], vec![Cell::Text("b".into())], vec![], vec![]];
        let huge = Merge { top: 1, left: 0, bottom: usize::MAX, right: usize::MAX };
        let grid = Grid { rows, merges: vec![huge], ..Grid::default() };
        assert_eq!(grid.lent(0).into_iter().collect::<Vec<_>>(), [((2, 0), 1), ((3, 0), 1)]);
    }

    #[test]
    fn columns_have_letters() {
        let letters = ["A", "Z", "AA", "BL", "ZZ", "AAA"];
        assert_eq!([0, 25, 26, 63, 701, 702].map(column_letters), letters);
        assert_eq!(letters.map(column_at), [0, 25, 26, 63, 701, 702].map(Some));
        assert_eq!(["", "a", "A1", "ABCD"].map(column_at), [None; 4]);
    }
}
