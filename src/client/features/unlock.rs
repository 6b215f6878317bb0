//! 解锁: the device code opens the vault; no network is needed. A forgotten code is replaced where the office is in reach.

use super::{
    enrol::{DoorHead, Renewal, linked_code, tidy_code},
    outbox::Rescue,
    problems,
};
use crate::{
    data::{SyncProblem, use_data},
    locale::words::unlock as w,
    session::use_session,
    ui::{Banner, Button, ButtonKind, Confirm, Field, FieldKind, FieldWords, Icon, IconName, Tone},
};
use leptos::{prelude::*, task::spawn_local};

/// The locked door of an enrolled device.
#[component]
pub(crate) fn UnlockPage() -> impl IntoView {
    let session = use_session();
    // Whoever opens a link of the office here has been given a new code.
    let forgot = RwSignal::new(!linked_code().is_empty());
    let who = move || session.who().map(|who| who.user.name).unwrap_or_default();
    let status = use_data().status();
    let is_revoked = Memo::new(move |_| status.read().problem == Some(SyncProblem::Revoked));
    view! {
        <main class="door">
            <DoorHead words=Signal::derive(who) />
            {move || match (is_revoked.get(), session.is_forgotten(), forgot.get()) {
                (true, ..) => view! { <Revoked /> }.into_any(),
                (_, true, _) => view! { <Renewal /> }.into_any(),
                (_, false, true) => {
                    view! {
                        <Renewal />
                        <Button kind=ButtonKind::Quiet on_press=move || forgot.set(false)>{w::back()}</Button>
                    }
                        .into_any()
                }
                (_, false, false) => view! { <CodeForm forgot /> }.into_any(),
            }}
        </main>
    }
}

/// The office has revoked the device: nothing here opens any more, and what is unsent goes out as a file.
#[component]
fn Revoked() -> impl IntoView {
    let session = use_session();
    let asks = RwSignal::new(false);
    view! {
        <div class="door__form">
            <Banner tone=Tone::Bad words=w::revoked() />
            <Rescue status=use_data().status() />
            <Button kind=ButtonKind::Quiet on_press=move || asks.set(true)>{w::anew()}</Button>
        </div>
        <Confirm open=asks title=w::anew_title() says=w::anew_says() yes=w::anew() on_yes=move || session.begin_anew() />
    }
}

#[component]
fn CodeForm(forgot: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let code = RwSignal::new(String::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = tidy_code(&code.get_untracked());
        if text.is_empty() {
            problem.set(w::empty().to_owned());
            return;
        }
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            if let Err(error) = session.unlock(&text).await {
                problem.set(problems::session(&error));
                code.set(String::new());
            }
            busy.set(false);
        });
    };
    view! {
        <form class="door__form" on:submit=submit>
            <Field words=FieldWords::label(w::device_code()).hint(w::hint()) kind=FieldKind::Password value=code problem />
            <Button icon=IconName::Lock busy>{move || if busy.get() { w::opening() } else { w::open() }}</Button>
            <p class="door__safe"><Icon name=IconName::Safe />{w::safe()}</p>
            <Button kind=ButtonKind::Quiet on_press=move || forgot.set(true)>{w::forgot()}</Button>
        </form>
    }
}
