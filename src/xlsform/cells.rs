//! From sheets to rows of named cells, as pyxform takes them from a workbook.

use crate::{
    Book, Sheet,
    header::{self, Column},
    problem::{Found, Place, said},
};
use std::collections::BTreeSet;

/// Empty columns side by side after which nothing more is looked for.
const EMPTY_COLUMNS_MAX: usize = 20;
/// Empty rows below each other after which nothing more is looked for.
const EMPTY_ROWS_MAX: usize = 60;

/// The sheets that count.
pub(crate) struct Sheets {
    pub(crate) survey: Table,
    pub(crate) choices: Table,
    pub(crate) settings: Table,
}

/// A sheet with known headings.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: Vec<Column>,
    rows: Vec<Row>,
}

/// A row that holds something.
#[derive(Clone, Default)]
pub(crate) struct Row {
    /// As a spreadsheet counts.
    pub(crate) number: usize,
    /// The place of the column, and what stands there.
    cells: Vec<(Column, String)>,
}

impl Row {
    /// A row of one cell.
    pub(crate) fn with(number: usize, column: &str, text: String) -> Row {
        let column = Column { name: column.to_owned(), language: None, heading: column.to_owned() };
        Row { number, cells: vec![(column, text)] }
    }

    /// What stands in a column that has no language.
    pub(crate) fn get(&self, column: &str) -> Option<&str> {
        self.cells.iter().find(|(of, _)| of.name == column && of.language.is_none()).map(|(_, text)| &**text)
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = (&Column, &str)> {
        self.cells.iter().map(|(column, text)| (column, &**text))
    }

    /// What stands in a column in some language, with the language.
    pub(crate) fn in_languages<'a>(
        &'a self,
        column: &'a str,
    ) -> impl Iterator<Item = (Option<&'a str>, &'a str)> {
        self.cells
            .iter()
            .filter(move |(of, _)| of.name == column)
            .map(|(of, text)| (of.language.as_deref(), &**text))
    }

    /// The heading of a column as it is written in the sheet.
    pub(crate) fn heading(&self, column: &str) -> String {
        let found = self.cells.iter().find(|(of, _)| of.name == column);
        found.map_or_else(|| column.to_owned(), |(of, _)| of.heading.clone())
    }
}

impl Table {
    /// The rows that hold something, in order.
    pub(crate) fn rows(&self) -> Vec<&Row> {
        self.rows.iter().collect()
    }

    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|own| own.name == column)
    }
}

impl Sheets {
    pub(crate) fn of(book: &Book, found: &mut Found) -> Option<Sheets> {
        let named = |name: &str| book.sheets.iter().find(|sheet| sheet.name.to_lowercase() == name);
        // A workbook of one sheet is a survey whatever its sheet is called.
        let survey = named("survey").or_else(|| book.sheets.first().filter(|_| book.sheets.len() == 1));
        let Some(survey) = survey.filter(|sheet| sheet.rows.iter().flatten().any(|cell| !is_empty(cell)))
        else {
            let names: Vec<&str> = book.sheets.iter().map(|sheet| &*sheet.name).collect();
            let said = said!(
                "there is no sheet named survey that holds anything (the sheets are: {names}): name the sheet of questions survey",
                "没有名为 survey 且有内容的工作表（现有：{names}）：请把题目所在的工作表命名为 survey",
                names = names.join(", ")
            );
            found.error(Place::default(), said);
            return None;
        };
        for other in ["external_choices", "osm", "entities"] {
            if named(other).is_some_and(|sheet| sheet.rows.len() > 1) {
                found.error(
                    Place::sheet(other),
                    said!(
                        "this sheet is not supported: remove it, and what refers to it",
                        "不支持这张工作表：请删去它和引用它的内容"
                    ),
                );
            }
        }
        let survey = table("survey", survey, found);
        let choices = named("choices").map(|sheet| table("choices", sheet, found)).unwrap_or_default();
        let settings = named("settings").map(|sheet| table("settings", sheet, found)).unwrap_or_default();
        Some(Sheets { survey, choices: choices.named("choices"), settings: settings.named("settings") })
    }
}

impl Table {
    fn named(self, name: &'static str) -> Table {
        Table { name, ..self }
    }
}

