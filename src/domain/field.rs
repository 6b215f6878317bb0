//! One field of a recipient's file as a person types it: what is stored, or what is wrong with it.

use serde_json::Value;
use thiserror::Error;

use crate::{day::Day, id_no::IdNo, region::AreaCode, text};

/// Characters of a name.
const NAME_MAX: usize = 50;
/// Characters of an address and of every other line of words.
const WORDS_MAX: usize = 200;
/// Digits of an account: cards have 16 to 19, passbooks of co-operatives 12 to 21.
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 12..=21;
/// No paper of a living person is older.
const YEAR_MIN: i32 = 1900;
/// Martyrs of the first years were born before.
const DECEASED_YEAR_MIN: i32 = 1850;

/// Fields that hold a day without their name's saying so.
const DAYS: [&str; 5] = ["birth", "deceased_birth", "from", "service_from", "service_to"];

/// Why a typed value is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FieldError {
    /// A file cannot be without it.
    #[error("may not be empty")]
    Empty,
    /// Neither an ID number that checks out nor the number of a military paper.
    #[error("no ID number")]
    IdNo,
    /// Digits, 12 to 21 of them.
    #[error("no account number")]
    Account,
    /// A mobile number or a landline.
    #[error("no telephone number")]
    Phone,
    /// Digits and signs are no name.
    #[error("no name")]
    Name,
    /// More characters than the field holds.
    #[error("longer than {max} characters")]
    TooLong {
        /// As many as it holds.
        max: usize,
    },
    /// Outside of what is possible.
    #[error("not between {min} and {max}")]
    Range {
        /// The least.
        min: i64,
        /// The most; `i64::MAX` where there is none.
        max: i64,
    },
    /// Not the 12 digits of a region.
    #[error("no region code")]
    Area,
    /// A day that has not come, or one before anybody whose papers are kept.
    #[error("no day up to today")]
    Day,
}

/// The value to store for a value that was typed. Null clears a field that may be empty.
///
/// # Errors
/// When the field cannot hold it.
pub fn check(field: &str, value: Value, today: Day) -> Result<Value, FieldError> {
    if value.is_null() {
        let must = ["name", "id_no", "live_addr"].contains(&field);
        return if must { Err(FieldError::Empty) } else { Ok(value) };
    }
    match (field, &value) {
        ("id_no", Value::String(typed)) => return id_no(typed).map(Value::from),
        ("account_no", Value::String(typed)) => return account_no(typed).map(Value::from),
        ("name" | "account_name" | "contact_name", Value::String(typed)) => name(typed)?,
        ("mobile" | "phone2" | "contact_phone" | "employer_phone", Value::String(typed))
            if !text::is_phone(typed) =>
        {
            return Err(FieldError::Phone);
        }
        ("built", Value::String(typed)) => year(typed, today)?,
        ("family_size", Value::Number(_)) => range(&value, 1, 30)?,
        ("family_minors" | "family_elders", Value::Number(_)) => range(&value, 0, 30)?,
        ("rooms" | "service_years" | "disabled_children", Value::Number(_)) => range(&value, 0, 99)?,
        ("grade", Value::Number(_)) => range(&value, 1, 10)?,
        ("live_code" | "domicile_code", Value::String(typed)) if !is_village_code(typed) => {
            return Err(FieldError::Area);
        }
        ("income_year", Value::Number(_)) => range(&value, 0, i64::MAX)?,
        // An end may lie ahead.
        ("to", Value::String(typed)) => {
            typed.parse::<Day>().map_err(|_| FieldError::Day)?;
        }
        (_, Value::String(typed)) if DAYS.contains(&field) || field.ends_with("_on") => {
            let day: Day = typed.parse().map_err(|_| FieldError::Day)?;
            let least = if field == "deceased_birth" { DECEASED_YEAR_MIN } else { YEAR_MIN };
            if day > today || day.year() < least {
                return Err(FieldError::Day);
            }
        }
        (_, Value::String(typed)) if typed.chars().count() > WORDS_MAX => {
            return Err(FieldError::TooLong { max: WORDS_MAX });
        }
        _ => {}
    }
    Ok(value)
}

/// Serving members may have no ID number (domain.md §3.1): the number of a military paper holds Chinese characters.
fn id_no(typed: &str) -> Result<String, FieldError> {
    match IdNo::read(typed) {
        Ok(reading) => Ok(reading.id.as_str().to_owned()),
        Err(_) if typed.chars().any(is_chinese) && typed.chars().count() <= NAME_MAX => Ok(typed.to_owned()),
        Err(_) => Err(FieldError::IdNo),
    }
}

