//! What the headings above the rows say of the columns.

use super::{
    Why,
    row::{Mark, Row, is_digits, is_worded, joined},
};
use crate::{region::Level, text::bare};

/// Which areas a column is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Villages,
    Townships,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heading {
    Code(Of),
    Name(Of),
}

/// The columns of codes and names.
#[derive(Debug)]
pub(super) struct Columns {
    mark: Mark,
    headings: Vec<Option<Heading>>,
}

impl Columns {
    /// The columns that a heading names; none where it does not name both a code's and a name's.
    pub(super) fn of(row: &Row) -> Option<Columns> {
        let headings: Vec<_> = row.cells.iter().map(|cell| heading(cell)).collect();
        let has = |is: fn(&Heading) -> bool| headings.iter().flatten().any(is);
        (has(|one| matches!(one, Heading::Code(_))) && has(|one| matches!(one, Heading::Name(_))))
            .then_some(Columns { mark: row.mark, headings })
    }

    /// The code of a row, a village's own before that of its township; none where the row does not stand in these columns.
    pub(super) fn code<'a>(&self, row: &Row<'a>) -> Option<&'a str> {
        let codes = [Of::Villages, Of::Both, Of::Townships];
        codes.into_iter().find_map(|of| self.cells(row, Heading::Code(of)).find(|cell| is_digits(cell)))
    }

    /// The name of an area of this level.
    pub(super) fn name(&self, row: &Row, level: Level) -> Result<String, Why> {
        let order: &[Of] = match level {
            Level::Village => &[Of::Villages, Of::Both],
            _ => &[Of::Townships, Of::Both, Of::Villages],
        };
        for of in order {
            let mut names: Vec<String> = self.names(row, *of).collect();
            names.dedup();
            match &names[..] {
                [] => {}
                [name] => return Ok(name.clone()),
                [first, second, ..] => return Err(Why::TwoNames([first.clone(), second.clone()])),
            }
        }
        Err(Why::NoName)
    }

    /// The township that the row of a village names.
    pub(super) fn township(&self, row: &Row, level: Level) -> Option<String> {
        self.names(row, Of::Townships).next().filter(|_| level == Level::Village)
    }

    fn names<'a>(&'a self, row: &'a Row, of: Of) -> impl Iterator<Item = String> + 'a {
        let names = self.cells(row, Heading::Name(of)).filter(|cell| is_worded(cell));
        names.map(|cell| {
            cell.split_whitespace().fold(String::new(), |name, piece| match name.as_str() {
                "" => piece.to_owned(),
                name => joined(name, piece),
            })
        })
    }

    fn cells<'a, 'r>(&'a self, row: &'a Row<'r>, of: Heading) -> impl Iterator<Item = &'r str> + use<'a, 'r> {
        let headed = self.headings.iter().zip(&row.cells).filter(|_| row.mark == self.mark);
        headed.filter(move |(heading, _)| **heading == Some(of)).map(|(_, cell)| *cell)
    }
}

/// Beside codes and names there are those of leaders, of counties, of the post and of former days.
fn heading(cell: &str) -> Option<Heading> {
    let words: String = bare(cell).chars().filter(|c| !"()/、*:".contains(*c)).collect();
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    let (villages, townships) = (has(&["村", "社区", "居委会"]), has(&["乡", "镇", "街道"]));
    let of = match (villages, townships) {
        (true, false) => Of::Villages,
        (false, true) => Of::Townships,
        _ => Of::Both,
    };
    let is_above = !villages && !townships && has(&["省", "市", "县"]);
    if is_above || has(&["邮", "信用", "分类", "上级", "原", "旧"]) {
        None
    } else if has(&["代码", "编码"]) {
        Some(Heading::Code(of))
    } else {
        let is_named = villages || townships || has(&["名称", "区划"]);
        (is_named && is_made_of_name_words(&words)).then_some(Heading::Name(of))
    }
}

fn is_made_of_name_words(heading: &str) -> bool {
    const WORDS: [&str; 22] = [
        "村民委员会",
        "居民委员会",
        "村委会",
        "居委会",
        "办事处",
        "街道",
        "园区",
        "社区",
        "行政",
        "所属",
        "所在",
        "单位",
        "区划",
        "名称",
        "全称",
        "地名",
        "名",
        "村",
        "乡",
        "镇",
        "街",
        "居",
    ];
    WORDS.iter().fold(heading.to_owned(), |rest, word| rest.replace(word, "")).is_empty()
}
