//! A page on which the office is asked, told something, and asked again.

use crate::{
    data::{Data, Loaded, OfficeError, OfficeRequest, use_data},
    features::problems,
    locale::words::{privacy as w, ui},
    ui::{Loading, Notices, ProblemView, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

/// What the parts of such a page share: a question to the office, asked again after each act.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) data: Data,
    pub(super) notices: Notices,
    pub(super) said: Loaded<Result<Value, OfficeError>>,
    asked: RwSignal<u32>,
    /// What the office refused, in words.
    sentence: fn(&OfficeError) -> &'static str,
    pub(super) busy: RwSignal<bool>,
    pub(super) problem: RwSignal<String>,
}

impl Panel {
    pub(super) fn of(path: &'static str, sentence: fn(&OfficeError) -> &'static str) -> Panel {
        let (data, asked) = (use_data(), RwSignal::new(0_u32));
        let said = Loaded::new(move || {
            asked.track();
            async move { data.office(OfficeRequest::get(path)).await?.json::<Value>() }
        });
        Panel {
            data,
            notices: use_notices(),
            said,
            asked,
            sentence,
            busy: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
        }
    }

    /// Tells the office something; says so when it is done, and reads everything anew.
    ///
    /// What is said then is no `Callback`: the sheet in which it was made may be gone by that time.
    pub(super) fn tell(self, path: String, said: Value, done: Box<dyn FnOnce(&Value) -> String>) {
        self.tell_in(path, said, done, move |error| (self.sentence)(error).to_owned());
    }

    /// The same, with words for what the office refuses that name what it is about.
    pub(super) fn tell_in(
        self,
        path: String,
        said: Value,
        done: Box<dyn FnOnce(&Value) -> String>,
        refusal: impl Fn(&OfficeError) -> String + 'static,
    ) {
        self.busy.set(true);
        self.problem.set(String::new());
        spawn_local(async move {
            let answer = self.data.office(OfficeRequest::post(path, said)).await;
            match answer.and_then(|answer| answer.json::<Value>()) {
                Ok(answer) => self.notices.say(done(&answer)),
                Err(error) => drop(self.problem.try_set(refusal(&error))),
            }
            self.ask_again();
            self.busy.try_set(false);
        });
    }

    /// Reads everything anew.
    pub(super) fn ask_again(self) {
        self.asked.try_update(|asked| *asked += 1);
    }
}

/// Something told that can be undone, and what is said of both.
pub(super) struct Telling {
    pub(super) path: &'static str,
    pub(super) said: Value,
    /// What undoes it, told at the same place.
    pub(super) undo: Value,
    pub(super) done: String,
    pub(super) undone: &'static str,
}

impl Panel {
    /// Tells the office something, and offers to undo it; `then` runs once it is done.
    pub(super) fn tell_undoably(self, telling: Telling, then: impl FnOnce() + 'static) {
        let Telling { path, said, undo, done, undone } = telling;
        self.busy.set(true);
        self.problem.set(String::new());
        spawn_local(async move {
            match self.data.office(OfficeRequest::post(path, said)).await {
                Ok(_) => {
                    let back = move || self.undo(path, undo.clone(), undone);
                    self.notices.offer(done, ui::undo(), back);
                    then();
                }
                Err(error) => drop(self.problem.try_set((self.sentence)(&error).to_owned())),
            }
            self.ask_again();
            self.busy.try_set(false);
        });
    }

    /// Nothing is open any more in which a problem would be seen.
    fn undo(self, path: &'static str, undo: Value, undone: &'static str) {
        spawn_local(async move {
            let answer = self.data.office(OfficeRequest::post(path, undo)).await;
            self.notices.say(answer.map_or_else(|error| (self.sentence)(&error), |_| undone));
            self.ask_again();
        });
    }
}

/// What the office said, or that it said nothing yet, or why.
#[component]
pub(super) fn Said(panel: Panel, #[prop(into)] show: Callback<(Value,), AnyView>) -> impl IntoView {
    move || match panel.said.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(said)) => show.run((said,)),
        Some(Err(error)) => {
            let problem = problems::of_page((panel.sentence)(&error), &error, w::again());
            view! { <ProblemView problem on_action=move || panel.ask_again() /> }.into_any()
        }
    }
}

/// A text of an answer; empty if it has none.
pub(super) fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap_or_default().to_owned()
}
