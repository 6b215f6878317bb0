//! Long exports that wait for a second person: one's own, and to a lead those of his people.

use crate::{
    data::{Loaded, OfficeAnswer, OfficeRequest, use_data},
    locale::words::ledger as w,
    ui::{Button, ButtonKind, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

/// Nothing where nothing waits.
#[component]
pub(super) fn AskedExports(
    /// Grows when something was asked for, allowed or fetched.
    turn: RwSignal<u32>,
) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let asked = Loaded::new(move || {
        turn.track();
        async move {
            let answer = data.office(OfficeRequest::get("exports/approvals")).await;
            answer.and_then(|answer: OfficeAnswer| answer.json::<Value>())
        }
    });
    let allow = Callback::new(move |n: u64| {
        spawn_local(async move {
            let path = format!("exports/approvals/{n}");
            match data.office(OfficeRequest::post(path, json!({}))).await {
                Ok(_) => notices.say(w::asked_allowed()),
                Err(_) => notices.say(w::failed_do()),
            }
            turn.update(|turn| *turn += 1);
        });
    });
    move || match asked.get() {
        Some(Ok(Value::Array(list))) if !list.is_empty() => view! {
            <section class="ledger__asked" aria-label=w::asked()>
                <h2>{w::asked()}</h2>
                {list.iter().map(|one| line(one, allow)).collect_view()}
            </section>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

fn line(asked: &Value, allow: Callback<u64>) -> AnyView {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let wanted = &asked["wanted"];
    let n = asked["n"].as_u64().unwrap_or_default();
    let says = w::asked_line(
        text(&asked["name"]),
        text(&wanted["unit"]),
        wanted["rows"].as_u64().unwrap_or_default(),
    );
    let full = (wanted["full"] == true).then(|| w::asked_full(text(&wanted["reason"])));
    let is_ready = asked["state"] == "approved";
    let act = if asked["allow"] == true && !is_ready {
        view! { <Button kind=ButtonKind::Plain on_press=move || allow.run(n)>{w::asked_allow()}</Button> }
            .into_any()
    } else {
        let word = match (is_ready, asked["own"] == true) {
            (false, _) => w::asked_waits(),
            (true, true) => w::asked_ready(),
            (true, false) => w::asked_allowed(),
        };
        view! { <span class="quiet">{word}</span> }.into_any()
    };
    view! { <p class="ledger__ask">{says} {full} {act}</p> }.into_any()
}
