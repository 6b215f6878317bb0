//! The questions in the order asked: chosen, dragged, moved by the arrow keys.

use super::{Editor, Part};
use crate::{
    features::{
        answer_words::words,
        checklists::{
            state::{Line, Sketch},
            words as said,
        },
    },
    locale::words::{checklists as w, ui},
    ui::{Banner, Button, ButtonKind, Icon, IconName, Reorder, Spot, Tone, WindowList, focus_id},
};
use domain::checklist::{QuestionKind, Required};
use leptos::prelude::*;

/// What a row shows.
#[derive(Clone, PartialEq, Eq)]
struct Row {
    key: u32,
    depth: usize,
    code: String,
    words: String,
    kind: QuestionKind,
    /// Whether it is shown, or must be answered, only at times.
    is_at_times: bool,
}

impl Row {
    fn of(line: &Line) -> Row {
        let question = &line.question;
        Row {
            key: line.key,
            depth: line.depth,
            code: question.code.clone(),
            words: words(&question.text),
            kind: question.kind,
            is_at_times: question.show_if.is_some() || matches!(question.required, Required::When(_)),
        }
    }
}

/// The grip of a row.
fn grip_id(place: usize) -> String {
    format!("editor-grip-{place}")
}

impl Editor {
    /// Moves the line at a place by one, and keeps the focus on its grip.
    pub(super) fn step(self, place: usize, down: bool) {
        let Some(key) = self.sketch.with_untracked(|sketch| sketch.lines.get(place).map(|line| line.key))
        else {
            return;
        };
        self.move_key(key, |sketch| if down { sketch.move_down(key) } else { sketch.move_up(key) });
        if let Some(now) = self.sketch.with_untracked(|sketch| sketch.place(key)) {
            // The row at the new place is built with the next frame.
            request_animation_frame(move || focus_id(&grip_id(now)));
        }
    }

    /// Moves a line, and says where it is now.
    pub(super) fn move_key(self, key: u32, how: impl FnOnce(&mut Sketch) -> bool) {
        if !self.edit(how) {
            return self.said.set(w::cannot_move().to_owned());
        }
        let place = self.sketch.with_untracked(|sketch| sketch.place(key)).unwrap_or_default();
        self.said.set(w::moved_to(self.code(key).unwrap_or_default(), place + 1));
    }

    fn dropped(self, place: usize, spot: Spot) {
        let Some(key) = self.sketch.with_untracked(|sketch| sketch.lines.get(place).map(|line| line.key))
        else {
            return;
        };
        self.move_key(key, |sketch| sketch.drop_on(key, spot.place, spot.behind));
    }

    fn add(self, kind: QuestionKind) {
        let behind = self.chosen.get_untracked();
        let key = self.edit(|sketch| sketch.add(behind, kind));
        self.choose(Some(key));
    }

    fn undo(self) {
        if let Some(deleted) = self.deleted.try_update(Option::take).flatten() {
            let first = deleted.lines.first().map(|line| line.key);
            self.edit(|sketch| sketch.restore(deleted));
            self.choose(first);
        }
    }
}

#[component]
pub(super) fn Lines(editor: Editor) -> impl IntoView {
    let count = Memo::new(move |_| editor.sketch.read().lines.len());
    let asked = Memo::new(move |_| {
        let sketch = editor.sketch.read();
        sketch.lines.iter().filter(|line| line.question.kind != QuestionKind::Parts).count()
    });
    let over = RwSignal::new(None::<Spot>);
    let row = move |place: usize| view! { <LineRow editor place over /> }.into_any();
    let is_whole = move || (editor.chosen.get().is_none()).then_some("true");
    let whole = move |_| {
        editor.chosen.set(None);
        editor.shown.set(Part::Form);
    };
    view! {
        <button type="button" class="editor__whole" aria-current=is_whole on:click=whole>
            {w::whole()} <span class="quiet small">{move || w::question_count(asked.get())}</span>
        </button>
        <Undo editor />
        <Reorder over on_drop=move |place: usize, spot: Spot| editor.dropped(place, spot) on_step=move |place: usize, down: bool| editor.step(place, down)>
            <WindowList label=w::questions() count row />
        </Reorder>
        <div class="editor__add">
            <Button kind=ButtonKind::Plain icon=IconName::Plus on_press=move || editor.add(QuestionKind::Single)>{w::add()}</Button>
            <Button kind=ButtonKind::Quiet on_press=move || editor.add(QuestionKind::Parts)>{w::add_group()}</Button>
        </div>
    }
}

/// What was deleted, and the way back.
#[component]
fn Undo(editor: Editor) -> impl IntoView {
    let words = Memo::new(move |_| {
        let deleted = editor.deleted.read();
        let deleted = deleted.as_ref()?;
        let code = deleted.lines.first().map(|line| line.question.code.clone()).unwrap_or_default();
        Some(w::deleted(code, deleted.lines.len()))
    });
    move || {
        words.get().map(|words| {
            view! {
                <Banner tone=Tone::Plain words>
                    <Button kind=ButtonKind::Plain on_press=move || editor.undo()>{ui::undo()}</Button>
                </Banner>
            }
        })
    }
}

#[component]
fn LineRow(editor: Editor, place: usize, over: RwSignal<Option<Spot>>) -> impl IntoView {
    let row = Memo::new(move |_| editor.sketch.read().lines.get(place).map(Row::of));
    let dropped = move || match over.get() {
        Some(spot) if spot.place == place => Some(if spot.behind { "behind" } else { "before" }),
        _ => None,
    };
    move || {
        row.get().map(|row| {
            let key = row.key;
            let is_open = move || (editor.chosen.get() == Some(key)).then_some("true");
            let is_bad = move || {
                let checked = editor.checked.read();
                checked.troubles.iter().any(|trouble| trouble.key == Some(key)).then_some("")
            };
            let note = if row.is_at_times { w::at_times(said::kind(row.kind)) } else { said::kind(row.kind).to_owned() };
            let words = if row.words.trim().is_empty() { w::unnamed().to_owned() } else { row.words };
            let grip = w::drag(&row.code);
            view! {
                <div class="editor__row" data-place=place.to_string() data-drop=dropped data-bad=is_bad style=("--editor-depth", row.depth.to_string())>
                    <button type="button" class="editor__grip" id=grip_id(place) data-grip="" aria-label=grip title=w::drag_says()>
                        <Icon name=IconName::Grip />
                    </button>
                    <button type="button" class="editor__open" aria-current=is_open on:click=move |_| editor.choose(Some(key))>
                        <span class="editor__code">{row.code}</span>
                        <span class="editor__words">{words}</span>
                        <span class="editor__note">{note}</span>
                        {move || is_bad().map(|_| view! { <span class="editor__bad"><Icon name=IconName::Alert /><span class="sr-only">{w::has_trouble()}</span></span> })}
                    </button>
                </div>
            }
        })
    }
}
