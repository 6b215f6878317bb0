//! The answers of a visit as rows of a form.

use crate::{
    data::VisitFile,
    features::{
        answer_words, days,
        thumbs::{self, Thumbs},
    },
};
use domain::checklist::{Checklist, QuestionKind};
use leptos::prelude::*;

/// What was answered, in the order asked; a signature stands there as it was drawn.
pub(super) fn rows(visit: &VisitFile, checklist: &Checklist) -> AnyView {
    let row = |code: String| {
        let (question, value) = (checklist.question(&code)?, visit.answers.get(&code)?);
        let text = match (question.kind, value.as_str()) {
            (QuestionKind::Date, Some(day)) => days::whole(day),
            _ => answer_words::answer(question, value),
        };
        // Photos stay on the phone; a signature belongs on the paper.
        let drawn = if question.kind == QuestionKind::Signature {
            thumbs::of_answer(question, value, &visit.blobs)
        } else {
            Vec::new()
        };
        let label = answer_words::words(&question.text);
        Some(view! {
            <tr>
                <td class="paper__code">{code}</td>
                <th>{label.clone()}</th>
                <td>{text}{(!drawn.is_empty()).then(|| view! { <Thumbs name=move |_: usize| label.clone() blobs=drawn /> })}</td>
            </tr>
        })
    };
    let rows: Vec<_> = checklist.answered(&visit.answers).into_iter().filter_map(row).collect();
    view! { <table class="paper__table"><tbody>{rows}</tbody></table> }.into_any()
}
