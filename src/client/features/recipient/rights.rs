//! 权利: what is kept about the person as a file to hand over, and what he or his kin ask about it (PIPL §44–§49).

use super::{
    request::{Decide, TakeDown},
    state::Boxed,
};
use crate::{
    data::{OfficeError, OfficeRequest, RecipientFile, RecordView, use_data},
    features::{
        ask_reason::{AskReason, ReasonWords},
        days, people,
    },
    locale::words::privacy as w,
    platform::{clock, files},
    session::use_session,
    ui::{Badge, Button, ButtonKind, Cell, CellGroup, IconName, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;
use uuid::Uuid;

#[component]
pub(super) fn Rights(file: Boxed<RecipientFile>) -> impl IntoView {
    let at_office = use_session().is_office();
    let chosen = RwSignal::new(None::<RecordView>);
    let (taking, deciding) = (RwSignal::new(false), RwSignal::new(false));
    let id = file.row.id;
    let rows = file
        .requests
        .iter()
        .map(|request| view! { <Request request=request.clone() at_office chosen deciding /> })
        .collect_view();
    view! {
        {at_office.then(|| view! { <Report id name=file.row.name.clone() /> })}
        <CellGroup title=w::requests() note=w::requests_say()>
            {rows}
            <Cell label=w::take_down() on_press=move || taking.set(true) />
        </CellGroup>
        <TakeDown id open=taking />
        <Decide id chosen open=deciding />
    }
}

/// Everything that is kept, as a workbook to print.
#[component]
fn Report(id: Uuid, name: String) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let (asks, busy) = (RwSignal::new(false), RwSignal::new(false));
    let problem = RwSignal::new(String::new());
    // Made before the office is asked: by its answer this page may be gone.
    let file_name = format!("{}-{name}-{}.xlsx", w::report(), clock::today());
    let export = move |reason: Option<String>| {
        busy.set(true);
        problem.set(String::new());
        let file_name = file_name.clone();
        spawn_local(async move {
            let body = json!({ "full": reason.is_some(), "reason": reason });
            match data.office(OfficeRequest::post(format!("recipients/{id}/report"), body)).await {
                Ok(answer) => match files::save(&file_name, &answer.content_type, &answer.bytes) {
                    Ok(()) => notices.say(w::saved_file()),
                    Err(_) => problem.set(w::failed().to_owned()),
                },
                Err(OfficeError::Offline) => problem.set(w::offline().to_owned()),
                Err(OfficeError::Refused { status: 429, .. }) => problem.set(w::too_many().to_owned()),
                Err(_) => problem.set(w::failed().to_owned()),
            }
            busy.set(false);
        });
    };
    let masked = {
        let export = export.clone();
        move || export(None)
    };
    let full = move |reason: String| export(Some(reason));
    view! {
        <CellGroup title=w::report() note=w::report_says()>
            <div class="stack inset">
                <div class="row">
                    <Button busy icon=IconName::Document on_press=masked>{w::report_masked()}</Button>
                    <Button kind=ButtonKind::Plain disabled=busy on_press=move || asks.set(true)>{w::report_full()}</Button>
                </div>
                <p class="field__problem" role="status">{problem}</p>
            </div>
        </CellGroup>
        <AskReason open=asks words=ReasonWords::of_full_numbers() on_reason=full />
    }
}

#[component]
fn Request(
    request: RecordView,
    at_office: bool,
    chosen: RwSignal<Option<RecordView>>,
    deciding: RwSignal<bool>,
) -> impl IntoView {
    let text = |name: &str| field(&request, name);
    let who = match text("asked_by").as_str() {
        "kin" => w::kin_of(text("relation"), text("asker")),
        _ => w::himself().to_owned(),
    };
    let mut note = w::asked(who, days::said(&text("asked_on")), text("what"));
    let state = text("state");
    if !state.is_empty() {
        note.push_str(&w::decided(
            text("decision"),
            people::name(&text("decided_by")),
            days::said(&text("decided_on")),
        ));
    }
    let (tone, words) = match state.as_str() {
        "granted" => (Tone::Good, w::granted()),
        "refused" => (Tone::Plain, w::refused()),
        _ => (Tone::Soon, w::waits()),
    };
    let label = kind(&text("kind"));
    let badge = move || view! { <Badge tone words /> };
    if at_office && state.is_empty() {
        let press = move || {
            chosen.set(Some(request.clone()));
            deciding.set(true);
        };
        view! { <Cell label note on_press=press>{badge()}</Cell> }.into_any()
    } else {
        view! { <Cell label note>{badge()}</Cell> }.into_any()
    }
}

/// A text of a request; empty if it has none.
pub(super) fn field(request: &RecordView, name: &str) -> String {
    let view = request.fields.get(name);
    view.and_then(|view| view.value.as_str()).unwrap_or_default().to_owned()
}

/// What is asked, in a word.
pub(super) fn kind(kind: &str) -> &'static str {
    match kind {
        "correct" => w::kind_correct(),
        "delete" => w::kind_delete(),
        "copy" => w::kind_copy(),
        _ => w::kind_explain(),
    }
}
