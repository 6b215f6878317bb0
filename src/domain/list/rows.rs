//! Which rows are people, and which are sums, signatures, headings of a next page.

use std::collections::BTreeMap;

use super::grid::{Cell, Grid};
use super::header::{self, Header};
use super::heading::Parse;
use crate::text::bare;

/// What a row is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A person; with the village that holds for the row, if the list says one.
    Person { village: Option<Village> },
    /// Left out, with the reason.
    Skip(&'static str),
    /// Nothing is in it, and nothing is said of it.
    Blank,
}

/// The village of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Village {
    pub(crate) name: String,
    /// The cell was empty and not merged: the last village above is assumed.
    pub(crate) assumed: bool,
}

/// Goes down the rows and remembers the village.
pub(crate) struct Sorter<'a> {
    grid: &'a Grid,
    header: &'a Header,
    lent: BTreeMap<(usize, usize), usize>,
    village: Option<String>,
}

const FOOT_WORDS: [&str; 17] = [
    "审核",
    "制表",
    "填表",
    "填报",
    "负责人",
    "经办",
    "复核",
    "单位",
    "注",
    "说明",
    "备注",
    "盖章",
    "签字",
    "日期",
    "联系人",
    "主管",
    "分管",
];

const EXAMPLE_WORDS: [&str; 6] = ["例", "示例", "样例", "范例", "填写示例", "填表示例"];

impl<'a> Sorter<'a> {
    pub(crate) fn new(grid: &'a Grid, header: &'a Header) -> Self {
        Sorter { grid, header, lent: grid.lent(header.row), village: None }
    }

    /// What the row is. Rows come in order.
    pub(crate) fn sort(&mut self, row: usize) -> Sort {
        let filled: Vec<usize> = (0..self.grid.rows[row].len())
            .filter(|column| !self.grid.cell(row, *column).is_empty())
            .collect();
        if filled.is_empty() {
            return if self.grid.rows[row].is_empty() { Sort::Blank } else { Sort::Skip("empty") };
        }
        if self.is_numbering(row, &filled) {
            return Sort::Skip("header");
        }
        if self.is_example(row, &filled) {
            return Sort::Skip("example");
        }
        if let Some(why) = self.sum(row, &filled) {
            self.village = None;
            return Sort::Skip(why);
        }
        if !self.has_id(row) {
            if header::known_headings(self.grid, row) >= 4 {
                return Sort::Skip("header");
            }
            if self.is_footnote(row, &filled) {
                return Sort::Skip("footnote");
            }
            if let Some(name) = self.section(row, &filled) {
                self.village = Some(name);
                return Sort::Skip("section");
            }
            if filled.iter().all(|column| self.says_nothing(*column)) {
                self.remember(row);
                return Sort::Skip("empty");
            }
        }
        Sort::Person { village: self.village_of(row) }
    }

    /// 1, 2, 3 … below the headings count the columns.
    fn is_numbering(&self, row: usize, filled: &[usize]) -> bool {
        let numbers: Vec<Option<u32>> =
            filled.iter().map(|column| bare(&self.grid.text(row, *column)).parse().ok()).collect();
        numbers.len() >= 4
            && numbers.iter().all(Option::is_some)
            && numbers.windows(2).all(|pair| pair[1] == pair[0].and_then(|number| number.checked_add(1)))
    }

    /// A row whose number is 例: it shows how to fill in, and its person is invented.
    fn is_example(&self, row: usize, filled: &[usize]) -> bool {
        let name_at = self.header.column("name").map_or(0, |column| column.at);
        let word = bare(&self.grid.text(row, filled[0]));
        let word = word.trim_matches(|c: char| "():".contains(c));
        filled[0] < name_at && EXAMPLE_WORDS.contains(&word)
    }

