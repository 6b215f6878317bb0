//! A list of townships and villages, pasted or out of a sheet, judged row by row before any of it is written.

mod columns;
mod row;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{
    region::{AreaCode, Level},
    text::is_invisible,
};
use columns::Columns;
use row::{Row, Said};

/// The most rows that are judged: several counties' worth.
pub const ROWS_MAX: usize = 5_000;
/// The longest name of an area.
pub const NAME_LETTERS_MAX: usize = 40;

/// Whether an area can have this name: not empty nor too long, without blanks and without what shows nothing.
pub fn is_sound_name(name: &str) -> bool {
    (1..=NAME_LETTERS_MAX).contains(&name.chars().count())
        && !name.chars().any(|c| c.is_whitespace() || is_invisible(c))
}

/// An area that is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownArea {
    /// Its code; a village may have none yet.
    pub code: Option<AreaCode>,
    /// Its name, while it has not become part of another.
    pub name: Option<String>,
    /// The code of the area above.
    pub above: Option<AreaCode>,
}

/// A township or village of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaLine {
    /// Its row, from 1; of a township that only its villages name, the first of theirs.
    pub row: usize,
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
}

/// Why a row cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No cell holds a code.
    NoCode,
    /// The code has not 12 digits, nor 9 of a township.
    BadCode,
    /// No cell holds a name.
    NoName,
    /// The name is too long, or there are blanks in it or letters that show nothing.
    BadName,
    /// Either of two could be the name.
    TwoNames([String; 2]),
    /// Another row has the same code.
    Twice {
        /// The first of them.
        first_row: usize,
    },
    /// Another row has the same name in the same township.
    SameName {
        /// The first of them.
        first_row: usize,
    },
    /// Another row names the township of this code otherwise.
    OtherTownship {
        /// The first that names it.
        first_row: usize,
    },
    /// There is an area of this code already.
    Known,
    /// There is one of this name already in the same township, or in the county.
    KnownName,
    /// The code lies in another county.
    OutsideCounty,
    /// The township of this village is neither in the list nor known.
    NoTownship,
    /// More rows than are judged.
    TooMany,
}

impl Why {
    /// Its stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Why::NoCode => "no_code",
            Why::BadCode => "bad_code",
            Why::NoName => "no_name",
            Why::BadName => "bad_name",
            Why::TwoNames(_) => "two_names",
            Why::Twice { .. } => "twice",
            Why::SameName { .. } => "same_name",
            Why::OtherTownship { .. } => "other_township",
            Why::Known => "known",
            Why::KnownName => "known_name",
            Why::OutsideCounty => "outside_county",
            Why::NoTownship => "no_township",
            Why::TooMany => "too_many",
        }
    }

    /// The row that it is at odds with.
    pub fn first_row(&self) -> Option<usize> {
        match self {
            Why::Twice { first_row } | Why::SameName { first_row } | Why::OtherTownship { first_row } => {
                Some(*first_row)
            }
            _ => None,
        }
    }

    /// The names between which it could not choose.
    pub fn names(&self) -> &[String] {
        match self {
            Why::TwoNames(names) => names,
            _ => &[],
        }
    }
}

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its row, from 1.
    pub row: usize,
    /// What it holds.
    pub text: String,
    /// What is wrong.
    pub why: Why,
}

/// A list, judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AreaList {
    /// The rows that can be taken, townships before villages.
    pub lines: Vec<AreaLine>,
    /// The others, in the order of the list.
    pub refused: Vec<Refused>,
}

