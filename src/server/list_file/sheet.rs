//! One sheet of a workbook as a grid.

use std::io::{Read, Seek};

use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader, Xls, Xlsx};
use domain::day::Day;
use domain::list::ROWS_MAX;
use domain::list::grid::{Cell, Grid, Merge};

use super::ListFileError;

/// Rows for titles, sums, signatures and gaps, beside the people.
const ROWS_BESIDE: usize = 2_000;
/// Cells further right belong to no list.
const COLUMNS_MAX: usize = 256;
const MERGES_MAX: usize = 100_000;

/// How much of a sheet is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// The first rows, to see what it is.
    Head,
    /// Option texts.
    Options,
    /// Everything; more rows than are read is an error.
    All,
}

impl Rows {
    fn max(self) -> usize {
        match self {
            Rows::Head => 12,
            Rows::Options => 200,
            Rows::All => ROWS_MAX + ROWS_BESIDE,
        }
    }
}

/// Reads cell by cell: a lone cell at the far end of a sheet costs nothing.
pub(super) fn of_xlsx<R: Read + Seek>(
    book: &mut Xlsx<R>,
    name: &str,
    rows: Rows,
) -> Result<Grid, ListFileError> {
    let damaged = |_| ListFileError::Damaged { sheet: Some(name.to_owned()) };
    let mut grid = Grid { sheet: name.to_owned(), ..Grid::default() };
    let mut reader = book.worksheet_cells_reader(name).map_err(damaged)?;
    while let Some(cell) = reader.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        if !put(&mut grid, row, column, cell_of_ref(cell.get_value()), rows)? {
            break;
        }
    }
    drop(reader);
    if rows == Rows::All {
        grid.merges = merges(book.merge_cells_by_sheet_name(name).map_err(damaged)?);
    }
    Ok(grid)
}

/// Reads a sheet of the old format, whose size is bounded by the format.
pub(super) fn of_xls<R: Read + Seek + Clone>(
    book: &mut Xls<R>,
    name: &str,
    rows: Rows,
) -> Result<Grid, ListFileError> {
    let damaged = |_| ListFileError::Damaged { sheet: Some(name.to_owned()) };
    let mut grid = Grid { sheet: name.to_owned(), ..Grid::default() };
    let range = book.worksheet_range(name).map_err(damaged)?;
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) else { break };
        if !put(&mut grid, top + row, left + column, cell_of(value), rows)? {
            break;
        }
    }
    if rows == Rows::All {
        grid.merges = merges(book.merge_cells_by_sheet_name(name).map_err(damaged)?);
    }
    Ok(grid)
}

/// Puts a cell at its place; `false` when enough was read.
fn put(grid: &mut Grid, row: u32, column: u32, cell: Cell, rows: Rows) -> Result<bool, ListFileError> {
    let (Ok(at), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else { return Ok(true) };
    if cell.is_empty() || column >= COLUMNS_MAX {
        return Ok(true);
    }
    if at >= rows.max() {
        return match rows {
            Rows::All => {
                Err(ListFileError::TooManyRows { sheet: grid.sheet.clone(), row: row.saturating_add(1) })
            }
            Rows::Head | Rows::Options => Ok(false),
        };
    }
    if grid.rows.len() <= at {
        grid.rows.resize(at + 1, Vec::new());
    }
    let cells = &mut grid.rows[at];
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    cells[column] = cell;
    Ok(true)
}

fn merges(found: Vec<Dimensions>) -> Vec<Merge> {
    let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    found
        .into_iter()
        .take(MERGES_MAX)
        .map(|range| Merge {
            top: size(range.start.0),
            left: size(range.start.1),
            bottom: size(range.end.0),
            right: size(range.end.1),
        })
        .collect()
}

fn cell_of_ref(value: &DataRef) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => number_cell(*number),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(value) => date_cell(value),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn cell_of(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) => Cell::Text(text.clone()),
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => number_cell(*number),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(value) => date_cell(value),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

/// The shortest decimal text that means the same number; without an exponent, so that lost digits can be counted.
fn number_cell(number: f64) -> Cell {
    if number.is_finite() { Cell::Number(format!("{number}")) } else { Cell::Error("#NUM!".to_owned()) }
}

/// Whole days; the time of day does not count. A span of time is a number.
fn date_cell(value: &ExcelDateTime) -> Cell {
    let days = value.as_f64();
    if value.is_duration() || !(0.0..=3_000_000.0).contains(&days) {
        return number_cell(days);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range was checked, and the time of day is to go"
    )]
    let whole = days as i64;
    Cell::Date(whole)
}

/// A sheet of a form: what stands in its cells as text, days as a spreadsheet stores them.
pub(super) fn as_text(grid: Grid, date_1904: bool) -> xlsform::Sheet {
    let epoch = if date_1904 { Day::new(1904, 1, 1) } else { Day::new(1899, 12, 30) };
    let text = |cell: &Cell| match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Number(text) | Cell::Error(text) => text.clone(),
        Cell::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Cell::Date(days) => {
            let day = epoch.and_then(|epoch| epoch.plus_days(*days));
            day.map_or_else(|| days.to_string(), |day| format!("{day} 00:00:00"))
        }
    };
    xlsform::Sheet {
        merges: grid.merges.iter().map(|merge| (merge.top, merge.left)).collect(),
        rows: grid.rows.iter().map(|row| row.iter().map(text).collect()).collect(),
        name: grid.sheet,
    }
}
