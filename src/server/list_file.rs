//! Workbooks of recipients, read into the grid that `domain::list` judges.
//!
//! A workbook comes from anywhere, so it is weighed before it is parsed, and parsed in a child process with a
//! memory and a time limit: a thread cannot be bounded.

mod sheet;
mod weigh;

use std::io::Cursor;

use calamine::{Reader, SheetType, SheetVisible, Xls, Xlsx};
use domain::list::{self, grid::Grid};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::worker::WorkerError;

/// The largest file that is read.
pub const FILE_BYTES_MAX: usize = 16 << 20;

/// What was found in a workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// The first sheet that is a list, else the first that holds anything.
    pub grid: Grid,
    /// Further sheets that are lists; they are to be imported by themselves.
    pub other_lists: Vec<String>,
}

/// Why a file gave no grid.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "err", rename_all = "snake_case")]
pub enum ListFileError {
    /// Larger than [`FILE_BYTES_MAX`].
    #[error("the file has {bytes} bytes, at most {FILE_BYTES_MAX} are read: split the list")]
    FileTooLarge { bytes: usize },
    /// Neither .xlsx nor .xls, whatever its name says.
    #[error("not an Excel workbook (.xlsx or .xls): open it in Excel or WPS and save it as .xlsx")]
    NotAWorkbook,
    /// Protected by a password.
    #[error("the workbook is protected by a password: save a copy without one")]
    Encrypted,
    /// Inflates beyond all measure.
    #[error("the workbook inflates to more than {} MB: it is damaged or not a list", weigh::INFLATED_BYTES_MAX >> 20)]
    InflatesTooMuch,
    /// More sheets than are looked at; a list on one of the last would not be seen.
    #[error("the workbook has {sheets} sheets, at most {} are read: split it", weigh::SHEETS_MAX)]
    TooManySheets { sheets: usize },
    /// More parts than a workbook of lists has.
    #[error("the workbook has {parts} parts, at most {} are read", weigh::PARTS_MAX)]
    TooManyParts { parts: usize },
    /// A row beyond the last that is read.
    #[error(
        "sheet {sheet} goes on to row {row}: at most {} rows of people are read at a time",
        list::ROWS_MAX
    )]
    TooManyRows { sheet: String, row: u32 },
    /// No byte, or no sheet that holds anything.
    #[error("the file is empty, or no sheet of it holds anything: choose the workbook that holds the list")]
    Empty,
    /// It cannot be parsed.
    #[error("the workbook is damaged{}: open it in Excel or WPS and save it again", in_sheet(sheet))]
    Damaged { sheet: Option<String> },
    /// Parsing took more than its time.
    #[error("reading the workbook took too long: it is damaged, or far larger than a list or a form is")]
    TooLong,
    /// Parsing took more than its memory.
    #[error(
        "reading the workbook took too much memory: it is damaged, or far larger than a list or a form is"
    )]
    TooMuchMemory,
    /// Others are being read.
    #[error("other files are being read: try again in a minute")]
    Busy,
    /// The child process could not be started or did not answer.
    #[error("the process that reads workbooks failed: {why}")]
    Worker { why: String },
}

impl From<WorkerError> for ListFileError {
    fn from(error: WorkerError) -> ListFileError {
        match error {
            WorkerError::TooLong | WorkerError::Stopped => ListFileError::TooLong,
            WorkerError::TooMuchMemory => ListFileError::TooMuchMemory,
            WorkerError::BrokeOff => ListFileError::Damaged { sheet: None },
            WorkerError::Busy => ListFileError::Busy,
            WorkerError::Failed { why } => ListFileError::Worker { why },
        }
    }
}

impl ListFileError {
    /// Whether the fault lies with us and not with the file.
    pub fn is_ours(&self) -> bool {
        matches!(self, ListFileError::Worker { .. })
    }
}

fn in_sheet(sheet: &Option<String>) -> String {
    sheet.as_ref().map_or_else(String::new, |sheet| format!(" (sheet {sheet})"))
}

pub(crate) fn check_length(bytes: &[u8]) -> Result<(), ListFileError> {
    let is_too_large = bytes.len() > FILE_BYTES_MAX;
    if is_too_large { Err(ListFileError::FileTooLarge { bytes: bytes.len() }) } else { Ok(()) }
}

/// Reads a workbook here and now. Files from outside go through [`crate::worker`].
///
/// # Errors
/// When the file is too large, no workbook, encrypted, damaged, too long or empty.
pub fn parse(bytes: &[u8]) -> Result<Book, ListFileError> {
    match weigh::weigh(bytes)? {
        weigh::Format::Xlsx => {
            let mut book = open_xlsx(bytes)?;
            let names = names(book.sheets_metadata());
            let date_1904 = book.has_1904_epoch();
            choose(&names, date_1904, |name, rows| sheet::of_xlsx(&mut book, name, rows))
        }
        weigh::Format::Xls => {
            let mut book = open_xls(bytes)?;
            let names = names(book.sheets_metadata());
            let date_1904 = book.has_1904_epoch();
            choose(&names, date_1904, |name, rows| sheet::of_xls(&mut book, name, rows))
        }
    }
}

