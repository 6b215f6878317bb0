//! The functions an expression may call.

use super::{Regex, Scope, Value};
use crate::day::Day;

/// A function by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `selected(answer, code)`: whether the option was chosen.
    Selected,
    /// `count-selected(answer)`: how many options were chosen; of none 0.
    CountSelected,
    /// `selected-at(answer, n)`: the n-th chosen option, from 0.
    SelectedAt,
    /// `if(condition, then, else)`.
    If,
    /// `coalesce(a, b, …)`: the first that is not empty.
    Coalesce,
    /// `not(x)`.
    Not,
    /// `true()`.
    True,
    /// `false()`.
    False,
    /// `boolean(x)`.
    Boolean,
    /// `today()`: the day passed in.
    Today,
    /// `date(x)`: a text or a number of days as a day.
    Date,
    /// `format-date(day, format)`: `%Y %y %m %n %b %d %e %a`, and `%H %h %M %S %3` of midnight.
    FormatDate,
    /// `decimal-date-time(day)`: days since 1970-01-01.
    DecimalDateTime,
    /// `regex(text, pattern)`: whether the whole text is matched.
    Regex,
    /// `count(answers)`: how many a list has.
    Count,
    /// `sum(answers)` of those that are numbers.
    Sum,
    /// `position(..)`: which of its repeat the question is in, from 1.
    Position,
    /// `once(x)`: what was computed first.
    Once,
    /// `int(x)`: without its fraction, towards zero.
    Int,
    /// `round(x, digits?)`: halves up.
    Round,
    /// `floor(x)`.
    Floor,
    /// `ceiling(x)`.
    Ceiling,
    /// `abs(x)`.
    Abs,
    /// `min(a, b, …)` of those that are numbers.
    Min,
    /// `max(a, b, …)` of those that are numbers.
    Max,
    /// `number(x)`.
    Number,
    /// `string(x)`.
    String,
    /// `string-length(x?)`: characters.
    StringLength,
    /// `concat(a, b, …)`.
    Concat,
    /// `contains(text, part)`.
    Contains,
    /// `starts-with(text, part)`.
    StartsWith,
    /// `ends-with(text, part)`.
    EndsWith,
}

/// Arguments without a bound of their own.
const MANY: usize = 64;

/// Name, fewest and most arguments.
const TABLE: &[(Function, &str, usize, usize)] = &[
    (Function::Selected, "selected", 2, 2),
    (Function::CountSelected, "count-selected", 1, 1),
    (Function::SelectedAt, "selected-at", 2, 2),
    (Function::If, "if", 3, 3),
    (Function::Coalesce, "coalesce", 1, MANY),
    (Function::Not, "not", 1, 1),
    (Function::True, "true", 0, 0),
    (Function::False, "false", 0, 0),
    (Function::Boolean, "boolean", 1, 1),
    (Function::Today, "today", 0, 0),
    (Function::Date, "date", 1, 1),
    (Function::FormatDate, "format-date", 2, 2),
    (Function::DecimalDateTime, "decimal-date-time", 1, 1),
    (Function::Regex, "regex", 2, 2),
    (Function::Count, "count", 1, 1),
    (Function::Sum, "sum", 1, 1),
    (Function::Position, "position", 1, 1),
    (Function::Once, "once", 1, 1),
    (Function::Int, "int", 1, 1),
    (Function::Round, "round", 1, 2),
    (Function::Floor, "floor", 1, 1),
    (Function::Ceiling, "ceiling", 1, 1),
    (Function::Abs, "abs", 1, 1),
    (Function::Min, "min", 1, MANY),
    (Function::Max, "max", 1, MANY),
    (Function::Number, "number", 1, 1),
    (Function::String, "string", 1, 1),
    (Function::StringLength, "string-length", 0, 1),
    (Function::Concat, "concat", 1, MANY),
    (Function::Contains, "contains", 2, 2),
    (Function::StartsWith, "starts-with", 2, 2),
    (Function::EndsWith, "ends-with", 2, 2),
];

/// The function of a name, with its fewest and most arguments.
pub(super) fn by_name(name: &str) -> Option<(Function, &'static str, usize, usize)> {
    TABLE.iter().find(|(_, known, ..)| *known == name).copied()
}

