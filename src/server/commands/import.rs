//! `huifang import FILE --area CODE`: a list is read in a child process and judged row by row.

mod words;

use std::path::Path;

use domain::list::{self, Context};
use domain::region::{self, AreaCode, AreaTree};
use serde_json::{Value, json};

use super::{CommandError, Outcome};
use crate::db::Area;
use crate::list_file::worker::Worker;
use crate::list_file::{Book, FILE_BYTES_MAX, ListFileError};
use words::{in_words, what_to_do};

/// Reads a workbook in a child process.
///
/// # Errors
/// When the file cannot be opened or is no workbook that can be read.
pub async fn read_book(file: &Path) -> Result<Result<Book, ListFileError>, CommandError> {
    let cannot =
        |error: std::io::Error| CommandError::Input(format!("cannot read {}: {error}", file.display()));
    let length = tokio::fs::metadata(file).await.map_err(cannot)?.len();
    if length > FILE_BYTES_MAX as u64 {
        return Ok(Err(ListFileError::FileTooLarge { bytes: usize::try_from(length).unwrap_or(usize::MAX) }));
    }
    let bytes = tokio::fs::read(file).await.map_err(cannot)?;
    let worker = Worker::of_this_program().map_err(anyhow::Error::from)?;
    match worker.read(bytes).await {
        Err(error) if error.is_ours() => Err(CommandError::System(error.into())),
        read => Ok(read),
    }
}

/// Judges a list and writes nothing. Villages are judged if `areas` holds the area.
///
/// # Errors
/// When the file cannot be read at all; a list with errors is an outcome.
pub async fn check(file: &Path, area: &AreaCode, areas: &[Area], now: i64) -> Result<Outcome, CommandError> {
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let book = match read_book(file).await? {
        Ok(book) => book,
        Err(error) => return Ok(unreadable(&name, &error.to_string(), json!(error))),
    };
    let tree = tree_of(areas);
    let top = tree.by_code(area).map(|top| top.id.clone());
    let today = domain::day::Timestamp::from_ms(now).day();
    let context = Context { today, area, tree: top.as_deref().map(|top| (&tree, top)) };
    match list::read(&book.grid, &context) {
        Ok(report) => {
            let mut json = report.to_json(&name);
            json["other_lists"] = json!(book.other_lists);
            let text = in_words(&name, &report, &book.other_lists);
            Ok(Outcome { text, json, has_errors: report.refused > 0, ..Outcome::default() })
        }
        Err(error) => {
            let mut json = json!(error);
            json["sheet"] = json!(book.grid.sheet);
            let said = format!("sheet {}: {error}{}", book.grid.sheet, what_to_do(&error));
            Ok(unreadable(&name, &said, json))
        }
    }
}

/// The area tree of the rules.
pub fn tree_of(areas: &[Area]) -> AreaTree {
    AreaTree::new(areas.iter().filter(|area| area.archive_of.is_none()).map(|area| region::Area {
        id: area.id.to_string(),
        code: area.code.parse().ok(),
        name: area.name.clone(),
        parent: area.parent.map(|parent| parent.to_string()),
    }))
}

fn unreadable(file: &str, said: &str, mut json: Value) -> Outcome {
    json["file"] = json!(file);
    json["message"] = json!(said);
    Outcome { text: format!("{file}: {said}\n"), json, has_errors: true, ..Outcome::default() }
}
