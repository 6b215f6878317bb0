//! A new account, and the one-time password that is shown once.

use super::{
    StaffDesk,
    place::{RoleChoice, sees},
};
use crate::{
    features::colleagues::Staff,
    locale::words::staff as w,
    platform::files,
    ui::{
        Banner, Button, ButtonKind, Choice, ChoiceKind, Dialog, Field, FieldWords, Sheet, Tone, use_notices,
    },
};
use domain::access::Role;
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};
use std::sync::Arc;

/// The sheet of a new account.
#[component]
pub(super) fn NewPerson(
    /// The page.
    desk: StaffDesk,
) -> impl IntoView {
    let open = desk.making;
    let user = RwSignal::new(String::new());
    let role = RwSignal::new(Role::VillageWorker.word().to_owned());
    let areas = RwSignal::new(Vec::<String>::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let made = RwSignal::new(None);
    let make = move || {
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let said = json!({"user": user.get_untracked(), "role": role.get_untracked(), "areas": areas.get_untracked()});
            match desk.tell("accounts".to_owned(), said).await {
                Ok(answer) => {
                    user.set(String::new());
                    areas.set(Vec::new());
                    open.set(false);
                    made.set(OneTime::of(&answer));
                }
                Err(said) => problem.set(said),
            }
            busy.set(false);
        });
    };
    let foot = move || view! { <Button busy on_press=make>{w::make()}</Button> };
    view! {
        <Sheet open title=w::add() foot=ViewFn::from(foot)>
            <div class="inset stack">
                <Field words=FieldWords::label(w::user()).hint(w::user_hint()) value=user />
                <RoleChoice role areas />
                <p class="quiet small">{move || sees(&role.read())}</p>
                {move || {
                    let staff = desk.now();
                    view! { <AreaChoice staff role=role.get() areas /> }
                }}
                <p class="field__problem" role="alert">{problem}</p>
            </div>
        </Sheet>
        <OneTimeDialog made />
    }
}

/// The areas of a role, any number of them.
#[component]
pub(super) fn AreaChoice(
    /// What there is to choose.
    staff: Arc<Staff>,
    /// For whom.
    role: String,
    /// What is chosen.
    areas: RwSignal<Vec<String>>,
) -> impl IntoView {
    let options = staff.areas_for(&role);
    let choose = move |chosen: Vec<String>| areas.set(chosen);
    view! {
        <Choice
            words=FieldWords::label(w::areas())
            kind=ChoiceKind::Many
            options
            chosen=areas
            on_choose=choose
        />
    }
}

/// A one-time password for somebody.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct OneTime {
    user: String,
    password: String,
}

impl OneTime {
    pub(super) fn of(answer: &Value) -> Option<OneTime> {
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        Some(OneTime { user: text("user")?, password: text("password")? })
    }
}

/// Shows a one-time password.
#[component]
pub(super) fn OneTimeDialog(
    /// It is open while there is one.
    made: RwSignal<Option<OneTime>>,
) -> impl IntoView {
    let notices = use_notices();
    let open = RwSignal::new(false);
    // It is never shown again: neither Esc nor a step back takes it away before it was told.
    Effect::new(move || {
        let is_untold = made.read().is_some();
        if open.get() != is_untold {
            open.set(is_untold);
        }
    });
    let text = move || made.get().map(|one| one.password).unwrap_or_default();
    let copy = move || {
        files::copy(&text());
        notices.say(w::copied());
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=copy>{w::copy()}</Button>
            <Button on_press=move || made.set(None)>{w::told()}</Button>
        }
    };
    let title = Signal::derive(move || w::password_of(made.get().map(|one| one.user).unwrap_or_default()));
    view! {
        <Dialog open title acts>
            <div class="code-card">
                <p class="code-card__code" data-testid="one-time">{text}</p>
                <p>{w::password_week()}</p>
                <Banner tone=Tone::Soon words=w::password_once() />
            </div>
        </Dialog>
    }
}
