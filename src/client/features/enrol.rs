//! 启用: a phone becomes one person's phone, in three steps: code of the office, user and password, device code.

mod state;

use super::problems;
use crate::{
    locale::words::enrol as w,
    routes,
    session::use_session,
    ui::{Button, ButtonKind, Field, FieldKind, FieldWords, LinkButton},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use state::{Enrol, Step};

pub(crate) use state::tidy_code;

/// Enrolment of this device.
#[component]
pub(crate) fn EnrolPage() -> impl IntoView {
    let link = use_location().hash.get_untracked();
    let enrol = RwSignal::new(Enrol::from_link(&link));
    let step = Memo::new(move |_| enrol.read().step());
    view! {
        <main class="door">
            <DoorHead words=move || w::step_of(step.get().number()) />
            <Steps enrol />
        </main>
    }
}

/// A new device code in place of one that is forgotten; the office must be in reach. What is unsent stays.
#[component]
pub(crate) fn Renewal() -> impl IntoView {
    view! { <Steps enrol=RwSignal::new(Enrol::renewal()) /> }
}

#[component]
fn Steps(enrol: RwSignal<Enrol>) -> impl IntoView {
    let step = Memo::new(move |_| enrol.read().step());
    move || match step.get() {
        Step::Code => view! { <CodeStep enrol /> }.into_any(),
        Step::Login => view! { <LoginStep enrol /> }.into_any(),
        Step::Show => view! { <ShowStep enrol /> }.into_any(),
        Step::Confirm => view! { <ConfirmStep enrol /> }.into_any(),
    }
}

/// The mark and a line under it; the same on every door.
#[component]
pub(crate) fn DoorHead(
    /// What this door is.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    view! {
        <header class="door__head">
            <img class="door__sign" src="/icon.svg" alt="" />
            <h1 class="door__mark">{crate::locale::words::common::app_name()}</h1>
            <p class="quiet">{words}</p>
        </header>
    }
}

#[component]
fn CodeStep(enrol: RwSignal<Enrol>) -> impl IntoView {
    let session = use_session();
    let code = RwSignal::new(enrol.with_untracked(|enrol| enrol.code().to_owned()));
    let wide = crate::ui::use_wide();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = state::tidy_code(&code.get_untracked());
        if text.is_empty() {
            problem.set(w::code_empty().to_owned());
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match session.enrol(&text).await {
                Ok(user) => enrol.update(|enrol| enrol.greeted(user.name.clone())),
                Err(error) => problem.set(state::code_problem(&error)),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="door__form" on:submit=submit>
            <p>{w::code_says()}</p>
            <Field words=FieldWords::label(w::code()).hint(w::code_hint()) kind=FieldKind::Code value=code problem />
            <Button busy>{w::next()}</Button>
            <Show when=move || wide.get()>
                <LinkButton kind=ButtonKind::Quiet href=routes::LOGIN>{w::office_pc()}</LinkButton>
            </Show>
        </form>
    }
}

#[component]
fn LoginStep(enrol: RwSignal<Enrol>) -> impl IntoView {
    let session = use_session();
    let (user, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let answer = session.enrol_login(user.get_untracked().trim(), &password.get_untracked()).await;
            match answer {
                Ok(device_code) => enrol.update(|enrol| enrol.logged_in(device_code)),
                Err(error) => problem.set(problems::session(&error)),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="door__form" on:submit=submit>
            <p>{move || match enrol.read().name() {
                "" => w::renew_says().to_owned(),
                name => w::hello(name),
            }}</p>
            <Field words=FieldWords::label(w::user()) kind=FieldKind::Code value=user />
            <Field words=FieldWords::label(w::password()) kind=FieldKind::Password value=password problem />
            <Button busy>{w::login()}</Button>
        </form>
    }
}

#[component]
fn ShowStep(enrol: RwSignal<Enrol>) -> impl IntoView {
    let groups = enrol.with_untracked(Enrol::device_code_groups);
    view! {
        <div class="door__form">
            <h2 class="door__title">{w::device_code()}</h2>
            <p class="door__code code" data-testid="device-code">{groups.join(" ")}</p>
            <ul class="door__rules">
                <li>{w::rule_write()}</li>
                <li>{w::rule_every_day()}</li>
                <li>{w::rule_nobody()}</li>
            </ul>
            <Button on_press=move || enrol.update(Enrol::written_down)>{w::written_down()}</Button>
        </div>
    }
}

#[component]
fn ConfirmStep(enrol: RwSignal<Enrol>) -> impl IntoView {
    let session = use_session();
    let code = RwSignal::new(String::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = state::tidy_code(&code.get_untracked());
        if !enrol.with_untracked(|enrol| enrol.is_device_code(&text)) {
            problem.set(w::not_the_code().to_owned());
            return;
        }
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            if let Err(error) = session.enrol_confirm(&text).await {
                problem.set(problems::session(&error));
            }
            busy.set(false);
        });
    };
    view! {
        <form class="door__form" on:submit=submit>
            <h2 class="door__title">{w::type_again()}</h2>
            <p>{w::type_again_why()}</p>
            <Field words=FieldWords::label(w::device_code()) kind=FieldKind::Code value=code problem />
            <Button busy>{w::begin()}</Button>
            <Button kind=ButtonKind::Quiet on_press=move || enrol.update(Enrol::look_again)>{w::look_again()}</Button>
        </form>
    }
}
