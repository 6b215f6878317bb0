//! The page 今日: who is due, and why.

use super::{Data, DueRow, DueWhy, Today, VisitState, people::Person};
use crate::platform::clock;
use domain::day::Day;
use std::{cmp::Reverse, collections::BTreeSet};
use uuid::Uuid;

/// The page shows no more at once.
const DUE_MAX: usize = 200;

impl Data {
    pub(crate) async fn today(self) -> Today {
        let today = clock::today_day();
        let visits = self.visits().await;
        let drafts = self.drafts().await;
        let day = today.to_string();
        let returned: Vec<_> = visits.iter().filter(|visit| visit.state == VisitState::Returned).cloned().collect();
        let done: Vec<_> = visits.into_iter().filter(|visit| visit.day == day && visit.state != VisitState::Returned).collect();
        let again: BTreeSet<Uuid> = returned.iter().map(|visit| visit.recipient).collect();
        let mut due = match self.open_driver() {
            Some(driver) => self.with_people(&driver, |people| {
                let rows = people.all().filter(|person| person.active && person.row.draft.is_none());
                rows.filter_map(|person| due(person, today, again.contains(&person.row.id))).collect::<Vec<_>>()
            }),
            None => Vec::new(),
        };
        due.sort_by_key(|row| (row.why != DueWhy::Returned, row.recipient.priority, row.days_left, Reverse(row.recipient.open_needs)));
        let due_total = due.len();
        due.truncate(DUE_MAX);
        Today { day, due, due_total, drafts, done, returned }
    }
}

/// Whether a person is due on a day, and why.
fn due(person: &Person, today: Day, returned: bool) -> Option<DueRow> {
    let row = &person.row;
    let due_on = row.due_on.as_ref().and_then(|day| day.parse::<Day>().ok());
    let (due_on, why) = match (due_on, returned) {
        (_, true) => (today, DueWhy::Returned),
        (None, _) => (today, DueWhy::NeverVisited),
        (Some(due_on), _) if due_on > today => return None,
        (Some(due_on), _) => (due_on, if person.promised { DueWhy::Promised } else { DueWhy::Interval }),
    };
    let days_left = i32::try_from(due_on.days_since(today)).unwrap_or(i32::MIN);
    Some(DueRow { recipient: row.clone(), due_on: due_on.to_string(), days_left, why })
}
