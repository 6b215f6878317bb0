//! Lines and columns, as screen, paper and workbook have them alike.

use domain::money::Money;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use uuid::Uuid;

/// The word before sums.
pub(super) const TOTAL: &str = "合计";

/// A column: the key of the screen, the heading on paper and its width there.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub key: &'static str,
    pub head: &'static str,
    pub width: f64,
}

pub(super) const fn column(key: &'static str, head: &'static str, width: f64) -> Column {
    Column { key, head, width }
}

/// What stands in a line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words, days, and numbers with which nobody calculates.
    Text(String),
    Count(i64),
    Money(Money),
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl Cell {
    /// A number of things or people.
    pub fn count(n: usize) -> Cell {
        Cell::Count(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// As it goes to the screen.
    pub fn json(&self) -> Value {
        match self {
            Cell::Text(text) => json!(text),
            Cell::Count(n) => json!(n),
            Cell::Money(money) => json!(money.to_string()),
        }
    }

    fn order(&self, other: &Cell) -> Ordering {
        match (self, other) {
            (Cell::Count(one), Cell::Count(other)) => one.cmp(other),
            (Cell::Money(one), Cell::Money(other)) => one.cmp(other),
            (Cell::Text(one), Cell::Text(other)) => one.cmp(other),
            // Of a column of numbers, what says none comes first.
            _ => self.sort().cmp(&other.sort()),
        }
    }

    fn sort(&self) -> u8 {
        match self {
            Cell::Text(_) => 0,
            Cell::Count(_) => 1,
            Cell::Money(_) => 2,
        }
    }

    fn plus(&self, other: &Cell) -> Cell {
        match (self, other) {
            (Cell::Count(one), Cell::Count(other)) => Cell::Count(one.saturating_add(*other)),
            (Cell::Money(one), Cell::Money(other)) => Cell::Money(one.checked_add(*other).unwrap_or(*one)),
            _ => Cell::Text(String::new()),
        }
    }
}

/// One line, without its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub cells: Vec<Cell>,
    /// The word of the screen's filter; empty where there is none.
    pub state: &'static str,
    /// The file that it is about, and the visit.
    pub recipient: Option<Uuid>,
    pub visit: Option<Uuid>,
}

/// A ledger that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub lines: Vec<Line>,
    /// What it counts, for the words of the screen.
    pub counts: Vec<(&'static str, usize)>,
    /// What stands above the heads, on paper; may be empty.
    pub above: String,
    /// The last line on paper, in words.
    pub total: String,
    /// The last line of a table of numbers: the sums of its columns.
    pub sums: Option<Vec<Cell>>,
}

impl Table {
    /// Keeps the lines of one state; an empty word is all.
    pub(super) fn keep(&mut self, state: &str) {
        if !state.is_empty() && state != "all" {
            self.lines.retain(|line| line.state == state);
        }
    }

    /// Sums the columns of numbers. Of nothing there is no sum.
    pub(super) fn sum(&mut self) {
        let mut lines = self.lines.iter();
        let Some(first) = lines.next() else { return };
        let mut sums = lines.fold(first.cells.clone(), |sums, line| {
            sums.iter().zip(&line.cells).map(|(sum, cell)| sum.plus(cell)).collect()
        });
        for cell in sums.iter_mut().filter(|cell| matches!(cell, Cell::Text(_))) {
            *cell = Cell::Text(String::new());
        }
        if let Some(label) = sums.first_mut() {
            *label = Cell::from(TOTAL);
        }
        self.sums = Some(sums);
    }

    /// Orders the lines by a column, and leaves those that are alike in it as they were.
    pub fn order_by(&mut self, column: usize, down: bool) {
        let none = Cell::from("");
        self.lines.sort_by(|one, other| {
            let [one, other] = [one, other].map(|line| line.cells.get(column).unwrap_or(&none));
            let order = one.order(other);
            if down { order.reverse() } else { order }
        });
    }

    /// What it counts, as an object.
    pub fn counted(&self) -> Value {
        self.counts.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect::<Map<_, _>>().into()
    }
}

/// Cells by the keys of their columns.
pub fn keyed(columns: &[Column], cells: &[Cell]) -> Map<String, Value> {
    columns.iter().zip(cells).map(|(column, cell)| (column.key.to_owned(), cell.json())).collect()
}
