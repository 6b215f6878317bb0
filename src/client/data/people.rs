//! The recipients of the device as list rows, kept ready for lists and search.

use super::{DueFilter, RecipientQuery, RecipientRow, RecipientSort};
use crate::{
    search::Needle,
    vault_store::{
        entry::{Columns, Entry, RecipientColumns},
        index::Index,
    },
};
use domain::{
    category::{Category, RegularPay},
    day::{Day, Timestamp},
    need::{NeedState, Urgency},
    visit::{Priority, PriorityFacts, next_due},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};
use sync::id::AreaId;
use uuid::Uuid;

/// Days within which a visit counts as due soon.
const SOON_DAYS: i64 = 30;

/// A row with what a search looks at.
pub(super) struct Person {
    pub(super) row: Arc<RecipientRow>,
    /// Readings of the name.
    pub(super) pinyin: String,
    /// Whether visits are still made: alive and not moved away or closed.
    pub(super) active: bool,
    /// The day on which he is due was named at the last visit.
    pub(super) promised: bool,
}

/// What rows need besides the index.
pub(super) struct Surroundings<'a> {
    pub(super) index: &'a Index,
    pub(super) villages: &'a BTreeMap<AreaId, String>,
    /// Drafts by recipient.
    pub(super) drafts: &'a BTreeMap<Uuid, Uuid>,
}

/// Every recipient, by id and in order.
#[derive(Default)]
pub(super) struct People {
    people: HashMap<Uuid, Person>,
    /// By village, then name.
    order: Vec<Uuid>,
    touched: BTreeSet<Uuid>,
    loaded: bool,
}

impl People {
    /// Remembers that records changed; their rows are made anew at the next look.
    pub(super) fn touch(&mut self, records: &BTreeSet<Uuid>) {
        if self.loaded {
            self.touched.extend(records);
        }
    }

    /// Makes rows anew: all of them the first time, else those that changed.
    pub(super) fn refresh(&mut self, around: &Surroundings<'_>) {
        if !self.loaded {
            self.load(around);
        } else if !self.touched.is_empty() {
            self.renew(around);
        }
    }

    fn load(&mut self, around: &Surroundings<'_>) {
        let conflicts = conflicts(around.index);
        let recipients = around.index.all().filter(|(_, entry)| entry.kind == "recipient");
        self.people = recipients
            .filter_map(|(area, entry)| Some((entry.id, person(around, area, entry, &conflicts)?)))
            .collect();
        self.sort();
        self.touched.clear();
        // An index that is still empty is looked at again.
        self.loaded = !around.index.is_empty();
    }

    fn renew(&mut self, around: &Surroundings<'_>) {
        let index = around.index;
        let conflicts = conflicts(index);
        let mut recipients = BTreeSet::new();
        for id in std::mem::take(&mut self.touched) {
            recipients.insert(id);
            let Some(entry) = index.get(id) else { continue };
            recipients.extend(entry.parent);
            if let Some(Columns::Open(open)) = &entry.columns {
                recipients.extend(open.of);
                recipients.extend(open.of.and_then(|of| index.get(of)).and_then(|of| of.parent));
            }
        }
        let mut moved = false;
        for id in recipients {
            let made = index
                .get(id)
                .filter(|entry| entry.kind == "recipient")
                .zip(index.area_of(id))
                .and_then(|(entry, area)| person(around, area, entry, &conflicts));
            let place = |person: &Person| (person.row.village.clone(), person.row.name.clone());
            moved |= made.as_ref().map(place) != self.people.get(&id).map(place);
            match made {
                Some(made) => self.people.insert(id, made),
                None => self.people.remove(&id),
            };
        }
        if moved {
            self.sort();
        }
    }

    fn sort(&mut self) {
        let mut order: Vec<&Person> = self.people.values().collect();
        order.sort_by(|a, b| {
            (&a.row.village, &a.pinyin, &a.row.name, a.row.id).cmp(&(&b.row.village, &b.pinyin, &b.row.name, b.row.id))
        });
        self.order = order.into_iter().map(|person| person.row.id).collect();
    }

    pub(super) fn get(&self, id: Uuid) -> Option<&Person> {
        self.people.get(&id)
    }

    /// Everybody, by village and name.
    pub(super) fn all(&self) -> impl Iterator<Item = &Person> {
        self.order.iter().filter_map(|id| self.people.get(id))
    }

    /// The rows of a query, in its order.
    pub(super) fn find(&self, query: &RecipientQuery, today: Day) -> Vec<Arc<RecipientRow>> {
        let needle = Needle::new(&query.text);
        let mut found: Vec<(u32, &Person)> = self
            .all()
            .filter(|person| passes(query, person, today))
            .filter_map(|person| Some((needle.rank(&person.row, &person.pinyin)?, person)))
            .collect();
        match query.sort {
            // The order of the list is by village; a search puts the best match first and keeps it otherwise.
            RecipientSort::Village => found.sort_by_key(|(rank, _)| *rank),
            RecipientSort::Name => {
                found.sort_by(|(_, a), (_, b)| (&a.pinyin, &a.row.name).cmp(&(&b.pinyin, &b.row.name)));
            }
            // Never visited comes first.
            RecipientSort::Due => found.sort_by(|(_, a), (_, b)| a.row.due_on.cmp(&b.row.due_on)),
            RecipientSort::LastVisit => found.sort_by(|(_, a), (_, b)| b.row.last_visit.cmp(&a.row.last_visit)),
        }
        found.into_iter().map(|(_, person)| person.row.clone()).collect()
    }
}

