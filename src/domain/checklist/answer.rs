//! One answer: its form, its limits, and its value in expressions.

use super::{AnswerMap, Question, QuestionKind};
use crate::{
    day::Day,
    expr::{Value, decimal},
    money::Money,
    region::AreaCode,
    text,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

/// Answers by code. A draft may hold answers of hidden questions, in case they are shown again; a finished visit holds none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub AnswerMap);

impl Answers {
    /// The answer under a code; null counts as none.
    pub fn get(&self, code: &str) -> Option<&Json> {
        self.0.get(code).filter(|json| !json.is_null())
    }

    /// Sets an answer; null takes it away.
    pub fn set(&mut self, code: &str, answer: Json) {
        if answer.is_null() {
            self.0.remove(code);
        } else {
            self.0.insert(code.to_owned(), answer);
        }
    }

    /// Whether this option was chosen, alone or among others.
    pub fn has(&self, code: &str, option: &str) -> bool {
        match self.get(code) {
            Some(Json::String(chosen)) => chosen == option,
            Some(Json::Array(chosen)) => chosen.iter().any(|one| one == option),
            _ => false,
        }
    }

    /// Whether one of these options was chosen.
    pub fn has_any(&self, code: &str, options: &[&str]) -> bool {
        options.iter().any(|option| self.has(code, option))
    }

    /// A yes or no.
    pub fn bool(&self, code: &str) -> Option<bool> {
        self.get(code)?.as_bool()
    }

    /// A whole number, also fen and a rating.
    pub fn int(&self, code: &str) -> Option<i64> {
        self.get(code)?.as_i64()
    }

    /// A text.
    pub fn text(&self, code: &str) -> Option<&str> {
        self.get(code)?.as_str()
    }

    /// A day.
    pub fn day(&self, code: &str) -> Option<Day> {
        self.text(code)?.parse().ok()
    }

    /// A place.
    pub fn region(&self, code: &str) -> Option<RegionAnswer> {
        RegionAnswer::deserialize(self.get(code)?).ok()
    }
}

/// A place: its area and what stands on the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionAnswer {
    /// The region code; absent for a place outside the areas that the phone knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The rest of the address, never empty.
    pub addr: String,
}

/// A signature that was not given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// `拒签` or `不便`.
    pub refused: String,
    /// Why, never empty.
    pub reason: String,
}

impl Refusal {
    /// Who should sign will not.
    pub const REFUSES: &str = "拒签";
    /// Who should sign cannot.
    pub const UNABLE: &str = "不便";
}

/// What was typed as a decimal number; kept as it stands if it is none.
pub fn decimal_answer(text: &str) -> Json {
    let tidy = text::narrow(text);
    match tidy.trim() {
        "" => Json::Null,
        tidy => decimal(tidy).map_or_else(|| Json::from(text), number_json),
    }
}

/// Millionths in a degree.
const MICRO: f64 = 1e6;

/// What was typed as a latitude and a longitude; kept as it stands if it is none.
pub fn position_answer(text: &str) -> Json {
    let tidy = text::narrow(text);
    let parts: Vec<&str> = tidy.split([' ', ',', '，']).filter(|part| !part.is_empty()).collect();
    let within = |text: &str, most: f64| decimal(text).filter(|degrees| degrees.abs() <= most);
    match parts[..] {
        [] => Json::Null,
        [lat, lon] => match (within(lat, 90.0), within(lon, 180.0)) {
            (Some(lat), Some(lon)) => {
                let micro = |degrees: f64| number_json((degrees * MICRO).round());
                json!({"lat": micro(lat), "lon": micro(lon), "accuracy": 0})
            }
            _ => Json::from(text),
        },
        _ => Json::from(text),
    }
}

/// Degrees in which a position that a device told is kept, a hundred metres or so: the house is found by it, and no room in it.
const COARSE: f64 = 1e-3;
/// Metres off at least, so rounded.
const COARSE_METRES: f64 = 100.0;

/// A position that a device told, in degrees, and how many metres it may be off; kept coarse.
pub fn coarse_position(lat: f64, lon: f64, accuracy: f64) -> Json {
    let micro = |degrees: f64| number_json(((degrees / COARSE).round() * COARSE * MICRO).round());
    json!({"lat": micro(lat), "lon": micro(lon), "accuracy": number_json(accuracy.max(COARSE_METRES).ceil())})
}

