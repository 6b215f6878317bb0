//! 导入未发送资料: a rescue file is looked at, then imported, and its outcome told.

mod done;
mod state;

use super::DevicesDesk;
use crate::{
    data::{OfficeError, OfficeRequest},
    features::when,
    locale::words::rescue as w,
    platform::{blob_bytes, files, files::File},
    ui::{Banner, Button, ButtonKind, CellGroup, Fact, Icon, IconName, Problem, ProblemView, Progress, Tone},
};
use done::Done;
use leptos::{prelude::*, task::spawn_local};
use serde::de::DeserializeOwned;
use state::{Preview, Report};
use std::sync::Arc;

/// As many bytes as the office takes.
const FILE_BYTES_MAX: f64 = 64.0 * 1024.0 * 1024.0;

/// How far an import is.
#[derive(Clone)]
enum Step {
    Choose,
    Reading,
    Shown(Arc<Vec<u8>>, Preview),
    Importing,
    Done(Report),
    Failed(Problem),
}

/// The part of the page.
#[component]
pub(super) fn RescueImport(
    /// The page.
    desk: DevicesDesk,
) -> impl IntoView {
    let step = RwSignal::new_local(Step::Choose);
    let read = move |file: File| {
        if file.size() > FILE_BYTES_MAX {
            step.set(failed(w::too_large(), w::too_large_do()));
            return;
        }
        step.set(Step::Reading);
        spawn_local(async move {
            let bytes = blob_bytes(&file).await.unwrap_or_default();
            let next = match send::<Preview>(desk, "rescues/preview", bytes.clone()).await {
                Ok(preview) => Step::Shown(Arc::new(bytes), preview),
                Err(error) => refused(&error),
            };
            step.try_set(next);
        });
    };
    let import = move |bytes: Arc<Vec<u8>>| {
        step.set(Step::Importing);
        spawn_local(async move {
            let next = match send::<Report>(desk, "rescues", bytes.to_vec()).await {
                Ok(report) => Step::Done(report),
                Err(OfficeError::Offline | OfficeError::Shape) => uncertain(),
                Err(error) => refused(&error),
            };
            desk.data.sync_now();
            desk.ask_again();
            step.try_set(next);
        });
    };
    let again = move || step.set(Step::Choose);
    let body = move || match step.get() {
        Step::Choose => view! { <Choose on_file=read /> }.into_any(),
        Step::Reading => view! { <Progress label=w::reading() done=0 all=0 /> }.into_any(),
        Step::Importing => view! { <Progress label=w::importing() done=0 all=0 /> }.into_any(),
        Step::Shown(bytes, preview) => {
            let go = move || import(bytes.clone());
            view! { <Shown preview on_import=go on_again=again /> }.into_any()
        }
        Step::Done(report) => view! { <Done report on_again=again /> }.into_any(),
        Step::Failed(problem) => view! { <ProblemView problem on_action=again /> }.into_any(),
    };
    view! { <div class="devices inset stack">{body}</div> }
}

async fn send<T: DeserializeOwned>(desk: DevicesDesk, path: &str, bytes: Vec<u8>) -> Result<T, OfficeError> {
    let request = OfficeRequest::file(path, "application/json", bytes);
    desk.data.office(request).await.and_then(|answer| answer.json())
}

/// Nothing of the file came in.
fn failed(title: &str, advice: &str) -> Step {
    Step::Failed(Problem {
        title: title.to_owned(),
        safe: w::failed_safe().to_owned(),
        advice: advice.to_owned(),
        action: w::again().to_owned(),
    })
}

/// The file was sent to be imported, and the answer did not come: it is in, or it is not.
fn uncertain() -> Step {
    Step::Failed(Problem {
        title: w::uncertain().to_owned(),
        safe: String::new(),
        advice: w::uncertain_do().to_owned(),
        action: w::again().to_owned(),
    })
}

fn refused(error: &OfficeError) -> Step {
    let (title, advice) = match error {
        OfficeError::Offline => (w::offline(), w::offline_do()),
        OfficeError::Login => (w::login(), w::login_do()),
        OfficeError::Refused { status: 404, .. } => (w::unknown(), w::unknown_do()),
        OfficeError::Refused { status: 413, .. } => (w::too_large(), w::too_large_do()),
        OfficeError::Refused { err, .. } => match err.as_str() {
            "not_a_rescue_file" => (w::not_ours(), w::not_ours_do()),
            "rescue_form_unknown" => (w::form(), w::form_do()),
            "rescue_damaged" => (w::damaged(), w::damaged_do()),
            "rescue_other_key" => (w::other_key(), w::other_key_do()),
            _ => (w::failed(), w::failed_do()),
        },
        OfficeError::Shape => (w::failed(), w::failed_do()),
    };
    failed(title, advice)
}

#[component]
fn Choose(#[prop(into)] on_file: Callback<(File,)>) -> impl IntoView {
    view! {
        <p>{w::lead()}</p>
        <label class="drop">
            <Icon name=IconName::Document />
            <span class="drop__title">{w::drop()}</span>
            <span class="drop__note">{w::drop_note()}</span>
            <input
                class="drop__input"
                type="file"
                accept=".json,application/json"
                on:change:target=move |event| {
                    if let Some(file) = files::chosen(&event.target()) {
                        on_file.run((file,));
                    }
                }
            />
        </label>
        <p class="quiet small">{w::twice()}</p>
    }
}

#[component]
fn Shown(
    preview: Preview,
    #[prop(into)] on_import: Callback<()>,
    #[prop(into)] on_again: Callback<()>,
) -> impl IntoView {
    let span = match (preview.from, preview.to) {
        (Some(from), Some(to)) => w::from_to(when::moment(from), when::moment(to)),
        _ => w::no_saves().to_owned(),
    };
    let saves = preview.saves;
    let brings = preview.brings();
    let note = |text: String| view! { <Banner tone=Tone::Soon words=text /> };
    view! {
        <CellGroup title=w::of_user(&preview.user)>
            <Fact label=w::span() value=span />
            <Fact label=w::saves() value=w::pieces(saves.all, saves.here) />
            <Fact label=w::drafts() value=w::drafts_n(preview.drafts) />
            <Fact label=w::photos() value=w::pieces(preview.photos.all, preview.photos.here) />
        </CellGroup>
        {(saves.damaged > 0).then(|| note(w::saves_damaged(saves.damaged)))}
        {(!brings).then(|| view! { <Banner tone=Tone::Good words=w::nothing_new() /> })}
        <div class="row">
            <Button on_press=on_import>{if brings { w::import() } else { w::import_anyway() }}</Button>
            <Button kind=ButtonKind::Plain on_press=on_again>{w::again()}</Button>
        </div>
    }
}
