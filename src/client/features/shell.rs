//! The frame around every page: the main places, and who may pass.

use super::{EnrolPage, LoginPage, SetUpPage, UnlockPage, credentials::RecoveryCodes, setup::SetUpHint};
use crate::{
    data::{Loaded, Topic, use_data},
    locale::{set_at_desk, words::shell as w},
    platform::{back, display, install, service_worker},
    routes,
    session::{SessionState, use_session},
    ui::{
        ButtonKind, Empty, IconName, LinkButton, Loading, Page, Tab, TabBar, Toasts, provide_notices,
        use_wide,
    },
};
use domain::access::Role;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// County codes that begin so belong to nobody: what lies there is invented.
const DEMO_COUNTY: &str = "339999";

thread_local! {
    static UPDATE: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// Whether a newer version of the app waits for a tap, watched.
pub(crate) fn update_waiting() -> ArcRwSignal<bool> {
    UPDATE.with(Clone::clone)
}

/// The frame around every page. Whoever is not let in sees the door at the same address, and the page after it.
#[component]
pub(crate) fn Shell(children: ChildrenFn) -> impl IntoView {
    provide_notices();
    routes::Guide::provide();
    let wide = use_wide();
    Effect::new(move || set_at_desk(wide.get()));
    set_at_desk(wide.get_untracked());
    display::apply();
    install::listen();
    spawn_local(service_worker::register(|| update_waiting().set(true)));
    let path = use_location().pathname;
    Effect::new(move || back::arrived(&path.read()));
    let session = use_session();
    // Who was given another role sees what it sees: every page is built anew.
    let state = Memo::new(move |_| (session.state(), session.role()));
    let children = StoredValue::new(children);
    view! {
        {move || match state.get().0 {
            SessionState::Starting => view! { <Loading /> }.into_any(),
            SessionState::NoVault => view! { <Door /> }.into_any(),
            SessionState::Locked => view! { <UnlockPage /> }.into_any(),
            SessionState::Unlocked if !session.recovery().read().is_empty() => {
                view! { <main class="app__alone"><RecoveryCodes /></main> }.into_any()
            }
            SessionState::Unlocked => view! { <Inside children /> }.into_any(),
        }}
        <Toasts />
    }
}

/// Nobody is enrolled here: a phone enrols, an office PC logs in.
#[component]
fn Door() -> impl IntoView {
    let path = use_location().pathname;
    let wide = use_wide();
    let logs_in = Memo::new(move |_| {
        let path = path.get();
        path == routes::LOGIN || (wide.get() && path != routes::ENROL)
    });
    move || {
        if *path.read() == routes::SETUP {
            view! { <SetUpPage /> }.into_any()
        } else if logs_in.get() {
            view! { <main class="app__alone"><SetUpHint /><LoginPage /></main> }.into_any()
        } else {
            view! { <EnrolPage /> }.into_any()
        }
    }
}

#[component]
fn Inside(children: StoredValue<ChildrenFn>) -> impl IntoView {
    let path = use_location().pathname;
    let navigate = use_navigate();
    let (may_office, role) = (use_session().is_office(), use_session().role());
    Effect::new(move || {
        let path = path.get();
        // Administrators, auditors and contacts of units see no family: what they have is here.
        if let Some(own) = role.and_then(own_pages) {
            if !own.iter().any(|own| path.starts_with(own)) {
                navigate(own[0], NavigateOptions { replace: true, ..NavigateOptions::default() });
            }
            return;
        }
        let is_foreign = path.starts_with(routes::OFFICE) && !may_office;
        if is_foreign || [routes::ENROL, routes::UNLOCK].contains(&path.as_str()) {
            navigate(routes::TODAY, NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    let fills = move || {
        let path = path.read();
        (path.ends_with("/form") || path.ends_with("/edit")).then_some("")
    };
    view! {
        <div class="app" data-form=fills>
            <DemoBar />
            <main class="app__page">{children.with_value(|children| children())}</main>
            <TabBar tabs=tabs() />
        </div>
    }
}

/// The only pages of a role that sees no family, its first page first; of others nothing.
fn own_pages(role: Role) -> Option<&'static [&'static str]> {
    match role {
        Role::Admin => Some(&[
            routes::STAFF,
            routes::DEVICES,
            routes::CHECKLISTS,
            routes::HEALTH,
            routes::ME,
            routes::LOGIN,
        ]),
        Role::UnitContact => Some(&[routes::PLAN_TASKS, routes::ME, routes::LOGIN]),
        Role::Auditor => Some(&[routes::AUDIT, routes::ME, routes::LOGIN]),
        _ => None,
    }
}

/// Says that all people on the screen are invented.
#[component]
fn DemoBar() -> impl IntoView {
    let data = use_data();
    let areas = Loaded::new(move || {
        data.changed(Topic::Areas).track();
        async move { data.areas().await }
    });
    let is_demo = Memo::new(move |_| {
        areas.get().is_some_and(|areas| areas.iter().any(|area| area.code.starts_with(DEMO_COUNTY)))
    });
    view! {
        <Show when=move || is_demo.get()>
            <header class="app__demo">{w::demo()}</header>
        </Show>
    }
}

fn tabs() -> Vec<Tab> {
    let status = use_data().status();
    let none = Signal::derive(|| 0);
    let attention = Signal::derive(move || status.read().attention as usize);
    let tab = |label, icon, href: &str, count| Tab {
        label,
        icon,
        href: href.to_owned(),
        count,
        exact: false,
        wide: false,
    };
    let only = match use_session().role() {
        Some(Role::Auditor) => Some((w::audit(), IconName::Document, routes::AUDIT)),
        Some(Role::UnitContact) => Some((w::plan_tasks(), IconName::Clipboard, routes::PLAN_TASKS)),
        _ => None,
    };
    if let Some((label, icon, href)) = only {
        return vec![tab(label, icon, href, none), tab(w::me(), IconName::Person, routes::ME, none)];
    }
    if use_session().is_admin() {
        return vec![
            tab(w::staff(), IconName::People, routes::STAFF, none),
            tab(w::devices(), IconName::Phone, routes::DEVICES, none),
            tab(w::checklists(), IconName::Clipboard, routes::CHECKLISTS, none),
            tab(w::health(), IconName::Safe, routes::HEALTH, none),
            tab(w::me(), IconName::Person, routes::ME, none),
        ];
    }
    let mut tabs = vec![
        Tab { exact: true, ..tab(w::today(), IconName::Sun, routes::TODAY, none) },
        tab(w::recipients(), IconName::People, routes::RECIPIENTS, none),
        tab(w::visits(), IconName::Clipboard, routes::VISITS, none),
        tab(w::needs(), IconName::Hand, routes::NEEDS, none),
        tab(w::me(), IconName::Person, routes::ME, attention),
    ];
    if use_session().is_office() {
        let office = |label, icon, href, count| Tab { wide: true, ..tab(label, icon, href, count) };
        tabs.extend([
            office(w::overview(), IconName::Chart, routes::OVERVIEW, none),
            office(w::review(), IconName::Check, routes::REVIEW, none),
            office(w::attention(), IconName::Alert, routes::ATTENTION, attention),
            office(w::import(), IconName::Plus, routes::IMPORT, none),
            office(w::ledger(), IconName::Document, routes::LEDGER, none),
            office(w::sponsors(), IconName::Building, routes::SPONSORS, none),
            office(w::plan(), IconName::Calendar, routes::PLAN, none),
            office(w::standards(), IconName::Document, routes::STANDARDS, none),
            office(w::plan_tasks(), IconName::Clipboard, routes::PLAN_TASKS, none),
            office(w::checklists(), IconName::Clipboard, routes::CHECKLISTS, none),
            office(w::privacy(), IconName::Lock, routes::PRIVACY, none),
            office(w::staff(), IconName::People, routes::STAFF, none),
            office(w::devices(), IconName::Phone, routes::DEVICES, none),
        ]);
        if use_session().role().is_some_and(Role::is_county) {
            tabs.push(office(w::health(), IconName::Safe, routes::HEALTH, none));
        }
    }
    tabs
}

/// A path that no page has.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! {
        <Page title=w::not_found()>
            <Empty icon=IconName::Search title=w::not_found() advice=w::not_found_advice()>
                <LinkButton kind=ButtonKind::Plain href=routes::TODAY>{w::to_today()}</LinkButton>
            </Empty>
        </Page>
    }
}
