//! Finding a person by what one types: name, pinyin whole, in part or by initials, the tail of a number, the village, the door.

mod letters;
#[cfg(test)]
mod tests;

use domain::door;
pub(crate) use letters::Letters;

/// What a person is found by.
#[derive(Clone, Default)]
pub(crate) struct Keys {
    name: Letters,
    /// Last four of the ID number, in lower case.
    id_tail: String,
    birth_year: String,
    phone_head: String,
    phone_tail: String,
    /// Where he lives within the village, in plain figures.
    door: String,
}

/// How well a person fits; the smaller the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// The whole name.
    Whole,
    /// The name begins with it.
    Start,
    /// It is within the name.
    Inside,
    /// He lives there.
    Door,
    /// A number ends with it or holds it.
    Number,
    /// The village.
    Village,
}

/// What was typed, taken apart.
#[derive(Default)]
pub(crate) struct Terms(Vec<Term>);

struct Term {
    chars: Vec<char>,
    /// Its text, if it is one of digits.
    number: Option<String>,
    /// Its text in plain figures, if it is of an address.
    door: Option<String>,
}

impl Keys {
    /// `phone` with its middle hidden, or a short one whole.
    pub(crate) fn new(name: &str, id_tail: &str, birth_year: Option<i32>, phone: &str) -> Keys {
        let (head, tail) = phone.split_once('*').unwrap_or(("", phone));
        Keys {
            name: Letters::of_person(name),
            id_tail: id_tail.to_ascii_lowercase(),
            birth_year: birth_year.map(|year| year.to_string()).unwrap_or_default(),
            phone_head: head.to_owned(),
            phone_tail: tail.trim_start_matches('*').to_owned(),
            door: String::new(),
        }
    }

    /// Found by the address within the village too.
    pub(crate) fn at(self, door: &str) -> Keys {
        Keys { door: door::plain(door), ..self }
    }

    /// How the name sounds, for the order of lists.
    pub(crate) fn sound(&self) -> String {
        self.name.sound()
    }

    fn has_number(&self, term: &str) -> bool {
        self.has_phone(term) || self.has_id(term)
    }

    /// A tail, or a number typed from its beginning as far as this device knows it.
    fn has_phone(&self, term: &str) -> bool {
        if self.phone_tail.contains(term) {
            return true;
        }
        let known = self.phone_head.len() == 3 && term.len() > 4 && term.starts_with(&self.phone_head);
        known && term.len() <= 11 && self.phone_tail.starts_with(term.get(7..).unwrap_or_default())
    }

    fn has_id(&self, term: &str) -> bool {
        if self.id_tail.contains(term) {
            return true;
        }
        let known = !self.birth_year.is_empty() && (10..=18).contains(&term.len());
        known
            && term.get(6..10) == Some(self.birth_year.as_str())
            && self.id_tail.starts_with(term.get(14..).unwrap_or_default())
    }
}

impl Terms {
    /// Words apart by white space; each must be found.
    pub(crate) fn new(text: &str) -> Terms {
        Terms(text.split_whitespace().map(Term::new).filter(|term| !term.chars.is_empty()).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For each term, whether a village's name holds it.
    pub(crate) fn in_village(&self, village: &Letters) -> Vec<bool> {
        self.0.iter().map(|term| village.rank(&term.chars).is_some()).collect()
    }

    /// How well a person fits; nothing where a term is not found. `in_village` is of the person's village.
    pub(crate) fn rank(&self, keys: &Keys, in_village: &[bool]) -> Option<Rank> {
        let (mut worst, mut is_by_village_alone) = (Rank::Whole, !self.0.is_empty());
        for (place, term) in self.0.iter().enumerate() {
            let by_door =
                || term.door.as_ref().filter(|typed| door::is_typed(&keys.door, typed)).map(|_| Rank::Door);
            let by_number =
                || term.number.as_ref().filter(|number| keys.has_number(number)).map(|_| Rank::Number);
            match keys.name.rank(&term.chars).or_else(by_door).or_else(by_number) {
                Some(rank) => {
                    worst = worst.max(rank);
                    is_by_village_alone = false;
                }
                // A village narrows: all that are left are of it, and the other words say who comes first.
                None if in_village.get(place).copied().unwrap_or(false) => {}
                None => return None,
            }
        }
        Some(if is_by_village_alone { Rank::Village } else { worst })
    }
}

impl Term {
    fn new(typed: &str) -> Term {
        let chars: Vec<char> = letters::normal(typed).collect();
        let door = door::is_of_door(typed).then(|| door::plain(typed));
        Term { number: number(&chars), door, chars }
    }
}

/// The text of a term of digits, the last of which may be the X of an ID number.
fn number(term: &[char]) -> Option<String> {
    let (last, digits) = term.split_last()?;
    let is_one = digits.iter().all(char::is_ascii_digit)
        && (last.is_ascii_digit() || *last == 'x' && !digits.is_empty());
    is_one.then(|| term.iter().collect())
}