    /// 小计, 合计 and the like stand before the person's number would, or alone in their cell.
    fn sum(&self, row: usize, filled: &[usize]) -> Option<&'static str> {
        if self.has_id(row) {
            return None;
        }
        let id_at = self.header.column("id_no").map_or(usize::MAX, |column| column.at);
        let is_nameless = self.header.cell(self.grid, row, "name").is_none_or(Cell::is_empty);
        let label = filled
            .iter()
            .filter(|column| matches!(self.grid.cell(row, **column), Cell::Text(_)))
            .map(|column| (*column, bare(&self.grid.text(row, *column))))
            .find(|(column, text)| {
                let stands_before = *column < id_at.max(3);
                let is_label =
                    |word: &str| stands_before && text.contains(word) || is_nameless && text == word;
                ["小计", "合计", "总计", "共计", "累计"].into_iter().any(is_label)
            })
            .map(|(_, text)| text)?;
        let whole = ["合计", "总计", "共计", "累计", "总合计"].iter().any(|word| label.starts_with(word));
        Some(if whole && !label.contains("小计") { "total" } else { "subtotal" })
    }

    /// Whether the cell of the ID number holds something like one.
    fn has_id(&self, row: usize) -> bool {
        let Some(column) = self.header.column("id_no") else { return false };
        let digits = |text: &str| bare(text).chars().filter(char::is_ascii_digit).count();
        match self.grid.cell(row, column.at) {
            Cell::Number(_) => true,
            Cell::Text(text) => digits(text) >= 6,
            _ => false,
        }
    }

    /// 审核人：李四 and the like.
    fn says_foot(&self, row: usize, column: usize) -> bool {
        let text = bare(&self.grid.text(row, column));
        FOOT_WORDS.iter().any(|word| {
            text.find(word).is_some_and(|at| {
                let start_only = matches!(*word, "注" | "单位" | "日期" | "说明" | "备注");
                (at == 0 || !start_only) && text[at..].contains([':', '：'])
            })
        })
    }

    /// A category, or a name with more facts than signatures: a person without a number is refused, and never passed over
    /// because his remark says 联系人：儿子.
    fn tells_of_a_person(&self, row: usize, filled: &[usize]) -> bool {
        let feet = filled.iter().filter(|column| self.says_foot(row, **column)).count();
        let is_fact = |column: &usize| !self.says_foot(row, *column) && !self.says_nothing(*column);
        let facts = filled.iter().filter(|column| is_fact(column)).count();
        let is_told = |field| {
            self.header.column(field).is_some_and(|column| filled.contains(&column.at) && is_fact(&column.at))
        };
        // The name itself is one of the facts.
        is_told("category") || is_told("name") && facts > feet + 1
    }

    fn is_footnote(&self, row: usize, filled: &[usize]) -> bool {
        if self.tells_of_a_person(row, filled) {
            return false;
        }
        let known = |field| self.header.cell(self.grid, row, field).is_some_and(|cell| !cell.is_empty());
        let says_foot = |column: &usize| self.says_foot(row, *column);
        let name_at = self.header.column("name").map_or(0, |column| column.at);
        let first = filled[0];
        let is_text =
            matches!(self.grid.cell(row, first), Cell::Text(text) if bare(text).parse::<u32>().is_err());
        let before_name = first < name_at && is_text && !self.is_village(first) && filled.len() <= 2;
        let name_is_text = known("name") && !filled.iter().any(says_foot);
        filled.iter().any(says_foot) || before_name && !name_is_text && self.section(row, filled).is_none()
    }

    /// A row that only names a village, above its people.
    fn section(&self, row: usize, filled: &[usize]) -> Option<String> {
        let [column] = filled else { return None };
        let name_at = self.header.column("name").map_or(0, |column| column.at);
        if *column >= name_at && *column > 0 {
            return None;
        }
        let text = village_name(&self.grid.text(row, *column));
        ["村", "社区", "居委会", "村委会"].iter().any(|ending| text.ends_with(ending)).then_some(text)
    }

    /// A column whose value alone makes no person: a serial number, a village.
    fn says_nothing(&self, column: usize) -> bool {
        match self.header.columns.iter().find(|known| known.at == column) {
            Some(known) => matches!(
                known.meaning.parse,
                Parse::Ignore | Parse::Village | Parse::HeadName | Parse::HeadId
            ),
            None => true,
        }
    }

    fn is_village(&self, column: usize) -> bool {
        self.header.column("village").is_some_and(|village| village.at == column)
    }

    /// Keeps the village that a row names.
    fn remember(&mut self, row: usize) {
        if let Some(column) = self.header.column("village") {
            let text = village_name(&self.grid.text(row, column.at));
            if !text.is_empty() {
                self.village = Some(text);
            }
        }
    }

    fn village_of(&mut self, row: usize) -> Option<Village> {
        let Some(column) = self.header.column("village") else {
            return self.village.clone().map(|name| Village { name, assumed: false });
        };
        let own = village_name(&self.grid.text(row, column.at));
        if matches!(own.as_str(), "\"" | "″" | "〃" | "同上" | "''") {
            return self.village.clone().map(|name| Village { name, assumed: false });
        }
        if !own.is_empty() {
            self.village = Some(own.clone());
            return Some(Village { name: own, assumed: false });
        }
        if let Some(from) = self.lent.get(&(row, column.at)) {
            let name = village_name(&self.grid.text(*from, column.at));
            self.village = Some(name.clone());
            return Some(Village { name, assumed: false });
        }
        self.village.clone().map(|name| Village { name, assumed: true })
    }
}

/// The name without a count in brackets behind it: 红旗村(29人).
fn village_name(text: &str) -> String {
    let narrow = crate::text::narrow(text);
    let name = match narrow.split_once('(') {
        Some((name, count)) if count.chars().any(|c| c.is_ascii_digit()) => name,
        _ => &narrow,
    };
    name.trim().trim_end_matches(':').to_owned()
}
