//! 手机启用码: the office makes a one-time code for a worker's phone and shows it as text, link and picture.

mod qr;
mod state;

use crate::{
    data::{OfficeBody, OfficeError, OfficeRequest, use_data},
    locale::words::devices as w,
    platform::{clock, files},
    ui::{Banner, Button, ButtonKind, Field, FieldWords, Page, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use qr::Qr;
use serde_json::json;
use state::{DeviceCode, minutes_left, spoken};

#[component]
pub(crate) fn DevicesPage() -> impl IntoView {
    let data = use_data();
    let user = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let made: RwSignal<Option<(String, DeviceCode)>> = RwSignal::new(None);
    let make = move || {
        let name = user.get_untracked().trim().to_owned();
        if name.is_empty() {
            problem.set(w::user_missing().to_owned());
            return;
        }
        problem.set(String::new());
        busy.set(true);
        spawn_local(async move {
            match ask(data, &name).await {
                Ok(code) => made.set(Some((name, code))),
                Err(error) => problem.set(sentence(&error)),
            }
            busy.set(false);
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        make();
    };
    view! {
        <Page title=w::title()>
            <div class="devices inset stack">
                <p>{w::lead()}</p>
                <form class="stack" on:submit=submit>
                    <Field words=FieldWords::label(w::user()) value=user problem />
                    <Button busy>{move || if made.read().is_some() { w::again() } else { w::make() }}</Button>
                </form>
                {move || made.get().map(|(user, code)| view! { <CodeCard user code /> })}
            </div>
        </Page>
    }
}

async fn ask(data: crate::data::Data, user: &str) -> Result<DeviceCode, OfficeError> {
    let request = OfficeRequest {
        method: "POST",
        path: "devices/code".to_owned(),
        headers: Vec::new(),
        body: OfficeBody::Json(json!({ "user": user })),
    };
    data.office(request).await.and_then(|answer| answer.json())
}

fn sentence(error: &OfficeError) -> String {
    match error {
        OfficeError::Offline => w::offline().to_owned(),
        OfficeError::Login => w::login().to_owned(),
        OfficeError::Refused { status: 404, .. } => w::unknown().to_owned(),
        OfficeError::Refused { err, .. } => w::failed(err),
        OfficeError::Shape => w::failed("shape"),
    }
}

#[component]
fn CodeCard(user: String, code: DeviceCode) -> impl IntoView {
    let notices = use_notices();
    let left = match minutes_left(code.until, clock::now_ms()) {
        Some(minutes) => w::good_for(usize::try_from(minutes).unwrap_or_default()),
        None => w::over().to_owned(),
    };
    // A server that does not know its own public address names the path alone.
    let link = StoredValue::new(if code.link.starts_with('/') {
        format!("{}{}", location().origin().unwrap_or_default(), code.link)
    } else {
        code.link.clone()
    });
    let copy = move || {
        files::copy(&link.get_value());
        notices.say(w::copied());
    };
    view! {
        <section class="code-card" role="status">
            <h2 class="code-card__title">{w::for_user(user)}</h2>
            <Qr text=link.get_value() label=w::qr() />
            <p class="quiet">{w::scan()}</p>
            <p class="code-card__code" aria-label=w::code()>{spoken(&code.code)}</p>
            <p>{left}</p>
            <p class="code-card__link code" aria-label=w::link()>{link.get_value()}</p>
            <Button kind=ButtonKind::Plain on_press=copy>{w::copy()}</Button>
            <Banner tone=Tone::Soon words=w::caution() />
        </section>
    }
}
