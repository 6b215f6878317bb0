//! 启用: a phone becomes one person's phone, in three steps: code of the office, user and password, device code.

mod state;

use super::{
    credentials::{Further, FurtherFields},
    new_code::PhraseForm,
    problems,
};
use crate::{
    locale::words::enrol as w,
    routes,
    session::{Session, SessionError, use_session},
    ui::{Banner, Button, ButtonKind, Field, FieldKind, FieldWords, IconName, LinkButton, Tone},
    vault::Code,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use state::{Enrol, Step};

pub(crate) use state::tidy_code;

/// Enrolment of this device.
#[component]
pub(crate) fn EnrolPage() -> impl IntoView {
    let session = use_session();
    let link = use_location().hash;
    let enrol = RwSignal::new(Enrol::from_link(&link.get_untracked()));
    let step = Memo::new(move |_| enrol.read().step());
    // A second link may be opened in the page of the first. Once the device code is shown, the enrolment is carried through.
    let links = RwSignal::new(0_u32);
    Effect::watch(
        move || link.get(),
        move |link, _, _| {
            let is_early = matches!(step.get_untracked(), Step::Code | Step::Login);
            if is_early && !Enrol::from_link(link).code().is_empty() {
                enrol.set(Enrol::from_link(link));
                links.update(|links| *links += 1);
            }
        },
        false,
    );
    view! {
        <main class="door">
            <DoorHead words=move || w::step_of(step.get().number()) />
            <Show when=move || session.is_lost()>
                <Banner tone=Tone::Bad icon=IconName::Alert words=w::lost_says() />
            </Show>
            {move || {
                links.track();
                view! { <Steps enrol /> }
            }}
        </main>
    }
}

/// A new device code in place of one that is forgotten; the office must be in reach. What is unsent stays.
///
/// A link of the office that is opened on the phone brings its code along.
#[component]
pub(crate) fn Renewal() -> impl IntoView {
    view! { <Steps enrol=RwSignal::new(Enrol::renewal(&linked_code())) /> }
}

/// The code of the link with which the page was opened; empty for none.
pub(crate) fn linked_code() -> String {
    let location = use_location();
    let is_link = location.pathname.get_untracked() == routes::ENROL;
    if is_link { location.hash.get_untracked().trim_start_matches('#').to_owned() } else { String::new() }
}

/// The code of the office that an enrolled phone needs once its grant is gone.
#[component]
pub(crate) fn NewCode(
    /// What stands in it.
    code: RwSignal<String>,
    /// What is wrong with it.
    problem: RwSignal<String>,
) -> impl IntoView {
    view! { <Field words=FieldWords::label(w::new_code()).hint(w::new_code_hint()) kind=FieldKind::Code value=code problem /> }
}

/// Hands the office's code in before a login; nothing to do where none was asked for.
///
/// # Errors
/// With the sentence for the field of the code.
pub(crate) async fn hand_in(session: Session, code: &str) -> Result<(), String> {
    match tidy_code(code) {
        text if text.is_empty() => Ok(()),
        text => session.enrol_again(&text).await.map_err(|error| match error {
            // The office does not say whose a code is.
            SessionError::Wrong => w::code_wrong_here().to_owned(),
            other => problems::session(&other),
        }),
    }
}

#[component]
fn Steps(enrol: RwSignal<Enrol>) -> impl IntoView {
    let step = Memo::new(move |_| enrol.read().step());
    move || match step.get() {
        Step::Code => view! { <CodeStep enrol /> }.into_any(),
        Step::Login => view! { <LoginStep enrol /> }.into_any(),
        Step::Show => view! { <ShowStep enrol /> }.into_any(),
        Step::Confirm => view! { <ConfirmStep enrol /> }.into_any(),
        Step::Phrase => view! { <PhraseStep enrol /> }.into_any(),
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
    let code = RwSignal::new(enrol.with_untracked(|enrol| enrol.code().to_owned()));
    let further = Further::new();
    let renews = enrol.with_untracked(|enrol| enrol.name().is_empty());
    let (asks_code, code_problem) =
        (RwSignal::new(renews && !code.read_untracked().is_empty()), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        problem.set(String::new());
        code_problem.set(String::new());
        spawn_local(async move {
            let typed = if asks_code.get_untracked() { code.get_untracked() } else { String::new() };
            if let Err(said) = hand_in(session, &typed).await {
                code_problem.set(said);
                busy.set(false);
                return;
            }
            let Some(with) = further.with(user.get_untracked().trim(), &password.get_untracked()) else {
                busy.set(false);
                return;
            };
            match session.enrol_login(&with).await {
                Ok(device_code) => enrol.update(|enrol| enrol.logged_in(device_code)),
                Err(error) => {
                    asks_code.set(renews && error == SessionError::Grant);
                    further.heed(&error);
                    problem.set(problems::login(&error));
                }
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
            <FurtherFields further />
            <Show when=move || asks_code.get()>
                <NewCode code problem=code_problem />
            </Show>
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
            <Button kind=ButtonKind::Quiet on_press=move || enrol.update(|enrol| enrol.own(true))>{w::own()}</Button>
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
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            match session.enrol_confirm(&code.get_untracked()).await {
                Ok(()) => {}
                Err(SessionError::Wrong) => problem.set(w::not_the_code().to_owned()),
                Err(error) => problem.set(problems::session(&error)),
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

/// A phrase of one's own in place of the code that was shown.
#[component]
fn PhraseStep(enrol: RwSignal<Enrol>) -> impl IntoView {
    let session = use_session();
    let problem = RwSignal::new(String::new());
    let take = move |code: Code| {
        spawn_local(async move {
            if let Err(error) = session.enrol_phrase(code).await {
                problem.try_set(problems::session(&error));
            }
        });
    };
    view! {
        <div class="door__form">
            <PhraseForm problem take=Callback::new(take) />
            <Button kind=ButtonKind::Quiet on_press=move || enrol.update(|enrol| enrol.own(false))>{w::look_again()}</Button>
        </div>
    }
}
