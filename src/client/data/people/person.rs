//! One recipient as lists show him, made of the entries of his record and of those below it.

use super::super::{RecipientRow, columns::completed_day};
use crate::{
    search::Keys,
    vault_store::{
        entry::{Columns, EntitlementColumns, Entry, RecipientColumns},
        index::{Index, Page},
    },
};
use domain::order::Order;
use domain::{
    age_alarm::{self, AgeAlarm, Born},
    category::Category,
    day::Day,
    entitlement,
    need::NeedState,
    visit::{Cause, Due, Plan, PlanFacts, PriorityFacts, is_frail},
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
    /// What he is to be visited for, the most pressing first; what lies ahead too.
    pub(in crate::data) dues: Vec<Due>,
    /// Why he is visited as often as he is.
    pub(in crate::data) cause: Option<Cause>,
    /// Where he lives within the village.
    pub(in crate::data) door: String,
    /// Files that look alike and are of other people.
    pub(in crate::data) not_same: Vec<Uuid>,
}

/// Where he lives, and what is disputed there.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) area: AreaId,
    pub(super) village: &'a str,
    pub(super) plan: &'a Plan,
    pub(super) today: Day,
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
    facts: PlanFacts,
    last: Option<Day>,
    open_needs: u32,
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
            Some(Columns::Entitlement(columns)) => {
                below.facts.entitled(&columns.category, &columns.state, columns.grade);
                below.entitlements.push(columns.clone());
            }
            Some(Columns::Need(need)) => {
                below.open_needs += u32::from(NeedState::is_open_word(&need.state));
                below.facts.needed(&need.state, &need.urgency);
            }
            Some(Columns::Visit(visit)) if !visit.cancelled => {
                let Some(at) = visit.completed_at else { continue };
                let promised = visit.next_due.as_deref().and_then(|day| day.parse().ok());
                let day = completed_day(at);
                below.facts.visited(&visit.kind, visit.away, day, promised);
                below.last = below.last.max(Some(day));
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
    let facts = plan_facts(columns, below.facts, entry.id);
    let is_active = matches!(columns.status.as_str(), "" | "active");
    let dues = if is_active { place.plan.dues(&facts) } else { Vec::new() };
    let due_on = dues.iter().filter_map(|due| due.closes).min();
    let mut entitlements = below.entitlements;
    // What is paid comes first, as what a person is known for.
    entitlements.order_by(|a, b| (!is_paid(a), &a.category).cmp(&(!is_paid(b), &b.category)));
    let alarms = if is_active { alarms(columns, &entitlements, place.today) } else { Vec::new() };
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
        responsible: columns.responsible,
        priority: facts.priority.priority().letter(),
        due_on: due_on.map(|day| day.to_string()),
        last_visit: below.last.map(|day| day.to_string()),
        open_needs: below.open_needs,
        unsent: entry.waiting || below.waiting,
        conflict: place.disputed.contains(&entry.id),
        draft: None,
        household: columns.household,
        alarms,
    };
    let keys = Keys::new(&row.name, &row.id_tail, row.birth_year, &row.phone).at(&columns.door);
    let (sound, row) = (keys.sound(), Arc::new(row));
    let (cause, door, not_same) = (facts.cause(), columns.door.clone(), columns.not_same.clone());
    Some(Person { sound, keys, row, categories, is_active, dues, cause, door, not_same })
}

/// The birthdays near him that the office must look at.
fn alarms(person: &RecipientColumns, entitlements: &[EntitlementColumns], today: Day) -> Vec<AgeAlarm> {
    let Some(born) = person.birth.map(Born::On).or(person.birth_year.map(Born::In)) else {
        return Vec::new();
    };
    let categories: Vec<Category> = entitlements.iter().filter_map(|one| one.category.parse().ok()).collect();
    age_alarm::alarms(born, &categories, entitlements.iter().any(|one| one.kin_child), today)
}

fn is_paid(entitlement: &EntitlementColumns) -> bool {
    entitlement::is_paid(&entitlement.state)
}

/// What his own record adds to what lies below it.
fn plan_facts(columns: &RecipientColumns, below: PlanFacts, id: Uuid) -> PlanFacts {
    let mut facts = below;
    facts.priority = PriorityFacts {
        lone_elder: columns.lone_elder,
        frail: is_frail(&columns.self_care),
        on_relief: columns.relief,
        ..facts.priority
    };
    facts.needs_plaque = columns.needs_plaque;
    facts.since = PlanFacts::made_on(id);
    facts
}
