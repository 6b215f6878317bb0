//! 解锁: a PIN or the device code opens the vault; no network is needed. A forgotten code is replaced where the office is in reach.

mod code;
mod pin;

use super::{
    enrol::{DoorHead, Renewal, linked_code},
    leave::Leave,
    outbox::Rescue,
};
use crate::{
    data::{SyncProblem, use_data},
    locale::words::unlock as w,
    platform::lifecycle,
    session::use_session,
    ui::{Banner, Button, ButtonKind, Confirm, IconName, Tone},
    vault::{Ended, Names},
};
use code::CodeForm;
use leptos::prelude::*;
use pin::PinForm;

/// The locked door of an enrolled device, or of a shared PC where somebody is logged in.
#[component]
pub(crate) fn UnlockPage() -> impl IntoView {
    let session = use_session();
    // Whoever opens a link of the office here has been given a new code.
    let forgot = RwSignal::new(!linked_code().is_empty());
    let by_code = RwSignal::new(false);
    let status = use_data().status();
    let is_revoked = Memo::new(move |_| status.read().problem == Some(SyncProblem::Revoked));
    let shared = move || session.who().is_some_and(|who| who.shared_pc);
    let opens = Memo::new(move |_| {
        let door = session.door();
        (door.ended, door.has_pin && !by_code.get())
    });
    view! {
        <main class="door">
            <DoorHead words=Signal::derive(move || session.who().map_or_else(whose, |who| who.user.name)) />
            {move || match (is_revoked.get(), opens.get(), forgot.get()) {
                _ if shared() => view! { <Shared /> }.into_any(),
                (true, ..) => view! { <Revoked /> }.into_any(),
                (_, (Some(ended), _), _) => view! { <Closed ended /> <Renewal /> }.into_any(),
                (_, _, true) => {
                    view! {
                        <Renewal />
                        <Button kind=ButtonKind::Quiet on_press=move || forgot.set(false)>{w::back()}</Button>
                    }
                        .into_any()
                }
                (_, (None, true), _) => view! { <PinForm by_code /> }.into_any(),
                (_, (None, false), _) => view! { <CodeForm forgot /> }.into_any(),
            }}
            {move || (!shared()).then(|| view! { <Users /> })}
        </main>
    }
}

/// The number of the user whose vault this is, where there are several: a name would stand on the disk in clear.
fn whose() -> String {
    let all = Names::all();
    let own = all.iter().position(|names| Some(*names) == Names::enrolled());
    own.filter(|_| all.len() > 1).map(|place| w::user(place + 1)).unwrap_or_default()
}

/// The other users of the device, and the way in for one more.
#[component]
fn Users() -> impl IntoView {
    let session = use_session();
    let others = Names::all().into_iter().enumerate().filter(|(_, names)| Some(*names) != Names::enrolled());
    let others: Vec<AnyView> = others
        .map(|(place, names)| {
            let change = move || {
                names.set_enrolled();
                lifecycle::restart();
            };
            view! { <Button kind=ButtonKind::Quiet icon=IconName::Person on_press=change>{w::change_to(place + 1)}</Button> }
                .into_any()
        })
        .collect();
    let asks = RwSignal::new(false);
    view! {
        <div class="door__users">
            {others}
            <Button kind=ButtonKind::Quiet on_press=move || asks.set(true)>{w::another()}</Button>
        </div>
        <Confirm open=asks title=w::another_title() says=w::another_says() yes=w::another_yes() on_yes=move || session.begin_anew() />
    }
}

/// The vault of a shared PC locked itself: the password opens it, and nothing unsent is lost meanwhile.
#[component]
fn Shared() -> impl IntoView {
    let session = use_session();
    let is_over = Memo::new(move |_| session.door().ended.is_some());
    move || {
        if is_over.get() {
            view! { <div class="door__form"><Banner tone=Tone::Bad words=w::shared_over() /><Leave /></div> }
                .into_any()
        } else {
            view! { <CodeForm forgot=RwSignal::new(false) /><div class="door__form"><Leave /></div> }
                .into_any()
        }
    }
}

/// Why no code opens any more, and that nothing unsent is lost.
#[component]
fn Closed(ended: Ended) -> impl IntoView {
    let words = match ended {
        Ended::Tries => w::tries_over(),
        Ended::Lifetime => w::life_over(),
        Ended::Destroyed => w::destroyed(),
    };
    view! { <Banner tone=Tone::Bad words=words.to_owned() /> }
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
