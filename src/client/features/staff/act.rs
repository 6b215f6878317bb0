//! What only an administrator decides: a one-time password, the end, the return, login codes set up anew.

use super::{StaffDesk, new::OneTime};
use crate::{
    locale::words::staff as w,
    ui::{Button, ButtonKind, Dialog, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Password,
    ForgetFactor,
    End,
    Resume,
}

impl Act {
    /// The words of its button.
    pub(super) fn words(self) -> &'static str {
        match self {
            Act::Password => w::password(),
            Act::ForgetFactor => w::factor(),
            Act::End => w::end(),
            Act::Resume => w::resume(),
        }
    }

    fn says(self) -> &'static str {
        match self {
            Act::Password => w::password_says(),
            Act::ForgetFactor => w::factor_says(),
            Act::End => w::end_says(),
            Act::Resume => w::resume_says(),
        }
    }

    fn path(self) -> &'static str {
        match self {
            Act::Password => "password",
            Act::ForgetFactor => "forget-factor",
            Act::End => "end",
            Act::Resume => "resume",
        }
    }
}

/// The dialog of a decision.
#[component]
pub(super) fn ActDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What is decided.
    act: RwSignal<Option<Act>>,
    /// Where a one-time password goes.
    made: RwSignal<Option<OneTime>>,
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let notices = use_notices();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let decide = move || {
        let (Some(act), Some(person)) = (act.get_untracked(), desk.chosen.get_untracked()) else { return };
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match desk.tell(format!("accounts/{}/{}", person.id, act.path()), json!({})).await {
                Ok(answer) => {
                    open.set(false);
                    match OneTime::of(&answer) {
                        Some(one) => made.set(Some(one)),
                        None => notices.say(w::done()),
                    }
                }
                Err(said) => problem.set(said),
            }
            busy.set(false);
        });
    };
    let title = Signal::derive(move || {
        let name = desk.chosen.get().map(|person| person.name).unwrap_or_default();
        act.get().map(|act| w::act_title(name, act.words())).unwrap_or_default()
    });
    let acts = move || {
        let kind = if act.get() == Some(Act::End) { ButtonKind::Danger } else { ButtonKind::Primary };
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{w::cancel()}</Button>
            <Button kind busy on_press=decide>{move || act.get().map(Act::words)}</Button>
        }
    };
    view! {
        <Dialog open title acts>
            <div class="stack">
                <p>{move || act.get().map(Act::says)}</p>
                <p class="field__problem" role="alert">{problem}</p>
            </div>
        </Dialog>
    }
}
