//! The quick PIN: 4–6 digits between two times that the code is asked. Alone it hides nothing; it is stretched, and a second secret of the
//! device goes into the key with it ([`crate::code::quick_key`]).

use zeroize::Zeroizing;

/// Fewest digits.
pub const DIGITS_MIN: usize = 4;
/// Most digits.
pub const DIGITS_MAX: usize = 6;

/// What people choose first, beside years, days, rows and repetitions.
const FAVOURITES: [&str; 12] = [
    "1314", "5201", "5200", "2580", "0852", "1688", "520131", "147258", "258369", "159357", "147852",
    "131452",
];

/// Why a text is no PIN that may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinFault {
    /// Not 4–6 digits.
    #[error("a PIN has 4 to 6 digits")]
    Form,
    /// All alike, a row such as 1234, a repetition, or one of the favourites.
    #[error("a PIN that is tried first")]
    Easy,
    /// A year or a day, as birthdays are.
    #[error("a year or a day")]
    Day,
}

/// A PIN in the one writing that is stretched. No `Debug`, `Clone` or serde; overwritten when dropped.
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Reads a typed PIN, whether it would be accepted as a new one or not.
    ///
    /// # Errors
    /// [`PinFault::Form`].
    pub fn parse(typed: &str) -> Result<Pin, PinFault> {
        let mut text = Zeroizing::new(String::with_capacity(DIGITS_MAX));
        for character in typed.trim().chars() {
            let narrow = match character {
                '０'..='９' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
                other => other,
            };
            if !narrow.is_ascii_digit() || text.len() == DIGITS_MAX {
                return Err(PinFault::Form);
            }
            text.push(narrow);
        }
        if text.len() < DIGITS_MIN { Err(PinFault::Form) } else { Ok(Pin(text)) }
    }

    /// Reads a PIN that is to be set: what a finder would try first is refused.
    ///
    /// # Errors
    /// When it is none or too easy.
    pub fn choose(typed: &str) -> Result<Pin, PinFault> {
        let pin = Pin::parse(typed)?;
        let digits: Vec<u8> = pin.0.bytes().map(|byte| byte - b'0').collect();
        if is_easy(&digits) || FAVOURITES.contains(&pin.as_str()) {
            return Err(PinFault::Easy);
        }
        if is_day(&digits) { Err(PinFault::Day) } else { Ok(pin) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether it is a row up or down, one part again and again, or two digits only.
fn is_easy(digits: &[u8]) -> bool {
    let steps_by = |step: u8| digits.windows(2).all(|pair| (pair[0] + step) % 10 == pair[1]);
    let repeats = |length: usize| digits.iter().zip(&digits[length..]).all(|(a, b)| a == b);
    let doubled = digits.len().is_multiple_of(2) && digits.chunks(2).all(|pair| pair[0] == pair[1]);
    [0, 1, 9].into_iter().any(steps_by) || (1..=digits.len() / 2).any(repeats) || doubled
}

/// Whether it reads as a year, a month with a year, or a day of one.
fn is_day(digits: &[u8]) -> bool {
    let number = |part: &[u8]| part.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    let is_year = |part: &[u8]| (1900..2100).contains(&number(part));
    let is_month_day =
        |part: &[u8]| (1..=12).contains(&number(&part[..2])) && (1..=31).contains(&number(&part[2..]));
    let is_month = |part: &[u8]| (1..=12).contains(&number(part));
    match digits.len() {
        4 => is_year(digits) || is_month_day(digits),
        6 => is_month_day(&digits[2..]) || (is_year(&digits[..4]) && is_month(&digits[4..])),
        _ => is_year(&digits[..4]) || is_year(&digits[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_refused() {
        for typed in [
            "1234", "0000", "4321", "9876", "7890", "012345", "1212", "123123", "112233", "1122", "88888",
            "1314",
        ] {
            assert_eq!(Pin::choose(typed).err(), Some(PinFault::Easy), "{typed}");
        }
    }

    #[test]
    fn birthdays_are_refused() {
        for typed in ["1968", "2003", "0312", "1225", "480312", "194803", "19683", "31968"] {
            assert_eq!(Pin::choose(typed).err(), Some(PinFault::Day), "{typed}");
        }
    }

    #[test]
    fn other_digits_are_taken_however_they_are_typed() {
        for typed in ["4739", " 8305 ", "９０２７", "73915", "905627"] {
            assert!(Pin::choose(typed).is_ok(), "{typed}");
        }
        assert_eq!(Pin::parse("８３０５").map(|pin| pin.as_str().to_owned()), Ok("8305".to_owned()));
    }

    #[test]
    fn anything_else_is_none() {
        for typed in ["", "123", "1234567", "12a4", "八三零五", "12 34"] {
            assert_eq!(Pin::parse(typed).err(), Some(PinFault::Form), "{typed}");
        }
    }

    #[test]
    fn a_pin_that_is_set_can_be_easy_when_it_is_only_read() {
        assert!(Pin::parse("1234").is_ok(), "a rule may grow after the PIN was set");
    }
}
