//! One row: the cells that it has, and the code and the name that they hold.

use std::cmp::Reverse;

use super::{Why, columns::Columns, is_sound_name};
use crate::{
    region::{AreaCode, Level},
    text::bare,
};

/// A number that is no code: a running one, or of inhabitants.
const SHORT_DIGITS_MAX: usize = 4;
/// How the names of villages end.
const VILLAGES: [&str; 5] = ["村", "社区", "村委会", "居委会", "委员会"];
/// How the names of townships end.
const TOWNSHIPS: [&str; 4] = ["镇", "乡", "街道", "办事处"];

/// What parts the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A sheet, or what was copied out of one.
    Tab,
    /// Written by hand.
    Comma,
}

/// A row in its cells, the empty ones too.
pub(super) struct Row<'a> {
    pub(super) mark: Mark,
    pub(super) cells: Vec<&'a str>,
}

/// What a row says of an area.
pub(super) struct Said {
    pub(super) code: AreaCode,
    pub(super) name: String,
    /// The name of the township above, where the row has it.
    pub(super) township: Option<String>,
}

impl Row<'_> {
    /// The cells of a line.
    pub(super) fn of(line: &str) -> Row<'_> {
        let mark = if line.trim().contains('\t') { Mark::Tab } else { Mark::Comma };
        let is_mark = |c: char| match mark {
            Mark::Tab => c == '\t',
            Mark::Comma => matches!(c, ',' | '，' | ';' | '；'),
        };
        let cells =
            line.split(is_mark).map(|cell| cell.trim_matches(|c: char| c.is_whitespace() || c == '"'));
        Row { mark, cells: cells.collect() }
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.is_empty())
    }

    /// A row that names columns holds no code.
    pub(super) fn is_heading(&self) -> bool {
        let names_columns = |cell: &&str| {
            ["代码", "编码", "区划", "名称", "序号"].iter().any(|word| bare(cell).contains(word))
        };
        self.cells.iter().any(names_columns) && !self.words().iter().any(|word| is_digits(word))
    }

    /// The code and the name of the row: from the columns that a heading names, else from what the cells look like.
    pub(super) fn judge(&self, columns: Option<&Columns>, county: &AreaCode) -> Result<Said, Why> {
        let headed = columns.and_then(|columns| Some((columns, columns.code(self)?)));
        let words = self.words();
        let code: AreaCode = match headed {
            Some((_, code)) => code.parse(),
            None => code_among(&words, county).ok_or(Why::NoCode)?.parse(),
        }
        .map_err(|_| Why::BadCode)?;
        if !county.contains(&code) {
            return Err(Why::OutsideCounty);
        }
        if code == *county {
            return Ok(Said { code, name: String::new(), township: None });
        }
        if !matches!(code.level(), Level::Township | Level::Village) {
            return Err(Why::BadCode);
        }
        let (name, township) = match headed {
            Some((columns, _)) => (columns.name(self, code.level())?, columns.township(self, code.level())),
            None => (self.name_beside(&words, &code)?, None),
        };
        if [Some(&name), township.as_ref()].into_iter().flatten().any(|name| !is_sound_name(name)) {
            return Err(Why::BadName);
        }
        Ok(Said { code, name, township })
    }

    /// Codes, running numbers and names, one by one.
    fn words(&self) -> Vec<String> {
        self.cells.iter().flat_map(|cell| words(cell)).collect()
    }

    /// The one name; of several cells of a sheet that which stands next to the code.
    fn name_beside(&self, words: &[String], code: &AreaCode) -> Result<String, Why> {
        let at = words.iter().position(|word| word.parse().as_ref() == Ok(code)).unwrap_or_default();
        let names =
            |words: &[String]| words.iter().filter(|word| is_worded(word)).cloned().collect::<Vec<_>>();
        let (all, before, after) = (names(words), names(&words[..at]), names(&words[at..]));
        let name = before.last().or(after.first()).ok_or(Why::NoName)?;
        let is_between = after.first().is_some_and(|next| next != name);
        let is_other = all.iter().any(|other| fits(other, code.level())) && !fits(name, code.level());
        match all.iter().find(|other| *other != &all[0]) {
            Some(second) if self.mark == Mark::Comma || is_between || is_other => {
                Err(Why::TwoNames([all[0].clone(), second.clone()]))
            }
            _ => Ok(name.clone()),
        }
    }
}

/// Of several codes, as of a village and of its township, the one of the lowest area.
fn code_among<'a>(words: &'a [String], county: &AreaCode) -> Option<&'a str> {
    let depth = |word: &&String| {
        let code = word.parse::<AreaCode>().ok().filter(|code| county.contains(code));
        Reverse(code.map_or(0, |code| code.prefix().len()))
    };
    words.iter().filter(|word| is_digits(word)).min_by_key(depth).map(String::as_str)
}

/// A cell as numbers and names. Names are spread by blanks; one that is whole before another begins is a name of its own.
fn words(cell: &str) -> Vec<String> {
    let pieces = || cell.split_whitespace().flat_map(unglued);
    let has_code = pieces().any(is_digits);
    let mut words: Vec<String> = Vec::new();
    let mut is_name = false;
    for piece in pieces() {
        let is_number = is_digits(piece) || (has_code && is_running(piece, words.last()));
        match words.last_mut() {
            Some(last) if is_name && !is_number && !begins_another(last, piece) => {
                *last = joined(last, piece);
            }
            _ => words.push(piece.to_owned()),
        }
        is_name = !is_number;
    }
    words
}

/// A code and a Chinese name without a blank between them are two pieces.
fn unglued(piece: &str) -> Vec<&str> {
    let code = piece.trim_matches(is_chinese);
    let sides = piece.split_once(code).filter(|_| is_digits(code));
    let Some((before, after)) = sides else { return vec![piece] };
    [before, code, after].into_iter().filter(|piece| !piece.is_empty()).collect()
}

/// The number of the row before the code, or of the kind of the place behind it; any other belongs to the name.
fn is_running(piece: &str, before: Option<&String>) -> bool {
    const KIND_DIGITS: usize = 3;
    let digits = bare(piece);
    let fits = before.is_none_or(|before| is_digits(before) && digits.len() == KIND_DIGITS);
    fits && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn begins_another(name: &str, piece: &str) -> bool {
    let endings = || VILLAGES.into_iter().chain(TOWNSHIPS);
    endings().any(|ending| name.ends_with(ending) && name != ending)
        && !endings().any(|ending| piece == ending)
        && piece.chars().filter(|c| is_chinese(*c)).count() > 1
        && !piece.starts_with(['(', '（'])
}

/// Without the blank, where it parts Chinese letters; elsewhere it stays and is a fault.
pub(super) fn joined(name: &str, piece: &str) -> String {
    let is_spread =
        name.chars().next_back().is_some_and(is_chinese) && piece.chars().next().is_some_and(is_chinese);
    if is_spread { format!("{name}{piece}") } else { format!("{name} {piece}") }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '〇' | '（' | '）' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether the name is one of a township or village, from how it ends.
fn fits(name: &str, level: Level) -> bool {
    let endings: &[&str] = if level == Level::Village { &VILLAGES } else { &TOWNSHIPS };
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether it may be a code: digits of any width, more than a running number has.
pub(super) fn is_digits(word: &str) -> bool {
    let bare = bare(word);
    let digits = bare.trim_start_matches('\'');
    digits.len() > SHORT_DIGITS_MAX && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether there are letters in it, and not only digits and signs.
pub(super) fn is_worded(word: &str) -> bool {
    word.chars().any(char::is_alphabetic)
}
