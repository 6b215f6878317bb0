//! Asks for a sentence before something that the worker will read.

use crate::{
    locale::words::attention as w,
    ui::{Button, ButtonKind, Dialog, Field, FieldKind, FieldWords},
};
use leptos::prelude::*;

/// The words of the question.
#[derive(Clone, Copy)]
pub(super) struct ReasonWords {
    pub(super) title: &'static str,
    pub(super) says: &'static str,
    pub(super) label: &'static str,
    pub(super) yes: &'static str,
}

/// A dialog with one field.
#[component]
pub(super) fn ReasonDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The words.
    words: ReasonWords,
    /// The reason, not empty.
    #[prop(into)]
    on_reason: Callback<(String,)>,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let accept = move || {
        let text = reason.get_untracked().trim().to_owned();
        if text.is_empty() {
            problem.set(w::refuse_reason_short().to_owned());
            return;
        }
        problem.set(String::new());
        open.set(false);
        on_reason.run((text,));
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::cancel()}</Button>
            <Button kind=ButtonKind::Danger on_press=accept>{words.yes}</Button>
        }
    };
    view! {
        <Dialog open title=words.title acts>
            <p>{words.says}</p>
            <Field words=FieldWords::label(words.label) kind=FieldKind::Long value=reason problem />
        </Dialog>
    }
}
