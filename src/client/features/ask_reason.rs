//! Why numbers are wanted in full: asked before an export, and kept with it.

use crate::{
    locale::words::ledger as w,
    ui::{Button, ButtonKind, Dialog, Field, FieldKind, FieldWords},
};
use leptos::prelude::*;

/// A reason shorter than this says nothing.
const REASON_CHARS_MIN: usize = 4;

#[component]
pub(crate) fn AskReason(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Gets the reason.
    #[prop(into)]
    on_reason: Callback<(String,)>,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let accept = move || {
        let text = reason.get_untracked().trim().to_owned();
        if text.chars().count() < REASON_CHARS_MIN {
            problem.set(w::full_reason_short().to_owned());
            return;
        }
        problem.set(String::new());
        open.set(false);
        on_reason.run((text,));
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::cancel()}</Button>
            <Button on_press=accept>{w::full_yes()}</Button>
        }
    };
    view! {
        <Dialog open title=w::full_title() acts>
            <p>{w::full_says()}</p>
            <Field words=FieldWords::label(w::full_reason()) kind=FieldKind::Long value=reason problem />
        </Dialog>
    }
}
