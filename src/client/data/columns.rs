//! What the columns of lists mean.

use crate::{data::VisitState, vault_store::entry::VisitColumns};
use domain::day::{Day, Timestamp};

/// The day on which a visit was completed.
pub(super) fn completed_day(at: i64) -> Day {
    Timestamp::from_ms(at).day()
}

/// Where a completed or cancelled visit stands; `waiting`: own work on it has not reached the office.
pub(super) fn outcome(visit: &VisitColumns, waiting: bool) -> VisitState {
    if visit.cancelled {
        return VisitState::Cancelled;
    }
    let Some(completed_at) = visit.completed_at else { return VisitState::InProgress };
    // A verdict on an earlier completion is past.
    match visit.review.as_ref().filter(|(_, at)| *at >= completed_at) {
        Some((verdict, _)) if verdict == "accepted" => VisitState::Accepted,
        Some(_) => VisitState::Returned,
        None if waiting => VisitState::Completed,
        None => VisitState::Submitted,
    }
}
