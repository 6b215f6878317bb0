//! Which recipients a list shows, and in which order.

use super::{People, Person};
use crate::{
    data::{AlarmFilter, DueFilter, RecipientQuery, RecipientRow, RecipientSort, WhoseFilter, areas::Areas},
    search::{Rank, Terms},
};
use domain::day::Day;
use domain::order::Order;
use std::{cmp::Ordering, sync::Arc};

/// Days within which a visit counts as due soon.
const SOON_DAYS: i64 = 30;

/// One who fits.
struct Hit<'a> {
    rank: Rank,
    /// The code of his area.
    code: &'a str,
    person: &'a Person,
}

impl People {
    /// The rows of a query, in its order; of a search the best match first.
    pub(in crate::data) fn find(
        &self,
        areas: &Areas,
        query: &RecipientQuery,
        today: Day,
    ) -> Vec<Arc<RecipientRow>> {
        let terms = Terms::new(&query.text);
        let wanted = areas.with_below(&query.areas);
        let mut hits = Vec::new();
        for (area, here) in
            self.areas.iter().filter(|(area, _)| query.areas.is_empty() || wanted.contains(area))
        {
            let in_village = terms.in_village(&here.letters);
            let code = areas.code(*area);
            let fits = here.people.iter().filter(|person| {
                is_due(person, query.due, today)
                    && is_of_category(person, &query.categories)
                    && is_of_age(person, query.alarm)
                    && is_of(person, query.responsible)
            });
            hits.extend(fits.filter_map(|person| {
                Some(Hit { rank: terms.rank(&person.keys, &in_village)?, code, person })
            }));
        }
        sort(&mut hits, query.sort);
        if !terms.is_empty() {
            hits.order_by_key(|hit| hit.rank);
        }
        hits.into_iter().map(|hit| hit.person.row.clone()).collect()
    }
}

/// As people look names up: by their sound, then as written.
pub(super) fn by_name(a: &Person, b: &Person) -> Ordering {
    (&a.sound, &a.row.name, a.row.id).cmp(&(&b.sound, &b.row.name, b.row.id))
}

/// Whether a visit is to be made now, or until a day.
pub(super) fn is_due_until(person: &Person, day: Day) -> bool {
    person.dues.iter().any(|due| due.has_begun() || due.closes.is_some_and(|closes| closes <= day))
}

fn is_due(person: &Person, filter: DueFilter, today: Day) -> bool {
    match filter {
        DueFilter::All => true,
        DueFilter::Due => is_due_until(person, today),
        DueFilter::Soon => is_due_until(person, today.plus_days(SOON_DAYS).unwrap_or(today)),
        DueFilter::Never => person.is_active && person.row.last_visit.is_none(),
    }
}

fn is_of_age(person: &Person, filter: AlarmFilter) -> bool {
    match filter {
        AlarmFilter::All => true,
        AlarmFilter::Any => !person.row.alarms.is_empty(),
        AlarmFilter::One(alarm) => person.row.alarms.contains(&alarm),
    }
}

/// Who is on the register no more is nobody's to visit.
fn is_of(person: &Person, filter: WhoseFilter) -> bool {
    match filter {
        WhoseFilter::All => true,
        WhoseFilter::Nobody => person.is_active && person.row.responsible.is_none(),
        WhoseFilter::One(account) => person.row.responsible == Some(account),
    }
}

fn is_of_category(person: &Person, categories: &[String]) -> bool {
    categories.is_empty() || person.categories.iter().any(|one| categories.contains(one))
}

fn sort(hits: &mut [Hit<'_>], order: RecipientSort) {
    match order {
        // Areas come in the order of their ids, the people of each by name.
        RecipientSort::Village => hits.order_by_key(|hit| hit.code),
        // Who is no longer visited comes last.
        RecipientSort::Due => hits.order_by_key(|hit| {
            let first = hit.person.dues.first();
            (first.is_none(), first.map(|due| (due.state, due.closes)))
        }),
    }
}
