//! A sheet of which a few columns are known by their headings: where they stand, and what a row holds in them.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    day::Day,
    list::{
        date,
        grid::{Cell, Grid, column_letters},
        heading,
    },
};

/// The headings stand in one of the first so many rows.
const HEADING_ROWS: usize = 20;

/// A column that is looked for.
pub struct Column {
    /// How it is called in code.
    pub name: &'static str,
    /// Its headings, without spaces and signs.
    pub headings: &'static [&'static str],
    /// Whether nothing is read without it.
    pub must: bool,
}

/// Something wrong in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault<W> {
    /// The row, as the sheet counts it.
    pub row: usize,
    /// The letters of the column; empty where the fault is not in one cell.
    pub column: String,
    /// Its heading in the sheet.
    pub heading: String,
    /// What stands in the cell.
    pub text: String,
    /// What is wrong.
    pub why: W,
}

/// The columns of a sheet that are known.
pub struct Headed<'a> {
    grid: &'a Grid,
    /// The row of the headings.
    top: usize,
    at: BTreeMap<&'static str, usize>,
    /// Values that merged cells lend to the rows below their first.
    lent: BTreeMap<(usize, usize), usize>,
}

impl<'a> Headed<'a> {
    /// Finds the row of headings: the first that has all columns that must be there.
    ///
    /// # Errors
    /// When there is none: the columns that the best of them lacks.
    pub fn find(grid: &'a Grid, columns: &[Column]) -> Result<Headed<'a>, Vec<&'static str>> {
        let mut best: Option<(usize, Vec<&'static str>)> = None;
        for top in 0..grid.rows.len().min(HEADING_ROWS) {
            let at = columns_of(grid, top, columns);
            let lacking = columns.iter().filter(|column| column.must && !at.contains_key(column.name));
            let lacking: Vec<_> = lacking.map(|column| column.name).collect();
            if lacking.is_empty() {
                return Ok(Headed { grid, top, at, lent: grid.lent(top) });
            }
            if best.as_ref().is_none_or(|(known, _)| at.len() > *known) {
                best = Some((at.len(), lacking));
            }
        }
        Err(best.map(|(_, lacking)| lacking).unwrap_or_default())
    }

    /// Whether the sheet has a column.
    pub fn has(&self, name: &str) -> bool {
        self.at.contains_key(name)
    }

    /// The rows below the headings that hold anything, from 0.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        let holds = |row: &usize| self.at.keys().any(|name| !self.text(*row, name).is_empty());
        (self.top + 1..self.grid.rows.len()).filter(holds)
    }

    /// The text of a column in a row, tidy; empty where there is no such column.
    pub fn text(&self, row: usize, name: &str) -> Cow<'a, str> {
        self.cell(row, name).map_or(Cow::Borrowed(""), |cell| self.grid.text_of(cell))
    }

    /// The day of a column in a row; none of what is no whole date.
    pub fn day(&self, row: usize, name: &str) -> Option<Day> {
        let date = date::read(self.grid, self.cell(row, name)?)?;
        (!date.day_assumed).then_some(date.day)
    }

    /// Something wrong in a column of a row.
    pub fn fault<W>(&self, row: usize, name: &str, why: W) -> Fault<W> {
        let column = self.at.get(name);
        Fault {
            row: row + 1,
            column: column.map(|column| column_letters(*column)).unwrap_or_default(),
            heading: column.map(|column| self.grid.text(self.top, *column)).unwrap_or_default(),
            text: self.text(row, name).into_owned(),
            why,
        }
    }

    /// The headings of columns from which nothing is taken.
    pub fn unread(&self) -> Vec<String> {
        let width = self.grid.rows[self.top].len();
        let others = (0..width).filter(|column| !self.at.values().any(|known| known == column));
        others.map(|column| self.grid.text(self.top, column)).filter(|text| !text.is_empty()).collect()
    }

    fn cell(&self, row: usize, name: &str) -> Option<&'a Cell> {
        let column = *self.at.get(name)?;
        let row = self.lent.get(&(row, column)).copied().unwrap_or(row);
        Some(self.grid.cell(row, column))
    }
}

