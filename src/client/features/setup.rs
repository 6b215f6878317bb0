//! 首次设置: a new server becomes an office: its county, townships and villages, and the first administrator.

mod areas;
mod first;
mod state;

use crate::{
    data::Loaded,
    locale::words::setup as w,
    routes,
    ui::{Empty, IconName, LinkButton, Loading, Page},
};
use areas::AreasStep;
use first::AdminStep;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use state::{Form, Step, is_open};

#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let form = Form::new(&use_location().hash.get_untracked());
    let open = Loaded::new(is_open);
    let body = move || match (open.get(), form.step.get()) {
        (None, _) => view! { <Loading /> }.into_any(),
        (Some(false), step) if step != Step::Done => view! {
            <Empty icon=IconName::Check title=w::closed() advice=w::closed_says()>
                <LinkButton href=routes::LOGIN>{w::to_login()}</LinkButton>
            </Empty>
        }
        .into_any(),
        (_, Step::Areas) => view! { <AreasStep form /> }.into_any(),
        (_, Step::Admin) => view! { <AdminStep form /> }.into_any(),
        (_, Step::Done) => view! {
            <Empty icon=IconName::Check title=w::done() advice=w::done_says(form.user.get())>
                <LinkButton href=routes::LOGIN>{w::to_login()}</LinkButton>
            </Empty>
        }
        .into_any(),
    };
    view! {
        <main class="app__alone">
            <Page title=w::title()>
                <div class="setup">{body}</div>
            </Page>
        </main>
    }
}

/// Leads from the door of a server that nobody has set up to its set-up.
#[component]
pub(crate) fn SetUpHint() -> impl IntoView {
    let open = Loaded::new(is_open);
    move || {
        (open.get() == Some(true)).then(|| {
            view! {
                <Empty icon=IconName::Info title=w::hint() advice=w::hint_says()>
                    <LinkButton href=routes::SETUP>{w::begin()}</LinkButton>
                </Empty>
            }
        })
    }
}
