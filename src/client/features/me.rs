//! 我的: who I am, what is unsent, what the phone can still hold, how the screen looks, and the door.

mod lock;
mod password;
mod sessions;
mod settings;

use super::{labels, when};
use crate::{
    data::{Loaded, SyncStatus, Topic, use_data},
    locale::words::me as w,
    platform::{install, service_worker},
    routes,
    session::use_session,
    ui::{Badge, Banner, Button, ButtonKind, Cell, CellGroup, IconName, Page, Tone},
};
use leptos::{prelude::*, task::spawn_local};
use lock::LockGroup;
use password::Password;
pub(crate) use sessions::SessionsPage;
pub(super) use settings::Settings;

/// What the app is built as.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[component]
pub(crate) fn MePage() -> impl IntoView {
    let status = use_data().status();
    view! {
        <Page title=w::title()>
            <Updates />
            <Who />
            <CellGroup title=w::sending()>
                <Cell label=w::sync() note=Signal::derive(move || sent(&status.read())) href=routes::OUTBOX>
                    {move || (status.read().attention > 0).then(|| view! { <Badge tone=Tone::Bad words=w::attention(status.read().attention as usize) /> })}
                </Cell>
                <Cell label=w::matters() note=w::matters_says() href=routes::ATTENTION />
                <Cell label=w::handovers() note=w::handovers_says() href=routes::HANDOVERS />
            </CellGroup>
            <Storage status />
            <Settings />
            <Password />
            <LockGroup />
            <p class="inset quiet small">{w::version(VERSION)}</p>
            {use_data().witness().map(|seen| view! { <p class="inset quiet small">{w::witness(seen)}</p> })}
        </Page>
    }
}

/// What is unsent, in a sentence.
fn sent(status: &SyncStatus) -> String {
    let at = status.last_contact.map_or_else(|| w::never().to_owned(), when::moment);
    match (status.on_phone, status.photos_waiting) {
        (0, 0) => w::all_sent(at),
        (0, photos) => w::photos_not_sent(photos as usize),
        (words, 0) => w::words_not_sent(words as usize),
        (words, photos) => w::not_sent(words, photos),
    }
}

#[component]
fn Who() -> impl IntoView {
    let session = use_session();
    let data = use_data();
    let areas = Loaded::new(move || {
        data.changed(Topic::Areas).track();
        async move { data.areas().await }
    });
    let villages = move || {
        let areas = areas.get().unwrap_or_default();
        let names: Vec<_> =
            areas.into_iter().filter(|area| area.counted.people > 0).map(|area| area.name).collect();
        if names.len() > 6 { w::villages(names.len()) } else { names.join(w::between()) }
    };
    let who = session.who();
    let name = who.as_ref().map(|who| who.user.name.clone()).unwrap_or_default();
    let role = who.map(|who| labels::role(&who.user.role)).unwrap_or_default();
    view! {
        <CellGroup>
            <Cell label=name note=Signal::derive(villages) value=role />
        </CellGroup>
    }
}

/// Whether the browser keeps the storage, and how much is left.
#[component]
fn Storage(status: Signal<SyncStatus>) -> impl IntoView {
    let kept = move || match status.read().storage.persisted {
        Some(true) => w::kept(),
        Some(false) => w::not_kept(),
        None => w::not_asked(),
    };
    let room = move || match status.read().readiness.photos_left {
        Some(photos) => w::photos(photos),
        None => w::unknown().to_owned(),
    };
    view! {
        <CellGroup title=w::phone() note=w::phone_says()>
            <Cell label=w::kept_label() note=Signal::derive(move || kept().to_owned()) />
            <Cell label=w::room() value=Signal::derive(room) />
        </CellGroup>
    }
}

/// A newer version that waits for a tap, and the offer to install.
#[component]
fn Updates() -> impl IntoView {
    let offered = install::offered();
    let waiting = super::update_waiting();
    view! {
        <Show when=move || waiting.get()>
            <Banner tone=Tone::Good icon=IconName::Down words=w::update()>
                <Button kind=ButtonKind::Plain on_press=|| spawn_local(service_worker::accept())>{w::update_now()}</Button>
            </Banner>
        </Show>
        <Show when=move || offered.get() && !install::is_installed()>
            <Banner tone=Tone::Plain icon=IconName::Phone words=w::install()>
                <Button kind=ButtonKind::Plain on_press=install::ask>{w::install_now()}</Button>
            </Banner>
        </Show>
    }
}
