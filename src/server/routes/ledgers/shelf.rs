//! Ledgers that were made a moment ago: whoever turns a page or presses a column does not have every file read again.

use domain::{
    day::{Day, Timestamp},
    stipend::Standard,
    visit::PlanRules,
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

use super::{LedgerQuery, Made, made, sort, standards};
use crate::{
    clock::Millis,
    db::{Caller, Enrolled},
    error::ApiError,
    ledger::Ledger,
    state::App,
};

/// Lines that are kept in all; a longer ledger is kept alone.
const LINES_MAX: usize = 200_000;
/// What no write tells of, such as a deletion after its time, is seen after so long.
const KEPT_MS: Millis = 60_000;

/// All that the lines of a ledger hang on: what is equal in all of it has equal lines.
#[derive(Clone, Debug, PartialEq)]
struct Of {
    ledger: Ledger,
    /// Without the page.
    query: LedgerQuery,
    /// The newest write, and what the caller may see.
    at: Enrolled,
    /// Accounts with their names.
    people: Vec<(Uuid, String)>,
    rules: PlanRules,
    today: Day,
    /// What it pays by.
    standards: Vec<Standard>,
}

/// Ledgers of the last minute.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<VecDeque<(Of, Millis, Arc<Made>)>>);

impl Shelf {
    fn get(&self, of: &Of, now: Millis) -> Option<Arc<Made>> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = shelf.iter().position(|(known, at, _)| now - at < KEPT_MS && known == of)?;
        let kept = shelf.remove(found)?;
        let made = kept.2.clone();
        shelf.push_back(kept);
        Some(made)
    }

    /// Keeps it; those that nobody asked for go first, and those that are too old.
    fn put(&self, of: Of, now: Millis, made: Arc<Made>) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.retain(|(known, at, _)| now - at < KEPT_MS && *known != of);
        shelf.push_back((of, now, made));
        while shelf.len() > 1
            && shelf.iter().map(|(.., made)| made.table.lines.len()).sum::<usize>() > LINES_MAX
        {
            shelf.pop_front();
        }
    }
}

/// The ledger as it was made a moment ago, if nothing is different since; made else. Numbers in full are never kept.
pub(super) async fn kept(
    app: &App,
    who: &Caller,
    ledger: Ledger,
    query: &LedgerQuery,
) -> Result<Arc<Made>, ApiError> {
    let now = app.clock.now();
    let people = app.db.accounts().await?.into_iter().map(|account| (account.id, account.name)).collect();
    let of = Of {
        ledger,
        query: LedgerQuery { page: 0, size: None, ..query.clone() },
        at: app.db.whereabouts(who).await?,
        people,
        rules: app.db.policy().await?.plan,
        today: Timestamp::from_ms(now).day(),
        standards: if ledger.pays() { standards(app).await? } else { Vec::new() },
    };
    if let Some(kept) = app.ledgers.get(&of, now) {
        return Ok(kept);
    }
    let unsorted = Of { query: LedgerQuery { sort: None, down: false, ..of.query.clone() }, ..of.clone() };
    let made = match (sort(ledger, query)?, app.ledgers.get(&unsorted, now)) {
        (Some(column), Some(kept)) => {
            let mut made = Made::clone(&kept);
            made.table.order_by(column, query.down);
            made
        }
        _ => made(app, who, ledger, query).await?,
    };
    let made = Arc::new(made);
    app.ledgers.put(of, now, made.clone());
    Ok(made)
}
