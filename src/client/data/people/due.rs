//! Who is due, and why.

use super::{People, Person, find::is_due_until};
use crate::data::{DueRow, DueWhy, VisitState};
use domain::day::Day;
use domain::order::Order;
use std::cmp::Reverse;

impl People {
    /// Who is due on a day and not being visited yet: returned visits first, then by priority, the longest overdue before the others.
    pub(in crate::data) fn due(&self, today: Day) -> Vec<DueRow> {
        let people = self.areas.values().flat_map(|area| &area.people);
        let mut rows: Vec<DueRow> = people.filter_map(|person| due_row(person, today)).collect();
        rows.order_by_key(|row| {
            let recipient = &row.recipient;
            (row.why != DueWhy::Returned, recipient.priority, row.days_left, Reverse(recipient.open_needs))
        });
        rows
    }
}

fn due_row(person: &Person, today: Day) -> Option<DueRow> {
    let row = &person.row;
    if row.draft.is_some() || !person.is_active {
        return None;
    }
    let (due_on, why) = match (person.last, person.due) {
        (Some(last), _) if last.state == VisitState::Returned => (today, DueWhy::Returned),
        _ if !is_due_until(person, today) => return None,
        (Some(last), Some(due)) => {
            (due, if last.promised == Some(due) { DueWhy::Promised } else { DueWhy::Interval })
        }
        _ => (today, DueWhy::NeverVisited),
    };
    let days_left = i32::try_from(due_on.days_since(today)).unwrap_or(i32::MIN);
    Some(DueRow { recipient: row.clone(), due_on: due_on.to_string(), days_left, why })
}
