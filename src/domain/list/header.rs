//! The header: its row, and what each column means.

mod by_hand;

use std::collections::BTreeMap;

pub use by_hand::{ColumnReport, Hand, Told, fields, told};

use super::grid::{Cell, Grid};
use super::heading::{self, Home, Meaning, Parse};
use super::{ListError, excel_row};
use crate::category::Category;
use crate::order::Order;

/// How many rows are searched for the header.
pub(crate) const SEARCHED: usize = 10;
/// How many headings must be known in it.
const KNOWN_MIN: usize = 4;

/// A column that we understand.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) at: usize,
    pub(crate) heading: String,
    pub(crate) meaning: Meaning,
    pub(crate) required: bool,
    /// Values that the file itself allows.
    pub(crate) options: Vec<String>,
}

/// The header of a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// The row, from 0.
    pub(crate) row: usize,
    pub(crate) first_data_row: usize,
    pub(crate) columns: Vec<Column>,
    /// The category of all rows, where no column names it.
    pub(crate) category: Option<Category>,
    /// One of the official templates: its rules are strict.
    pub(crate) is_template: bool,
}

impl Header {
    /// The column that fills a field.
    pub(crate) fn column(&self, field: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.meaning.field == field)
    }

    pub(crate) fn cell<'a>(&self, grid: &'a Grid, row: usize, field: &str) -> Option<&'a Cell> {
        Some(grid.cell(row, self.column(field)?.at))
    }
}

/// Finds the header among the first rows, and what its columns mean by their headings or by what a person said.
pub(crate) fn find(grid: &Grid, hand: &Hand) -> Result<Header, ListError> {
    let row = row_of(grid, hand)?;
    let (headings, first_data_row) = headings(grid, row);
    let columns = columns(grid, &headings, hand);
    let id_heading =
        columns.iter().find(|c| c.meaning.parse == Parse::IdNo).map(|c| heading::normal(&c.heading));
    let template = id_heading.as_deref().filter(|heading| *heading != "身份证号");
    let is_template = template.is_some() && columns.iter().filter(|column| column.required).count() >= 5;
    let has_category = columns.iter().any(|column| column.meaning.parse == Parse::Category);
    let category = match template.and_then(heading::template_category) {
        Some(category) if !has_category => Some(category),
        _ if has_category => None,
        _ => category_of_title(grid, row),
    };
    for (field, there) in [
        ("name", columns.iter().any(|column| column.meaning.field == "name")),
        ("id_no", id_heading.is_some()),
        ("category", has_category || category.is_some()),
    ] {
        if !there {
            return Err(ListError::ColumnMissing { row: excel_row(row), field: field.to_owned() });
        }
    }
    Ok(Header { row, first_data_row, columns, category, is_template })
}

/// The row with most headings that we know, the first of equals; where a person says what the columns are, the first that is as wide as any.
fn row_of(grid: &Grid, hand: &Hand) -> Result<usize, ListError> {
    let (row, known) = best(grid, known_headings);
    if known >= KNOWN_MIN {
        return Ok(row);
    }
    let (row, texts) = best(grid, texts);
    if texts >= KNOWN_MIN && !hand.is_empty() { Ok(row) } else { Err(ListError::HeaderNotFound) }
}

/// The first row of those searched that counts most.
fn best(grid: &Grid, count: impl Fn(&Grid, usize) -> usize) -> (usize, usize) {
    let mut best = (0, 0);
    for row in 0..grid.rows.len().min(SEARCHED) {
        let counted = count(grid, row);
        if counted > best.1 {
            best = (row, counted);
        }
    }
    best
}

/// How many cells of a row hold a text.
fn texts(grid: &Grid, row: usize) -> usize {
    grid.rows[row].iter().filter(|cell| matches!(cell, Cell::Text(_)) && !cell.is_empty()).count()
}

/// Whether a row has enough known headings, those of name or number among them.
pub(crate) fn is_header_of_people(grid: &Grid, row: usize) -> bool {
    let is_person =
        |column| meaning(&grid.text(row, column), 0).is_some_and(|m| matches!(m.field, "name" | "id_no"));
    known_headings(grid, row) >= KNOWN_MIN && (0..grid.rows[row].len()).any(is_person)
}

/// How many cells of a row are headings that we know.
pub(crate) fn known_headings(grid: &Grid, row: usize) -> usize {
    let width = grid.rows.get(row).map_or(0, Vec::len);
    (0..width)
        .filter(|column| matches!(grid.cell(row, *column), Cell::Text(_)))
        .filter(|column| meaning(&grid.text(row, *column), 0).is_some())
        .count()
}