fn passes(query: &RecipientQuery, person: &Person, today: Day) -> bool {
    let row = &person.row;
    let due_on = || row.due_on.as_ref().and_then(|day| day.parse::<Day>().ok());
    let due_within = |days: i64| person.active && due_on().is_none_or(|day| day.days_since(today) <= days);
    (query.areas.is_empty() || query.areas.contains(&row.area))
        && (query.categories.is_empty() || query.categories.contains(&row.category))
        && match query.due {
            DueFilter::All => true,
            DueFilter::Due => due_within(0),
            DueFilter::Soon => due_within(SOON_DAYS),
            DueFilter::Never => row.last_visit.is_none(),
        }
}

/// Records that an open conflict is about.
fn conflicts(index: &Index) -> BTreeSet<Uuid> {
    let open = index.all().filter_map(|(_, entry)| match &entry.columns {
        Some(Columns::Open(open)) if entry.kind == "conflict" && open.state == "open" => open.of,
        _ => None,
    });
    open.collect()
}

/// What a recipient's children say.
#[derive(Default)]
struct Children {
    /// Category and grade of the first entitlement, the paid ones before the others.
    category: Option<(bool, String)>,
    badly_disabled: bool,
    regular_pay: bool,
    /// When the last visit was completed, and the day that it promised.
    last_visit: Option<(i64, Option<String>)>,
    open_needs: u32,
    urgent_need: bool,
    waiting: bool,
    conflict: bool,
}

impl Children {
    fn take(&mut self, entry: &Entry, conflicts: &BTreeSet<Uuid>) {
        self.waiting |= entry.waiting;
        self.conflict |= conflicts.contains(&entry.id);
        match &entry.columns {
            Some(Columns::Entitlement(one)) => {
                let unpaid = !(one.state.is_empty() || one.state == "paid");
                let candidate = (unpaid, one.category.clone());
                if self.category.as_ref().is_none_or(|first| candidate < *first) {
                    self.category = Some(candidate);
                }
                let pays = one.category.parse::<Category>().is_ok_and(|category| category.pay() != RegularPay::Nothing);
                self.regular_pay |= !unpaid && pays;
                self.badly_disabled |= matches!(one.grade, Some(1..=4));
            }
            Some(Columns::Visit(visit)) if !visit.cancelled => {
                if let Some(at) = visit.completed_at
                    && self.last_visit.as_ref().is_none_or(|(last, _)| at > *last)
                {
                    self.last_visit = Some((at, visit.next_due.clone()));
                }
            }
            Some(Columns::Need(need)) if NeedState::from_word(&need.state).is_none_or(NeedState::is_open) => {
                self.open_needs += 1;
                self.urgent_need |= Urgency::from_word(&need.urgency).is_some_and(|urgency| urgency > Urgency::Normal);
            }
            _ => {}
        }
    }
}

fn person(around: &Surroundings<'_>, area: AreaId, entry: &Entry, conflicts: &BTreeSet<Uuid>) -> Option<Person> {
    let Some(Columns::Recipient(columns)) = entry.columns.as_ref().filter(|_| !entry.hidden) else { return None };
    let mut children = Children { waiting: entry.waiting, conflict: conflicts.contains(&entry.id), ..Children::default() };
    for child in around.index.children(entry.id).filter(|child| !child.hidden) {
        children.take(child, conflicts);
    }
    let priority = priority(columns, &children);
    let last_visit = children.last_visit.as_ref().map(|(at, _)| Timestamp::from_ms(*at).day());
    let promised = children.last_visit.as_ref().and_then(|(_, day)| day.as_ref()?.parse().ok());
    let due_on = next_due(last_visit, promised, priority);
    let row = RecipientRow {
        id: entry.id,
        name: columns.name.clone(),
        area,
        village: around.villages.get(&area).cloned().unwrap_or_default(),
        category: children.category.map(|(_, category)| category).unwrap_or_default(),
        sex: columns.sex.clone(),
        birth_year: columns.birth_year,
        id_tail: columns.id_tail.clone(),
        phone: columns.phone.clone(),
        priority: priority.letter(),
        due_on: due_on.map(|day| day.to_string()),
        last_visit: last_visit.map(|day| day.to_string()),
        open_needs: children.open_needs,
        unsent: children.waiting,
        conflict: children.conflict,
        draft: around.drafts.get(&entry.id).copied(),
    };
    let active = columns.status.is_empty() || columns.status == "active";
    Some(Person {
        row: Arc::new(row),
        pinyin: columns.pinyin.clone(),
        active,
        promised: promised.is_some() && due_on == promised,
    })
}

fn priority(columns: &RecipientColumns, children: &Children) -> Priority {
    PriorityFacts {
        lone_elder: columns.lone_elder,
        frail: matches!(columns.self_care.as_str(), "2" | "3"),
        on_relief: columns.relief,
        badly_disabled: children.badly_disabled,
        urgent_need: children.urgent_need,
        regular_pay: children.regular_pay,
    }
    .priority()
}
