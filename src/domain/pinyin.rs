//! Finding Chinese names by what one types: characters, pinyin, initials, or a mixture.
//!
//! [`SearchKeys`] are made once for a name and kept as a short text; [`SearchKeys::find`] is run for each key typed.

mod surnames;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::bare;

mod table {
    include!(concat!(env!("OUT_DIR"), "/pinyin_table.rs"));
}

/// A syllable that no typing matches: a character without a reading.
const UNREAD: &str = "-";

/// The readings of a name: syllables apart by a space, several readings of one character by a slash
/// (`shan/dan/chan chang`). It tells the name's sound, so it is as personal as the name and prints as nothing.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SearchKeys(String);

/// Where a query was found in a name; the better one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is the whole name, by characters, initials or full pinyin.
    Whole,
    /// The name begins with it.
    Start,
    /// It is somewhere inside.
    Inside,
}

/// The keys of a name.
pub fn keys(name: &str) -> SearchKeys {
    let name = bare(name);
    let chars: Vec<char> = name.chars().filter(|c| !matches!(c, '·' | '•' | '.' | '-' | '(' | ')')).collect();
    let mut syllables: Vec<String> = Vec::new();
    let mut latin = String::new();
    for (at, c) in chars.iter().enumerate() {
        if c.is_ascii_alphanumeric() {
            latin.push(c.to_ascii_lowercase());
            continue;
        }
        if !latin.is_empty() {
            syllables.push(std::mem::take(&mut latin));
        }
        syllables.push(syllable(&chars, at));
    }
    if !latin.is_empty() {
        syllables.push(latin);
    }
    SearchKeys(syllables.join(" "))
}

/// All readings of a character at its place; as a surname those come first.
fn syllable(chars: &[char], at: usize) -> String {
    let mut readings: Vec<&str> = surnames::readings(chars, at).to_vec();
    for reading in readings_of(chars[at]) {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    if readings.is_empty() { UNREAD.to_owned() } else { readings.join("/") }
}

/// Every reading of a character, the most usual first; of the first character of a name the reading as a surname
/// comes first. `v` stands for ü. Empty for what is not in the table.
///
/// ```
/// assert_eq!(domain::pinyin::readings('李', true), ["li"]);
/// assert_eq!(domain::pinyin::readings('单', true)[0], "shan");
/// ```
pub fn readings(char: char, is_surname: bool) -> Vec<&'static str> {
    let mut readings = if is_surname { surnames::readings(&[char], 0).to_vec() } else { Vec::new() };
    for reading in readings_of(char) {
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// Readings that the table knows and that no name of a person or place has: 石 is dan only where grain was measured.
const IN_NO_NAME: [(char, &str); 1] = [('石', "dan")];

/// Characters that place names read in more ways than the usual one: 重庆 and 重山, 长沙 and 长子, 瓦窑堡 and 石家堡.
const SEVERAL_IN_PLACES: &str = "长重乐朝单厦会都行蔚番铅六圩堡埔盛陂泊峒洞解曾翟区尉济";

/// The readings of a character in the name of a place: the usual one, and others only where places have them.
///
/// ```
/// assert_eq!(domain::pinyin::place_readings('石'), ["shi"]);
/// ```
pub fn place_readings(char: char) -> Vec<&'static str> {
    let mut readings = readings_of(char);
    if !SEVERAL_IN_PLACES.contains(char) {
        readings.truncate(1);
    }
    readings
}

/// The readings of one character, the usual one first; none if it is not in the table. ü is written v.
fn readings_of(c: char) -> Vec<&'static str> {
    let Some(place) = place_of(c) else { return Vec::new() };
    let high = usize::from(table::HIGH[place / 8] >> (place % 8) & 1);
    let first = usize::from(table::LOW[place]) | high << 8;
    let second = table::SECOND.partition_point(|(other, _)| usize::from(*other) < place);
    let others = table::SECOND[second..].iter().take_while(|(other, _)| usize::from(*other) == place);
    let numbers = [first].into_iter().chain(others.map(|(_, number)| usize::from(*number)));
    let read = numbers.filter_map(|number| table::SYLLABLES.split(' ').nth(number));
    read.filter(|reading| !IN_NO_NAME.contains(&(c, reading))).collect()
}