/// Sheets that a form may have; others are notes.
const FORM_SHEETS: [&str; 6] = ["survey", "choices", "settings", "external_choices", "osm", "entities"];

/// Judges a form here and now, a workbook or the same as JSON. Files from outside go through [`crate::worker`].
///
/// # Errors
/// As [`parse_form`].
pub(crate) fn judge_form(bytes: &[u8], stem: String) -> Result<xlsform::Read, ListFileError> {
    if xlsform::is_json(bytes) {
        return Ok(xlsform::read_json(bytes));
    }
    parse_form(bytes).map(|book| xlsform::read(&xlsform::Book { stem, ..book }))
}

/// Reads the workbook of a form here and now.
///
/// # Errors
/// As [`parse`].
pub fn parse_form(bytes: &[u8]) -> Result<xlsform::Book, ListFileError> {
    let mut sheets = Vec::new();
    let (names, date_1904) = match weigh::weigh(bytes)? {
        weigh::Format::Xlsx => {
            let mut book = open_xlsx(bytes)?;
            let names = form_sheets(book.sheets_metadata());
            for name in &names {
                sheets.push(sheet::of_xlsx(&mut book, name, sheet::Rows::All)?);
            }
            (names, book.has_1904_epoch())
        }
        weigh::Format::Xls => {
            let mut book = open_xls(bytes)?;
            let names = form_sheets(book.sheets_metadata());
            for name in &names {
                sheets.push(sheet::of_xls(&mut book, name, sheet::Rows::All)?);
            }
            (names, book.has_1904_epoch())
        }
    };
    if names.is_empty() {
        return Err(ListFileError::Empty);
    }
    let sheets = sheets.into_iter().map(|grid| sheet::as_text(grid, date_1904)).collect();
    Ok(xlsform::Book { stem: String::new(), sheets })
}

/// The names of the sheets of a form, in their order; of a workbook with one sheet, that one.
fn form_sheets(sheets: &[calamine::Sheet]) -> Vec<String> {
    let cells: Vec<&calamine::Sheet> =
        sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
    let is_only = cells.len() == 1;
    let counts = |sheet: &&&calamine::Sheet| is_only || FORM_SHEETS.contains(&&*sheet.name.to_lowercase());
    let mut names: Vec<String> = cells.iter().filter(counts).map(|sheet| sheet.name.clone()).collect();
    // Without a survey the others are named, so that a misspelling is seen.
    if !names.iter().any(|name| name.to_lowercase() == "survey") {
        names = cells.iter().take(weigh::SHEETS_MAX).map(|sheet| sheet.name.clone()).collect();
    }
    names
}

fn open_xlsx(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, ListFileError> {
    Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsxError::Password => ListFileError::Encrypted,
        _ => ListFileError::Damaged { sheet: None },
    })
}

fn open_xls(bytes: &[u8]) -> Result<Xls<Cursor<&[u8]>>, ListFileError> {
    Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsError::Password => ListFileError::Encrypted,
        _ => ListFileError::Damaged { sheet: None },
    })
}

/// Sheets with cells, the visible ones first.
fn names(sheets: &[calamine::Sheet]) -> Vec<String> {
    let cells = || sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let visible = cells().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let hidden = cells().filter(|sheet| sheet.visible != SheetVisible::Visible);
    visible.chain(hidden).map(|sheet| sheet.name.clone()).collect()
}

/// Takes the first list; looks at the heads of the others, and into the sheet of options.
fn choose(
    names: &[String],
    date_1904: bool,
    mut read: impl FnMut(&str, sheet::Rows) -> Result<Grid, ListFileError>,
) -> Result<Book, ListFileError> {
    if names.len() > weigh::SHEETS_MAX {
        return Err(ListFileError::TooManySheets { sheets: names.len() });
    }
    let mut heads = Vec::new();
    for name in names {
        heads.push(read(name, sheet::Rows::Head)?);
    }
    let lists: Vec<&str> =
        heads.iter().filter(|head| list::is_list(head)).map(|head| head.sheet.as_str()).collect();
    let first_filled = || heads.iter().find(|head| !head.is_empty()).map(|head| head.sheet.as_str());
    let name = lists.first().copied().or_else(first_filled).ok_or(ListFileError::Empty)?;
    let mut grid = read(name, sheet::Rows::All)?;
    grid.date_1904 = date_1904;
    if let Some(options) =
        names.iter().find(|name| name.trim().eq_ignore_ascii_case("type") && *name != &grid.sheet)
    {
        grid.add_options(&read(options, sheet::Rows::Options)?);
    }
    let other_lists = lists.into_iter().skip(1).map(str::to_owned).collect();
    Ok(Book { grid, other_lists })
}

#[cfg(test)]
mod tests;
