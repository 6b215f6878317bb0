//! Setting the quick PIN: on 我的, and offered on 今日 once the code was given.

use crate::{
    data::Loaded,
    features::problems,
    locale::words::pin as w,
    session::use_session,
    ui::{Banner, Button, ButtonKind, Field, FieldKind, FieldWords, IconName, Sheet, Tone, use_notices},
};
use crypto::pin::{Pin, PinFault};
use leptos::{prelude::*, task::spawn_local};

/// The offer; nothing where a PIN was set or declined.
#[component]
pub(crate) fn PinOffer() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let offered = Loaded::new(move || {
        session.door();
        async move { session.offers_pin().await }
    });
    view! {
        <Show when=move || offered.get() == Some(true)>
            <Banner tone=Tone::Plain icon=IconName::Lock words=w::offer()>
                <Button kind=ButtonKind::Plain on_press=move || open.set(true)>{w::offer_yes()}</Button>
            </Banner>
        </Show>
        <PinSheet open />
    }
}

/// Asks for a PIN twice.
#[component]
pub(crate) fn PinSheet(open: RwSignal<bool>) -> impl IntoView {
    view! { <Sheet open title=w::title().to_owned()><PinForm open /></Sheet> }
}

#[component]
fn PinForm(open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let notices = use_notices();
    let (first, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (problem, differs) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(String::new());
        differs.set(String::new());
        let pin = match Pin::choose(&first.read_untracked()) {
            Ok(pin) => pin,
            Err(fault) => return problem.set(refusal(fault).to_owned()),
        };
        if first.get_untracked() != again.get_untracked() {
            return differs.set(w::differs().to_owned());
        }
        busy.set(true);
        spawn_local(async move {
            match session.set_pin(&pin).await {
                Ok(()) => {
                    notices.say(w::done());
                    open.try_set(false);
                }
                Err(error) => {
                    problem.try_set(problems::session(&error));
                }
            }
            busy.try_set(false);
        });
    };
    let decline = move || {
        open.set(false);
        spawn_local(session.decline_pin());
    };
    view! {
        <form class="stack inset" on:submit=submit>
            <p>{w::says()}</p>
            <Field words=FieldWords::label(w::first()).hint(w::hint()) kind=FieldKind::Pin value=first problem />
            <Field words=FieldWords::label(w::again()) kind=FieldKind::Pin value=again problem=differs />
            <Button busy>{w::save()}</Button>
            <Button kind=ButtonKind::Quiet on_press=decline>{w::none()}</Button>
        </form>
    }
}

fn refusal(fault: PinFault) -> &'static str {
    match fault {
        PinFault::Form => w::form(),
        PinFault::Easy => w::easy(),
        PinFault::Day => w::day(),
    }
}
