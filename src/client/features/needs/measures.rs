//! The measures against a need: what is done, by whom, until when; saying that one was done.

use super::{planning::Plan, state};
use crate::{
    data::{MeasureRow, NeedFile, use_data},
    features::{answer_words, days, people, problems, taken_photos::TakenPhotos, thumbs::Thumbs},
    locale::words::needs as w,
    platform::{clock, picture::Size},
    session::use_session,
    ui::{
        Badge, Button, ButtonKind, CellGroup, DatePicker, Dialog, Field, FieldKind, FieldWords, IconName,
        Tone, use_notices,
    },
};
use domain::need::{Measure, NeedState};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use uuid::Uuid;

/// Photos of one measure.
const PHOTOS_MAX: usize = 4;

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

/// Says that the measure was done, with a photo that shows it.
#[component]
fn Done(measure: Uuid) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let open = RwSignal::new(false);
    let (day, result) = (RwSignal::new(clock::today_day().to_string()), RwSignal::new(String::new()));
    let photos = RwSignal::new(Vec::<Vec<u8>>::new());
    let (problem, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let take = move || {
        let (Ok(done_on), shown) = (day.get_untracked().parse(), photos.get_untracked()) else { return };
        if shown.is_empty() {
            problem.set(w::photos_missing().to_owned());
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match data.finish_measure(measure, done_on, result.get_untracked().trim(), shown).await {
                Ok(()) => {
                    open.try_set(false);
                    notices.say(w::noted());
                }
                Err(error) => drop(problem.try_set(problems::save(&error).title)),
            }
            busy.try_set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            <Button busy on_press=take>{w::do_done()}</Button>
        }
    };
    view! {
        <div><Button kind=ButtonKind::Plain icon=IconName::Check on_press=move || open.set(true)>{w::do_done()}</Button></div>
        <Dialog open title=w::done_title() acts>
            <div class="stack">
                <DatePicker
                    words=FieldWords::label(w::done_on()).must()
                    day
                    today=clock::today_day().to_string()
                    quick=days::recent(clock::today_day())
                    on_pick=move |picked| day.set(picked)
                />
                <Field words=FieldWords::label(w::result()) kind=FieldKind::Long value=result />
                <TakenPhotos words=FieldWords::label(w::photos()).must() max=PHOTOS_MAX size=Size::PHOTO photos problem />
            </div>
        </Dialog>
    }
}
