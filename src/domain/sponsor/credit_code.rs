//! The credit code of a legal person or organisation: 统一社会信用代码 (GB 32100-2015).

use crate::text;
use thiserror::Error;

/// The signs that occur, in the order of their values; without I, O, S, V and Z.
const SIGNS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weight of a place is that of the place before times so much, modulo the number of signs.
const STEP: usize = 3;

/// A code that checks out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditCode(String);

/// Why a text is no credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CreditCodeError {
    /// Not 18 signs.
    #[error("{found} signs instead of 18")]
    Length {
        /// So many there are.
        found: usize,
    },
    /// A sign that occurs in no code.
    #[error("`{0}` occurs in no code")]
    Sign(char),
    /// The last sign does not check the others.
    #[error("the check does not fit")]
    Checksum,
}

impl CreditCode {
    /// Signs of a code, the last of which checks the others.
    pub const LENGTH: usize = 18;

    /// Reads a code as people type it: with spaces, in small or full-width letters.
    ///
    /// # Errors
    /// When it is none even then.
    pub fn read(typed: &str) -> Result<CreditCode, CreditCodeError> {
        let code = text::bare(typed).to_ascii_uppercase();
        let found = code.chars().count();
        if found != CreditCode::LENGTH {
            return Err(CreditCodeError::Length { found });
        }
        let mut values = [0; CreditCode::LENGTH];
        for (place, sign) in code.chars().enumerate() {
            let value = SIGNS.iter().position(|known| char::from(*known) == sign);
            values[place] = value.ok_or(CreditCodeError::Sign(sign))?;
        }
        if checks(&values) { Ok(CreditCode(code)) } else { Err(CreditCodeError::Checksum) }
    }

    /// The 18 signs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether the weighted sum of all places, of which the last counts once, is a multiple of the number of signs.
fn checks(values: &[usize; CreditCode::LENGTH]) -> bool {
    let (mut weight, mut sum) = (1, 0);
    let (check, head) = values.split_last().expect("a code has signs");
    for value in head {
        sum += value * weight;
        weight = weight * STEP % SIGNS.len();
    }
    (sum + check).is_multiple_of(SIGNS.len())
}

#[cfg(test)]
mod tests {
    use super::{CreditCode, CreditCodeError as E, SIGNS};

    fn read(typed: &str) -> Result<String, E> {
        CreditCode::read(typed).map(|code| code.as_str().to_owned())
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        // The first is the standard's own example.
        for (typed, code) in [
            ("91350100M000100Y43", "91350100M000100Y43"),
            ("91110000600037341L", "91110000600037341L"),
            ("53100000500021676K", "53100000500021676K"),
            ("11100000000013338W", "11100000000013338W"),
            (" 9135 0100 m000 100y 43 ", "91350100M000100Y43"),
            ("９１３５０１００Ｍ０００１００Ｙ４３", "91350100M000100Y43"),
        ] {
            assert_eq!(read(typed).as_deref(), Ok(code), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused_for_the_right_reason() {
        for (typed, why) in [
            ("", E::Length { found: 0 }),
            ("91350100M000100Y4", E::Length { found: 17 }),
            ("91350100M000100Y434", E::Length { found: 19 }),
            ("9135O100M000100Y43", E::Sign('O')),
            ("91350100M000100Z43", E::Sign('Z')),
            ("91350100M000100企43", E::Sign('企')),
            ("91350100M000100Y44", E::Checksum),
            ("91350100M001000Y43", E::Checksum),
            // ID numbers are as long.
            ("339999194803120019", E::Checksum),
        ] {
            assert_eq!(read(typed), Err(why), "{typed}");
        }
    }

    #[test]
    fn one_wrong_sign_is_always_noticed() {
        let code = "91350100M000100Y43";
        for place in 0..code.len() {
            for sign in SIGNS {
                let mut typed = code.as_bytes().to_vec();
                typed[place] = *sign;
                let typed = String::from_utf8(typed).expect("plain signs");
                assert_eq!(read(&typed).is_ok(), typed == code, "{typed}");
            }
        }
    }
}
