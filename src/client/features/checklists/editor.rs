//! The editor of a checklist: its questions, the chosen one as a form, and what a phone shows of it, side by side.

mod fields;
mod head;
mod kept;
mod lines;
mod options;
mod preview;
mod publish;
mod stand_ins;
mod troubles;

use super::{
    check::{self, Checked, Kinds},
    may_publish,
    state::{Deleted, Line, Sketch},
    written,
};
use crate::{
    data::{Data, Loaded, SaveError, Version, use_data},
    features::{answer_words::words, visit_form::Preview},
    locale::words::checklists as w,
    platform::timer::{self, Timer},
    routes,
    ui::{Empty, IconName, Loading, Page, PageBody},
};
use domain::checklist::{Checklist, Question, QuestionKind, Template, Words};
use fields::QuestionForm;
use head::Head;
use kept::Kept;
use leptos::{prelude::*, task::spawn_local};
use lines::Lines;
use preview::PreviewPane;
use publish::Publish;
use std::{cell::RefCell, rc::Rc, sync::Arc};
use troubles::Troubles;

/// A checklist is judged so long after the last key: a thousand questions take their time.
const CHECK_MS: i64 = 200;

/// What every part of the editor works with.
#[derive(Clone, Copy)]
struct Editor {
    data: Data,
    sketch: RwSignal<Sketch>,
    /// The line in the form; none for the checklist as a whole.
    chosen: RwSignal<Option<u32>>,
    checked: RwSignal<Checked>,
    kinds: StoredValue<Kinds>,
    preview: Preview,
    deleted: RwSignal<Option<Deleted>>,
    /// What was just done, read aloud.
    said: RwSignal<String>,
    /// Which of the three parts a narrow screen shows.
    shown: RwSignal<Part>,
    kept: StoredValue<Rc<RefCell<Kept>>, LocalStorage>,
    /// Whether something is not on the disk yet.
    pending: RwSignal<bool>,
    failed: RwSignal<Option<SaveError>>,
    timer: StoredValue<Option<Timer>, LocalStorage>,
}

/// A part of the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Questions,
    Form,
    Preview,
}

impl Part {
    fn attr(self) -> &'static str {
        match self {
            Part::Questions => "questions",
            Part::Form => "form",
            Part::Preview => "preview",
        }
    }
}

impl Editor {
    fn new(sketch: Sketch, versions: &[Version]) -> Editor {
        let kinds = check::kinds_of(versions);
        let checked = check::check(&sketch, &kinds);
        let newest = versions.first().map(|version| version.checklist.clone());
        let begun = checked.checklist.clone().or(newest).unwrap_or_else(blank);
        let first = sketch.lines.first().map(|line| line.key);
        Editor {
            data: use_data(),
            sketch: RwSignal::new(sketch),
            chosen: RwSignal::new(first),
            checked: RwSignal::new(checked),
            kinds: StoredValue::new(kinds),
            preview: Preview::new(begun),
            deleted: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            shown: RwSignal::new(Part::Questions),
            kept: StoredValue::new_local(Rc::default()),
            pending: RwSignal::new(false),
            failed: RwSignal::new(None),
            timer: StoredValue::new_local(None),
        }
    }

    /// Changes the sketch: at once on the screen, then on the disk; it is judged when the keys rest.
    fn edit<T>(self, change: impl FnOnce(&mut Sketch) -> T) -> T {
        let out = self.sketch.try_update(change).expect("the page that edits is there");
        self.keep();
        self.timer.set_value(Some(timer::after(CHECK_MS, move || self.check())));
        out
    }

    /// Changes the chosen line.
    fn edit_line(self, key: u32, change: impl FnOnce(&mut Line)) {
        self.edit(|sketch| {
            if let Some(line) = sketch.line_mut(key) {
                change(line);
            }
        });
    }

    /// Judges what is written, and shows it in the preview if it can be asked.
    fn check(self) {
        let Some(checked) = self
            .sketch
            .try_with_untracked(|sketch| self.kinds.with_value(|kinds| check::check(sketch, kinds)))
        else {
            return;
        };
        if let Some(checklist) = &checked.checklist {
            self.preview.take(checklist.clone());
        }
        self.checked.set(checked);
    }

    /// Writes the sketch to the disk, one write after the other, the newest last; begun again after a failure by the next change or by hand.
    fn keep(self) {
        let kept = self.kept.get_value();
        self.pending.set(true);
        if !kept.borrow_mut().changed() {
            return;
        }
        let (data, id) = (self.data, self.sketch.with_untracked(|sketch| sketch.id.clone()));
        spawn_local(async move {
            let mut outcome = Ok(());
            while outcome.is_ok() {
                let now = self.sketch.try_with_untracked(Sketch::text);
                let Some(text) = kept.borrow_mut().next(now) else { break };
                outcome = data.keep_form(&id, &text).await;
            }
            kept.borrow_mut().end(outcome.is_ok());
            self.pending.try_set(false);
            self.failed.try_set(outcome.err());
        });
    }

