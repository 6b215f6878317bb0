//! One recipient as lists show him, made of the entries of his record and of those below it.

use super::super::{
    RecipientRow, VisitState,
    columns::{completed_day, need_is_open, outcome},
};
use crate::{
    search::Keys,
    vault_store::{
        entry::{Columns, EntitlementColumns, Entry, RecipientColumns},
        index::{Index, Page},
    },
};
use domain::order::Order;
use domain::{
    category::{Category, RegularPay},
    day::Day,
    need::Urgency,
    visit::{Priority, PriorityFacts, next_due},
};
use std::{collections::BTreeSet, rc::Rc, sync::Arc};
use sync::id::AreaId;
use uuid::Uuid;

/// A row with what search and today's list look at.
pub(in crate::data) struct Person {
    pub(in crate::data) row: Arc<RecipientRow>,
    pub(in crate::data) keys: Keys,
    /// How the name sounds, for its place in lists.
    pub(in crate::data) sound: String,
    pub(in crate::data) categories: Vec<String>,
    /// Whether the file is running: no visit is due to the dead and to those who moved.
    pub(in crate::data) is_active: bool,
    pub(in crate::data) due: Option<Day>,
    pub(in crate::data) last: Option<LastVisit>,
}

/// The last visit that took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) struct LastVisit {
    pub(in crate::data) day: Day,
    pub(in crate::data) promised: Option<Day>,
    pub(in crate::data) state: VisitState,
}

/// Where he lives, and what is disputed there.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) area: AreaId,
    pub(super) village: &'a str,
    pub(super) disputed: &'a BTreeSet<Uuid>,
}

/// The records of which a value is in dispute, and the records they belong to.
pub(super) fn disputed(index: &Index, pages: &[Rc<Page>]) -> BTreeSet<Uuid> {
    let mut found = BTreeSet::new();
    for entry in
        pages.iter().flat_map(|page| page.values()).filter(|entry| !entry.hidden && entry.kind == "conflict")
    {
        if let Some(Columns::Open(open)) = &entry.columns
            && open.state == "open"
        {
            found.extend(open.of);
            found.extend(open.of.and_then(|of| index.get(of)).and_then(|of| of.parent));
        }
    }
    found
}

/// What the records below a recipient say.
#[derive(Default)]
struct Below {
    entitlements: Vec<EntitlementColumns>,
    last: Option<(i64, LastVisit)>,
    open_needs: u32,
    urgent_need: bool,
    waiting: bool,
}

fn below(index: &Index, recipient: Uuid) -> Below {
    let mut below = Below::default();
    for entry in index.children(recipient) {
        below.waiting |= entry.waiting;
        if entry.hidden {
            continue;
        }
        match &entry.columns {
            Some(Columns::Entitlement(columns)) => below.entitlements.push(columns.clone()),
            Some(Columns::Need(need)) if need_is_open(&need.state) => {
                below.open_needs += 1;
                below.urgent_need |=
                    Urgency::from_word(&need.urgency).is_some_and(|urgency| urgency > Urgency::Normal);
            }
            Some(Columns::Visit(visit)) if !visit.cancelled => {
                let Some(at) = visit.completed_at else { continue };
                let promised = visit.next_due.as_deref().and_then(|day| day.parse().ok());
                let state = outcome(visit, entry.waiting);
                let last = LastVisit { day: completed_day(at), promised, state };
                if below.last.is_none_or(|(other, _)| other <= at) {
                    below.last = Some((at, last));
                }
            }
            _ => {}
        }
    }
    below
}

/// The person of an entry, if it is one to be listed.
pub(super) fn person(index: &Index, entry: &Entry, place: Place<'_>) -> Option<Person> {
    let Some(Columns::Recipient(columns)) = entry.columns.as_ref().filter(|_| !entry.hidden) else {
        return None;
    };
    let below = below(index, entry.id);
    let priority = priority(columns, &below);
    let last = below.last.map(|(_, last)| last);
    let is_active = matches!(columns.status.as_str(), "" | "active");
    let due = if is_active {
        last.and_then(|last| next_due(Some(last.day), last.promised, priority))
    } else {
        None
    };
    let mut entitlements = below.entitlements;
    // What is paid comes first, as what a person is known for.
    entitlements.order_by(|a, b| (!is_paid(a), &a.category).cmp(&(!is_paid(b), &b.category)));
    let categories: Vec<String> = entitlements.into_iter().map(|one| one.category).collect();
    let row = RecipientRow {
        id: entry.id,
        name: columns.name.clone(),
        area: place.area,
        village: place.village.to_owned(),
        category: categories.first().cloned().unwrap_or_default(),
        sex: columns.sex.clone(),
        birth_year: columns.birth_year,
        id_tail: columns.id_tail.clone(),
        phone: columns.phone.clone(),
        priority: priority.letter(),
        due_on: due.map(|day| day.to_string()),
        last_visit: last.map(|last| last.day.to_string()),
        open_needs: below.open_needs,
        unsent: entry.waiting || below.waiting,
        conflict: place.disputed.contains(&entry.id),
        draft: None,
    };
    let keys = Keys::new(&row.name, &row.id_tail, row.birth_year, &row.phone);
    Some(Person { sound: keys.sound(), keys, row: Arc::new(row), categories, is_active, due, last })
}

fn is_paid(entitlement: &EntitlementColumns) -> bool {
    matches!(entitlement.state.as_str(), "" | "paid")
}

fn priority(columns: &RecipientColumns, below: &Below) -> Priority {
    let pays =
        |code: &str| code.parse::<Category>().is_ok_and(|category| category.pay() != RegularPay::Nothing);
    let facts = PriorityFacts {
        lone_elder: columns.lone_elder,
        frail: matches!(columns.self_care.as_str(), "2" | "3"),
        on_relief: columns.relief,
        badly_disabled: below.entitlements.iter().any(|one| matches!(one.grade, Some(1..=4))),
        urgent_need: below.urgent_need,
        regular_pay: below.entitlements.iter().any(|one| is_paid(one) && pays(&one.category)),
    };
    facts.priority()
}