/// The character's place among those in the table.
fn place_of(c: char) -> Option<usize> {
    let at = usize::try_from(u32::from(c).checked_sub(table::FIRST)?).ok()?;
    let byte = *table::KNOWN.get(at / 8)?;
    if byte >> (at % 8) & 1 == 0 {
        return None;
    }
    let before: u32 = table::KNOWN[..at / 8].iter().map(|byte| byte.count_ones()).sum();
    let within = (u32::from(byte) & ((1 << (at % 8)) - 1)).count_ones();
    usize::try_from(before + within).ok()
}

impl SearchKeys {
    /// Keys that were kept as text.
    pub fn from_text(text: String) -> SearchKeys {
        SearchKeys(text)
    }

    /// The text to keep.
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// Where a query in letters fits, if anywhere. Syllables may be typed in full, in part, by initials, with
    /// spaces or without: `liwei`, `li w`, `lw`, `wei`.
    pub fn find(&self, query: &str) -> Option<Fit> {
        find(&letters(query), &self.0)
    }
}

impl fmt::Debug for SearchKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// Whether a name fits what was typed: by its characters, or by the sound of its keys.
pub fn matches(query: &str, name: &str, keys: &SearchKeys) -> Option<Fit> {
    let typed = bare(query);
    if typed.is_empty() {
        return None;
    }
    let by_characters = match name.find(typed.as_str()) {
        Some(0) if name.len() == typed.len() => Some(Fit::Whole),
        Some(0) => Some(Fit::Start),
        Some(_) => Some(Fit::Inside),
        None => None,
    };
    by_characters.or_else(|| keys.find(query))
}

/// The letters of a query, ready for [`find`]: small, without spaces and apostrophes, ü as v.
pub fn letters(query: &str) -> String {
    let narrow = bare(query).to_ascii_lowercase();
    narrow.chars().filter(|c| *c != '\'').map(|c| if matches!(c, 'ü' | 'Ü') { 'v' } else { c }).collect()
}

/// As [`SearchKeys::find`], for keys kept as text and letters prepared once for many names.
pub fn find(letters: &str, keys: &str) -> Option<Fit> {
    if letters.is_empty() || !letters.is_ascii() {
        return None;
    }
    let syllables: Vec<&str> = keys.split(' ').collect();
    let mut best = None;
    for start in 0..syllables.len() {
        match eat(letters.as_bytes(), &syllables[start..]) {
            Eaten::All { whole: true } if start == 0 => return Some(Fit::Whole),
            Eaten::All { .. } => best = best.or(Some(if start == 0 { Fit::Start } else { Fit::Inside })),
            Eaten::Not => {}
        }
    }
    best
}

enum Eaten {
    Not,
    All { whole: bool },
}

/// Eats the letters syllable by syllable; each gives at least its first letter. It is the whole name if the last
/// letters came from the last syllable, either in full or as every other: by its beginning.
fn eat(letters: &[u8], syllables: &[&str]) -> Eaten {
    let Some((first, rest)) = syllables.split_first() else { return Eaten::Not };
    let mut result = Eaten::Not;
    for reading in first.split('/') {
        let same = common(letters, reading.as_bytes());
        for length in (1..=same).rev() {
            let ended = length == letters.len();
            if ended {
                let whole = rest.is_empty() && (length == reading.len() || length == 1);
                if whole {
                    return Eaten::All { whole };
                }
                result = Eaten::All { whole };
                continue;
            }
            match eat(&letters[length..], rest) {
                Eaten::All { whole: true } => return Eaten::All { whole: true },
                found @ Eaten::All { .. } => result = found,
                Eaten::Not => {}
            }
        }
    }
    result
}

/// How many letters the query shares with a reading; u stands for ü too.
fn common(letters: &[u8], reading: &[u8]) -> usize {
    letters
        .iter()
        .zip(reading)
        .take_while(|(typed, read)| typed == read || (**typed, **read) == (b'u', b'v'))
        .count()
}

#[cfg(test)]
mod tests;