/// Where the columns stand by the headings of a row; of two alike the first counts.
fn columns_of(grid: &Grid, row: usize, columns: &[Column]) -> BTreeMap<&'static str, usize> {
    let mut at = BTreeMap::new();
    for place in 0..grid.rows[row].len() {
        let heading = heading::normal(&grid.text(row, place));
        let of = columns.iter().find(|column| column.headings.contains(&heading.as_str()));
        if let Some(column) = of {
            at.entry(column.name).or_insert(place);
        }
    }
    at
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Column, Headed};
    use crate::list::grid::{Cell, Grid, Merge};

    /// A sheet of texts, its cells parted by `|`.
    pub(crate) fn grid(rows: &[&str]) -> Grid {
        let cell = |text: &str| match text.trim() {
            "" => Cell::Empty,
            text => Cell::Text(text.to_owned()),
        };
        Grid { rows: rows.iter().map(|row| row.split('|').map(cell).collect()).collect(), ..Grid::default() }
    }

    const COLUMNS: [Column; 3] = [
        Column { name: "name", headings: &["名称", "单位名称"], must: true },
        Column { name: "kind", headings: &["类型"], must: true },
        Column { name: "from", headings: &["开始日期"], must: false },
    ];

    #[test]
    fn headings_are_found_below_a_title_however_they_are_written() {
        let grid = grid(&["帮扶企业名单", "", "序号|类 型*|单位名称：|备注", "1|民企|红日粮油|好"]);
        let headed = Headed::find(&grid, &COLUMNS).expect("headings");
        assert_eq!(headed.rows().collect::<Vec<_>>(), [3]);
        assert_eq!(
            (&*headed.text(3, "name"), &*headed.text(3, "kind"), &*headed.text(3, "from")),
            ("红日粮油", "民企", "")
        );
        assert_eq!(headed.unread(), ["序号", "备注"]);
        let fault = headed.fault(3, "kind", ());
        assert_eq!(
            (fault.row, fault.column.as_str(), fault.heading.as_str(), fault.text.as_str()),
            (4, "B", "类 型*", "民企")
        );
        assert_eq!(headed.fault(3, "from", ()).column, "");
    }

    #[test]
    fn a_sheet_without_what_must_be_there_says_what_lacks() {
        assert_eq!(Headed::find(&grid(&["单位名称|备注", "红日粮油|"]), &COLUMNS).err(), Some(vec!["kind"]));
        assert_eq!(Headed::find(&grid(&["甲|乙"]), &COLUMNS).err(), Some(vec!["name", "kind"]));
        assert_eq!(Headed::find(&grid(&[]), &COLUMNS).err(), Some(vec![]));
    }

    #[test]
    fn a_merged_cell_counts_for_all_its_rows_and_rows_of_nothing_are_passed_over() {
        let mut grid = grid(&["名称|类型|其他", "甲|民企", "乙|", "||备注", ""]);
        grid.merges.push(Merge { top: 1, left: 1, bottom: 2, right: 1 });
        let headed = Headed::find(&grid, &COLUMNS).expect("headings");
        assert_eq!(headed.rows().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(headed.text(2, "kind"), "民企");
    }

    #[test]
    fn a_day_is_a_whole_one() {
        let grid = grid(&["名称|类型|开始日期", "甲|民企|2026年1月2日", "乙|民企|2026年1月", "丙|民企|明年"]);
        let headed = Headed::find(&grid, &COLUMNS).expect("headings");
        assert_eq!(headed.day(1, "from").map(|day| day.to_string()).as_deref(), Some("2026-01-02"));
        assert_eq!((headed.day(2, "from"), headed.day(3, "from")), (None, None));
    }
}
