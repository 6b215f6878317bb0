//! Files that may be of one person, by what this device knows of both.

use super::{Data, NewFile, RecipientRow, people::Person};
use crate::{
    platform::clock,
    search::Keys,
    vault_store::entry::{masked_phone, tail},
};
use domain::{
    door::{self, Nearness},
    id_no::IdNo,
    order::Order,
};
use std::sync::Arc;
use sync::id::AreaId;
use uuid::Uuid;

/// So many are offered; who is not among them is searched for.
const OTHERS_SHOWN: usize = 30;

/// In what a file on this device is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alike {
    /// End of the ID number and year of birth.
    Number,
    /// The name by its sound, year of birth and village.
    Name,
    /// The telephone number, as far as lists hold it.
    Phone,
    /// The door: somebody of the household has a file.
    Door,
}

impl Alike {
    /// Whether it speaks for one person, and not for one household.
    pub(crate) fn is_of_one_person(self) -> bool {
        matches!(self, Alike::Number | Alike::Name)
    }
}

/// What is compared of a person.
struct Compared {
    area: AreaId,
    id_tail: String,
    birth_year: Option<i32>,
    phone: String,
    sound: String,
}

impl Compared {
    /// Of a file that is begun.
    fn typed(new: &NewFile) -> Compared {
        let id_tail = tail(&new.id_no);
        let birth_year = IdNo::read(&new.id_no).ok().map(|reading| reading.id.birth().year());
        let phone = masked_phone(&new.mobile);
        let sound = Keys::new(&new.name, &id_tail, birth_year, &phone).sound();
        Compared { area: new.area, id_tail, birth_year, phone, sound }
    }

    /// Of a file that is there.
    fn filed(person: &Person) -> Compared {
        let row = &person.row;
        Compared {
            area: row.area,
            id_tail: row.id_tail.clone(),
            birth_year: row.birth_year,
            phone: row.phone.clone(),
            sound: person.sound.clone(),
        }
    }

    fn alike(&self, person: &Person) -> Option<Alike> {
        let row = &person.row;
        let born_alike = row.birth_year.is_some() && row.birth_year == self.birth_year;
        if born_alike && !row.id_tail.is_empty() && row.id_tail.eq_ignore_ascii_case(&self.id_tail) {
            return Some(Alike::Number);
        }
        if born_alike && row.area == self.area && !person.sound.is_empty() && person.sound == self.sound {
            return Some(Alike::Name);
        }
        (!row.phone.is_empty() && row.phone == self.phone).then_some(Alike::Phone)
    }
}

/// Whether somebody lives at the door of a file that is begun.
fn lives_with(person: &Person, new: &NewFile) -> bool {
    let nearness = || door::nearness(&person.door, door::within(&new.live_addr));
    person.row.area == new.area && nearness() == Some(Nearness::SameYard)
}

/// Whether somebody has said that the two are not of one person.
fn told_apart(one: &Person, other: &Person) -> bool {
    one.not_same.contains(&other.row.id) || other.not_same.contains(&one.row.id)
}

impl Data {
    /// Files on this device that may be of the same person, the surest first, and of his household unless that was said.
    pub(crate) fn alike(self, new: &NewFile) -> Vec<(Arc<RecipientRow>, Alike)> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let typed = Compared::typed(new);
        self.look(&driver, |look| {
            let mut found = Vec::new();
            for person in look.people.all() {
                match typed.alike(person) {
                    Some(alike) => found.push((person.row.clone(), alike)),
                    None if new.with.is_none() && lives_with(person, new) => {
                        found.push((person.row.clone(), Alike::Door));
                    }
                    None => {}
                }
            }
            found.order_by_key(|(_, alike)| *alike);
            found
        })
    }

    /// Other files that may be of the person of this one. A telephone or a door says nothing: a household shares them.
    pub(crate) fn doubles(self, of: Uuid) -> Vec<(Arc<RecipientRow>, Alike)> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        self.look(&driver, |look| {
            let Some(file) = look.people.get(of) else { return Vec::new() };
            let own = Compared::filed(file);
            let others = look.people.all().filter(|person| person.row.id != of && !told_apart(file, person));
            let alike = others.filter_map(|person| Some((person.row.clone(), own.alike(person)?)));
            let mut found: Vec<_> = alike.filter(|(_, alike)| alike.is_of_one_person()).collect();
            found.order_by_key(|(_, alike)| *alike);
            found
        })
    }

    /// Other people of the whole scope who fit what was typed.
    pub(crate) fn others(self, of: Uuid, typed: &str) -> Vec<Arc<RecipientRow>> {
        let Some(driver) = self.open_driver() else { return Vec::new() };
        let query =
            super::RecipientQuery { text: typed.trim().to_owned(), ..super::RecipientQuery::default() };
        self.look(&driver, |look| {
            let found = look.people.find(look.areas, &query, clock::today_day()).into_iter();
            found.filter(|row| row.id != of).take(OTHERS_SHOWN).collect()
        })
    }
}
