//! What in the file of a person does not go together, and what numbers look like.

use crate::{day::Day, id_no::IdNo, text};

/// Why a value is doubted beside the rest of the file: a code for which the screens have a sentence. It is shown, and refuses nothing.
///
/// `beside` tells what else stands in the file, of a number its tail. A value that is still being typed is not doubted.
pub fn doubt(field: &str, said: &str, beside: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    let said = said.trim();
    let sex_differs =
        |number: &str, sex: &str| matches!(sex, "1" | "2") && sex_of(number).is_some_and(|own| own != sex);
    let birth_differs = |number: &str, birth: &str| {
        let day = birth.parse::<Day>().ok();
        day.is_some_and(|day| IdNo::parse(number).is_ok_and(|id| id.birth() != day))
    };
    let is = |found: bool, code| found.then_some(code);
    match field {
        "id_no" => {
            let number = text::narrow(said).to_uppercase();
            let unknown = IdNo::parse(&number).is_ok_and(|id| !id.has_known_province());
            is(unknown, "id_province")
                .or_else(|| is(sex_differs(&number, &beside("sex")?), "sex_mismatch"))
                .or_else(|| is(birth_differs(&number, &beside("birth")?), "birth_mismatch"))
        }
        "sex" => is(sex_differs(&beside("id_no")?, said), "sex_mismatch"),
        "birth" => is(birth_differs(&beside("id_no")?, said), "birth_mismatch"),
        "mobile" => is(said.len() >= MOBILE_DIGITS && !is_mobile(said), "phone_invalid"),
        "account_no" => {
            let digits = text::bare(said);
            is(is_card(&digits) && !luhn(&digits), "account_check")
        }
        "account_name" => is(!said.is_empty() && !beside("name")?.starts_with(said), "account_of_another"),
        _ => None,
    }
}

const MOBILE_DIGITS: usize = 11;

/// The sex that a number says, also one of which only the tail is shown: the last digit but one is odd of men.
fn sex_of(number: &str) -> Option<&'static str> {
    let digit = match number.as_bytes() {
        tail if tail.len() == 18 && tail[0] == b'*' => tail[16].is_ascii_digit().then_some(tail[16])?,
        _ => return IdNo::parse(number).ok().map(|id| id.sex().code()),
    };
    Some(if digit % 2 == 1 { "1" } else { "2" })
}

/// A mobile number of the mainland: 1[3-9] and nine digits more.
pub fn is_mobile(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

/// A landline: area code and number (0570-6346681), or the number alone.
pub fn is_landline(text: &str) -> bool {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        Some((area, number)) => {
            area.starts_with('0')
                && matches!(area.len(), 3 | 4)
                && matches!(number.len(), 7 | 8)
                && digits(area)
                && digits(number)
        }
        None => {
            digits(text)
                && (matches!(text.len(), 7 | 8) || text.starts_with('0') && matches!(text.len(), 10..=12))
        }
    }
}

/// Whether an account is a card's, whose last digit checks the others; the books of rural co-operatives have no such digit.
pub(crate) fn is_card(account: &str) -> bool {
    (16..=19).contains(&account.len())
        && account.starts_with("62")
        && account.bytes().all(|b| b.is_ascii_digit())
}

/// The check of card numbers.
pub(crate) fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            if i % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::{doubt, is_landline, is_mobile};

    /// A man, born 1948-03-12.
    const MAN: &str = "339999194803120019";

    #[test]
    fn what_does_not_go_together_is_doubted_and_what_does_is_not() {
        let file = |name: &str| {
            let said = match name {
                "id_no" => MAN,
                "sex" => "1",
                "birth" => "1948-03-12",
                "name" => "李伟",
                _ => return None,
            };
            Some(said.to_owned())
        };
        for (field, said, code) in [
            ("sex", "2", Some("sex_mismatch")),
            ("sex", "1", None),
            ("sex", "0", None),
            ("birth", "1948-03-13", Some("birth_mismatch")),
            ("birth", "1948-03-12", None),
            ("id_no", MAN, None),
            ("id_no", "339999193508090027", Some("sex_mismatch")),
            ("id_no", "33999919710117215x", Some("birth_mismatch")),
            ("id_no", "3399991948", None),
            ("mobile", "12800001234", Some("phone_invalid")),
            ("mobile", "13800001234", None),
            ("mobile", "1280000", None),
            ("account_no", "6222020000000000001", Some("account_check")),
            ("account_no", "6222 0200 0000 0000 000", None),
            ("account_no", "101010101010", None),
            ("account_name", "李强", Some("account_of_another")),
            ("account_name", "李伟", None),
            ("account_name", "李", None),
            ("edu", "2", None),
        ] {
            assert_eq!(doubt(field, said, &file), code, "{field} {said}");
            assert!(!matches!(doubt(field, said, &|_| None), Some("sex_mismatch" | "birth_mismatch")));
        }
    }

    #[test]
    fn a_province_that_there_is_not_is_doubted() {
        assert_eq!(doubt("id_no", "999999194803120011", &|_| None), Some("id_province"));
    }

    #[test]
    fn a_tail_tells_the_sex_and_no_birth() {
        let file = |name: &str| (name == "id_no").then(|| "**************0019".to_owned());
        assert_eq!(doubt("sex", "2", &file), Some("sex_mismatch"));
        assert_eq!(doubt("sex", "1", &file), None);
        assert_eq!(doubt("birth", "1950-01-01", &file), None);
        let hidden = |name: &str| (name == "id_no").then(|| "******************".to_owned());
        assert_eq!(doubt("sex", "2", &hidden), None);
    }

    #[test]
    fn phones_are_told_apart() {
        assert!(is_mobile("13800001234") && !is_mobile("12800001234") && !is_mobile("1380000123"));
        assert!(is_landline("0570-6346681") && is_landline("6346681") && is_landline("05706346681"));
        assert!(!is_landline("0570-63466") && !is_landline("无"));
    }
}
