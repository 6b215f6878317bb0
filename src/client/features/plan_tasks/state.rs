//! Tasks of the plan as they are chosen, moved, and counted by their days.

use crate::features::panel::text;
use domain::{day::Day, order::Gather};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Days of a week.
const WEEK: i64 = 7;

/// What becomes of the tasks that were chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// All of them are due on this day.
    Day(String),
    /// Each is due a week later.
    NextWeek,
    /// This contact has them.
    Contact(String),
}

/// Whether a task may get another day or contact: what is done stays as it was.
pub(super) fn is_open(row: &Value) -> bool {
    row["state"] != "done"
}

impl Change {
    /// What the office is told of the chosen ones, and what makes it undone.
    pub(super) fn of(&self, rows: &[Value], chosen: &[String]) -> (Value, Value) {
        let chosen = || rows.iter().filter(|row| is_open(row) && chosen.contains(&text(row, "id")));
        let all = |changes: Vec<Value>| json!({ "changes": changes });
        let before = |row: &Value| match self {
            Change::Day(_) | Change::NextWeek => json!({"task": row["id"], "due_on": row["due_on"]}),
            Change::Contact(_) => json!({"task": row["id"], "responsible": row["responsible"]}),
        };
        (all(chosen().filter_map(|row| self.one(row)).collect()), all(chosen().map(before).collect()))
    }

    fn one(&self, row: &Value) -> Option<Value> {
        Some(match self {
            Change::Day(day) => json!({"task": row["id"], "due_on": day}),
            Change::NextWeek => {
                let day: Day = row["due_on"].as_str()?.parse().ok()?;
                json!({"task": row["id"], "due_on": day.plus_days(WEEK)?})
            }
            Change::Contact(contact) => json!({"task": row["id"], "responsible": contact}),
        })
    }
}

/// A day of the calendar with its tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Square {
    pub(super) day: Day,
    pub(super) count: usize,
    pub(super) overdue: bool,
}

/// The weeks of a month from Monday on; nothing where a day belongs to another month.
pub(super) fn weeks(month: Day, rows: &[Value]) -> Vec<Vec<Option<Square>>> {
    let mut on: BTreeMap<Day, (usize, bool)> = BTreeMap::new();
    for row in rows {
        if let Some(day) = due(row) {
            let (count, overdue) = on.entry(day).or_default();
            *count += 1;
            *overdue |= row["overdue"] == true;
        }
    }
    let square = |day: Day| {
        let (count, overdue) = on.get(&day).copied().unwrap_or_default();
        Square { day, count, overdue }
    };
    let first = month.plus_days(1 - i64::from(month.day())).unwrap_or(month);
    let begin = first.plus_days(1 - i64::from(first.weekday())).unwrap_or(first);
    let is_of_month = |day: &Day| (day.year(), day.month()) == (first.year(), first.month());
    let week = |week: i64| -> Vec<Option<Square>> {
        let day = |day: i64| begin.plus_days(week * WEEK + day).filter(is_of_month).map(square);
        (0..WEEK).map(day).collect()
    };
    (0..6).map(week).filter(|week| week.iter().any(Option::is_some)).collect()
}

/// The day on which a task is due.
pub(super) fn due(row: &Value) -> Option<Day> {
    row["due_on"].as_str()?.parse().ok()
}

/// The month in which the calendar opens: that of the first task that is not done, else this one.
pub(super) fn first_month(rows: &[Value], today: Day) -> Day {
    let days: std::collections::BTreeSet<Day> =
        rows.iter().filter(|row| is_open(row)).filter_map(due).gather();
    days.first().copied().unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::{Change, Square, first_month, weeks};
    use domain::day::Day;
    use serde_json::{Value, json};

    fn rows() -> Vec<Value> {
        let row = |id: &str, due: &str, state: &str, overdue: bool| json!({"id": id, "due_on": due, "state": state, "overdue": overdue, "responsible": "p"});
        vec![
            row("a", "2026-12-31", "not_started", false),
            row("b", "2026-12-31", "in_progress", false),
            row("c", "2026-12-01", "done", false),
            row("d", "2026-11-30", "in_progress", true),
        ]
    }

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn chosen(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn what_is_chosen_is_moved_and_what_undoes_it_is_each_own_day() {
        let all = chosen(&["a", "c", "d"]);
        let (told, undo) = Change::Day("2027-01-15".to_owned()).of(&rows(), &all);
        let moved = |id: &str, due: &str| json!({"task": id, "due_on": due});
        assert_eq!(told["changes"], json!([moved("a", "2027-01-15"), moved("d", "2027-01-15")]), "c is done");
        assert_eq!(undo["changes"], json!([moved("a", "2026-12-31"), moved("d", "2026-11-30")]));
        let (told, _) = Change::NextWeek.of(&rows(), &all);
        assert_eq!(told["changes"], json!([moved("a", "2027-01-07"), moved("d", "2026-12-07")]));
        let (told, undo) = Change::Contact("q".to_owned()).of(&rows(), &chosen(&["b"]));
        assert_eq!(told["changes"], json!([{"task": "b", "responsible": "q"}]));
        assert_eq!(undo["changes"], json!([{"task": "b", "responsible": "p"}]));
    }

    #[test]
    fn a_month_has_its_weeks_from_monday_with_the_tasks_of_each_day() {
        let weeks = weeks(day("2026-12-10"), &rows());
        assert_eq!(weeks.len(), 5);
        assert!(weeks.iter().all(|week| week.len() == 7));
        assert_eq!(weeks[0][0], None, "the 30th of November is of another month");
        assert_eq!(weeks[0][1], Some(Square { day: day("2026-12-01"), count: 1, overdue: false }));
        assert_eq!(weeks[4][3], Some(Square { day: day("2026-12-31"), count: 2, overdue: false }));
        assert_eq!(weeks[4][4], None);
        assert!(super::weeks(day("2026-11-01"), &rows())[5][0].as_ref().is_some_and(|one| one.overdue));
    }

    #[test]
    fn the_calendar_opens_where_something_is_to_be_done() {
        assert_eq!(first_month(&rows(), day("2026-06-01")), day("2026-11-30"));
        assert_eq!(first_month(&[], day("2026-06-01")), day("2026-06-01"));
    }
}