/// Judges a text of one area a line: code and name, in either order, parted by a tab, a comma or a space. Headings above the rows say which column
/// holds what; empty lines are passed over.
pub fn read(text: &str, county: &AreaCode, known: &[KnownArea]) -> AreaList {
    let mut list = AreaList::default();
    let mut seen = Seen::default();
    let mut columns = None;
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let number = index + 1;
        let row = Row::of(line);
        if row.is_empty() {
            continue;
        }
        if list.lines.is_empty() && list.refused.is_empty() && row.is_heading() {
            columns = Columns::of(&row).or(columns);
            continue;
        }
        let mut refuse =
            |why: Why| list.refused.push(Refused { row: number, text: line.trim().to_owned(), why });
        if number > ROWS_MAX {
            refuse(Why::TooMany);
            break;
        }
        match row.judge(columns.as_ref(), county).and_then(|said| seen.check(number, said, county, known)) {
            Ok(Some(line)) => list.lines.push(line),
            Ok(None) => {}
            Err(why) => refuse(why),
        }
    }
    add_townships(&mut list, seen, known);
    refuse_orphans(&mut list, known);
    list.lines.sort_by_key(|line| (line.code.level(), line.row));
    list.refused.sort_by_key(|refused| refused.row);
    list
}

/// What the rows before held, each with the first row that held it.
#[derive(Default)]
struct Seen {
    codes: BTreeMap<AreaCode, usize>,
    names: BTreeMap<(Option<AreaCode>, String), usize>,
    /// Townships as their villages name them.
    townships: BTreeMap<AreaCode, (usize, String)>,
}

impl Seen {
    /// The line of a row that agrees with those before; none of the county's own.
    fn check(
        &mut self,
        row: usize,
        said: Said,
        county: &AreaCode,
        known: &[KnownArea],
    ) -> Result<Option<AreaLine>, Why> {
        let Said { code, name, township } = said;
        if code == *county {
            return Ok(None);
        }
        if let Some(first_row) = self.codes.get(&code) {
            return Err(Why::Twice { first_row: *first_row });
        }
        self.codes.insert(code.clone(), row);
        if has_code(known, &code) {
            return Err(Why::Known);
        }
        let is_named =
            |area: &KnownArea| area.above == code.parent() && area.name.as_deref() == Some(name.as_str());
        if known.iter().any(is_named) {
            return Err(Why::KnownName);
        }
        if let Some(first_row) = self.names.get(&(code.parent(), name.clone())) {
            return Err(Why::SameName { first_row: *first_row });
        }
        self.names.insert((code.parent(), name.clone()), row);
        if let (Some(above), Some(township)) = (code.parent(), township) {
            let (first_row, first) = self.townships.entry(above).or_insert((row, township.clone()));
            if *first != township {
                return Err(Why::OtherTownship { first_row: *first_row });
            }
        }
        Ok(Some(AreaLine { row, code, name }))
    }
}

/// A township that has no row, but a name beside its villages. A name that another township has is a slip in a code.
fn add_townships(list: &mut AreaList, seen: Seen, known: &[KnownArea]) {
    for (code, (row, name)) in seen.townships {
        let is_taken = has_code(known, &code)
            || seen.codes.contains_key(&code)
            || list.lines.iter().any(|line| line.code.level() == Level::Township && line.name == name);
        if !is_taken {
            list.lines.push(AreaLine { row, code, name });
        }
    }
}

fn has_code(known: &[KnownArea], code: &AreaCode) -> bool {
    known.iter().any(|area| area.code.as_ref() == Some(code))
}

/// A village whose township nobody has named.
fn refuse_orphans(list: &mut AreaList, known: &[KnownArea]) {
    let townships: Vec<AreaCode> = list
        .lines
        .iter()
        .map(|line| &line.code)
        .chain(known.iter().filter_map(|area| area.code.as_ref()))
        .filter(|code| code.level() == Level::Township)
        .cloned()
        .collect();
    let is_orphan = |line: &AreaLine| {
        line.code.level() == Level::Village
            && line.code.parent().is_none_or(|above| !townships.contains(&above))
    };
    for line in list.lines.extract_if(.., |line| is_orphan(line)) {
        let text = format!("{} {}", line.code.full(), line.name);
        list.refused.push(Refused { row: line.row, text, why: Why::NoTownship });
    }
}
