//! The answers of a visit as a person reads them, each against what the file says and what was answered the time before.

use super::state::{against, answered};
use crate::{
    data::FieldView,
    features::{
        answer_words::{position, yuan},
        labels,
    },
    locale::{self, words::review as w},
    ui::{Badge, Tone},
};
use domain::checklist::{Checklist, Question, QuestionKind, Refusal, RegionAnswer};
use leptos::prelude::*;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// All answers of a visit; photos and signatures as their number, since they are shown as pictures.
#[component]
pub(super) fn Answers(
    /// What was asked.
    checklist: Option<Arc<Checklist>>,
    /// By question code.
    answers: BTreeMap<String, Value>,
    /// The fields of the file.
    fields: BTreeMap<String, FieldView>,
    /// What was answered the time before.
    last: BTreeMap<String, Value>,
) -> impl IntoView {
    let order: Vec<String> = checklist.iter().flat_map(|checklist| checklist.answered(&answers)).collect();
    let rows = answered(&order, &answers)
        .into_iter()
        .filter_map(|code| {
            let answer = answers.get(&code)?;
            let question = checklist.as_ref().and_then(|checklist| checklist.question(&code));
            let text =
                question.map_or(code.clone(), |question| question.text.in_language(language()).to_owned());
            let against = against(&code, answer, &fields);
            let differs = against.as_ref().is_some_and(|against| against.differs);
            let file = against.filter(|_| differs).map(|against| labels::value(against.field, &against.file));
            let before = before(question, answer, last.get(&code));
            Some(view! {
                <div class="answer" data-differs=differs.then_some("")>
                    <dt class="answer__question"><span class="answer__code">{code}</span>{text}</dt>
                    <dd class="answer__words">
                        {said(question, answer)}
                        {file
                            .map(|file| {
                                view! {
                                    <span class="answer__file">
                                        <Badge tone=Tone::Soon words=w::differs() />
                                        {w::file_says(file)}
                                    </span>
                                }
                            })}
                        {before.map(|said| view! { <span class="answer__file">{w::last_says(said)}</span> })}
                    </dd>
                </div>
            })
        })
        .collect_view();
    view! { <dl class="answers">{rows}</dl> }
}

/// What was said the time before, if it was something else. Pictures are others each time.
fn before(question: Option<&Question>, answer: &Value, last: Option<&Value>) -> Option<String> {
    let is_compared = question.is_some_and(|question| {
        !matches!(question.kind, QuestionKind::Photo | QuestionKind::Signature | QuestionKind::Geo)
    });
    last.filter(|last| is_compared && *last != answer).map(|last| said(question, last))
}

fn language() -> &'static str {
    locale::active().tag()
}

/// An answer in words.
pub(super) fn said(question: Option<&Question>, answer: &Value) -> String {
    let kind = question.map(|question| question.kind);
    let option = |code: &str| {
        let choice = question.and_then(|question| question.choice(code));
        choice.map_or(code.to_owned(), |choice| choice.text.in_language(language()).to_owned())
    };
    match (kind, answer) {
        (Some(QuestionKind::Photo | QuestionKind::Signature), Value::Array(hashes)) => {
            w::pieces(hashes.len())
        }
        (Some(QuestionKind::Signature), Value::Object(refusal)) => {
            let text = |name: &str| refusal.get(name).and_then(Value::as_str).unwrap_or_default();
            let why = if text("refused") == Refusal::REFUSES { w::refuses() } else { w::unable() };
            w::refused_sign(why, text("reason"))
        }
        (Some(QuestionKind::Money), Value::Number(fen)) => w::money(yuan(fen.as_i64().unwrap_or_default())),
        (Some(QuestionKind::Geo), Value::Object(place)) => position(place),
        (Some(QuestionKind::Region), place) => domain::json::from_value::<RegionAnswer>(place.clone())
            .map(|place| place.addr)
            .unwrap_or_default(),
        (_, Value::Bool(true)) => w::yes().to_owned(),
        (_, Value::Bool(false)) => w::no().to_owned(),
        (_, Value::String(code)) => option(code),
        (_, Value::Array(codes)) => {
            codes.iter().filter_map(Value::as_str).map(option).collect::<Vec<_>>().join(w::between())
        }
        (_, other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_said_the_time_before_is_shown_where_it_was_something_else() {
        let checklist = domain::checklist::builtin("FOLLOWUP").expect("it comes with the program");
        let before =
            |code: &str, now: Value, last: Value| before(checklist.question(code), &now, Some(&last));
        assert_eq!(before("A10", json!("重病"), json!("健康或良好")), Some("健康或良好".to_owned()));
        assert_eq!(before("A10", json!("重病"), json!("重病")), None);
        assert_eq!(before("A28", json!(["one"]), json!(["other"])), None);
        assert_eq!(before("Z1", json!(1), json!(2)), None);
    }

    #[test]
    fn answers_are_read_as_words() {
        let checklist = domain::checklist::builtin("FOLLOWUP").expect("it comes with the program");
        let said = |code: &str, answer: Value| said(checklist.question(code), &answer);
        assert_eq!(said("A01", json!("入户")), "入户");
        assert_eq!(said("A12", json!(600_000)), "6000 元");
        assert_eq!(said("A26", json!(["医疗", "住房"])), "医疗、住房");
        assert_eq!(said("A05", json!(false)), "否");
        assert_eq!(said("A29", json!({"refused": "不便", "reason": "手伤"})), "没有签名：不便（手伤）");
        assert_eq!(said("A06", json!({"code": null, "addr": "桥头 3 号"})), "桥头 3 号");
        assert_eq!(said("Z1", json!("as it came")), "as it came");
    }
}
