//! A checklist that is being written, as a phone asks it: the questions of the form itself, answered by whoever looks. Nothing of it is kept.

use super::{
    Work,
    question::{self, QuestionView},
    state::Form,
    touched::Touched,
};
use domain::{
    checklist::{Checklist, Facts},
    order::Gather,
};
use leptos::prelude::*;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// Questions that are built around the one that is looked at: a thousand would take a second.
const BEFORE: usize = 20;
const AFTER: usize = 60;

/// The answers given to a checklist while it changes.
#[derive(Clone, Copy)]
pub(crate) struct Preview {
    work: Work,
    /// What is known of whoever is visited.
    facts: StoredValue<Facts>,
    /// How often a question changed: it is built anew then.
    editions: RwSignal<BTreeMap<String, u32>>,
}

impl Preview {
    /// Nothing answered yet.
    pub(crate) fn new(checklist: Arc<Checklist>) -> Preview {
        let form = Form::of(checklist, Facts::default());
        let work = Work { keeps: false, ..Work::new(Uuid::nil(), "", form) };
        Preview { work, facts: StoredValue::new(Facts::default()), editions: RwSignal::new(BTreeMap::new()) }
    }

    /// Goes on with a changed checklist.
    pub(crate) fn take(self, checklist: Arc<Checklist>) {
        let changed = self.work.form.try_update(|form| form.ask_by(checklist)).unwrap_or_default();
        self.work.touched.with_value(Touched::notify_all);
        self.built_anew(changed);
    }

    /// As it is when a visit to another begins.
    pub(crate) fn visit(self, facts: Facts) {
        self.facts.set_value(facts);
        self.restart();
    }

    /// As it is when a visit begins.
    pub(crate) fn restart(self) {
        let checklist = self.work.form.with_untracked(Form::checklist);
        let codes = checklist.questions().map(|question| question.code.clone()).collect();
        self.work.form.set(Form::of(checklist, self.facts.get_value()));
        self.built_anew(codes);
    }

    /// Brings a question into view, if it is shown. The questions around it are built first.
    pub(crate) fn show(self, code: &str) {
        let code = code.to_owned();
        request_animation_frame(move || question::scroll_to(&code));
    }

    fn built_anew(self, codes: Vec<String>) {
        self.editions.try_update(|editions| {
            for code in codes {
                *editions.entry(code).or_default() += 1;
            }
        });
    }

    /// The shown questions around one, each with its edition.
    fn around(self, code: &str) -> Vec<(String, u32)> {
        let editions = self.editions.read();
        let form = self.work.form.read();
        let codes = form.view().codes();
        let bare = |shown: &str| form.question(shown).map(|question| question.code.as_str());
        let at = codes.iter().position(|shown| bare(shown) == Some(code)).unwrap_or_default();
        let near = codes.iter().skip(at.saturating_sub(BEFORE)).take(BEFORE + AFTER);
        let edition = |shown: &str| bare(shown).and_then(|code| editions.get(code)).copied();
        near.map(|shown| (shown.clone(), edition(shown).unwrap_or_default())).gather()
    }
}

/// The questions that a phone shows now.
#[component]
pub(crate) fn FormPreview(
    /// What is answered.
    preview: Preview,
    /// The question that is looked at.
    #[prop(into)]
    around: Signal<String>,
) -> impl IntoView {
    let work = preview.work;
    let shown = Memo::new(move |_| preview.around(&around.read()));
    view! {
        <For each=move || shown.get() key=Clone::clone let:shown>
            <QuestionView code=shown.0 work />
        </For>
    }
}