/// The headings of a row, with those of a second row below merged headings; and the first row of data.
fn headings(grid: &Grid, row: usize) -> (Vec<String>, usize) {
    let mut headings: Vec<String> = (0..grid.rows[row].len()).map(|column| grid.text(row, column)).collect();
    let below = row + 1;
    let spans =
        |merge: &&super::grid::Merge| merge.top == row && merge.bottom == row && merge.right > merge.left;
    let group: Vec<(usize, usize)> = grid.merges.iter().filter(spans).map(|m| (m.left, m.right)).collect();
    let down = grid.merges.iter().any(|merge| merge.top == row && merge.bottom == below);
    let second = down || !group.is_empty() && known_headings(grid, below) > 0;
    if !second {
        return (headings, below);
    }
    let width = grid.rows.get(below).map_or(0, Vec::len).max(headings.len());
    headings.resize(width, String::new());
    for (column, heading) in headings.iter_mut().enumerate() {
        let lower = grid.text(below, column);
        if !lower.is_empty() {
            *heading = lower;
        }
    }
    (headings, below + 1)
}

/// What each column means. What a person said goes before what the heading says, and a field is filled by one column.
fn columns(grid: &Grid, headings: &[String], hand: &Hand) -> Vec<Column> {
    let column = |at: usize, meaning: Meaning| Column {
        at,
        heading: headings[at].clone(),
        meaning,
        required: heading::is_required(&headings[at]),
        options: grid.options.get(&heading::normal(&headings[at])).cloned().unwrap_or_default(),
    };
    let mut columns: Vec<Column> = Vec::new();
    let add = |columns: &mut Vec<Column>, at: usize, meaning: Meaning| {
        let taken = columns.iter().any(|column| column.meaning.field == meaning.field);
        if !taken || meaning.field.is_empty() {
            columns.push(column(at, meaning));
        } else if heading::is_required(&headings[at]) {
            // Nothing is taken from it, but its star demands a value all the same.
            columns.push(column(at, heading::table::NONE));
        }
    };
    for (at, field) in hand.columns.iter().filter(|(at, _)| **at < headings.len()) {
        if let Some(meaning) = by_hand::meaning_of(field) {
            add(&mut columns, *at, meaning);
        }
    }
    // Of two that say the same, the one with a star is meant: 家庭人口数* stands beside 家庭人口, on either side of it.
    let mut said: Vec<_> = headings.iter().zip(repeats(headings)).enumerate().collect();
    said.order_by(|(_, (a, _)), (_, (b, _))| heading::is_required(b).cmp(&heading::is_required(a)));
    for (at, (text, nth)) in said {
        if let Some(meaning) = meaning(text, nth).filter(|_| !hand.columns.contains_key(&at)) {
            add(&mut columns, at, meaning);
        }
    }
    columns.order_by(|a, b| a.at.cmp(&b.at));
    columns
}

/// How many headings of the same words stand before each.
fn repeats(headings: &[String]) -> Vec<usize> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |text: &String| {
        let times = seen.entry(heading::normal(text)).or_default();
        *times += 1;
        *times - 1
    };
    headings.iter().map(&mut count).collect()
}

/// The meaning of a heading, with or without what stands in its brackets.
fn meaning(text: &str, nth: usize) -> Option<Meaning> {
    heading::meaning(&heading::normal(text), nth).or_else(|| heading::meaning(&without_brackets(text), nth))
}

/// The heading without what stands in brackets: 年收入(元) is 年收入.
fn without_brackets(heading: &str) -> String {
    let narrow = crate::text::bare(heading);
    let (before, rest) = narrow.split_once(['(', '[', '【']).unwrap_or((&narrow, ""));
    let after = rest.rsplit_once([')', ']', '】']).map_or("", |(_, after)| after);
    heading::normal(&format!("{before}{after}"))
}

/// The one category that a title above the header, or the sheet's name, speaks of.
fn category_of_title(grid: &Grid, header: usize) -> Option<Category> {
    let mut title = grid.sheet.clone();
    for row in 0..header {
        for column in 0..grid.rows[row].len() {
            title.push(' ');
            title.push_str(&grid.text(row, column));
        }
    }
    Category::within(&title)
}

/// The home of a field's value in a row.
pub(crate) fn is_recipient(meaning: &Meaning) -> bool {
    meaning.home == Home::Recipient
}
