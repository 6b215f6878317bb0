//! The measures against a need: what is done, by whom, until when.

use super::{done::Done, planning::Plan, state};
use crate::{
    data::{MeasureRow, NeedFile},
    features::{answer_words, days, people, thumbs::Thumbs},
    locale::words::needs as w,
    session::use_session,
    ui::{Badge, CellGroup, Tone},
};
use domain::need::{Measure, NeedState};
use leptos::prelude::*;
use serde_json::Value;

/// What is done against the need.
#[component]
pub(super) fn Measures(file: NeedFile) -> impl IntoView {
    let state = file.state();
    let plans = use_session().is_office() && state.is_some_and(state::takes_measures);
    let is_under_way = state == Some(NeedState::InProgress);
    let rows: Vec<_> = file.measures.iter().cloned().map(|row| view! { <One row is_under_way /> }).collect();
    let is_none = rows.is_empty();
    (!is_none || plans).then(|| {
        view! {
            <CellGroup title=w::measures()>
                {is_none.then(|| view! { <p class="file__two quiet">{w::no_measures()}</p> })}
                {rows}
            </CellGroup>
            {plans.then(|| view! { <Plan need=file.row.id responsible=file.row.responsible.clone().unwrap_or_default() /> })}
        }
    })
}

/// What a measure is about, in one line.
pub(crate) fn said(row: &MeasureRow) -> String {
    let measure = Measure(&row.fields);
    let mut parts = vec![state::measure_kind(measure.text("kind").unwrap_or_default())];
    parts.extend(measure.text("what").map(str::to_owned));
    parts
        .extend(row.fields.get("amount").and_then(Value::as_i64).map(|fen| w::yuan(answer_words::yuan(fen))));
    parts.extend((!row.sponsor.is_empty()).then(|| row.sponsor.clone()));
    parts.join(" · ")
}

/// Until when and by whom, or when it was done.
pub(crate) fn said_when(row: &MeasureRow) -> String {
    let measure = Measure(&row.fields);
    let mut parts = Vec::new();
    match (measure.done_on(), measure.due_on()) {
        (Some(day), _) => parts.push(w::done_at(days::said(&day.to_string()))),
        (None, Some(day)) => {
            parts.push(w::until(days::said(&day.to_string())));
            let left = days::days_until(&day.to_string()).filter(|left| *left < 0);
            parts.extend(left.map(days::left));
        }
        (None, None) => {}
    }
    parts.extend(measure.text("responsible").map(people::name));
    parts.join(" · ")
}

#[component]
fn One(row: MeasureRow, is_under_way: bool) -> impl IntoView {
    let is_done = Measure(&row.fields).is_done();
    let result = Measure(&row.fields).text("result").map(str::to_owned);
    let (tone, words) = if is_done { (Tone::Good, w::is_done()) } else { (Tone::Plain, w::not_done()) };
    let blobs = row.blobs.clone();
    view! {
        <div class="file__two">
            <p class="row"><span class="strong">{said(&row)}</span><Badge tone words /></p>
            <p class="quiet">{said_when(&row)}</p>
            {result.map(|result| view! { <p>{result}</p> })}
            {(!blobs.is_empty()).then(|| view! { <Thumbs name=|n: usize| w::photo_of(n) blobs /> })}
            {(is_under_way && !is_done).then(|| view! { <Done measure=row.id /> })}
        </div>
    }
}
