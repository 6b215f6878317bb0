//! An answer of a checklist as a person reads it.

use crate::{locale, locale::words::form as w};
use domain::checklist::{Question, QuestionKind, Words, position_text};
use serde_json::Value;

/// The words in the active language.
pub(crate) fn words(words: &Words) -> String {
    words.in_language(locale::active().tag()).to_owned()
}

/// An answer in words. Photos and signatures are counted; their pictures stand beside.
pub(crate) fn answer(question: &Question, value: &Value) -> String {
    let option =
        |code: &str| question.choice(code).map_or_else(|| code.to_owned(), |choice| words(&choice.text));
    match (question.kind, value) {
        (_, Value::Null) => String::new(),
        (QuestionKind::Single, Value::String(code)) => option(code),
        (QuestionKind::Multi, Value::Array(codes)) => {
            codes.iter().filter_map(Value::as_str).map(option).collect::<Vec<_>>().join(w::between())
        }
        (QuestionKind::Bool, Value::Bool(true)) => w::yes().to_owned(),
        (QuestionKind::Bool, Value::Bool(false)) => w::no().to_owned(),
        (QuestionKind::Money, Value::Number(fen)) => {
            fen.as_i64().map(|fen| w::yuan(yuan(fen))).unwrap_or_default()
        }
        (QuestionKind::Rating, Value::Number(stars)) => w::stars(stars),
        (QuestionKind::Date, Value::String(day)) => super::days::said(day),
        (QuestionKind::Photo, Value::Array(photos)) => w::photos(photos.len()),
        (QuestionKind::Signature, Value::Array(_)) => w::signed().to_owned(),
        (QuestionKind::Geo, Value::Object(place)) => position(place),
        (_, Value::Object(parts)) => object(parts),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// A position, and how far it may be off where a device told it.
pub(crate) fn position(place: &serde_json::Map<String, Value>) -> String {
    match place.get("accuracy").and_then(Value::as_i64) {
        Some(metres) if metres > 0 => w::position(position_text(place), metres),
        _ => position_text(place),
    }
}

/// A refused signature, or a place.
fn object(parts: &serde_json::Map<String, Value>) -> String {
    let text = |key: &str| parts.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("refused") {
        "" => text("addr").to_owned(),
        domain::checklist::Refusal::UNABLE => w::was_unable(text("reason")),
        _ => w::did_refuse(text("reason")),
    }
}

/// Fen as yuan, without idle zeros.
pub(crate) fn yuan(fen: i64) -> String {
    match fen % 100 {
        0 => (fen / 100).to_string(),
        cents => format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, (fen / 100).abs(), cents.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yuan_have_cents_only_when_there_are_some() {
        assert_eq!(yuan(120_000), "1200");
        assert_eq!(yuan(120_050), "1200.50");
        assert_eq!(yuan(-50), "-0.50");
    }

    #[test]
    fn a_refused_signature_says_why() {
        let checklist =
            domain::checklist::builtin(domain::checklist::FOLLOWUP).expect("the form is built in");
        let question = checklist.question("A29").expect("the form has it");
        assert_eq!(answer(question, &json!({"refused": "不便", "reason": "手受伤"})), "不便签名：手受伤");
    }
}
