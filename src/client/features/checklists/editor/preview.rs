//! The checklist as on the phone, 360 wide: the questions of the form itself.

use super::{Editor, stand_ins};
use crate::{
    features::{answer_words::words, visit_form::FormPreview},
    locale::words::checklists as w,
    ui::{Banner, Button, ButtonKind, FieldWords, Picker, Tone},
};
use leptos::prelude::*;

#[component]
pub(super) fn PreviewPane(editor: Editor) -> impl IntoView {
    let is_behind = Memo::new(move |_| editor.checked.read().checklist.is_none());
    let around = Memo::new(move |_| {
        let key = editor.chosen.get();
        let sketch = editor.sketch.read();
        key.and_then(|key| sketch.line(key)).map(|line| line.question.code.clone()).unwrap_or_default()
    });
    let title = move || words(&editor.sketch.read().title);
    let who = RwSignal::new(String::new());
    let visit = move |chosen: String| {
        editor.preview.visit(stand_ins::facts_of(&chosen));
        who.set(chosen);
    };
    view! {
        <p class="editor__says quiet small">{w::preview_says()}</p>
        <div class="inset">
            <Picker
                words=FieldWords::label(w::stand_in()).hint(w::stand_in_says())
                options=Signal::stored(stand_ins::options())
                chosen=who
                on_pick=visit
            />
        </div>
        <div class="editor__phone">
            <h2 class="editor__phone-title">{title}</h2>
            <Show when=move || is_behind.get()>
                <Banner tone=Tone::Soon words=w::preview_behind().to_owned() />
            </Show>
            <div class="editor__screen" tabindex="0" role="group" aria-label=w::preview()>
                <FormPreview preview=editor.preview around />
            </div>
        </div>
        <Button kind=ButtonKind::Quiet on_press=move || editor.preview.restart()>{w::preview_again()}</Button>
    }
}
