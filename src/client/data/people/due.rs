//! Who is due, and why.

use super::{
    People, Person,
    find::{by_name, is_due_until},
};
use crate::data::{DueRow, DueWhy, VisitState, areas::Areas};
use domain::day::Day;
use domain::order::Order;

impl People {
    /// Who is due on a day and not being visited yet: returned visits first, then the longest overdue, then as a round of the villages goes:
    /// by village and name.
    pub(in crate::data) fn due(&self, areas: &Areas, today: Day) -> Vec<DueRow> {
        let people = self
            .areas
            .iter()
            .flat_map(|(area, here)| here.people.iter().map(|person| (areas.code(*area), person)));
        let mut rows: Vec<(&str, &Person, DueRow)> =
            people.filter_map(|(code, person)| Some((code, person, due_row(person, today)?))).collect();
        rows.order_by(|(code, person, row), (other_code, other, other_row)| {
            let place = (row.why != DueWhy::Returned, row.days_left, code);
            place
                .cmp(&(other_row.why != DueWhy::Returned, other_row.days_left, other_code))
                .then_with(|| by_name(person, other))
        });
        rows.into_iter().map(|(_, _, row)| row).collect()
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
