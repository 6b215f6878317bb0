//! What a person says of the columns of a list, and what is told of them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::super::{
    ListError, excel_row,
    grid::{Grid, column_letters},
    heading::{self, Meaning, table},
};
use super::{KNOWN_MIN, best, columns, headings, known_headings, meaning, repeats, texts};

/// What a person said of columns, by their place from 0: the field each fills, or nothing for one that is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hand {
    /// The fields.
    pub columns: BTreeMap<usize, String>,
}

impl Hand {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

/// How it is known what a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Its heading says so.
    Heading,
    /// Its heading stands there for the second time, and the place says so.
    Place,
    /// A person says so.
    Hand,
    /// It is not known, or another column fills the field: nothing is taken from it.
    Nothing,
}

/// One column of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnReport {
    /// Its place, from 0.
    #[serde(skip)]
    pub at: usize,
    /// As Excel letters it.
    pub col: String,
    /// As the list has it.
    pub heading: String,
    /// The field that it fills; empty where nothing is taken from it.
    pub field: &'static str,
    /// How that is known.
    pub told: Told,
}

/// Every column with a heading, and the header's row as Excel counts; the widest row of the first ten where no heading is known.
///
/// # Errors
/// [`ListError::HeaderNotFound`] when no row looks like a header.
pub fn told(grid: &Grid, hand: &Hand) -> Result<(u32, Vec<ColumnReport>), ListError> {
    let known = best(grid, known_headings);
    let (row, count) = if known.1 >= KNOWN_MIN { known } else { best(grid, texts) };
    if count < KNOWN_MIN {
        return Err(ListError::HeaderNotFound);
    }
    let (headings, _) = headings(grid, row);
    let taken = columns(grid, &headings, hand);
    let report = |(at, (text, nth)): (usize, (&String, usize))| {
        let field = taken.iter().find(|column| column.at == at).map_or("", |column| column.meaning.field);
        let told = match field {
            _ if hand.columns.contains_key(&at) => Told::Hand,
            "" if meaning(text, nth).is_some_and(|meaning| meaning.field.is_empty()) => Told::Heading,
            "" => Told::Nothing,
            _ if nth > 0 => Told::Place,
            _ => Told::Heading,
        };
        ColumnReport { at, col: column_letters(at), heading: text.clone(), field, told }
    };
    let all = headings.iter().zip(repeats(&headings)).enumerate();
    Ok((excel_row(row), all.filter(|(_, (text, _))| !heading::normal(text).is_empty()).map(report).collect()))
}

/// Every field that a column may fill, in the order of the templates.
pub fn fields() -> Vec<&'static str> {
    let mut fields = vec!["id_no"];
    let tables = table::HEADINGS.iter().chain(table::OF_THE_DEAD).chain(table::REPEATED);
    for (_, meaning) in tables {
        if !meaning.field.is_empty() && !fields.contains(&meaning.field) {
            fields.push(meaning.field);
        }
    }
    fields
}

/// How cells that fill a field are read; nothing for a field that there is not.
pub(super) fn meaning_of(field: &str) -> Option<Meaning> {
    if field == table::ID_NO.field {
        return Some(table::ID_NO);
    }
    let tables = table::HEADINGS.iter().chain(table::OF_THE_DEAD).chain(table::REPEATED);
    tables.map(|(_, meaning)| *meaning).find(|meaning| meaning.field == field && !field.is_empty())
}
