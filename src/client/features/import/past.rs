//! The lists that were imported before, newest first, each with what undoes it.

mod undo;

use super::problem;
use crate::{
    data::{Data, Loaded, OfficeError, OfficeRequest, use_data},
    features::when,
    locale::words::import as w,
    ui::{Badge, Cell, CellGroup, Loading, Problem, ProblemView, Sheet, Tone},
};
use leptos::prelude::*;
use serde::Deserialize;
use undo::UndoForm;

/// A list that was written.
#[derive(Clone, Default, PartialEq, Deserialize)]
struct Imported {
    id: String,
    at: i64,
    by: String,
    area: String,
    file: String,
    tally: Tally,
    #[serde(default)]
    undone: Option<Undone>,
}

/// What it did, in lines and people.
#[derive(Clone, Default, PartialEq, Deserialize)]
struct Tally {
    lines: usize,
    refused: usize,
    created: usize,
    changed: usize,
    same: usize,
    households: usize,
    villages: usize,
}

#[derive(Clone, PartialEq, Deserialize)]
struct Undone {
    at: i64,
    by: String,
    families: usize,
    kept: usize,
}

#[derive(Clone, Deserialize)]
struct Answer {
    rows: Vec<Imported>,
}

/// What the list and the sheet above it share.
#[derive(Clone, Copy)]
struct Past {
    data: Data,
    said: Loaded<Result<Vec<Imported>, OfficeError>>,
    asked: RwSignal<u32>,
    open: RwSignal<bool>,
    shown: RwSignal<Imported>,
}

/// The imports of the caller's areas.
#[component]
pub(super) fn PastImports() -> impl IntoView {
    let (data, asked) = (use_data(), RwSignal::new(0_u32));
    let said = Loaded::new(move || {
        asked.track();
        async move {
            let answer = data.office(OfficeRequest::get("imports")).await?;
            answer.json::<Answer>().map(|answer| answer.rows)
        }
    });
    let past =
        Past { data, said, asked, open: RwSignal::new(false), shown: RwSignal::new(Imported::default()) };
    let body = move || match past.said.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(rows)) if rows.is_empty() => view! { <p class="quiet inset">{w::past_none()}</p> }.into_any(),
        Some(Ok(rows)) => {
            let rows = rows.into_iter().map(|row| view! { <PastRow past row /> }).collect_view();
            view! { <CellGroup title=w::past() note=w::past_note()>{rows}</CellGroup> }.into_any()
        }
        Some(Err(error)) => {
            let (title, advice) = problem::sentences(&super::problem_of(&error));
            let problem = Problem::of_page(&title, advice, w::retry());
            view! { <ProblemView problem on_action=move || past.asked.update(|asked| *asked += 1) /> }
                .into_any()
        }
    };
    view! {
        <div class="import__past">{body}</div>
        <Sheet open=past.open title=Signal::derive(move || past.shown.read().file.clone())>
            <PastImport past />
        </Sheet>
    }
}

#[component]
fn PastRow(past: Past, row: Imported) -> impl IntoView {
    let note = w::past_row(when::moment(row.at), &row.by, &row.area, row.tally.lines);
    let counts = w::past_counts(row.tally.created, row.tally.changed, row.tally.refused);
    let is_undone = row.undone.is_some();
    let label = row.file.clone();
    let show = move || {
        past.shown.set(row.clone());
        past.open.set(true);
    };
    view! {
        <Cell label note=format!("{note} · {counts}") on_press=show>
            {is_undone.then(|| view! { <Badge tone=Tone::Plain words=w::undone() /> })}
        </Cell>
    }
}

/// One list, and what undoes it.
#[component]
fn PastImport(past: Past) -> impl IntoView {
    let row = past.shown.get_untracked();
    let Tally { lines, refused, created, changed, same, households, villages } = row.tally;
    let facts = [
        w::past_row(when::moment(row.at), &row.by, &row.area, lines),
        w::done_created(created),
        w::done_changed(changed),
        w::done_same(same),
        w::past_refused(refused),
    ];
    let more = [
        (households > 0).then(|| w::done_households(households)),
        (villages > 0).then(|| w::past_villages(villages)),
        row.undone
            .as_ref()
            .map(|undone| w::past_undone(when::moment(undone.at), &undone.by, undone.families)),
        row.undone.as_ref().filter(|undone| undone.kept > 0).map(|undone| w::past_kept(undone.kept)),
    ];
    let lines = facts.into_iter().chain(more.into_iter().flatten());
    let has_news = created + changed + households > 0;
    let can_undo = row.undone.is_none() && has_news;
    view! {
        <div class="stack inset">
            <ul class="import__facts">{lines.map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
            {can_undo.then(|| view! { <UndoForm past import=row.id /> })}
            {(!has_news).then(|| view! { <p class="quiet">{w::past_nothing()}</p> })}
        </div>
    }
}
