//! Resident ID numbers, GB 11643: 6 area, 8 birth, 3 order, 1 check.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::day::Day;
use crate::text::bare;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";
/// The first two digits in use (GB/T 2260).
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    "83",
];

/// A number of 18 characters that checks out. It prints as its last four only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdNo(String);

/// A number as it was read from a list or a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The number in its one canonical form.
    pub id: IdNo,
    /// Full-width characters, spaces, a leading apostrophe or a small x were put right.
    pub normalised: bool,
    /// It was an old number of 15 digits.
    pub converted: bool,
}

/// Why a text is no ID number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IdNoError {
    /// Nothing is there.
    #[error("empty")]
    Empty,
    /// A spreadsheet has rounded it: scientific notation, or the last digits are zeros that do not check.
    #[error("digits were lost in a spreadsheet")]
    PrecisionLost,
    /// Neither 18 nor 15 characters.
    #[error("neither 18 nor 15 characters")]
    Length,
    /// Something else than digits and a final X.
    #[error("not digits with a check character")]
    Charset,
    /// The birth in it is no day since 1900.
    #[error("no such day of birth")]
    Birth,
    /// The check character does not fit.
    #[error("the check character does not fit")]
    Checksum,
}

impl IdNo {
    /// Accepts the canonical form only: 18 half-width characters with a capital X.
    ///
    /// # Errors
    /// When length, characters, birth or check are wrong.
    pub fn parse(text: &str) -> Result<IdNo, IdNoError> {
        let bytes = text.as_bytes();
        if text.is_empty() {
            return Err(IdNoError::Empty);
        }
        if text.chars().count() != 18 {
            return Err(IdNoError::Length);
        }
        let (head, last) = bytes.split_at(17.min(bytes.len()));
        if !head.iter().all(u8::is_ascii_digit) || !matches!(last, [b'0'..=b'9' | b'X']) {
            return Err(IdNoError::Charset);
        }
        if check_char(head) != last[0] {
            return Err(if text.ends_with("000") { IdNoError::PrecisionLost } else { IdNoError::Checksum });
        }
        birth_of(head).ok_or(IdNoError::Birth)?;
        Ok(IdNo(text.to_owned()))
    }

    /// Reads a number as lists and people write it, and says what was put right.
    ///
    /// # Errors
    /// When it is no number even then.
    pub fn read(text: &str) -> Result<Reading, IdNoError> {
        let clean = clean(text);
        if is_scientific(&clean) {
            return Err(IdNoError::PrecisionLost);
        }
        let normalised = clean != text;
        if clean.len() == 15 && clean.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Reading { id: convert_15(&clean)?, normalised, converted: true });
        }
        Ok(Reading { id: IdNo::parse(&clean)?, normalised, converted: false })
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four characters.
    pub fn tail(&self) -> &str {
        &self.0[14..]
    }

    /// The six digits of the county that gave the number.
    pub fn county(&self) -> &str {
        &self.0[..6]
    }

    /// Whether the number begins with a province in use; if not, it is worth a look.
    pub fn has_known_province(&self) -> bool {
        PROVINCES.contains(&&self.0[..2])
    }

    /// The day of birth.
    pub fn birth(&self) -> Day {
        birth_of(self.0.as_bytes()).expect("a constructed number has a valid day of birth")
    }

    /// The sex that the order digit says.
    pub fn sex(&self) -> Sex {
        if (self.0.as_bytes()[16] - b'0') % 2 == 1 { Sex::Male } else { Sex::Female }
    }
}

/// Sex as the standard codes it (GB/T 2261.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl Sex {
    /// The code: 1 male, 2 female.
    pub fn code(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
        }
    }

    /// From the code.
    pub fn from_code(code: &str) -> Option<Sex> {
        [Sex::Male, Sex::Female].into_iter().find(|sex| sex.code() == code)
    }
}

impl fmt::Debug for IdNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNo(…{})", self.tail())
    }
}

impl TryFrom<String> for IdNo {
    type Error = IdNoError;

    fn try_from(text: String) -> Result<IdNo, IdNoError> {
        IdNo::parse(&text)
    }
}

impl From<IdNo> for String {
    fn from(id: IdNo) -> String {
        id.0
    }
}

/// Half-width, without spaces and quotes, with a capital X.
fn clean(text: &str) -> String {
    bare(text)
        .chars()
        .filter(|c| !matches!(c, '\'' | '"' | '`' | '‘' | '’' | '“' | '”'))
        .map(|c| if matches!(c, 'x' | '×' | 'Х' | 'х') { 'X' } else { c })
        .collect()
}

/// `3.39999E+17` and the like.
fn is_scientific(clean: &str) -> bool {
    let Some((mantissa, exponent)) = clean.split_once(['e', 'E']) else { return false };
    let digits = exponent.strip_prefix('+').unwrap_or(exponent);
    let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    numeric(mantissa) && numeric(digits)
}

/// An old number: the century goes in, the check goes on.
fn convert_15(old: &str) -> Result<IdNo, IdNoError> {
    let mut text = format!("{}19{}", &old[..6], &old[6..]);
    text.push(char::from(check_char(text.as_bytes())));
    IdNo::parse(&text)
}

fn check_char(head: &[u8]) -> u8 {
    let sum: u32 = head.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS[usize::try_from(sum % 11).unwrap_or(0)]
}

fn birth_of(digits: &[u8]) -> Option<Day> {
    let number = |from: usize, to: usize| {
        digits.get(from..to)?.iter().try_fold(0u16, |n, b| Some(n * 10 + u16::from(b.checked_sub(b'0')?)))
    };
    let year = i32::from(number(6, 10)?);
    let day = Day::new(year, u8::try_from(number(10, 12)?).ok()?, u8::try_from(number(12, 14)?).ok()?)?;
    (year >= 1900).then_some(day)
}

#[cfg(test)]
mod tests;