fn account_no(typed: &str) -> Result<String, FieldError> {
    let digits = text::bare(typed);
    let is_one = ACCOUNT_DIGITS.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if is_one { Ok(digits) } else { Err(FieldError::Account) }
}

fn name(typed: &str) -> Result<(), FieldError> {
    if typed.chars().count() > NAME_MAX {
        return Err(FieldError::TooLong { max: NAME_MAX });
    }
    let is_of_names =
        |c: char| c.is_alphabetic() || matches!(c, '·' | '•' | '.' | ' ' | '(' | ')' | '（' | '）');
    if typed.chars().all(is_of_names) { Ok(()) } else { Err(FieldError::Name) }
}

fn year(typed: &str, today: Day) -> Result<(), FieldError> {
    match text::narrow(typed).parse::<i32>() {
        Ok(year) if !(YEAR_MIN..=today.year()).contains(&year) => {
            Err(FieldError::Range { min: YEAR_MIN.into(), max: today.year().into() })
        }
        // "八十年代" says enough.
        _ => Ok(()),
    }
}

fn is_village_code(typed: &str) -> bool {
    typed.len() == 12 && typed.parse::<AreaCode>().is_ok()
}

fn range(value: &Value, min: i64, max: i64) -> Result<(), FieldError> {
    let is_in = value.as_i64().is_some_and(|number| (min..=max).contains(&number));
    if is_in { Ok(()) } else { Err(FieldError::Range { min, max }) }
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn today() -> Day {
        Day::new(2026, 11, 26).expect("a day")
    }

    #[test]
    fn what_is_right_is_stored_in_its_one_form() {
        for (field, typed, stored) in [
            ("id_no", json!("33999919660905108x"), json!("33999919660905108X")),
            ("id_no", json!("军字第 123456 号"), json!("军字第 123456 号")),
            ("account_no", json!("6222 0212 3456 7890 123"), json!("6222021234567890123")),
            ("mobile", json!("13912345678"), json!("13912345678")),
            ("phone2", json!("0570-6346681"), json!("0570-6346681")),
            ("name", json!("阿依古丽·买买提"), json!("阿依古丽·买买提")),
            ("built", json!("1998"), json!("1998")),
            ("built", json!("八十年代"), json!("八十年代")),
            ("family_size", json!(4), json!(4)),
            ("income_year", json!(0), json!(0)),
            ("remark", Value::Null, Value::Null),
            ("grade", json!(6), json!(6)),
            ("live_code", json!("339999100201"), json!("339999100201")),
            ("to", json!("2030-12-31"), json!("2030-12-31")),
            ("deceased_birth", json!("1898-05-01"), json!("1898-05-01")),
            ("service_years", json!("4年6个月"), json!("4年6个月")),
            ("service_years", json!(4), json!(4)),
        ] {
            assert_eq!(check(field, typed, today()), Ok(stored), "{field}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_reason() {
        for (field, typed, why) in [
            ("id_no", json!("123"), FieldError::IdNo),
            ("id_no", json!("339999194803120018"), FieldError::IdNo),
            ("id_no", Value::Null, FieldError::Empty),
            ("live_addr", Value::Null, FieldError::Empty),
            ("live_addr", json!("路".repeat(201)), FieldError::TooLong { max: 200 }),
            ("account_no", json!("abc"), FieldError::Account),
            ("mobile", json!("12345"), FieldError::Phone),
            ("name", json!("<b>李1</b>"), FieldError::Name),
            ("built", json!("3050"), FieldError::Range { min: 1900, max: 2026 }),
            ("family_size", json!(0), FieldError::Range { min: 1, max: 30 }),
            ("income_year", json!(-100), FieldError::Range { min: 0, max: i64::MAX }),
            ("birth", json!("2027-01-01"), FieldError::Day),
            ("enlisted_on", json!("1099-01-01"), FieldError::Day),
            ("grade", json!(11), FieldError::Range { min: 1, max: 10 }),
            ("live_code", json!("339999"), FieldError::Area),
            ("domicile_code", json!("红旗村"), FieldError::Area),
            ("service_to", json!("2027-01-01"), FieldError::Day),
            ("to", json!("明年"), FieldError::Day),
            ("deceased_birth", json!("1849-12-31"), FieldError::Day),
            ("birth", json!("1899-12-31"), FieldError::Day),
            ("service_years", json!(100), FieldError::Range { min: 0, max: 99 }),
        ] {
            assert_eq!(check(field, typed, today()), Err(why), "{field}");
        }
    }
}
