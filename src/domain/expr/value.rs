//! What an expression works on.

use crate::{day::Day, money::Money};

/// A value of an answer, a fact or an expression.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No answer.
    #[default]
    Empty,
    /// Yes or no.
    Bool(bool),
    /// A number, always finite.
    Number(f64),
    /// A text, or the code of a chosen option.
    Text(String),
    /// The codes of chosen options.
    Set(Vec<String>),
    /// A calendar day.
    Day(Day),
    /// The answers of a question in all of its repeats; never lists themselves.
    List(Vec<Value>),
}

impl Value {
    /// A number, or empty when it is not finite.
    pub fn number(number: f64) -> Value {
        if number.is_finite() { Value::Number(number) } else { Value::Empty }
    }

    /// An amount, in yuan.
    pub fn money(money: Money) -> Value {
        // Exact up to 2^53 fen, 90 trillion yuan.
        #[expect(clippy::cast_precision_loss, reason = "money on the wire stays below 2^53 fen")]
        Value::Number(money.fen() as f64 / 100.0)
    }

    /// A text, or empty when it has no characters.
    pub fn text(text: &str) -> Value {
        if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) }
    }

    /// Chosen options, or empty when there are none.
    pub fn set(codes: Vec<String>) -> Value {
        if codes.is_empty() { Value::Empty } else { Value::Set(codes) }
    }

    /// As a truth.
    pub fn is_true(&self) -> bool {
        match self {
            Value::Empty => false,
            Value::Bool(truth) => *truth,
            Value::Number(number) => *number != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::Set(_) | Value::Day(_) => true,
            // As a set of nodes in XPath: whether there is one.
            Value::List(items) => !items.is_empty(),
        }
    }

    /// As a number; `None` if it is none.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Empty => None,
            Value::Set(codes) => match &codes[..] {
                [one] => decimal(one.trim()),
                _ => None,
            },
            Value::List(items) => items.first()?.as_number(),
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            Value::Number(number) => Some(*number),
            Value::Text(text) => decimal(text.trim()),
            Value::Day(day) => Some(days_since_1970(*day)),
        }
    }

    /// As a day; `None` if it is none. A text must be written `2026-11-23`, a number counts days since 1970.
    pub fn as_day(&self) -> Option<Day> {
        match self {
            Value::Day(day) => Some(*day),
            Value::Text(text) => text.parse().ok(),
            Value::Number(number) => {
                #[expect(clippy::cast_possible_truncation, reason = "what does not fit is no day anyway")]
                let days = number.floor() as i64;
                Day::new(1970, 1, 1)?.plus_days(days)
            }
            Value::List(items) => items.first()?.as_day(),
            _ => None,
        }
    }

    /// As a text; empty is the empty text, options are joined by spaces, whole numbers have no point.
    pub fn to_text(&self) -> String {
        match self {
            Value::Empty => String::new(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => number_text(*number),
            Value::Text(text) => text.clone(),
            Value::Set(codes) => codes.join(" "),
            Value::Day(day) => day.to_string(),
            Value::List(items) => items.first().map(Value::to_text).unwrap_or_default(),
        }
    }

    /// Its items, of a list; itself alone otherwise.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            one => std::slice::from_ref(one),
        }
    }

    /// The codes of chosen options: one, several or none.
    pub fn codes(&self) -> Vec<&str> {
        match self {
            Value::Text(text) => text.split_whitespace().collect(),
            Value::Set(codes) => codes.iter().map(String::as_str).collect(),
            Value::List(items) => items.first().map(Value::codes).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

/// Digits with at most one point, and a sign before them; exact as long as all digits together are fewer than 16.
///
/// The standard library's reader of numbers brings a table of ten kilobytes, which does not pack, into the app.
pub fn decimal(text: &str) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !is_number(whole) || !is_number(part) {
        return None;
    }
    let number = whole.bytes().chain(part.bytes()).fold(0.0, |sum, byte| sum * 10.0 + f64::from(byte - b'0'));
    let unit = part.bytes().fold(1.0, |unit, _| unit * 10.0);
    Some(sign * number / unit).filter(|number| number.is_finite())
}

/// Whole numbers have no point. Others are written by the library that writes them as JSON anyway.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be whole and within what a double holds exactly"
        )]
        return (number as i64).to_string();
    }
    serde_json::Value::from(number).to_string()
}

fn days_since_1970(day: Day) -> f64 {
    let epoch = Day::new(1970, 1, 1).expect("the calendar has this day");
    i32::try_from(day.days_since(epoch)).map_or(0.0, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_of_up_to_15_digits_are_read_as_the_standard_library_reads_them(
            whole in 0_u64..1_000_000_000, part in proptest::option::of("[0-9]{0,6}"), sign in "[+-]?",
        ) {
            let text = match part {
                Some(part) => format!("{sign}{whole}.{part}"),
                None => format!("{sign}{whole}"),
            };
            prop_assert_eq!(decimal(&text), text.parse().ok(), "{}", text);
        }

        #[test]
        fn a_number_and_its_text_are_one(fen in -1_000_000_000_000_i64..1_000_000_000_000) {
            let number = Value::money(Money::from_fen(fen));
            prop_assert_eq!(Value::Text(number.to_text()).as_number(), number.as_number());
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", ".", "-", "1e5", "inf", "NaN", "1.2.3", "--1", "1 2", "０"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(decimal(".5"), Some(0.5));
        assert_eq!(decimal("5."), Some(5.0));
    }
}
