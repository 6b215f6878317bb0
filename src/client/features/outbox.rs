//! 同步: the truth in three numbers, what stands in the way, and every save with its fate.

mod attention;
mod login_again;
mod queue;
mod rescue;
mod state;

use super::{problems, when};
use crate::{
    data::{Loaded, SyncProblem, SyncStatus, Topic, use_data},
    locale::words::sync as w,
    routes,
    ui::{Banner, Button, ButtonKind, Confirm, IconName, Loading, Page, Progress, Tone},
};
use attention::AttentionGroups;
use leptos::prelude::*;
use login_again::LoginAgain;
use queue::QueueGroup;
pub(crate) use rescue::Rescue;

#[component]
pub(crate) fn OutboxPage() -> impl IntoView {
    let data = use_data();
    let status = data.status();
    let outbox = Loaded::new(move || {
        data.changed(Topic::Outbox).track();
        async move { data.outbox().await }
    });
    let attention = Loaded::new(move || {
        data.changed(Topic::Attention).track();
        async move { data.attention().await }
    });
    let is_running = Signal::derive(move || status.read().running);
    let foot = move || {
        view! {
            <div class="page__measure">
                <Button icon=IconName::Sync busy=is_running on_press=move || data.sync_now()>
                    {move || if is_running.get() { w::running() } else { w::sync_now() }}
                </Button>
            </div>
        }
    };
    view! {
        <Page title=w::title() back=routes::ME foot>
            <Trouble status />
            <Numbers status />
            {move || {
                let progress = status.read().progress;
                progress
                    .map(|progress| {
                        let percent = progress.percent.map_or(0, usize::from);
                        view! {
                            <div class="inset">
                                <Progress label=w::fetching(progress.records) done=percent all=if progress.percent.is_some() { 100 } else { 0 } />
                            </div>
                        }
                    })
            }}
            {move || attention.get().map(|attention| view! { <AttentionGroups attention /> })}
            {move || match outbox.get() {
                None => view! { <Loading /> }.into_any(),
                Some(items) => view! { <QueueGroup items /> }.into_any(),
            }}
            <Rescue status />
        </Page>
    }
}

/// On this phone, at the office, photos still to go.
#[component]
fn Numbers(status: Signal<SyncStatus>) -> impl IntoView {
    let number = move |label: &'static str, count: fn(&SyncStatus) -> u32, name: &'static str| {
        view! {
            <div class="numbers__one" data-testid=name>
                <dd class="numbers__count">{move || count(&status.read()).to_string()}</dd>
                <dt class="numbers__label">{label}</dt>
            </div>
        }
    };
    let contact = move || match status.read().last_contact {
        Some(at) => w::last_contact(when::moment(at)),
        None => w::no_contact().to_owned(),
    };
    let since = move || status.read().not_sent_since.map(|at| w::oldest(when::moment(at)));
    view! {
        <dl class="numbers">
            {number(w::on_phone(), |status| status.on_phone, "on-phone")}
            {number(w::at_office(), |status| status.at_office, "at-office")}
            {number(w::photos_waiting(), |status| status.photos_waiting, "photos-waiting")}
        </dl>
        <p class="numbers__note">{contact} {move || since().map(|since| view! { <br /> {since} })}</p>
    }
}

/// What stands in the way, and what to do.
#[component]
fn Trouble(status: Signal<SyncStatus>) -> impl IntoView {
    let problem = Memo::new(move |_| status.read().problem.clone());
    let asks = RwSignal::new(false);
    let asks_purge = RwSignal::new(false);
    let data = use_data();
    let purge_says = Signal::derive(move || match problem.get() {
        Some(SyncProblem::Purge(asked)) => w::purge_says(asked.of, asked.rows),
        _ => String::new(),
    });
    let is_lost = Memo::new(move |_| status.read().storage_lost);
    let is_other = Memo::new(move |_| status.read().diverged);
    view! {
        <Show when=move || is_lost.get()>
            <Banner tone=Tone::Bad icon=IconName::Alert words=w::storage_lost() />
        </Show>
        <Show when=move || is_other.get()>
            <Banner tone=Tone::Plain icon=IconName::Sync words=w::diverged() />
        </Show>
        {move || {
            problem.get().map(|problem| {
                let (title, advice) = problems::sync(&problem);
                let tone = match problem {
                    SyncProblem::Offline | SyncProblem::Server => Tone::Plain,
                    SyncProblem::Login | SyncProblem::Clock | SyncProblem::OtherBuild | SyncProblem::Purge(_) => {
                        Tone::Soon
                    }
                    SyncProblem::Revoked | SyncProblem::Quota | SyncProblem::Storage => Tone::Bad,
                };
                let icon = if problem == SyncProblem::Offline { IconName::Offline } else { IconName::Alert };
                let login = problem == SyncProblem::Login;
                let purge = matches!(problem, SyncProblem::Purge(_));
                view! {
                    <Banner tone icon words=w::trouble(title, advice)>
                        {login.then(|| view! { <Button kind=ButtonKind::Plain on_press=move || asks.set(true)>{w::login()}</Button> })}
                        {purge.then(|| view! { <Button kind=ButtonKind::Plain on_press=move || asks_purge.set(true)>{w::purge_look()}</Button> })}
                    </Banner>
                }
            })
        }}
        <LoginAgain open=asks />
        <Confirm
            open=asks_purge
            title=w::purge_title()
            says=purge_says
            yes=w::purge_yes()
            no=w::purge_no()
            kind=ButtonKind::Danger
            on_yes=move || data.confirm_purge()
        />
    }
}
