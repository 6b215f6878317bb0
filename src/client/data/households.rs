//! 户: who lives behind one door, said by a person and never by a rule.

use super::{
    Data, RecipientRow, SaveError,
    fields::set,
    file::{text, view_of},
};
use crate::{
    driver::Driver,
    platform::{clock, entropy},
};
use domain::{
    door::{self, Nearness},
    order::{Gather, Order},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};
use sync::{
    id::{AreaId, made_alike},
    local::View,
    wire::Op,
};
use uuid::Uuid;

/// So many are offered to be joined; who is not among them is searched for.
const NEIGHBOURS_SHOWN: usize = 30;

/// 户 and 人: whoever shares no door is a household of his own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) households: usize,
    pub(crate) people: usize,
}

impl Counted {
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a RecipientRow>) -> Counted {
        let mut doors = Doors::default();
        rows.for_each(|row| doors.count(row.household));
        doors.counted()
    }
}

/// A count of households and people, one person after the other.
#[derive(Default)]
pub(super) struct Doors {
    shared: HashSet<Uuid>,
    people: usize,
    alone: usize,
}

impl Doors {
    pub(super) fn count(&mut self, household: Option<Uuid>) {
        self.people += 1;
        match household {
            Some(household) => drop(self.shared.insert(household)),
            None => self.alone += 1,
        }
    }

    pub(super) fn counted(&self) -> Counted {
        Counted { households: self.shared.len() + self.alone, people: self.people }
    }
}

impl RecipientRow {
    /// What stands for his door: the household, or himself where he shares none.
    pub(crate) fn door(&self) -> Uuid {
        self.household.unwrap_or(self.id)
    }
}

/// The people behind one door.
#[derive(Clone, PartialEq)]
pub(crate) struct HouseholdRow {
    pub(crate) id: Uuid,
    pub(crate) head: Option<Uuid>,
    /// Those whose files are on this device, the head first, then by name.
    pub(crate) members: Vec<Arc<RecipientRow>>,
}

/// Somebody of the same village.
#[derive(Clone, PartialEq)]
pub(crate) struct Neighbour {
    pub(crate) row: Arc<RecipientRow>,
    /// By the address both live in one yard.
    pub(crate) same_door: bool,
}

impl Data {
    /// The household of a person, if he is of one.
    pub(super) async fn household(self, driver: &Driver, of: &RecipientRow) -> Option<HouseholdRow> {
        let id = of.household?;
        let view = view_of(driver, id).await;
        let head = view.and_then(|view| text(&view.f, "head").parse().ok());
        let mut members: Vec<Arc<RecipientRow>> = self.look(driver, |look| {
            let rows = look.people.all().map(|person| &person.row);
            rows.filter(|row| row.household == Some(id)).cloned().collect()
        });
        members.order_by_key(|row| Some(row.id) != head);
        Some(HouseholdRow { id, head, members })
    }

