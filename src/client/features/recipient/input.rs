//! What a single value is typed or chosen with.

use super::state::{self, Editor};
use crate::{
    features::{labels, places},
    locale::words::file as w,
    platform::clock,
    ui::{DatePicker, Field, FieldKind, FieldWords, Opt, Picker},
};
use leptos::prelude::*;

#[component]
pub(super) fn Input(
    field: &'static str,
    editor: Editor,
    text: RwSignal<String>,
    #[prop(into)] problem: Signal<String>,
) -> impl IntoView {
    let words = FieldWords::label(labels::field(field));
    let pick = move |value: String| text.set(value);
    let kind = match editor {
        Editor::Choice | Editor::Yes => {
            let options = Signal::stored(state::options(field));
            return view! { <Picker words options chosen=text on_pick=pick problem /> }.into_any();
        }
        Editor::Day => {
            return view! { <DatePicker words day=text today=clock::today() on_pick=pick problem /> }
                .into_any();
        }
        Editor::Area => return view! { <Area words text problem /> }.into_any(),
        Editor::Number => FieldKind::Number,
        Editor::Money => FieldKind::Money,
        Editor::Phone => FieldKind::Phone,
        Editor::Text | Editor::Years | Editor::Position | Editor::Rows => FieldKind::Text,
    };
    view! { <Field words kind value=text problem /> }.into_any()
}

/// A village that the device knows, or a code from the household register.
#[component]
fn Area(words: FieldWords, text: RwSignal<String>, problem: Signal<String>) -> impl IntoView {
    let villages = places::villages();
    let options = Signal::derive(move || {
        villages.get().into_iter().map(|area| Opt::new(area.code, area.name)).collect::<Vec<_>>()
    });
    view! {
        <div class="stack">
            <Picker words options chosen=text on_pick=move |code: String| text.set(code) />
            <Field words=FieldWords::label(w::area_code()).hint(w::area_code_hint()) kind=FieldKind::Number value=text problem />
        </div>
    }
}
