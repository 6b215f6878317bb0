//! The checklist as a whole: its name.

use super::Editor;
use crate::{
    locale::words::checklists as w,
    ui::{CellGroup, Fact, Field, FieldWords},
};
use leptos::prelude::*;

#[component]
pub(super) fn Head(editor: Editor) -> impl IntoView {
    let (id, title) = editor.sketch.with_untracked(|sketch| (sketch.id.clone(), sketch.title.clone()));
    let base = Memo::new(move |_| {
        let sketch = editor.sketch.read();
        sketch.older.unwrap_or(sketch.base)
    });
    let zh = RwSignal::new(title.zh);
    let en = RwSignal::new(title.en.unwrap_or_default());
    let problem =
        Signal::derive(
            move || {
                if zh.read().trim().is_empty() { w::no_title().to_owned() } else { String::new() }
            },
        );
    let from = move || match base.get() {
        0 => w::new_list().to_owned(),
        base => w::version(base),
    };
    view! {
        <CellGroup title=w::whole()>
            <Fact label=w::list_code() value=id />
            {move || view! { <Fact label=w::begun_from() value=from() /> }}
            <div class="stack inset">
                <Field
                    words=FieldWords::label(w::list_title()).must()
                    value=zh
                    problem
                    on_change=move |text: String| editor.edit(|sketch| sketch.title.zh = text)
                />
                <Field
                    words=FieldWords::label(w::title_en())
                    value=en
                    on_change=move |text: String| editor.edit(|sketch| sketch.title.en = filled(text))
                />
            </div>
        </CellGroup>
    }
}

/// A text, if it says something.
pub(super) fn filled(text: String) -> Option<String> {
    if text.trim().is_empty() { None } else { Some(text) }
}
