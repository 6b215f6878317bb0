//! A number in full: asked of the office one at a time, for a reason that stays on record, and forgotten with the page.

use crate::{
    data::{OfficeError, OfficeRequest, use_data},
    features::{
        ask_reason::{AskReason, ReasonWords},
        labels, problems,
    },
    locale::words::file as w,
    ui::{Button, ButtonKind, Fact},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};
use uuid::Uuid;

/// A masked value with the act that shows it in full, or hides it again.
#[component]
pub(super) fn Masked(
    /// The record that holds it.
    record: Uuid,
    /// Its field.
    field: String,
    /// What is seen of it.
    shown: String,
    /// What must be known about it.
    mark: String,
) -> impl IntoView {
    let data = use_data();
    let (asks, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (full, problem) = (RwSignal::new(None::<String>), RwSignal::new(String::new()));
    let label = labels::field(&field);
    let field = StoredValue::new(field);
    let ask = move |reason: String| {
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let said = json!({ "e": record, "f": field.get_value(), "reason": reason });
            let answer = data.office(OfficeRequest::post("unmask", said)).await;
            // The page may be gone, or locked.
            match answer.and_then(|answer| answer.json::<Value>()) {
                Ok(answer) => drop(full.try_set(answer["text"].as_str().map(str::to_owned))),
                Err(error) => drop(problem.try_set(sentence(&error).to_owned())),
            }
            busy.try_set(false);
        });
    };
    let hide = move || full.set(None);
    let act = move || {
        if full.read().is_some() {
            return view! { <Button kind=ButtonKind::Quiet on_press=hide>{w::unmask_hide()}</Button> }
                .into_any();
        }
        view! { <Button kind=ButtonKind::Quiet busy on_press=move || asks.set(true)>{w::unmask()}</Button> }
            .into_any()
    };
    let words = ReasonWords { title: w::unmask_title(), says: w::unmask_says(), yes: w::unmask() };
    view! {
        {move || {
            let value = full.get().unwrap_or_else(|| w::masked(&shown));
            view! {
                <Fact label=label.clone() value mark=mark.clone()>
                    {act()}
                    <p class="field__problem fact__problem" role="status">{problem}</p>
                </Fact>
            }
        }}
        <AskReason open=asks words on_reason=ask />
    }
}

fn sentence(error: &OfficeError) -> &'static str {
    match error {
        OfficeError::Offline => w::unmask_offline(),
        OfficeError::Refused { status: 429, .. } => w::unmask_slow(),
        error => problems::office(error),
    }
}
