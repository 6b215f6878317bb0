//! 监护人同意: said and asked wherever the notice is shown to somebody who is, or may be, under 14.

use super::{
    days,
    entry::{EntryDialog, Saving, Typed},
};
use crate::{
    data::{Guarded, Loaded, Topic, use_data},
    locale::words::privacy as w,
    ui::{Badge, Cell, CellGroup, Field, FieldWords, Tone},
};
use leptos::prelude::*;
use uuid::Uuid;

/// Who consented, or that somebody has to be asked; nothing for everybody else.
#[component]
pub(crate) fn GuardianLine(
    /// Whose file.
    recipient: Uuid,
    /// On a sheet of its own.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let data = use_data();
    let guarded = Loaded::new(move || {
        data.changed(Topic::Recipients).track();
        async move { data.guarded(recipient).await }
    });
    let saving = Saving::new();
    let line = move || {
        guarded.get().flatten().map(|Guarded { consent, is_current }| {
            let (tone, words) = if is_current {
                (Tone::Good, w::guardian_agreed())
            } else {
                (Tone::Bad, w::guardian_asks())
            };
            let note = match consent {
                None => w::guardian_none().to_owned(),
                Some(given) => w::guardian_line(given.name, given.relation, days::said(&given.on), given.notice),
            };
            let cell = view! { <Cell label=w::guardian() note on_press=move || saving.open.set(true)><Badge tone words /></Cell> };
            if alone { view! { <CellGroup>{cell}</CellGroup> }.into_any() } else { cell.into_any() }
        })
    };
    view! { {line} <AskGuardian recipient saving /> }
}

/// Takes down that a guardian read the notice of now and consents.
#[component]
fn AskGuardian(recipient: Uuid, saving: Saving) -> impl IntoView {
    let data = use_data();
    let (name, relation) = (Typed::new(""), Typed::new(""));
    let take = move || {
        let read = |typed: Typed| match typed.begin() {
            text if text.is_empty() => typed.refuse(w::guardian_missing()),
            text => Some(text),
        };
        if let (Some(name), Some(relation)) = (read(name), read(relation)) {
            saving.run(data.guardian_consents(recipient, name, relation), |()| {});
        }
    };
    view! {
        <EntryDialog saving title=w::guardian() on_save=take>
            <p>{w::guardian_says()}</p>
            <Field words=FieldWords::label(w::guardian_name()).must() value=name.text problem=name.problem />
            <Field words=FieldWords::label(w::guardian_relation()).must() value=relation.text problem=relation.problem />
        </EntryDialog>
    }
}
