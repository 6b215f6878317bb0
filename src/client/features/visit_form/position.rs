//! 位置: told by the device at a tap, roughly, and only if the worker wants; or typed.

use super::{Work, question::Asked};
use crate::{
    features::{answer_words, labels},
    locale::words::form as w,
    platform::position::{NoPosition, here},
    ui::{Button, ButtonKind, CellGroup, Fact, Field, FieldKind},
};
use domain::checklist::{coarse_position, position_answer, position_text};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

/// The button that asks the device, and why it did not tell.
#[component]
pub(super) fn TakePosition(#[prop(into)] on_taken: Callback<(Value,)>) -> impl IntoView {
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(""));
    let take = move || {
        busy.set(true);
        problem.set("");
        spawn_local(async move {
            let said = match here().await {
                Ok((lat, lon, accuracy)) => {
                    on_taken.try_run((coarse_position(lat, lon, accuracy),));
                    ""
                }
                Err(NoPosition::Refused) => w::position_refused(),
                Err(NoPosition::Unknown) => w::position_unknown(),
            };
            problem.try_set(said);
            busy.try_set(false);
        });
    };
    view! {
        <Button kind=ButtonKind::Plain busy on_press=take>{w::position_take()}</Button>
        <p class="field__problem" role="status">{problem}</p>
    }
}

/// Typed, or told by the device.
#[component]
pub(super) fn PositionAnswer(asked: Asked) -> impl IntoView {
    let shown = match asked.value.get_untracked() {
        Value::Object(place) => position_text(&place),
        Value::String(text) => text,
        _ => String::new(),
    };
    let text = RwSignal::new(shown);
    let (work, code) = (asked.work, asked.code().to_owned());
    let take = {
        let code = code.clone();
        move |taken: Value| {
            text.set(taken.as_object().map(position_text).unwrap_or_default());
            work.answer(&code, taken);
        }
    };
    let change = move |text: String| work.answer(&code, position_answer(&text));
    view! {
        <div class="stack">
            <Field words=asked.words kind=FieldKind::Code value=text problem=asked.problem on_change=change />
            <TakePosition on_taken=take />
        </div>
    }
}

/// Where the house stands, kept in the file with the visit.
#[component]
pub(super) fn HousePosition(work: Work, kept: Option<Value>) -> impl IntoView {
    let place = RwSignal::new(kept);
    let put = move |taken: Option<Value>| {
        work.correct("geo", taken.clone().unwrap_or_default());
        place.set(taken);
    };
    let value = move || match place.get() {
        Some(Value::Object(place)) => answer_words::position(&place),
        _ => w::position_none().to_owned(),
    };
    view! {
        <section class="question">
            <CellGroup title=labels::field("geo") note=w::position_says()>
                {move || view! { <Fact label=w::position_now() value=value() /> }}
                <div class="stack inset">
                    <TakePosition on_taken=move |taken: Value| put(Some(taken)) />
                    {move || place.read().is_some().then(|| view! {
                        <Button kind=ButtonKind::Quiet on_press=move || put(None)>{w::position_drop()}</Button>
                    })}
                </div>
            </CellGroup>
        </section>
    }
}
