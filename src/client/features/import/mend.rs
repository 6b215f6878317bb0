//! A refused or doubtful cell that is put right in the preview.

use super::state::Why;
use crate::{
    locale::words::import as w,
    ui::{Button, Field, FieldWords, Sheet},
};
use leptos::prelude::*;
use serde_json::{Value, json};

/// The cell in hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mended {
    /// As Excel names it.
    cell: String,
    heading: String,
    /// What stands in it; nothing where that is not sent out.
    text: Option<String>,
}

impl Mended {
    /// The cell of a reason; nothing where it names none.
    pub(super) fn of(why: &Why, row: u32) -> Option<Mended> {
        let col = why.col.as_ref()?;
        let heading = why.heading.clone().unwrap_or_default();
        Some(Mended { cell: format!("{col}{row}"), heading, text: why.cell.clone() })
    }

    /// How it is called.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.cell, self.heading)
    }
}

/// Takes what the cell shall hold.
#[component]
pub(super) fn MendSheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The cell.
    mended: RwSignal<Mended>,
    /// Whether the office is judging.
    busy: Signal<bool>,
    /// Why it did not.
    problem: Signal<String>,
    /// Judges the list again with it.
    on_judge: Callback<(Value,)>,
) -> impl IntoView {
    view! {
        <Sheet open title=Signal::derive(|| w::mend().to_owned())>
            <MendForm mended=mended.get_untracked() busy problem on_judge />
        </Sheet>
    }
}

#[component]
fn MendForm(
    mended: Mended,
    busy: Signal<bool>,
    problem: Signal<String>,
    on_judge: Callback<(Value,)>,
) -> impl IntoView {
    let hint = if mended.text.is_some() { w::mend_hint() } else { w::mend_sealed() };
    let words = FieldWords::label(mended.name()).hint(hint);
    let value = RwSignal::new(mended.text.unwrap_or_default());
    let cell = mended.cell;
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_judge.run((json!({"cells": {cell.as_str(): value.get_untracked()}}),));
    };
    view! {
        <form class="stack inset" on:submit=save>
            <Field words value problem />
            <Button busy>{w::mend_do()}</Button>
        </form>
    }
}
