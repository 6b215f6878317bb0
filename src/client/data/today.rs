//! The page 今日: who is due, and why.

use super::{Data, Today, VisitRow, VisitState, columns::completed_day, visits::newest_first};
use crate::platform::clock;

impl Data {
    pub(crate) async fn today(self) -> Today {
        let today = clock::today_day();
        let (drafts, rounds) = (self.drafts().await, self.rounds().await);
        let Some(driver) = self.open_driver() else {
            let (due, alarms, done, cancelled, returned) = Default::default();
            return Today { day: today.to_string(), due, alarms, drafts, rounds, done, cancelled, returned };
        };
        self.look(&driver, |look| {
            let visits = || look.index.all().map(|(_, entry)| entry);
            let is_of_today = |at: Option<i64>| at.is_some_and(|at| completed_day(at) == today);
            let done =
                newest_first(look, visits(), |visit| !visit.cancelled && is_of_today(visit.completed_at));
            let cancelled = newest_first(look, visits(), |visit| {
                visit.cancelled && is_of_today(visit.completed_at.or(visit.ended_at))
            });
            let returned = newest_first(look, visits(), |visit| {
                visit.review.as_ref().is_some_and(|(word, _)| word == "returned")
            });
            Today {
                day: today.to_string(),
                due: look.people.due(look.areas),
                alarms: look.people.all().filter(|person| !person.row.alarms.is_empty()).count(),
                drafts,
                rounds,
                done: not_returned(done),
                cancelled: still_cancelled(cancelled),
                returned: only_returned(returned),
            }
        })
    }
}

fn only_returned(rows: Vec<VisitRow>) -> Vec<VisitRow> {
    rows.into_iter().filter(|row| row.state == VisitState::Returned).collect()
}

fn not_returned(rows: Vec<VisitRow>) -> Vec<VisitRow> {
    rows.into_iter().filter(|row| row.state != VisitState::Returned).collect()
}

/// One that is filled in again is among the unfinished.
fn still_cancelled(rows: Vec<VisitRow>) -> Vec<VisitRow> {
    rows.into_iter().filter(|row| row.state == VisitState::Cancelled).collect()
}
