//! A list of townships and villages, pasted or out of a sheet, judged row by row before any of it is written.

use std::collections::BTreeMap;

use crate::{
    region::{AreaCode, Level},
    text::bare,
};

/// The most rows that are judged: several counties' worth.
pub const ROWS_MAX: usize = 5_000;
/// The longest name of an area.
pub const NAME_LETTERS_MAX: usize = 40;

/// A township or village of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaLine {
    /// Its row, from 1.
    pub row: usize,
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
}

/// Why a row cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No cell holds a code.
    NoCode,
    /// The code has not 12 digits, nor 9 of a township.
    BadCode,
    /// No cell holds a name, or it is too long.
    NoName,
    /// Another row has the same code.
    Twice {
        /// The first of them.
        first_row: usize,
    },
    /// There is an area of this code already.
    Known,
    /// The code lies in another county.
    OutsideCounty,
    /// The township of this village is neither in the list nor known.
    NoTownship,
    /// More rows than are judged.
    TooMany,
}

impl Why {
    /// Its stable word.
    pub fn word(self) -> &'static str {
        match self {
            Why::NoCode => "no_code",
            Why::BadCode => "bad_code",
            Why::NoName => "no_name",
            Why::Twice { .. } => "twice",
            Why::Known => "known",
            Why::OutsideCounty => "outside_county",
            Why::NoTownship => "no_township",
            Why::TooMany => "too_many",
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

/// Judges a text of one area a line: code and name, in either order, parted by a tab, a comma or a space. Empty lines and a heading are passed over.
pub fn read(text: &str, county: &AreaCode, known: &[AreaCode]) -> AreaList {
    let mut list = AreaList::default();
    let mut rows_by_code: BTreeMap<AreaCode, usize> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let row = index + 1;
        let cells = cells(line);
        let is_first = list.lines.is_empty() && list.refused.is_empty();
        if cells.is_empty() || (is_first && is_heading(&cells)) {
            continue;
        }
        if row > ROWS_MAX {
            list.refused.push(Refused { row, text: line.trim().to_owned(), why: Why::TooMany });
            break;
        }
        match judge(&cells, county) {
            Ok((code, _)) if code == *county => {}
            Ok((code, name)) => {
                let why = match rows_by_code.get(&code) {
                    Some(first_row) => Some(Why::Twice { first_row: *first_row }),
                    None if known.contains(&code) => Some(Why::Known),
                    None => None,
                };
                rows_by_code.entry(code.clone()).or_insert(row);
                match why {
                    Some(why) => list.refused.push(Refused { row, text: line.trim().to_owned(), why }),
                    None => list.lines.push(AreaLine { row, code, name }),
                }
            }
            Err(why) => list.refused.push(Refused { row, text: line.trim().to_owned(), why }),
        }
    }
    refuse_orphans(&mut list, known);
    list.lines.sort_by_key(|line| (line.code.level(), line.row));
    list.refused.sort_by_key(|refused| refused.row);
    list
}

/// A village whose township nobody has named.
fn refuse_orphans(list: &mut AreaList, known: &[AreaCode]) {
    let townships: Vec<AreaCode> = list
        .lines
        .iter()
        .map(|line| &line.code)
        .chain(known)
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

fn cells(line: &str) -> Vec<&str> {
    let is_border = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | '"');
    line.split(is_border).filter(|cell| !cell.is_empty()).collect()
}

/// A first line that names the columns holds no digit.
fn is_heading(cells: &[&str]) -> bool {
    let names_columns =
        |cell: &&str| ["代码", "编码", "区划", "名称", "序号"].iter().any(|word| cell.contains(word));
    cells.iter().any(names_columns) && !cells.iter().any(|cell| cell.chars().any(|c| c.is_ascii_digit()))
}

/// The code and the name of a row. A short number beside them is a running one.
fn judge(cells: &[&str], county: &AreaCode) -> Result<(AreaCode, String), Why> {
    const RUNNING_DIGITS_MAX: usize = 4;
    let digits = |cell: &&&str| {
        let bare = bare(cell);
        let bare = bare.trim_start_matches('\'');
        bare.len() > RUNNING_DIGITS_MAX && bare.bytes().all(|byte| byte.is_ascii_digit())
    };
    let code = cells.iter().find(digits).ok_or(Why::NoCode)?;
    let code: AreaCode = code.parse().map_err(|_| Why::BadCode)?;
    if !county.contains(&code) {
        return Err(Why::OutsideCounty);
    }
    if code != *county && !matches!(code.level(), Level::Township | Level::Village) {
        return Err(Why::BadCode);
    }
    let is_name = |cell: &&&str| cell.chars().any(|c| !c.is_ascii_digit() && c != '\'');
    let name = cells.iter().find(is_name).ok_or(Why::NoName)?;
    if name.chars().count() > NAME_LETTERS_MAX {
        return Err(Why::NoName);
    }
    Ok((code, (*name).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county() -> AreaCode {
        "339999".parse().unwrap()
    }

    fn whys(text: &str) -> Vec<(usize, Why)> {
        read(text, &county(), &[]).refused.iter().map(|refused| (refused.row, refused.why)).collect()
    }

    #[test]
    fn a_pasted_list_is_taken_however_its_columns_stand() {
        let text = "序号\t区划代码\t名称\n1\t339999100000\t双桥镇\n2\t339999100201\t红旗村\n\n石桥村，339999100202\n";
        let list = read(text, &county(), &[]);
        assert_eq!(list.refused, []);
        let lines: Vec<_> =
            list.lines.iter().map(|line| (line.row, line.code.prefix(), line.name.as_str())).collect();
        assert_eq!(
            lines,
            [(2, "339999100", "双桥镇"), (3, "339999100201", "红旗村"), (5, "339999100202", "石桥村")]
        );
    }

    #[test]
    fn townships_come_first_wherever_they_stand() {
        let list = read("339999100201 红旗村\n339999100 双桥镇", &county(), &[]);
        assert_eq!(list.lines.iter().map(|line| line.row).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn each_bad_row_is_named_with_its_reason() {
        assert_eq!(whys("33999910020 红旗村"), [(1, Why::BadCode)]);
        assert_eq!(whys("红旗村"), [(1, Why::NoCode)]);
        assert_eq!(whys("339999100000"), [(1, Why::NoName)]);
        assert_eq!(whys("330106001000 别处镇"), [(1, Why::OutsideCounty)]);
        assert_eq!(whys("339999100201 红旗村"), [(1, Why::NoTownship)]);
        assert_eq!(whys("339999100 双桥镇\n339999100000 双桥"), [(2, Why::Twice { first_row: 1 })]);
    }

    #[test]
    fn what_is_known_already_is_said_and_serves_as_a_township() {
        let known = ["339999100".parse().unwrap()];
        let list = read("339999100 双桥镇\n339999100201 红旗村", &county(), &known);
        assert_eq!(list.lines.len(), 1);
        assert_eq!(list.refused[0].why, Why::Known);
    }

    #[test]
    fn a_list_without_end_is_cut_off_and_said_to_be() {
        let text = "339999100 双桥镇\n".to_owned() + &"x\n".repeat(ROWS_MAX);
        assert_eq!(whys(&text).last(), Some(&(ROWS_MAX + 1, Why::TooMany)));
    }
}
