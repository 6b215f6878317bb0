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
        }
    }

    /// As a number; `None` if it is none.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Empty | Value::Set(_) => None,
            Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
            Value::Number(number) => Some(*number),
            Value::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
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
            _ => None,
        }
    }

    /// As a text; empty is the empty text, options are joined by spaces, whole numbers have no point.
    pub fn to_text(&self) -> String {
        match self {
            Value::Empty => String::new(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Set(codes) => codes.join(" "),
            Value::Day(day) => day.to_string(),
        }
    }

    /// The codes of chosen options: one, several or none.
    pub fn codes(&self) -> Vec<&str> {
        match self {
            Value::Text(text) => text.split_whitespace().collect(),
            Value::Set(codes) => codes.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

fn days_since_1970(day: Day) -> f64 {
    let epoch = Day::new(1970, 1, 1).expect("the calendar has this day");
    i32::try_from(day.days_since(epoch)).map_or(0.0, f64::from)
}
