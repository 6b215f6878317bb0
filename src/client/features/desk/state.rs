//! The wide table of recipients: columns, order, cursor and choice. Plain values; the view only paints them.

use crate::{data::RecipientRow, platform::prefs};
use domain::order::{Gather, Order};
use std::{cmp::Ordering, collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Name,
    Village,
    Category,
    Sex,
    Birth,
    IdTail,
    Phone,
    Responsible,
    Priority,
    Due,
    LastVisit,
    Needs,
}

impl Column {
    pub(super) const ALL: [Column; 12] = [
        Column::Name,
        Column::Village,
        Column::Category,
        Column::Sex,
        Column::Birth,
        Column::IdTail,
        Column::Phone,
        Column::Responsible,
        Column::Priority,
        Column::Due,
        Column::LastVisit,
        Column::Needs,
    ];

    /// Remembered between sessions under this word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Village => "village",
            Column::Category => "category",
            Column::Sex => "sex",
            Column::Birth => "birth",
            Column::IdTail => "id",
            Column::Phone => "phone",
            Column::Responsible => "responsible",
            Column::Priority => "priority",
            Column::Due => "due",
            Column::LastVisit => "last_visit",
            Column::Needs => "needs",
        }
    }
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) column: Column,
    pub(super) descending: bool,
}

/// How the table is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableView {
    hidden: BTreeSet<Column>,
    pub(super) sort: Sort,
    /// The row that the keyboard is on.
    pub(super) cursor: Option<Uuid>,
    /// Where a range of choice began.
    anchor: Option<Uuid>,
    chosen: BTreeSet<Uuid>,
}

impl Default for TableView {
    fn default() -> TableView {
        TableView {
            hidden: [Column::Sex, Column::Birth, Column::Responsible, Column::Priority].into_iter().gather(),
            sort: Sort { column: Column::Village, descending: false },
            cursor: None,
            anchor: None,
            chosen: BTreeSet::new(),
        }
    }
}

/// The setting under which the hidden columns are remembered.
const HIDDEN: &str = "hf.desk.hidden";

impl TableView {
    /// With the columns hidden last time on this PC.
    pub(super) fn remembered() -> TableView {
        match prefs::get(HIDDEN) {
            Some(words) => TableView { hidden: hidden_of(&words), ..TableView::default() },
            None => TableView::default(),
        }
    }

    /// Keeps which columns are hidden.
    pub(super) fn remember(&self) {
        prefs::set(HIDDEN, &self.hidden_words());
    }

    fn hidden_words(&self) -> String {
        self.hidden.iter().map(|column| column.word()).collect::<Vec<_>>().join(" ")
    }

