//! Lists of recipients as townships send them: a grid of cells in, a verdict for every row out.
//!
//! Pure: the workbook is read elsewhere. Known are hand-made lists and the eight templates of the provincial
//! system (domain.md §9.4). A row is refused when its person could be mistaken or its data would be wrong;
//! anything else that is odd is a warning, and the row is accepted.

pub mod excerpt;
pub mod grid;
pub mod households;
pub mod plan;
pub mod report;

mod accounts;
pub(crate) mod date;
mod header;
pub(crate) mod heading;
mod person;
mod rows;
mod value;
mod villages;

use crate::order::Order;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::day::Day;
use crate::region::{AreaCode, AreaTree};
use grid::Grid;
pub use header::{ColumnReport, Hand, Told, fields, told};
use report::{ListReport, RowReport, Skipped, Verdict, Why};

/// The most rows of people that a list may have.
pub const ROWS_MAX: usize = 20_000;

/// What the reader needs to know besides the grid.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The day of the import: nobody is born after it.
    pub today: Day,
    /// The county or township whose people these are.
    pub area: &'a AreaCode,
    /// The area tree and the id of the area in it, if there is one; else villages are not judged.
    pub tree: Option<(&'a AreaTree, &'a str)>,
}

/// Why nothing of a list could be read.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "err", rename_all = "snake_case")]
pub enum ListError {
    /// No cell has anything in it.
    #[error("the sheet is empty")]
    Empty,
    /// None of the first ten rows has four headings that we know.
    #[error("no header row with at least four known headings in the first ten rows")]
    HeaderNotFound,
    /// The header lacks a column without which no row can be accepted.
    #[error("the header in row {row} has no column for {field}")]
    ColumnMissing {
        /// The header's row, as Excel counts.
        row: u32,
        /// The field: `name`, `id_no` or `category`.
        field: String,
    },
    /// More than [`ROWS_MAX`] rows.
    #[error("{rows} rows, at most 20000 are read at a time; the first too many is row {row}")]
    TooManyRows {
        /// How many there are.
        rows: usize,
        /// The first that is too many, as Excel counts.
        row: u32,
    },
}

/// Judges every row of a list.
///
/// # Errors
/// When the grid is empty, has no header that we know, or too many rows.
pub fn read(grid: &Grid, context: &Context) -> Result<ListReport, ListError> {
    read_by_hand(grid, context, &Hand::default())
}

/// The same, where a person said what some of its columns are.
///
/// # Errors
/// As [`read`].
pub fn read_by_hand(grid: &Grid, context: &Context, hand: &Hand) -> Result<ListReport, ListError> {
    if grid.is_empty() {
        return Err(ListError::Empty);
    }
    let header = header::find(grid, hand)?;
    let mut sorter = rows::Sorter::new(grid, &header);
    let mut reader = person::Reader::new(grid, &header, context);
    let mut report = ListReport::new(grid, header.row);
    for row in header.first_data_row..grid.rows.len() {
        match sorter.sort(row) {
            rows::Sort::Person { village } => report.rows.push(reader.read(row, village)),
            rows::Sort::Skip(why) => report.skipped.push(Skipped { row: excel_row(row), why }),
            rows::Sort::Blank => {}
        }
    }
    if let Some(first) = report.rows.get(ROWS_MAX) {
        return Err(ListError::TooManyRows { rows: report.rows.len(), row: first.row });
    }
    report.drop_trailing_empty();
    accounts::doubt(&mut report.rows, &header);
    mark_duplicates(&mut report.rows);
    agree_on_persons(&mut report.rows);
    report.villages_unknown = villages::resolve(&mut report.rows, context);
    report.count();
    Ok(report)
}

/// The day that a text names in whole, as lists write days: `2012-2-3`, `2012年3月5日`.
pub fn day(text: &str) -> Option<Day> {
    let date = date::read(&Grid::default(), &grid::Cell::Text(text.to_owned()))?;
    (!date.day_assumed).then_some(date.day)
}

/// The row as Excel counts it.
pub(crate) fn excel_row(row: usize) -> u32 {
    u32::try_from(row + 1).unwrap_or(u32::MAX)
}

/// Whether a sheet has a header of people: it is a list, and not an explanation or a table of options.
pub fn is_list(grid: &Grid) -> bool {
    (0..grid.rows.len().min(header::SEARCHED)).any(|row| header::is_header_of_people(grid, row))
}

/// A person stands once under each category. The first row counts; another name under the same number, or the
/// same category again, is refused.
fn mark_duplicates(rows: &mut [RowReport]) {
    let mut first_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken: BTreeMap<(String, String), usize> = BTreeMap::new();
    for at in 0..rows.len() {
        let Some(id) = rows[at].text("id_no").map(str::to_owned) else { continue };
        let key = (id.clone(), rows[at].text("category").unwrap_or_default().to_owned());
        if let Some(&first) = first_of.get(&id) {
            let same_category = taken.contains_key(&key);
            if same_category || rows[first].text("name") != rows[at].text("name") {
                let earlier = rows[*taken.get(&key).unwrap_or(&first)].row;
                rows[at].refuse(Why::named("id_duplicate_in_file", "id_no").with_other_row(earlier));
            }
        }
        if rows[at].verdict == Verdict::Accept {
            first_of.entry(id).or_insert(at);
            taken.entry(key).or_insert(at);
        }
    }
}

/// Gives all rows of a person the same values. The row of the smallest category decides, whatever the order of the
/// rows, so that reading the list again, shuffled, finds nothing to change.
fn agree_on_persons(rows: &mut [RowReport]) {
    let mut persons: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.verdict == Verdict::Accept) {
        if let Some(id) = row.text("id_no") {
            persons.entry(id.to_owned()).or_default().push(at);
        }
    }
    for mut own in persons.into_values().filter(|own| own.len() > 1) {
        own.order_by(|a, b| rows[*a].text("category").cmp(&rows[*b].text("category")));
        let mut agreed: BTreeMap<String, (Value, u32)> = BTreeMap::new();
        for at in &own {
            for (field, value) in &rows[*at].recipient {
                agreed.entry(field.clone()).or_insert_with(|| (value.clone(), rows[*at].row));
            }
        }
        let village = own.iter().find_map(|at| Some((rows[*at].village.clone()?, rows[*at].row)));
        for at in own {
            if let Some((name, decided_by)) = &village {
                let old = rows[at].village.replace(name.clone());
                if old.is_some_and(|old| old != *name) {
                    let why = Why::named("differs_from_other_row", "village").with_other_row(*decided_by);
                    rows[at].whys.push(why);
                }
            }
            for (field, (value, decided_by)) in &agreed {
                let old = rows[at].recipient.insert(field.clone(), value.clone());
                if old.is_some_and(|old| old != *value) {
                    let why = Why::named("differs_from_other_row", field).with_other_row(*decided_by);
                    rows[at].whys.push(why);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
