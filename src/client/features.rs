//! The pages, one slice for each thing people do here.

mod attention;
mod devices;
mod import;
pub(crate) mod labels;
mod ledger;
mod login;
mod people;
mod review;
mod when;

pub(crate) use attention::AttentionPage;
pub(crate) use devices::DevicesPage;
pub(crate) use import::ImportPage;
pub(crate) use ledger::LedgerPage;
pub(crate) use login::LoginPage;
pub(crate) use review::{ReviewPage, ReviewPage as ReviewVisitPage};

use crate::{
    locale::words::common,
    session::{SessionState, use_session},
};
use leptos::prelude::*;

/// The frame around every page.
#[component]
pub(crate) fn Shell(children: Children) -> impl IntoView {
    let session = use_session();
    let state = move || match session.state() {
        SessionState::Starting => "…",
        SessionState::NoVault => "no vault",
        SessionState::Locked => "locked",
        SessionState::Unlocked => "unlocked",
    };
    view! { <header>{common::app_name()}" "{state}</header> {children()} }
}

#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! { <h1>"NotFound"</h1> }
}

#[component]
pub(crate) fn TodayPage() -> impl IntoView {
    view! { <h1>"Today"</h1> }
}

#[component]
pub(crate) fn EnrolPage() -> impl IntoView {
    view! { <h1>"Enrol"</h1> }
}

#[component]
pub(crate) fn UnlockPage() -> impl IntoView {
    view! { <h1>"Unlock"</h1> }
}

#[component]
pub(crate) fn RecipientsPage() -> impl IntoView {
    view! { <h1>"Recipients"</h1> }
}

#[component]
pub(crate) fn RecipientPage() -> impl IntoView {
    view! { <h1>"Recipient"</h1> }
}

#[component]
pub(crate) fn VisitsPage() -> impl IntoView {
    view! { <h1>"Visits"</h1> }
}

#[component]
pub(crate) fn VisitPage() -> impl IntoView {
    view! { <h1>"Visit"</h1> }
}

#[component]
pub(crate) fn VisitFormPage() -> impl IntoView {
    view! { <h1>"VisitForm"</h1> }
}

#[component]
pub(crate) fn NeedsPage() -> impl IntoView {
    view! { <h1>"Needs"</h1> }
}

#[component]
pub(crate) fn NeedPage() -> impl IntoView {
    view! { <h1>"Need"</h1> }
}

#[component]
pub(crate) fn OutboxPage() -> impl IntoView {
    view! { <h1>"Outbox"</h1> }
}

#[component]
pub(crate) fn MePage() -> impl IntoView {
    view! { <h1>"Me"</h1> }
}