/// A position as it is typed and read.
pub fn position_text(place: &Map<String, Json>) -> String {
    let degrees = |name: &str| {
        let micro = place.get(name).and_then(Json::as_f64).unwrap_or_default();
        Value::number(micro / MICRO).to_text()
    };
    format!("{} {}", degrees("lat"), degrees("lon"))
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// There is none, and there must be one.
    #[error("missing")]
    Missing,
    /// It has not the form of its kind.
    #[error("not of the kind asked for")]
    Kind,
    /// An option that the question does not have.
    #[error("not an option")]
    Option,
    /// An option that excludes others was chosen with others.
    #[error("chosen with what it excludes")]
    Alone,
    /// Below the least, counted as the question's `min`.
    #[error("less than {0}")]
    Less(i64),
    /// Above the most.
    #[error("more than {0}")]
    More(i64),
    /// Not a telephone number.
    #[error("not a telephone number")]
    Phone,
    /// No such area.
    #[error("not an area")]
    Area,
    /// A signature may not be refused here, or a reason is lacking.
    #[error("refused without a reason")]
    Refused,
    /// The question's own rule does not hold; its words say why.
    #[error("its rule does not hold")]
    Rule,
}

/// Checks form and limits of a given answer.
///
/// # Errors
/// The first thing wrong.
pub(super) fn check(question: &Question, json: &Json) -> Result<(), Why> {
    let (min, max) = question.limits();
    match question.kind {
        QuestionKind::Single => known(question, json.as_str().ok_or(Why::Kind)?),
        QuestionKind::Multi => check_multi(question, json),
        QuestionKind::Bool => json.as_bool().map(drop).ok_or(Why::Kind),
        QuestionKind::Int | QuestionKind::Money | QuestionKind::Rating | QuestionKind::Repeat => {
            within(json.as_i64().ok_or(Why::Kind)?, min, max)
        }
        QuestionKind::Decimal => check_decimal(json, question.min, question.max),
        QuestionKind::Calculate => Ok(()),
        QuestionKind::Date => json.as_str().ok_or(Why::Kind)?.parse::<Day>().map(drop).map_err(|_| Why::Kind),
        QuestionKind::Text => within(length(json.as_str().ok_or(Why::Kind)?.chars().count()), min, max),
        QuestionKind::Phone => {
            let phone = json.as_str().ok_or(Why::Kind)?;
            if text::is_phone(phone) { Ok(()) } else { Err(Why::Phone) }
        }
        QuestionKind::Region => check_region(json),
        QuestionKind::Photo => within(length(hashes(json)?), min, max),
        QuestionKind::Signature => check_signature(question, json),
        QuestionKind::Geo => {
            let whole = ["lat", "lon", "accuracy"].iter().all(|name| json[*name].is_i64());
            if whole { Ok(()) } else { Err(Why::Kind) }
        }
        QuestionKind::Parts | QuestionKind::Note => Err(Why::Kind),
    }
}

/// Whether a given answer is no more than an empty one.
pub(super) fn is_blank(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// The value of an answer in expressions. An answer of the wrong form is empty.
pub(super) fn value(kind: QuestionKind, json: &Json) -> Value {
    match (kind, json) {
        (QuestionKind::Bool, Json::Bool(truth)) => Value::Bool(*truth),
        (QuestionKind::Money, _) => {
            json.as_i64().map_or(Value::Empty, |fen| Value::money(Money::from_fen(fen)))
        }
        (QuestionKind::Int | QuestionKind::Rating | QuestionKind::Decimal, _) => {
            json.as_f64().map_or(Value::Empty, Value::number)
        }
        (QuestionKind::Calculate, _) => plain_value(json),
        (QuestionKind::Date, Json::String(text)) => text.parse().map_or(Value::Empty, Value::Day),
        (QuestionKind::Region, _) => json["addr"].as_str().map_or(Value::Empty, Value::text),
        (_, Json::String(text)) => Value::text(text),
        (_, Json::Array(list)) => {
            Value::set(list.iter().filter_map(Json::as_str).map(str::to_owned).collect())
        }
        _ => Value::Empty,
    }
}

/// The value of JSON of which no question says what it is: a computed answer, a field of the file.
pub(super) fn plain_value(json: &Json) -> Value {
    match json {
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => number.as_f64().map_or(Value::Empty, Value::number),
        Json::String(text) => Value::text(text),
        Json::Array(list) => Value::set(list.iter().filter_map(Json::as_str).map(str::to_owned).collect()),
        Json::Null | Json::Object(_) => Value::Empty,
    }
}

/// Whether what was chosen is among the options offered.
pub(super) fn is_among(question: &Question, offered: &[usize], json: &Json) -> bool {
    let offers = |code: &str| offered.iter().any(|place| question.options[*place].code == code);
    match json {
        Json::Array(chosen) => chosen.iter().filter_map(Json::as_str).all(offers),
        one => one.as_str().is_none_or(offers),
    }
}

/// The answer of a derived question; `None` when the value does not fit its kind.
pub(super) fn from_value(kind: QuestionKind, value: &Value) -> Option<Json> {
    let whole = |number: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be within what JSON holds exactly")]
        (number.abs() < 9e15).then_some(number.round() as i64)
    };
    match (kind, value) {
        (_, Value::Empty) => None,
        (QuestionKind::Bool, value) => Some(Json::Bool(value.is_true())),
        (QuestionKind::Money, value) => whole(value.as_number()? * 100.0).map(Json::from),
        (QuestionKind::Int | QuestionKind::Rating | QuestionKind::Repeat, value) => {
            whole(value.as_number()?).map(Json::from)
        }
        (QuestionKind::Decimal, value) => value.as_number().map(Json::from),
        (QuestionKind::Calculate, Value::Number(number)) => Some(number_json(*number)),
        (QuestionKind::Multi, value) => {
            let codes = value.codes();
            (!codes.is_empty()).then(|| Json::from(codes))
        }
        (QuestionKind::Date, value) => value.as_day().map(|day| Json::from(day.to_string())),
        (
            QuestionKind::Single | QuestionKind::Text | QuestionKind::Phone | QuestionKind::Calculate,
            value,
        ) => Some(Json::from(value.to_text())).filter(|json| !is_blank(json)),
        _ => None,
    }
}

