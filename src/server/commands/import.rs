//! `huifang import FILE --area CODE`: a list is read in a child process and judged row by row.

use std::fmt::Write as _;
use std::path::Path;

use domain::list::report::{ListReport, RowReport, Verdict, Why};
use domain::list::{self, Context, ListError};
use domain::region::{self, AreaCode, AreaTree};
use serde_json::{Value, json};

use super::{CommandError, Outcome};
use crate::db::Area;
use crate::list_file::worker::Worker;
use crate::list_file::{Book, FILE_BYTES_MAX, ListFileError};

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

fn what_to_do(error: &ListError) -> &'static str {
    match error {
        ListError::Empty => "; choose the workbook that holds the list",
        ListError::HeaderNotFound => "; put 姓名, 身份证号, 类别 and others as headings above the people",
        ListError::ColumnMissing { .. } => "; add the column, or name the category in the title",
        ListError::TooManyRows { .. } => "; split the list",
    }
}

/// The report for a person at a terminal: sums first, then each row with something to say.
fn in_words(file: &str, report: &ListReport, other_lists: &[String]) -> String {
    let mut text = format!(
        "{file}, sheet {}, header in row {}: {} accepted, {} refused, {} skipped\n",
        report.sheet,
        report.header_row,
        report.accepted,
        report.refused,
        report.skipped.len()
    );
    for row in report.rows.iter().filter(|row| !row.whys.is_empty()) {
        let _ = writeln!(text, "row {}: {}", row.row, row_in_words(row));
    }
    for village in &report.villages_unknown {
        let _ = writeln!(text, "village {} ({} rows) is not in the area tree", village.name, village.rows);
    }
    for sheet in other_lists {
        let _ =
            writeln!(text, "sheet {sheet} is a list too and was not read: import it from a file of its own");
    }
    text
}

fn row_in_words(row: &RowReport) -> String {
    let verdict = if row.verdict == Verdict::Refuse { "refused" } else { "accepted" };
    let whys: Vec<String> = row.whys.iter().map(why_in_words).collect();
    format!("{verdict}, {}", whys.join("; "))
}

fn why_in_words(why: &Why) -> String {
    let mut text = format!("{} ({})", meaning(why.code), why.code);
    if let (Some(column), Some(heading)) = (&why.column, &why.heading) {
        let _ = write!(text, " in column {column} {heading}");
    }
    if let Some(row) = why.other_row {
        let _ = write!(text, ", see row {row}");
    }
    text
}

/// What a code means; an unknown one stands for itself.
fn meaning(code: &'static str) -> &'static str {
    match code {
        "id_checksum" => "the ID number does not check out",
        "id_normalised" => "spaces, quotes or full-width digits of the ID number were put right",
        "id_converted" => "an old ID number of 15 digits was converted",
        "id_precision_lost" => "the ID number was rounded by a spreadsheet: type it as text",
        "id_duplicate_in_file" => "the ID number stands in the list already",
        "id_missing" => "the ID number is missing",
        "id_length" => "the ID number has neither 18 nor 15 characters",
        "id_charset" => "the ID number has other characters than digits",
        "id_birth" => "the day of birth in the ID number does not exist",
        "id_province" => "the ID number begins with no known province",
        "name_missing" => "the name is missing",
        "name_odd" => "the name has digits in it",
        "sex_mismatch" => "the sex differs from the ID number",
        "birth_mismatch" => "the birth differs from the ID number",
        "birth_in_future" => "the birth lies in the future",
        "category_unknown" => "no such category",
        "grade_out_of_range" => "the grade is not between 1 and 10",
        "grade_old_class" => "an old class is kept as it is and not converted",
        "grade_missing" => "the grade is missing",
        "grade_unexpected" => "only disabled persons have a grade",
        "illness_grade" => "illness goes to grade 6 only",
        "region_outside" => "the region code lies outside the area",
        "region_invalid" => "the region code has not 6, 9 or 12 digits",
        "required_missing" => "a required value is missing",
        "date_invalid" => "not a date",
        "date_in_future" => "the date lies in the future",
        "date_day_assumed" => "a month without a day is taken as its first",
        "option_unknown" => "none of the values that are allowed",
        "number_invalid" => "not a number",
        "phone_missing" => "no phone number",
        "phone_invalid" => "not a phone number",
        "account_invalid" => "not an account number",
        "account_precision_lost" => "the account number was rounded by a spreadsheet: type it as text",
        "digits_lost" => "a number was rounded by a spreadsheet: type it as text",
        "too_long" => "the text is too long",
        "cell_error" => "the cell holds an error of a formula",
        "village_assumed" => "the village is empty and taken from above",
        "village_missing" => "no village",
        "village_unknown" => "the village is not in the area tree",
        "differs_from_other_row" => "differs from the same person's other row, which counts",
        code => code,
    }
}
