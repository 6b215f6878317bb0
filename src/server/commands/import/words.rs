//! A list's report in words, for a person at a terminal.

use std::fmt::Write as _;

use domain::list::ListError;
use domain::list::report::{ListReport, RowReport, Verdict, Why};

use crate::list_import::Written;

/// What the sender of a list does about it.
pub(super) fn what_to_do(error: &ListError) -> &'static str {
    match error {
        ListError::Empty => "; choose the workbook that holds the list",
        ListError::HeaderNotFound => "; put 姓名, 身份证号, 类别 and others as headings above the people",
        ListError::ColumnMissing { field, .. } if field == "category" => {
            "; add a column with the heading 类别, or name the category in the title"
        }
        ListError::ColumnMissing { field, .. } if field == "name" => "; add a column with the heading 姓名",
        ListError::ColumnMissing { .. } => "; add a column with the heading 身份证号",
        ListError::TooManyRows { .. } => "; split the list",
    }
}

/// The report: sums first, then each row with something to say.
pub(super) fn in_words(file: &str, report: &ListReport, other_lists: &[String]) -> String {
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

/// What came of a list that was written.
pub(super) fn written_in_words(written: &Written) -> String {
    let mut text: String =
        written.villages_made.iter().map(|village| format!("village {village} was made\n")).collect();
    let counts = written.counts;
    let _ = writeln!(
        text,
        "written: {} people new, {} changed, {} unchanged ({} changesets)",
        counts.created, counts.changed, counts.same, counts.changesets
    );
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
        "number_range" => "the number is outside of what is possible",
        "phone_missing" => "no phone number",
        "phone_invalid" => "not a phone number",
        "account_invalid" => "not an account number",
        "account_check" => "the check digit of the account number does not fit: a digit may be wrong",
        "account_of_another" => "the account is in another's name",
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
