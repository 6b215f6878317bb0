//! Long exports that wait for a second person: one's own, and to a lead those of his people.

use super::export::{Exporter, target};
use crate::{
    data::{Loaded, OfficeAnswer, OfficeRequest, use_data},
    features::ask_reason::{AskReason, ReasonWords},
    locale::words::ledger as w,
    ui::{Button, ButtonKind},
};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Nothing where nothing waits.
#[component]
pub(super) fn AskedExports(
    /// Who fetches what was allowed.
    exporter: Exporter,
) -> impl IntoView {
    let data = use_data();
    let asked = Loaded::new(move || {
        exporter.turn.track();
        async move {
            let answer = data.office(OfficeRequest::get("exports/approvals")).await;
            answer.and_then(|answer: OfficeAnswer| answer.json::<Value>())
        }
    });
    let (asks, refused) = (RwSignal::new(false), RwSignal::new(0));
    let refuse = Callback::new(move |(n,): (u64,)| {
        refused.set(n);
        asks.set(true);
    });
    let tell = move |reason: String| {
        let path = format!("exports/approvals/{}/refuse", refused.get_untracked());
        exporter.decide(path, json!({ "reason": reason }), w::asked_refuse());
    };
    let list = move || match asked.get() {
        Some(Ok(Value::Array(list))) if !list.is_empty() => view! {
            <section class="ledger__asked" aria-label=w::asked()>
                <h2>{w::asked()}</h2>
                {list.iter().map(|one| line(one, exporter, refuse)).collect_view()}
            </section>
        }
        .into_any(),
        _ => ().into_any(),
    };
    let words = ReasonWords { title: w::refuse_title(), says: w::refuse_says(), yes: w::asked_refuse() };
    view! {
        {list}
        <AskReason open=asks words on_reason=tell />
    }
}

fn line(asked: &Value, exporter: Exporter, refuse: Callback<(u64,)>) -> AnyView {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let wanted = &asked["wanted"];
    let n = asked["n"].as_u64().unwrap_or_default();
    let says = w::asked_line(
        text(&asked["name"]),
        target(wanted).1,
        text(&wanted["unit"]),
        wanted["rows"].as_u64().unwrap_or_default(),
    );
    let reason = text(&wanted["reason"]);
    let why = if wanted["full"] == true { w::asked_full(reason) } else { w::asked_why(reason) };
    let (is_own, is_ready) = (asked["own"] == true, asked["state"] == "approved");
    let is_refused = asked["state"] == "refused";
    let word = match (is_refused, is_ready, is_own) {
        (true, ..) => w::asked_refused(text(&asked["refused"])),
        (_, false, _) => w::asked_waits().to_owned(),
        (_, true, true) => w::asked_ready().to_owned(),
        (_, true, false) => w::asked_allowed().to_owned(),
    };
    let allow = move || {
        exporter.decide(format!("exports/approvals/{n}"), json!({}), w::asked_allowed());
    };
    let wanted = wanted.clone();
    let fetch = move || exporter.fetch(wanted.clone());
    let act = if is_own && is_ready {
        view! { <span class="quiet">{word}</span> <Button kind=ButtonKind::Plain on_press=fetch>{w::asked_fetch()}</Button> }
            .into_any()
    } else if asked["allow"] == true && !is_ready {
        view! {
            <Button kind=ButtonKind::Plain on_press=allow>{w::asked_allow()}</Button>
            <Button kind=ButtonKind::Quiet on_press=move || refuse.run((n,))>{w::asked_refuse()}</Button>
        }
        .into_any()
    } else {
        view! { <span class="quiet">{word}</span> }.into_any()
    };
    view! { <p class="ledger__ask"><span>{says}</span> <span>{why}</span> {act}</p> }.into_any()
}
