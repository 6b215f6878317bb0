//! A form to be filled by hand where a phone cannot be: the questions of a checklist with room for the answers.

use super::{PaperSheet, Printing, Signatures, of_path, shown};
use crate::{
    data::{Loaded, RecipientFile, use_data},
    features::answer_words,
    locale::words::print as w,
    routes,
    ui::{FieldWords, Opt, Picker},
};
use domain::checklist::{Checklist, FOLLOWUP, Question, QuestionKind};
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// Pictures stay on the phone, whoever signs does so at the end, and computed answers are nobody's to write.
fn is_asked(question: &Question) -> bool {
    let is_written = !matches!(question.kind, QuestionKind::Photo | QuestionKind::Signature);
    question.is_seen() && question.derive.is_none() && is_written
}

/// A blank form for one family.
#[component]
pub(crate) fn PrintBlankPage() -> impl IntoView {
    of_path(|id| view! { <ForFamily id /> }.into_any())
}

#[component]
fn ForFamily(id: Uuid) -> impl IntoView {
    let data = use_data();
    let form = RwSignal::new(FOLLOWUP.to_owned());
    let found = Loaded::new(move || async move {
        let forms = data.checklists(id).await;
        data.recipient(id).await.map(|file| Arc::new((forms, file)))
    });
    view! {
        <Printing back=routes::recipient(id)>
            {move || shown(found.get(), |(forms, file)| {
                let chosen = form.read();
                let checklist = forms.iter().find(|(id, _)| *id == *chosen).map(|(_, checklist)| checklist);
                view! {
                    <Forms forms=forms.clone() form />
                    {checklist.map(|checklist| blank(checklist, file))}
                }
                    .into_any()
            })}
        </Printing>
    }
}

/// Which form; not on the paper.
#[component]
pub(super) fn Forms(forms: Vec<(String, Arc<Checklist>)>, form: RwSignal<String>) -> impl IntoView {
    let option = |(value, checklist): (String, Arc<Checklist>)| {
        Opt::new(value, answer_words::words(&checklist.template().title))
    };
    let options: Vec<Opt> = forms.into_iter().map(option).collect();
    view! {
        <div class="inset paper__choice">
            <Picker words=FieldWords::label(w::form()) options=Signal::stored(options) chosen=form on_pick=move |code| form.set(code) />
        </div>
    }
}

/// The form for somebody.
pub(super) fn blank(checklist: &Checklist, file: &RecipientFile) -> AnyView {
    let title = answer_words::words(&checklist.template().title);
    let rows: Vec<_> = checklist.template().questions.iter().flat_map(rows_of).collect();
    let (person, path) = ((*file.row).clone(), routes::recipient(file.row.id));
    view! {
        <PaperSheet title person note=w::visited_blank() path>
            <table class="paper__table"><tbody>{rows}</tbody></table>
            <Signatures />
        </PaperSheet>
    }
    .into_any()
}

/// A question, or what it consists of.
fn rows_of(question: &Question) -> Vec<AnyView> {
    let parts = question.parts.iter().flat_map(rows_of);
    let own = is_asked(question).then(|| {
        let words = answer_words::words(&question.text);
        let text = if question.show_if.is_some() { w::if_it_applies(words) } else { words };
        view! { <tr><td class="paper__code">{question.code.clone()}</td><th>{text}</th><td>{room(question)}</td></tr> }.into_any()
    });
    own.into_iter().chain(parts).collect()
}

/// Where the answer is written: boxes to tick, or a line with its unit.
fn room(question: &Question) -> AnyView {
    match question.kind {
        QuestionKind::Single | QuestionKind::Multi => {
            boxes(question.options.iter().map(|choice| answer_words::words(&choice.text)).collect())
        }
        QuestionKind::Bool => {
            boxes([true, false].map(|said| answer_words::answer(question, &said.into())).into())
        }
        QuestionKind::Rating => {
            let (least, most) = question.limits();
            boxes((least..=most).map(|stars| stars.to_string()).collect())
        }
        QuestionKind::Money => w::yuan_blank().into_any(),
        QuestionKind::Date => w::day_blank().into_any(),
        _ => ().into_any(),
    }
}

fn boxes(words: Vec<String>) -> AnyView {
    let one = |word: String| view! { <span class="paper__box">{format!("☐ {word}")}</span> };
    words.into_iter().map(one).collect_view().into_any()
}
