//! A name character by character, each with the ways to read it.

use super::Rank;
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// A name to be searched in.
#[derive(Clone, Default)]
pub(crate) struct Letters(Vec<Letter>);

#[derive(Clone)]
struct Letter {
    char: char,
    /// Syllables without tones, `v` for ü.
    readings: Rc<[&'static str]>,
}

/// Where a character stands: it is read differently there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum As {
    Surname,
    GivenName,
    Place,
}

/// The ways to read a character. A list of names has few different ones, and the table is slow to ask.
fn readings(char: char, stands: As) -> Rc<[&'static str]> {
    type Known = HashMap<(char, As), Rc<[&'static str]>>;
    thread_local! {
        static KNOWN: RefCell<Known> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        let made = || match stands {
            As::Place => domain::pinyin::place_readings(char).into(),
            As::Surname => domain::pinyin::readings(char, true).into(),
            As::GivenName => domain::pinyin::readings(char, false).into(),
        };
        known.entry((char, stands)).or_insert_with(made).clone()
    })
}

impl Letters {
    /// A person's name: the first character is read as a surname first.
    pub(crate) fn of_person(name: &str) -> Letters {
        Letters::read(name, As::Surname, As::GivenName)
    }

    /// The name of a place.
    pub(crate) fn of_place(name: &str) -> Letters {
        Letters::read(name, As::Place, As::Place)
    }

    fn read(name: &str, first: As, others: As) -> Letters {
        let letters = normal(name).enumerate().map(|(place, char)| Letter {
            char,
            readings: readings(char, if place == 0 { first } else { others }),
        });
        Letters(letters.collect())
    }

    /// The first reading of each character, else the character, with a space behind each.
    pub(super) fn sound(&self) -> String {
        let mut sound = String::new();
        for letter in &self.0 {
            match letter.readings.first() {
                Some(reading) => sound.push_str(reading),
                None => sound.push(letter.char),
            }
            sound.push(' ');
        }
        sound
    }

    /// How a term fits: each of its characters is a character of the name, or the beginning of its reading.
    pub(super) fn rank(&self, term: &[char]) -> Option<Rank> {
        if self.0.is_empty() {
            return None;
        }
        let start = fit(&self.0, term);
        match start {
            Fit::Whole => return Some(Rank::Whole),
            Fit::Part => return Some(Rank::Start),
            Fit::No => {}
        }
        (1..self.0.len()).any(|from| fit(&self.0[from..], term) != Fit::No).then_some(Rank::Inside)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    No,
    Part,
    /// The term goes through to the last letter.
    Whole,
}

fn fit(letters: &[Letter], term: &[char]) -> Fit {
    if term.is_empty() {
        return if letters.is_empty() { Fit::Whole } else { Fit::Part };
    }
    let Some((letter, rest)) = letters.split_first() else { return Fit::No };
    if letter.char == term[0] {
        return fit(rest, &term[1..]);
    }
    let mut best = Fit::No;
    for reading in letter.readings.iter() {
        let common = reading.chars().zip(term).take_while(|(a, b)| a == *b).count();
        for taken in 1..=common {
            best = best.max(fit(rest, &term[taken..]));
        }
    }
    best
}

/// Characters as they are compared: full-width Latin as plain, small letters, without dots and apostrophes between syllables.
pub(super) fn normal(text: &str) -> impl Iterator<Item = char> + '_ {
    let plain = text.chars().map(|char| match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
        'ü' | 'Ü' => 'v',
        _ => char,
    });
    let marks = ['·', '•', '‧', '.', '\'', '’', '-', '_', '*'];
    plain
        .filter(move |char| !char.is_whitespace() && !marks.contains(char))
        .map(|char| char.to_ascii_lowercase())
}