/// Calls a function whose arguments are all evaluated; `if` and `coalesce` look at them by themselves.
pub(super) fn call(function: Function, arguments: &[Value], scope: Scope<'_>) -> Value {
    let argument = |i: usize| arguments.get(i).unwrap_or(&Value::Empty);
    let number = |f: fn(f64) -> f64| argument(0).as_number().map_or(Value::Empty, |x| Value::number(f(x)));
    let numbers = || arguments.iter().flat_map(Value::items).filter_map(Value::as_number);
    match function {
        Function::Selected => Value::Bool(is_selected(argument(0), argument(1))),
        Function::CountSelected => count(argument(0).codes().len()),
        Function::SelectedAt => nth(argument(0), argument(1)),
        Function::If => argument(if argument(0).is_true() { 1 } else { 2 }).clone(),
        Function::Coalesce => {
            arguments.iter().flat_map(Value::items).find(|x| !is_empty(x)).cloned().unwrap_or_default()
        }
        Function::Not => Value::Bool(!argument(0).is_true()),
        Function::True => Value::Bool(true),
        Function::False => Value::Bool(false),
        Function::Boolean => Value::Bool(argument(0).is_true()),
        Function::Today => Value::Day(scope.today),
        Function::Date => argument(0).as_day().map_or(Value::Empty, Value::Day),
        Function::FormatDate => argument(0)
            .as_day()
            .map_or(Value::Empty, |day| Value::text(&format_date(day, &argument(1).to_text()))),
        Function::DecimalDateTime => argument(0)
            .as_day()
            .and_then(|day| Value::Day(day).as_number())
            .map_or(Value::Empty, Value::number),
        Function::Regex => Value::Bool(
            Regex::new(&argument(1).to_text()).is_ok_and(|regex| regex.matches(&argument(0).to_text())),
        ),
        Function::Count => count(argument(0).items().len()),
        Function::Sum => Value::number(numbers().fold(0.0, |sum, x| sum + x)),
        // The parser makes a node of its own of it.
        Function::Position => Value::Empty,
        Function::Once if is_empty(scope.here) => argument(0).clone(),
        Function::Once => scope.here.clone(),
        Function::Int => number(f64::trunc),
        Function::Round => round(argument(0), arguments.get(1)),
        Function::Floor => number(f64::floor),
        Function::Ceiling => number(f64::ceil),
        Function::Abs => number(f64::abs),
        Function::Min => numbers().reduce(f64::min).map_or(Value::Empty, Value::number),
        Function::Max => numbers().reduce(f64::max).map_or(Value::Empty, Value::number),
        Function::Number => number(|x| x),
        Function::String => Value::Text(argument(0).to_text()),
        Function::StringLength => count(arguments.first().unwrap_or(scope.here).to_text().chars().count()),
        Function::Concat => Value::Text(arguments.iter().map(Value::to_text).collect()),
        Function::Contains => texts(argument(0), argument(1), |text, part| text.contains(part)),
        Function::StartsWith => texts(argument(0), argument(1), |text, part| text.starts_with(part)),
        Function::EndsWith => texts(argument(0), argument(1), |text, part| text.ends_with(part)),
    }
}

fn is_selected(answer: &Value, code: &Value) -> bool {
    !is_empty(code) && answer.codes().contains(&code.to_text().as_str())
}

fn is_empty(value: &Value) -> bool {
    *value == Value::Empty || matches!(value, Value::Text(text) if text.is_empty())
}

fn count(n: usize) -> Value {
    u32::try_from(n).map_or(Value::Empty, |n| Value::Number(f64::from(n)))
}

fn nth(answer: &Value, n: &Value) -> Value {
    let Some(n) = n.as_number().filter(|n| *n >= 0.0) else { return Value::Empty };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative; too large finds nothing"
    )]
    let n = n as usize;
    answer.codes().get(n).map_or(Value::Empty, |code| Value::text(code))
}

fn round(value: &Value, digits: Option<&Value>) -> Value {
    let Some(number) = value.as_number() else { return Value::Empty };
    let digits = digits.and_then(Value::as_number).unwrap_or(0.0).clamp(-15.0, 15.0);
    #[expect(clippy::cast_possible_truncation, reason = "within 15 on both sides")]
    let digits = digits.trunc() as i32;
    let unit = (0..digits.abs()).fold(1.0, |unit, _| unit * 10.0);
    let unit = if digits < 0 { 1.0 / unit } else { unit };
    Value::number((number * unit + 0.5).floor() / unit)
}

/// False when the text is empty, whatever the part.
fn texts(text: &Value, part: &Value, holds: fn(&str, &str) -> bool) -> Value {
    Value::Bool(!is_empty(text) && holds(&text.to_text(), &part.to_text()))
}

/// English names, as the XForms specification has them.
const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
const WEEKDAYS: &str = "MonTueWedThuFriSatSun";

/// What follows a `%` that has no meaning is left out, as it is in the phone apps for XLSForms.
fn format_date(day: Day, format: &str) -> String {
    let mut out = String::new();
    let mut rest = format.chars();
    let three = |names: &'static str, place: u8| {
        let at = usize::from(place) * 3;
        names.get(at..at + 3).unwrap_or_default()
    };
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('Y') => out += &format!("{:04}", day.year()),
            Some('y') => out += &format!("{:02}", day.year() % 100),
            Some('m') => out += &format!("{:02}", day.month()),
            Some('n') => out += &day.month().to_string(),
            Some('b') => out += three(MONTHS, day.month() - 1),
            Some('d') => out += &format!("{:02}", day.day()),
            Some('e') => out += &day.day().to_string(),
            Some('a') => out += three(WEEKDAYS, day.weekday() - 1),
            Some('H' | 'M' | 'S') => out += "00",
            Some('h') => out += "0",
            Some('3') => out += "000",
            Some('%') => out.push('%'),
            _ => {}
        }
    }
    out
}
