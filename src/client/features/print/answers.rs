//! The answers of a visit as rows of a form.

use crate::{
    data::VisitFile,
    features::{answer_words, days, thumbs::Thumbs},
};
use domain::checklist::{Checklist, Question, QuestionKind};
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use sync::id::BlobHash;

/// What was answered, in the order asked; a signature stands there as it was drawn.
pub(super) fn rows(visit: &VisitFile, checklist: &Checklist) -> AnyView {
    let strokes: BTreeSet<BlobHash> =
        visit.blobs.iter().filter(|blob| blob.kind == "strokes").map(|blob| blob.hash).collect();
    let row = |code: String| {
        let (question, value) = (checklist.question(&code)?, visit.answers.get(&code)?);
        let text = match (question.kind, value.as_str()) {
            (QuestionKind::Date, Some(day)) => days::whole(day),
            _ => answer_words::answer(question, value),
        };
        let drawn = drawn(question, value, &strokes);
        let label = answer_words::words(&question.text);
        Some(view! {
            <tr>
                <td class="paper__code">{code}</td>
                <th>{label.clone()}</th>
                <td>{text}{drawn.map(|hash| view! { <Thumbs name=move |_: usize| label.clone() blobs=vec![hash] /> })}</td>
            </tr>
        })
    };
    let rows: Vec<_> = checklist.answered(&visit.answers).into_iter().filter_map(row).collect();
    view! { <table class="paper__table"><tbody>{rows}</tbody></table> }.into_any()
}

/// The picture of a signature.
fn drawn(question: &Question, value: &Value, strokes: &BTreeSet<BlobHash>) -> Option<BlobHash> {
    if question.kind != QuestionKind::Signature {
        return None;
    }
    let hashes = value.as_array()?.iter().filter_map(|hash| hash.as_str()?.parse().ok());
    hashes.into_iter().find(|hash| !strokes.contains(hash))
}
