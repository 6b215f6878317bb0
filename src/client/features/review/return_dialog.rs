//! Returning a visit: which question, and what to mend.

use crate::{
    locale::{self, words::review as w},
    ui::{Button, ButtonKind, Dialog, Field, FieldKind, FieldWords},
};
use domain::checklist::Checklist;
use leptos::prelude::*;
use std::sync::Arc;

/// Asks for the question and a word.
#[component]
pub(super) fn ReturnDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What was asked.
    checklist: Option<Arc<Checklist>>,
    /// The question, if one is meant, and the word, which is not empty.
    #[prop(into)]
    on_return: Callback<((Option<String>, String),)>,
) -> impl IntoView {
    let question = RwSignal::new(String::new());
    let word = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let questions = StoredValue::new(questions(checklist.as_deref()));
    let accept = move || {
        let text = word.get_untracked().trim().to_owned();
        if text.is_empty() {
            problem.set(w::return_word_missing().to_owned());
            return;
        }
        open.set(false);
        let code = question.get_untracked();
        on_return.run(((Some(code).filter(|code| !code.is_empty()), text),));
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::cancel()}</Button>
            <Button on_press=accept>{w::return_yes()}</Button>
        }
    };
    let option = |(code, text): (String, String)| view! { <option value=code.clone()>{code.clone()}" "{text}</option> };
    view! {
        <Dialog open title=w::return_title() acts>
            <div class="stack">
                <p>{w::return_says()}</p>
                <label class="field">
                    <span class="field__label">{w::return_question()}</span>
                    <select class="select" prop:value=question on:change:target=move |event| question.set(event.target().value())>
                        <option value="">{w::return_whole()}</option>
                        {questions.get_value().into_iter().map(option).collect_view()}
                    </select>
                </label>
                <Field words=FieldWords::label(w::return_word()) kind=FieldKind::Long value=word problem />
            </div>
        </Dialog>
    }
}

fn questions(checklist: Option<&Checklist>) -> Vec<(String, String)> {
    let language = locale::active().tag();
    let words = |checklist: &Checklist| {
        let seen = checklist.questions().filter(|q| q.is_seen());
        seen.map(|q| (q.code.clone(), q.text.in_language(language).to_owned())).collect()
    };
    checklist.map(words).unwrap_or_default()
}