    /// It was published or discarded: a write that still waits must not bring it back.
    fn give_up(self) {
        self.kept.try_with_value(|kept| kept.borrow_mut().give_up());
    }

    /// It could not be given up: what is typed from now on, and what was meanwhile, is written as before.
    fn resume(self) {
        if self.kept.try_with_value(|kept| kept.borrow_mut().resume()).is_some() {
            self.keep();
        }
    }

    /// Opens a line in the form.
    fn choose(self, key: Option<u32>) {
        self.chosen.set(key);
        self.shown.set(Part::Form);
        if let Some(code) = key.and_then(|key| self.code(key)) {
            self.preview.show(&code);
        }
    }

    fn code(self, key: u32) -> Option<String> {
        self.sketch.with_untracked(|sketch| sketch.line(key).map(|line| line.question.code.clone()))
    }
}

/// What the preview shows of a checklist that has no question yet.
fn blank() -> Arc<Checklist> {
    let words = Words { zh: w::no_questions().to_owned(), en: None };
    let questions = vec![Question::new("Q", QuestionKind::Note, words.clone())];
    let template = Template { id: "Q".to_owned(), version: 1, title: words, questions };
    Arc::new(Checklist::new(template).expect("one note has no faults"))
}

#[component]
pub(crate) fn ChecklistEditorPage() -> impl IntoView {
    let data = use_data();
    let (id, from) = (routes::text_param("id"), routes::from_param());
    // Read once: while the editor is open its own memory is ahead of the disk.
    let opened = Loaded::new(move || {
        let id = id.get();
        async move {
            let versions = data.form_versions().await.remove(&id).unwrap_or_default();
            let draft = written(data, &id).await;
            let begun = versions.first().map(|newest| {
                let older =
                    versions.iter().find(|version| Some(version.checklist.template().version) == from);
                let template = older.unwrap_or(newest).checklist.template();
                Sketch::of_older(template, newest.checklist.template().version)
            });
            draft.or(begun).map(|sketch| (sketch, versions))
        }
    });
    let back = move || routes::checklist(&id.get_untracked());
    move || {
        match opened.get() {
        _ if !may_publish() => view! { <Page title=w::title() back=routes::CHECKLISTS><Empty icon=IconName::Lock title=w::county_edits() /></Page> }.into_any(),
        None => view! { <Page title=w::title() back=back()><Loading /></Page> }.into_any(),
        Some(None) => {
            view! { <Page title=w::title() back=routes::CHECKLISTS><Empty icon=IconName::Clipboard title=w::unknown_list() /></Page> }.into_any()
        }
        Some(Some((sketch, versions))) => {
            let editor = Editor::new(sketch, &versions);
            view! { <Sheet editor back=back() /> }.into_any()
        }
    }
    }
}

#[component]
fn Sheet(editor: Editor, back: String) -> impl IntoView {
    on_cleanup(move || {
        // What was typed last is written even if the page goes at once.
        let text = editor.sketch.try_with_untracked(Sketch::text);
        editor.kept.try_with_value(|kept| kept.borrow_mut().leave(text));
    });
    let title = Signal::derive(move || w::editing(words(&editor.sketch.read().title)));
    view! {
        <Page title back body=PageBody::Fill foot=move || view! { <Publish editor /> }>
            <Parts editor />
            <p class="sr-only" role="status">{editor.said}</p>
            <div class="editor" data-shown=move || editor.shown.get().attr()>
                <section class="editor__part editor__questions" aria-label=w::questions()><Lines editor /></section>
                <section class="editor__part editor__form" aria-label=w::this_question()>
                    <Troubles editor />
                    <Chosen editor />
                </section>
                <section class="editor__part editor__preview" aria-label=w::preview()><PreviewPane editor /></section>
            </div>
        </Page>
    }
}

/// Which part a narrow screen shows.
#[component]
fn Parts(editor: Editor) -> impl IntoView {
    let part = move |part: Part, words: &'static str| {
        let is_shown = move || (editor.shown.get() == part).to_string();
        view! { <button type="button" class="chip" aria-pressed=is_shown on:click=move |_| editor.shown.set(part)>{words}</button> }
    };
    view! {
        <div class="editor__parts">
            {part(Part::Questions, w::questions())} {part(Part::Form, w::this_question())} {part(Part::Preview, w::preview())}
        </div>
    }
}

/// The form of the chosen line, or of the whole. Built anew for another line or kind, not while one types.
#[component]
fn Chosen(editor: Editor) -> impl IntoView {
    let open = Memo::new(move |_| {
        let key = editor.chosen.get()?;
        editor.sketch.read().line(key).map(|line| (key, line.question.kind))
    });
    move || match open.get() {
        Some((key, kind)) => view! { <QuestionForm editor key kind /> }.into_any(),
        None => view! { <Head editor /> }.into_any(),
    }
}
