//! A checklist from an XLSForm workbook: the office judges it first, and what it says is taken in as what is being written here.

use super::{Found, Listed, state::Sketch, words};
use crate::{
    data::{Data, OfficeError, OfficeRequest, use_data},
    features::{answer_words, import, problems, workbook_drop::WorkbookDrop},
    locale::words::checklists as w,
    platform::{blob_bytes, files},
    routes,
    ui::{Banner, Button, Cell, CellGroup, IconName, Sheet, Tone},
};
use domain::{checklist::Template, json};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

/// What the office says of a workbook.
#[derive(Clone)]
enum Judged {
    Bad(Vec<Value>),
    Good(Box<Template>, Vec<Value>),
    /// Not read at all.
    Failed(String),
}

#[component]
pub(super) fn Upload(open: RwSignal<bool>, found: Signal<Option<Found>>) -> impl IntoView {
    view! { <Sheet open title=w::upload()><Form found /></Sheet> }
}

#[component]
fn Form(found: Signal<Option<Found>>) -> impl IntoView {
    let data = use_data();
    let (judged, busy) = (RwSignal::new(None), RwSignal::new(false));
    let read = move |file: files::File| {
        busy.set(true);
        spawn_local(async move {
            let answer = judge(data, &file).await;
            judged.try_set(Some(answer));
            busy.try_set(false);
        });
    };
    view! {
        <div class="stack inset" aria-busy=move || busy.get().to_string()>
            <p class="quiet">{w::upload_says()}</p>
            <WorkbookDrop title=import::drop_words() busy on_file=move |file: files::File| read(file) />
            <div class="stack" role="status">
                {move || judged.get().map(|judged| view! { <Said judged found /> })}
            </div>
        </div>
    }
}

async fn judge(data: Data, file: &files::File) -> Judged {
    let Some(bytes) = blob_bytes(file).await else { return Judged::Failed(w::failed().to_owned()) };
    let request = match import::workbook("checklists?check=true", &file.name(), bytes) {
        Ok(request) => request,
        Err(why) => return Judged::Failed(why),
    };
    let lines = |body: &Value, of: &str| body[of].as_array().cloned().unwrap_or_default();
    match data.office(request).await.and_then(|answer| answer.json::<Value>()) {
        Ok(mut body) => match json::from_value(body["template"].take()) {
            Ok(template) => Judged::Good(Box::new(template), lines(&body, "warnings")),
            Err(_) => Judged::Failed(w::failed().to_owned()),
        },
        Err(OfficeError::Refused { err, body, .. }) if err == "form_has_errors" => {
            Judged::Bad(lines(&body, "errors"))
        }
        Err(error) => Judged::Failed(import::file_refusal(&error)),
    }
}

#[component]
fn Said(judged: Judged, found: Signal<Option<Found>>) -> impl IntoView {
    match judged {
        Judged::Failed(why) => view! { <Banner tone=Tone::Bad words=why /> }.into_any(),
        Judged::Bad(errors) => view! { <Lines title=w::upload_bad(errors.len()) lines=errors /> }.into_any(),
        Judged::Good(template, warnings) => view! {
            <Take template=*template found />
            {(!warnings.is_empty()).then(|| view! { <Lines title=w::upload_warnings() lines=warnings /> })}
        }
        .into_any(),
    }
}

/// Each with the place in the workbook.
#[component]
fn Lines(#[prop(into)] title: String, lines: Vec<Value>) -> impl IntoView {
    let line = |line: Value| view! { <Cell label=words::of_form(&line).to_owned() note=place(&line) /> };
    view! { <CellGroup title>{lines.into_iter().map(line).collect_view()}</CellGroup> }
}

fn place(line: &Value) -> String {
    match (line["sheet"].as_str().unwrap_or_default(), line["row"].as_u64(), line["column"].as_str()) {
        ("", ..) => String::new(),
        (sheet, Some(row), Some(column)) => w::at_cell(sheet, row, column),
        (sheet, Some(row), None) => w::at_row(sheet, row),
        (sheet, ..) => w::at_sheet(sheet),
    }
}

/// What a good form becomes: nothing if it says the same as the newest version, and nothing over what is being written here.
#[component]
fn Take(template: Template, found: Signal<Option<Found>>) -> impl IntoView {
    let known = found.with_untracked(|found| {
        found.as_ref().and_then(|found| found.lists.iter().find(|one| one.id == template.id).cloned())
    });
    let newest = known.as_ref().and_then(Listed::newest).cloned();
    let base = newest.as_ref().map_or(0, |newest| newest.version);
    let template = Template { version: base, ..template };
    if newest.is_some_and(|newest| newest == template) {
        return view! { <Banner tone=Tone::Good words=w::upload_same(base) /> }.into_any();
    }
    if known.is_some_and(|known| known.draft.is_some()) {
        return view! { <Banner tone=Tone::Soon words=w::upload_draft(&template.id) /> }.into_any();
    }
    let (data, guide, problem) = (use_data(), routes::use_guide(), RwSignal::new(String::new()));
    let title = answer_words::words(&template.title);
    let take = move || {
        let sketch = Sketch::of(&template);
        spawn_local(async move {
            match data.keep_form(&sketch.id, &sketch.text()).await {
                Ok(()) => guide.to(&routes::checklist_editor(&sketch.id)),
                Err(error) => drop(problem.try_set(problems::save(&error).title)),
            }
        });
    };
    view! {
        <Banner tone=Tone::Good words=w::upload_good(title) />
        <p class="field__problem" role="alert">{problem}</p>
        <Button on_press=take>{w::upload_take()}</Button>
    }
    .into_any()
}

/// Saves a version as a workbook.
#[component]
pub(super) fn Download(code: String, #[prop(into)] version: Signal<u32>) -> impl IntoView {
    let data = use_data();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let fetch = move || {
        let version = version.get_untracked();
        let name = format!("{code}-{version}.xlsx");
        let code = String::from(js_sys::encode_uri_component(&code));
        let request = OfficeRequest::get(format!("checklists/form?code={code}&version={version}"));
        busy.set(true);
        spawn_local(async move {
            let said = match data.office(request).await {
                Ok(answer) => files::save(&name, &answer.content_type, &answer.bytes)
                    .map_or_else(|_| w::download_failed().to_owned(), |()| String::new()),
                Err(error) => import::file_refusal(&error),
            };
            problem.try_set(said);
            busy.try_set(false);
        });
    };
    view! {
        <Button kind=crate::ui::ButtonKind::Plain icon=IconName::Document busy on_press=fetch>{w::download()}</Button>
        <p class="field__problem" role="alert">{problem}</p>
    }
}