    /// Order and hidden columns, in words as a saved view holds them.
    pub(super) fn words(&self) -> [(&'static str, String); 3] {
        let down = if self.sort.descending { "true" } else { "" };
        [
            ("sort", self.sort.column.word().to_owned()),
            ("down", down.to_owned()),
            ("hidden", self.hidden_words()),
        ]
    }

    /// Looks at the table as these words say; cursor and choice stay.
    pub(super) fn look(&mut self, named: impl Fn(&str) -> String) {
        self.hidden = hidden_of(&named("hidden"));
        if let Some(column) = column_of(&named("sort")) {
            self.sort = Sort { column, descending: named("down") == "true" };
        }
    }

    /// The columns on screen, in their order.
    pub(super) fn columns(&self) -> Vec<Column> {
        Column::ALL.into_iter().filter(|column| !self.hidden.contains(column)).collect()
    }

    pub(super) fn shows(&self, column: Column) -> bool {
        !self.hidden.contains(&column)
    }

    /// Shows or hides a column; the name stays.
    pub(super) fn toggle_column(&mut self, column: Column) {
        if column != Column::Name && !self.hidden.remove(&column) {
            self.hidden.insert(column);
        }
    }

    /// Sorts by a column, or the other way round if it is sorted by it already.
    pub(super) fn sort_by(&mut self, column: Column) {
        let descending = self.sort.column == column && !self.sort.descending;
        self.sort = Sort { column, descending };
    }

    /// The rows in order, accounts by name. Rows that are equal in the column keep their order; empty cells come last both ways.
    pub(super) fn sorted(
        &self,
        mut rows: Vec<Arc<RecipientRow>>,
        name: fn(&str) -> String,
    ) -> Vec<Arc<RecipientRow>> {
        let Sort { column, descending } = self.sort;
        rows.order_by(|a, b| {
            let (a, b) = (key(a, column, name), key(b, column, name));
            match (a.is_empty(), b.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                _ if descending => b.cmp(&a),
                _ => a.cmp(&b),
            }
        });
        rows
    }

    /// Moves the cursor; it stops at both ends. Answers with the row it is on.
    pub(super) fn step(&mut self, rows: &[Arc<RecipientRow>], by: isize) -> Option<usize> {
        let last = rows.len().checked_sub(1)?;
        let at = match self.position(rows) {
            Some(at) => at.saturating_add_signed(by).min(last),
            None if by < 0 => last,
            None => 0,
        };
        self.cursor = Some(rows[at].id);
        Some(at)
    }

    /// The index of the cursor among the rows.
    pub(super) fn position(&self, rows: &[Arc<RecipientRow>]) -> Option<usize> {
        rows.iter().position(|row| Some(row.id) == self.cursor)
    }

    pub(super) fn is_chosen(&self, id: Uuid) -> bool {
        self.chosen.contains(&id)
    }

    /// How many of the rows on screen are chosen.
    pub(super) fn chosen(&self, rows: &[Arc<RecipientRow>]) -> usize {
        rows.iter().filter(|row| self.chosen.contains(&row.id)).count()
    }

    /// Chooses a row, or takes it out again.
    pub(super) fn toggle(&mut self, id: Uuid) {
        if !self.chosen.remove(&id) {
            self.chosen.insert(id);
        }
        self.anchor = Some(id);
    }

    /// The box of a row was pressed; with Shift all between it and the last choice are chosen.
    pub(super) fn press(&mut self, rows: &[Arc<RecipientRow>], id: Uuid, with_shift: bool) {
        if with_shift && self.anchor.is_some() { self.choose_to(rows, id) } else { self.toggle(id) }
    }

    /// The rows that are chosen, in their order.
    pub(super) fn chosen_of(&self, rows: &[Arc<RecipientRow>]) -> Vec<Arc<RecipientRow>> {
        rows.iter().filter(|row| self.chosen.contains(&row.id)).cloned().collect()
    }

    /// Chooses all rows between the last choice and this one.
    pub(super) fn choose_to(&mut self, rows: &[Arc<RecipientRow>], id: Uuid) {
        let find = |wanted: Option<Uuid>| rows.iter().position(|row| Some(row.id) == wanted);
        let Some(to) = find(Some(id)) else { return };
        let from = find(self.anchor).unwrap_or(to);
        for row in &rows[from.min(to)..=from.max(to)] {
            self.chosen.insert(row.id);
        }
    }

    /// Chooses all rows, or none if all were chosen.
    pub(super) fn toggle_all(&mut self, rows: &[Arc<RecipientRow>]) {
        if self.chosen(rows) == rows.len() {
            self.chosen.clear();
        } else {
            self.chosen.extend(rows.iter().map(|row| row.id));
        }
    }

    pub(super) fn choose_none(&mut self) {
        self.chosen.clear();
    }
}

/// The text of the rows for another program: one row a line, cells apart by tabs, in the words that codes have.
pub(super) fn copied(
    rows: &[Arc<RecipientRow>],
    view: &TableView,
    words: fn(Column, String) -> String,
) -> String {
    let columns = view.columns();
    let mut text = String::new();
    for row in rows.iter().filter(|row| view.is_chosen(row.id)) {
        let cells: Vec<String> =
            columns.iter().map(|column| disarm(&words(*column, cell(row, *column)))).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

/// What a cell says, but for codes that have words.
pub(super) fn cell(row: &RecipientRow, column: Column) -> String {
    match column {
        Column::Name => row.name.clone(),
        Column::Village => row.village.clone(),
        Column::Category => row.category.clone(),
        Column::Sex => row.sex.clone(),
        Column::Birth => row.birth_year.map(|year| year.to_string()).unwrap_or_default(),
        Column::IdTail => row.id_tail.clone(),
        Column::Phone => row.phone.clone(),
        Column::Responsible => row.responsible.map(|account| account.to_string()).unwrap_or_default(),
        Column::Priority => row.priority.to_string(),
        Column::Due => row.due_on.clone().unwrap_or_default(),
        Column::LastVisit => row.last_visit.clone().unwrap_or_default(),
        Column::Needs => {
            if row.open_needs == 0 {
                String::new()
            } else {
                row.open_needs.to_string()
            }
        }
    }
}

fn hidden_of(words: &str) -> BTreeSet<Column> {
    words.split(' ').filter_map(column_of).filter(|column| *column != Column::Name).gather()
}

fn column_of(word: &str) -> Option<Column> {
    Column::ALL.into_iter().find(|column| column.word() == word)
}

fn key(row: &RecipientRow, column: Column, name: fn(&str) -> String) -> String {
    match (column, row.responsible) {
        (Column::Needs, _) if row.open_needs > 0 => format!("{:04}", row.open_needs),
        (Column::Responsible, Some(account)) => name(&account.to_string()),
        _ => cell(row, column),
    }
}

/// Text that a spreadsheet would take for a formula gets a leading apostrophe.
fn disarm(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\0') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn row(n: u128, name: &str, village: &str, due: Option<&str>) -> Arc<RecipientRow> {
        Arc::new(RecipientRow {
            name: name.to_owned(),
            village: village.to_owned(),
            category: "81".to_owned(),
            sex: "1".to_owned(),
            birth_year: Some(1948),
            id_tail: "0019".to_owned(),
            priority: 'B',
            due_on: due.map(str::to_owned),
            ..RecipientRow::blank(Uuid::from_u128(n))
        })
    }

    pub(in super::super) fn rows() -> Vec<Arc<RecipientRow>> {
        vec![
            row(1, "甲", "二村", Some("2026-12-01")),
            row(2, "乙", "一村", None),
            row(3, "=丙", "一村", Some("2026-11-01")),
        ]
    }

    fn ids(rows: &[Arc<RecipientRow>]) -> Vec<u128> {
        rows.iter().map(|row| row.id.as_u128()).collect()
    }

    #[test]
    fn empty_cells_come_last_in_both_orders() {
        let mut view = TableView::default();
        view.sort_by(Column::Due);
        assert_eq!(ids(&view.sorted(rows(), str::to_owned)), [3, 1, 2]);
        view.sort_by(Column::Due);
        assert_eq!(ids(&view.sorted(rows(), str::to_owned)), [1, 3, 2]);
    }

    #[test]
    fn the_cursor_stops_at_both_ends() {
        let mut view = TableView::default();
        let rows = rows();
        assert_eq!(view.step(&rows, 1), Some(0));
        assert_eq!(view.step(&rows, 10), Some(2));
        assert_eq!(view.step(&rows, -1), Some(1));
        assert_eq!(view.step(&rows, -9), Some(0));
        assert_eq!(view.step(&[], 1), None);
    }

    #[test]
    fn a_range_runs_from_the_last_choice() {
        let mut view = TableView::default();
        let rows = rows();
        view.toggle(rows[0].id);
        view.choose_to(&rows, rows[2].id);
        assert_eq!(view.chosen(&rows), 3);
        view.toggle_all(&rows);
        assert_eq!(view.chosen(&rows), 0);
        view.toggle_all(&rows);
        assert_eq!(view.chosen(&rows), 3);
    }

    #[test]
    fn a_press_with_shift_takes_all_from_the_last_one() {
        let (mut view, rows) = (TableView::default(), rows());
        view.press(&rows, rows[2].id, true);
        assert_eq!(view.chosen(&rows), 1, "there was none before");
        view.press(&rows, rows[0].id, true);
        assert_eq!(ids(&view.chosen_of(&rows)), [1, 2, 3]);
        view.press(&rows, rows[1].id, false);
        assert_eq!(ids(&view.chosen_of(&rows)), [1, 3]);
    }

    #[test]
    fn the_name_cannot_be_hidden() {
        let mut view = TableView::default();
        view.toggle_column(Column::Name);
        view.toggle_column(Column::Phone);
        assert!(view.shows(Column::Name) && !view.shows(Column::Phone));
    }

    #[test]
    fn hidden_columns_are_remembered_by_word_but_never_the_name() {
        assert_eq!(hidden_of("phone name due nonsense"), [Column::Phone, Column::Due].into());
    }

    #[test]
    fn who_answers_for_a_family_is_sorted_by_name_and_nobody_comes_last() {
        let mut view = TableView::default();
        view.sort_by(Column::Responsible);
        let of = |n: u128, row: &Arc<RecipientRow>| {
            Arc::new(RecipientRow { responsible: Some(Uuid::from_u128(n)), ..RecipientRow::clone(row) })
        };
        let rows = rows();
        let rows = vec![rows[0].clone(), of(1, &rows[1]), of(2, &rows[2])];
        let name = |id: &str| if id.ends_with('1') { "赵".to_owned() } else { "陈".to_owned() };
        assert_eq!(ids(&view.sorted(rows, name)).last(), Some(&1));
    }

    #[test]
    fn a_view_looks_again_as_its_words_say() {
        let mut view = TableView::default();
        view.sort_by(Column::Due);
        view.sort_by(Column::Due);
        view.toggle_column(Column::Phone);
        let words = view.words();
        let mut other = TableView::default();
        other.look(|name| {
            words.iter().find(|(key, _)| *key == name).map(|(_, word)| word.clone()).unwrap_or_default()
        });
        assert_eq!(other, view);
        other.look(|_| "nonsense".to_owned());
        assert_eq!((other.sort, other.columns().len()), (view.sort, Column::ALL.len()));
    }

    #[test]
    fn copied_text_holds_no_formula() {
        let mut view = TableView::default();
        let rows = rows();
        view.toggle(rows[2].id);
        let text = copied(&rows, &view, |_, text| text);
        assert!(text.starts_with("'=丙\t一村\t81\t"));
        assert_eq!(text.lines().count(), 1);
    }
}