    /// People of the same village who are not of the same household, whoever has the same door first; or those who fit what was typed.
    pub(crate) fn neighbours(self, of: Uuid, typed: &str) -> Vec<Neighbour> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        self.look(&driver, |look| {
            let Some(own) = look.people.get(of) else { return Vec::new() };
            let query = super::RecipientQuery {
                text: typed.trim().to_owned(),
                areas: vec![own.row.area],
                ..super::RecipientQuery::default()
            };
            let is_other = |row: &RecipientRow| row.id != of && row.door() != own.row.door();
            let same_door = |row: &RecipientRow| {
                let door = look.people.get(row.id).map_or("", |person| &person.door);
                door::nearness(&own.door, door) == Some(Nearness::SameYard)
            };
            let found = look.people.find(look.areas, &query, clock::today_day()).into_iter();
            let found = found.filter(|row| is_other(row));
            let mut found: Vec<Neighbour> =
                found.map(|row| Neighbour { same_door: same_door(&row), row }).collect();
            if query.text.is_empty() {
                found.order_by_key(|one| !one.same_door);
            }
            found.truncate(NEIGHBOURS_SHOWN);
            found
        })
    }

    /// Says that a person lives behind the same door as another.
    pub(crate) async fn join_household(self, person: Uuid, with: Uuid) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let own = view_of(&driver, person).await.as_ref().and_then(household_of);
        let (household, joined) = self.door_of(&driver, with).await?;
        if joined.is_empty() && own == Some(household) {
            return Ok(());
        }
        let mut ops = self.leave_ops(&driver, person, Leaving::ForAnother).await?;
        ops.extend(joined);
        ops.push(set(person, "household_id", json!(household)));
        ops.push(member(household, person));
        self.save(ops).await
    }

    /// Says that a person does not live there, or no longer.
    pub(crate) async fn leave_household(self, person: Uuid) -> Result<(), SaveError> {
        let driver = self.writer()?;
        let ops = self.leave_ops(&driver, person, Leaving::ForNone).await?;
        if ops.is_empty() { Ok(()) } else { self.save(ops).await }
    }

    /// Says who is the head of a household.
    pub(crate) async fn name_head(self, household: Uuid, head: Uuid) -> Result<(), SaveError> {
        self.save(vec![set(household, "head", json!(head))]).await
    }

    /// The household of a person that another joins, and what makes it where there is none.
    pub(super) async fn door_of(self, driver: &Driver, with: Uuid) -> Result<(Uuid, Vec<Op>), SaveError> {
        let view = view_of(driver, with).await.ok_or(SaveError::Unknown)?;
        if let Some(household) = household_of(&view)
            && view_of(driver, household).await.is_some()
        {
            return Ok((household, Vec::new()));
        }
        // Two phones that begin the same household make the same one; a second of the same person is another.
        let alike = made_alike("household", &[&with.to_string()]);
        let is_free = driver.store.record(alike).await?.is_none();
        let household = if is_free { alike } else { entropy::uuid(clock::now_ms()) };
        Ok((household, begin(household, view.area, with, &view)))
    }

    /// What takes a person out of his household; nothing if he is of none.
    pub(super) async fn leave_ops(
        self,
        driver: &Driver,
        person: Uuid,
        leaving: Leaving,
    ) -> Result<Vec<Op>, SaveError> {
        let view = view_of(driver, person).await.ok_or(SaveError::Unknown)?;
        let Some(household) = household_of(&view) else { return Ok(Vec::new()) };
        let mut ops = Vec::new();
        if leaving == Leaving::ForNone {
            ops.push(set(person, "household_id", Value::Null));
        }
        if let Some(left) = view_of(driver, household).await {
            ops.push(Op::Remove { e: household, f: "members".to_owned(), item: json!(person) });
            if text(&left.f, "head").parse() == Ok(person) {
                ops.push(set(household, "head", Value::Null));
            }
        }
        Ok(ops)
    }

    /// The same for several people, each once.
    pub(super) async fn all_leave(
        self,
        driver: &Driver,
        people: &BTreeSet<Uuid>,
    ) -> Result<Vec<Op>, SaveError> {
        let mut ops = Vec::new();
        for person in people {
            ops.extend(self.leave_ops(driver, *person, Leaving::ForNone).await?);
        }
        Ok(ops)
    }
}

/// What a person leaves a household for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    ForNone,
    /// The same save says of which household he is now.
    ForAnother,
}

/// The household that a file says its person is of.
pub(super) fn household_of(view: &View) -> Option<Uuid> {
    text(&view.f, "household_id").parse().ok()
}

/// Adds a person to a household's people.
pub(super) fn member(household: Uuid, person: Uuid) -> Op {
    Op::Add { e: household, f: "members".to_owned(), item: json!(person) }
}

/// A household of one, which another is about to join. Its people are added, not listed at once: of two phones each adds its own.
fn begin(household: Uuid, area: AreaId, first: Uuid, view: &View) -> Vec<Op> {
    let mut fields = vec![("addr".to_owned(), json!(text(&view.f, "live_addr")))];
    if text(&view.f, "head_relation") == domain::options::HEAD {
        fields.push(("head".to_owned(), json!(first)));
    }
    let f = fields.into_iter().gather();
    vec![
        Op::Create { e: household, kind: "household".to_owned(), area, parent: None, f },
        set(first, "household_id", json!(household)),
        member(household, first),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Counted, Doors};
    use uuid::Uuid;

    #[test]
    fn whoever_shares_no_door_is_a_household_of_his_own() {
        let mut doors = Doors::default();
        for household in [Some(9), None, Some(9), Some(8), None] {
            doors.count(household.map(Uuid::from_u128));
        }
        assert_eq!(doors.counted(), Counted { households: 4, people: 5 });
        assert_eq!(Doors::default().counted(), Counted::default());
    }
}
