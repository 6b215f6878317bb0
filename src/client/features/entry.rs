//! Forms in a dialog: what is typed into a field, what is wrong with it, and the save at the end; and a save without a form.

use super::problems;
use crate::{
    data::SaveError,
    locale::words::{pledges as w, ui},
    platform::clock,
    ui::{Banner, Button, ButtonKind, Dialog, IconName, Notices, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

/// A text with its problem beside it.
#[derive(Clone, Copy)]
pub(crate) struct Typed {
    pub(crate) text: RwSignal<String>,
    /// Empty for nothing.
    pub(crate) problem: RwSignal<String>,
}

impl Typed {
    pub(crate) fn new(text: impl Into<String>) -> Typed {
        Typed { text: RwSignal::new(text.into()), problem: RwSignal::new(String::new()) }
    }

    /// The trimmed text, to be judged anew.
    pub(crate) fn begin(self) -> String {
        self.problem.set(String::new());
        self.text.get_untracked().trim().to_owned()
    }

    /// What is to be stored of it by the rule of a field, null for nothing; none if it is wrong, which is then said.
    /// What must be typed has words for where it is missing.
    pub(crate) fn checked(self, rule: &str, missing: Option<&'static str>) -> Option<Value> {
        let text = self.begin();
        if text.is_empty() {
            return missing.map_or(Some(Value::Null), |missing| self.refuse(missing));
        }
        match domain::field::check(rule, text.into(), clock::today_day()) {
            Ok(value) => Some(value),
            Err(error) => self.refuse(problems::field(error)),
        }
    }

    /// Says what is wrong with it.
    pub(crate) fn refuse<T>(self, why: impl Into<String>) -> Option<T> {
        self.problem.set(why.into());
        None
    }
}

/// Whether a form is open, and how its save goes.
#[derive(Clone, Copy)]
pub(crate) struct Saving {
    pub(crate) open: RwSignal<bool>,
    pub(super) busy: RwSignal<bool>,
    /// Why it was not saved; empty for nothing.
    pub(super) problem: RwSignal<String>,
    notices: Notices,
}

impl Saving {
    pub(crate) fn new() -> Saving {
        let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
        Saving { open, busy, problem: RwSignal::new(String::new()), notices: use_notices() }
    }

    /// Saves; the form closes once it is on the disk, and stays as it is when it is not.
    pub(crate) fn run<T: 'static>(
        self,
        save: impl Future<Output = Result<T, SaveError>> + 'static,
        then: impl FnOnce(T) + 'static,
    ) {
        self.problem.set(String::new());
        self.busy.set(true);
        spawn_local(async move {
            match save.await {
                Ok(saved) => {
                    self.open.try_set(false);
                    self.notices.say(w::noted());
                    then(saved);
                }
                Err(error) => drop(self.problem.try_set(problems::save(&error).title)),
            }
            self.busy.try_set(false);
        });
    }
}

/// Saves, and says so or why not.
pub(crate) fn save(
    notices: Notices,
    done: &'static str,
    saving: impl Future<Output = Result<(), SaveError>> + 'static,
) {
    spawn_local(async move {
        match saving.await {
            Ok(()) => notices.say(done),
            Err(error) => notices.say(problems::save(&error).title),
        }
    });
}

/// Saves, and offers to undo it with what the save left.
pub(crate) fn save_undoably<T: Clone + Send + Sync + 'static>(
    notices: Notices,
    done: &'static str,
    saving: impl Future<Output = Result<T, SaveError>> + 'static,
    undo: impl Fn(T) + Send + Sync + 'static,
) {
    spawn_local(async move {
        match saving.await {
            Ok(left) => notices.offer(done, ui::undo(), move || undo(left.clone())),
            Err(error) => notices.say(problems::save(&error).title),
        }
    });
}

/// The dialog of a form, with 取消 and 保存 at its end.
#[component]
pub(crate) fn EntryDialog(
    /// Whether it is open, and how its save goes.
    saving: Saving,
    /// What it is about.
    title: &'static str,
    /// Judges what was typed, and saves it.
    #[prop(into)]
    on_save: Callback<()>,
    /// The fields.
    children: ChildrenFn,
) -> impl IntoView {
    let Saving { open, busy, problem, .. } = saving;
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{ui::cancel()}</Button>
            <Button busy on_press=on_save>{w::save()}</Button>
        }
    };
    let wrong = move || {
        let words = problem.get();
        (!words.is_empty()).then(|| view! { <Banner tone=Tone::Bad icon=IconName::Alert words /> })
    };
    let children = StoredValue::new(children);
    view! {
        <Dialog open title acts>
            <div class="stack">{children.with_value(|children| children())}{wrong}</div>
        </Dialog>
    }
}