/// A whole number is written without a point.
fn number_json(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and exact")]
        return Json::from(number as i64);
    }
    Json::from(number)
}

/// The limits of a decimal number are whole numbers.
fn check_decimal(json: &Json, min: Option<i64>, max: Option<i64>) -> Result<(), Why> {
    #[expect(clippy::cast_precision_loss, reason = "limits stay below 2^53")]
    let (number, least, most) =
        (json.as_f64().ok_or(Why::Kind)?, min.map(|n| n as f64), max.map(|n| n as f64));
    match (least, most) {
        (Some(least), _) if number < least => Err(Why::Less(min.unwrap_or_default())),
        (_, Some(most)) if number > most => Err(Why::More(max.unwrap_or_default())),
        _ => Ok(()),
    }
}

fn within(n: i64, min: i64, max: i64) -> Result<(), Why> {
    match n {
        _ if n < min => Err(Why::Less(min)),
        _ if n > max => Err(Why::More(max)),
        _ => Ok(()),
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn known(question: &Question, code: &str) -> Result<(), Why> {
    question.choice(code).map(drop).ok_or(Why::Option)
}

fn check_multi(question: &Question, json: &Json) -> Result<(), Why> {
    let list = json.as_array().ok_or(Why::Kind)?;
    let mut alone = false;
    for (i, code) in list.iter().enumerate() {
        let choice = question.choice(code.as_str().ok_or(Why::Kind)?).ok_or(Why::Option)?;
        if list[..i].contains(code) {
            return Err(Why::Kind);
        }
        alone |= choice.alone;
    }
    if alone && list.len() > 1 {
        return Err(Why::Alone);
    }
    let (min, max) = question.limits();
    within(length(list.len()), min, max)
}

fn check_region(json: &Json) -> Result<(), Why> {
    let region = RegionAnswer::deserialize(json).map_err(|_| Why::Kind)?;
    if region.addr.trim().is_empty() {
        return Err(Why::Missing);
    }
    within(length(region.addr.chars().count()), 1, 200)?;
    match region.code {
        Some(code) => code.parse::<AreaCode>().map(drop).map_err(|_| Why::Area),
        None => Ok(()),
    }
}

fn check_signature(question: &Question, json: &Json) -> Result<(), Why> {
    if json.is_array() {
        return within(length(hashes(json)?), 1, 4);
    }
    let refusal = Refusal::deserialize(json).map_err(|_| Why::Kind)?;
    let known = [Refusal::REFUSES, Refusal::UNABLE].contains(&refusal.refused.as_str());
    if question.may_refuse && known && !refusal.reason.trim().is_empty() { Ok(()) } else { Err(Why::Refused) }
}

/// How many SHA-256 a list holds.
fn hashes(json: &Json) -> Result<usize, Why> {
    let list = json.as_array().ok_or(Why::Kind)?;
    let is_hash = |one: &Json| {
        one.as_str().is_some_and(|hash| {
            hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
    };
    if list.iter().all(is_hash) { Ok(list.len()) } else { Err(Why::Kind) }
}
