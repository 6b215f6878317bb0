//! What is wrong with a workbook, and where.

use crate::cells::Sheets;
use serde::{Deserialize, Serialize};

/// Where something is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The sheet's name; empty for the workbook as a whole.
    pub sheet: String,
    /// The row as a spreadsheet counts it, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The column's heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

impl Place {
    pub(crate) fn sheet(sheet: &str) -> Place {
        Place { sheet: sheet.to_owned(), ..Place::default() }
    }

    pub(crate) fn row(sheet: &str, row: usize) -> Place {
        Place { row: Some(row), ..Place::sheet(sheet) }
    }

    pub(crate) fn cell(sheet: &str, row: usize, column: &str) -> Place {
        Place { column: Some(column.to_owned()), ..Place::row(sheet, row) }
    }

    /// The row in which a question has its name.
    pub(crate) fn of_question(sheets: &Sheets, code: &str) -> Place {
        let name = code.rsplit('.').next().unwrap_or(code);
        let rows = sheets.survey.rows();
        let row = rows.into_iter().find(|row| {
            row.get("name").is_some_and(|own| own == code) || row.get("name").is_some_and(|own| own == name)
        });
        match row {
            Some(row) if !code.is_empty() => Place::row("survey", row.number),
            _ => Place::sheet("survey"),
        }
    }
}

/// Something to be said about a workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// What is wrong, and what to do.
    pub message: String,
    /// The same in Chinese.
    #[serde(default)]
    pub zh: String,
}

/// What is said of a workbook.
pub(crate) struct Said {
    pub(crate) en: String,
    pub(crate) zh: String,
}

/// The same said in English and in Chinese.
macro_rules! said {
    ($en:literal, $zh:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::problem::Said { en: format!($en $(, $name = $value)*), zh: format!($zh $(, $name = $value)*) }
    };
}
pub(crate) use said;

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Place { sheet, row, column } = &self.place;
        if !sheet.is_empty() {
            write!(f, "sheet {sheet}")?;
            row.map_or(Ok(()), |row| write!(f, ", row {row}"))?;
            column.as_ref().map_or(Ok(()), |column| write!(f, ", column {column}"))?;
            write!(f, ": ")?;
        }
        f.write_str(&self.message)
    }
}

/// Problems that are told of one kind; more say nothing new.
const TOLD_MAX: usize = 200;

/// What was found while reading.
#[derive(Default)]
pub(crate) struct Found {
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Found {
    pub(crate) fn error(&mut self, place: Place, said: Said) {
        put(&mut self.errors, place, said);
    }

    pub(crate) fn warn(&mut self, place: Place, said: Said) {
        put(&mut self.warnings, place, said);
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(crate) fn into_both(self) -> (Vec<Problem>, Vec<Problem>) {
        (self.errors, self.warnings)
    }
}

fn put(problems: &mut Vec<Problem>, place: Place, said: Said) {
    if problems.len() < TOLD_MAX {
        problems.push(Problem { place, message: said.en, zh: said.zh });
    }
}