fn table(name: &'static str, sheet: &Sheet, found: &mut Found) -> Table {
    let headings = headings(name, sheet, found);
    let columns = header::columns(name, &headings, found);
    let merged: BTreeSet<usize> = sheet.merges.iter().map(|(top, _)| *top).collect();
    let mut rows = Vec::new();
    let mut empty_rows = 0;
    for (at, cells) in sheet.rows.iter().enumerate().skip(1) {
        let row = row(name, at, cells, &columns);
        if merged.contains(&at) {
            let said = said!(
                "cells are merged here: only the first of them counts; split them if the others are to count too",
                "这里有合并单元格，只算第一格：其他格也要算时请取消合并"
            );
            found.warn(Place::row(name, at + 1), said);
        }
        if row.cells.is_empty() {
            if empty_rows == EMPTY_ROWS_MAX {
                break;
            }
            empty_rows += 1;
            continue;
        }
        empty_rows = 0;
        rows.push(row);
    }
    Table { name, columns: columns.into_iter().flatten().collect(), rows }
}

fn headings(name: &'static str, sheet: &Sheet, found: &mut Found) -> Vec<Option<String>> {
    let mut headings: Vec<Option<String>> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut empty = 0;
    for cell in sheet.rows.first().map(Vec::as_slice).unwrap_or_default() {
        if is_empty(cell) {
            headings.push(None);
            if empty == EMPTY_COLUMNS_MAX {
                break;
            }
            empty += 1;
            continue;
        }
        empty = 0;
        let heading = collapsed(cell.trim());
        if !known.insert(heading.clone()) {
            let said = said!(
                "the heading {heading:?} is there twice: remove one of the columns",
                "列标题“{heading}”出现两次：请删去一列"
            );
            // As pyxform has it, spaces around the second make it the same column, whose last filled cell counts.
            if *cell == heading {
                found.error(Place::cell(name, 1, &heading), said);
            } else {
                found.warn(Place::cell(name, 1, &heading), said);
            }
        }
        headings.push(Some(heading));
    }
    headings
}

fn row(name: &str, at: usize, cells: &[String], columns: &[Option<Column>]) -> Row {
    let mut row = Row { number: at + 1, cells: Vec::new() };
    for (column, cell) in columns.iter().zip(cells) {
        let Some(column) = column else { continue };
        if is_empty(cell) {
            continue;
        }
        // Words for people keep their quotes: in Chinese the curly ones are right.
        let is_words = matches!(&*column.name, "label" | "hint" | "constraint_message");
        let text = plain(cell, !is_words);
        let text = if name == "survey" { collapsed(text.trim()) } else { text };
        row.cells.retain(|(known, _)| known.heading != column.heading);
        row.cells.push((column.clone(), text));
    }
    row
}

/// Without spaces around it, no-break spaces made plain, and the quotes of an expression made straight.
fn plain(cell: &str, straight: bool) -> String {
    let trimmed = cell.trim();
    trimmed
        .chars()
        .map(|c| match c {
            '\u{a0}' => ' ',
            '\u{2018}' | '\u{2019}' if straight => '\'',
            '\u{201c}' | '\u{201d}' if straight => '"',
            c => c,
        })
        .collect()
}

/// Several spaces become one.
pub(crate) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

pub(crate) fn is_empty(cell: &str) -> bool {
    cell.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use crate::{Book, Sheet, read};

    const HEADING: [&str; 3] = ["type", "name", "label"];

    fn sheet(questions: usize, merges: Vec<(usize, usize)>) -> Book {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let mut rows = vec![row(HEADING)];
        rows.extend((1..=questions).map(|n| row(["text", &format!("q{n}"), "问"])));
        Book { stem: "form".to_owned(), sheets: vec![Sheet { name: "survey".to_owned(), rows, merges }] }
    }

    #[test]
    fn merged_cells_are_named_once_for_each_row_that_has_any() {
        let read = read(&sheet(3, vec![(2, 2), (0, 0), (2, 0), (3, 1), (9, 0)]));
        let rows: Vec<_> = read.warnings.iter().map(|warning| warning.place.row).collect();
        assert_eq!(rows, [Some(3), Some(4)], "the heading and what is below the rows count for nothing");
        assert!(read.warnings.iter().all(|warning| warning.message.contains("cells are merged here")));
        assert!(read.template.is_some(), "{:?}", read.errors);
    }

    #[test]
    fn a_hundred_thousand_merged_cells_are_read() {
        // As many as a sheet is read with.
        let merges = (0..100_000).map(|n| (20_000 + n, 0)).chain([(1, 0)]).collect();
        let read = read(&sheet(19_999, merges));
        assert_eq!(read.warnings.len(), 1, "{:?}", read.warnings);
    }
}
