//! A reason that stays on record, asked before something is done.

use crate::{
    locale::words::ledger as w,
    ui::{Button, ButtonKind, Dialog, Field, FieldKind, FieldWords},
};
use leptos::prelude::*;

/// So much says why numbers are wanted, or two files are made one.
const REASON_CHARS: usize = 4;
/// So much says why something small is not done: 走错.
pub(crate) const SHORT_REASON_CHARS: usize = 2;

/// What a reason is asked for.
#[derive(Clone, Copy)]
pub(crate) struct ReasonWords {
    pub(crate) title: &'static str,
    pub(crate) says: &'static str,
    pub(crate) yes: &'static str,
}

impl ReasonWords {
    /// Why numbers are wanted in full.
    pub(crate) fn of_full_numbers() -> ReasonWords {
        ReasonWords { title: w::full_title(), says: w::full_says(), yes: w::full_yes() }
    }
}

/// Asks for a reason that stays on record.
#[component]
pub(crate) fn AskReason(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it says.
    words: ReasonWords,
    /// How many letters a reason has at least.
    #[prop(default = REASON_CHARS)]
    least: usize,
    /// The words of the button that does nothing; 取消 where they are left out.
    #[prop(optional)]
    no: Option<&'static str>,
    /// Takes the reason.
    #[prop(into)]
    on_reason: Callback<(String,)>,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let accept = move || {
        let text = reason.get_untracked().trim().to_owned();
        if text.chars().count() < least {
            problem.set(w::full_reason_short(least));
            return;
        }
        problem.set(String::new());
        reason.set(String::new());
        open.set(false);
        on_reason.run((text,));
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{no.unwrap_or_else(w::cancel)}</Button>
            <Button on_press=accept>{words.yes}</Button>
        }
    };
    view! {
        <Dialog open title=words.title acts>
            <p>{words.says}</p>
            <Field words=FieldWords::label(w::full_reason()) kind=FieldKind::Long value=reason problem />
        </Dialog>
    }
}
