//! Visits in which nothing changed, accepted together.

use super::state::{Queue, is_plain, queued};
use crate::{
    data::{Data, Loaded, Review, VisitRow, use_data},
    features::when,
    locale::words::review as w,
    routes,
    ui::{Button, ButtonKind, Cell, CellGroup, Empty, IconName, Loading, Sheet, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// So many are looked through and accepted at once.
const VISITS_MAX: usize = 100;

/// The way to those that wait without anything to decide; where only one waits there is none.
#[component]
pub(super) fn AcceptTogether(waiting: Signal<usize>) -> impl IntoView {
    let open = RwSignal::new(false);
    let many = Memo::new(move |_| waiting.get() > 1);
    view! {
        <Show when=move || many.get()>
            <div class="inset">
                <Button kind=ButtonKind::Plain icon=IconName::Check on_press=move || open.set(true)>{w::together()}</Button>
            </div>
        </Show>
        <Sheet open title=w::together_title()>
            <Found open />
        </Sheet>
    }
}

#[component]
fn Found(open: RwSignal<bool>) -> impl IntoView {
    let data = use_data();
    let found = Loaded::new(move || plain(data));
    move || match found.get() {
        None => view! { <Loading /> }.into_any(),
        Some(visits) if visits.is_empty() => {
            view! { <Empty icon=IconName::Clipboard title=w::together_none() advice=w::together_says() /> }
                .into_any()
        }
        Some(visits) => view! { <Those open visits /> }.into_any(),
    }
}

#[component]
fn Those(open: RwSignal<bool>, visits: Vec<VisitRow>) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let busy = RwSignal::new(false);
    let ids: Vec<Uuid> = visits.iter().map(|visit| visit.id).collect();
    let count = ids.len();
    let accept = move || {
        let ids = ids.clone();
        busy.set(true);
        spawn_local(async move {
            let done = accepted(data, &ids).await;
            open.try_set(false);
            busy.try_set(false);
            data.sync_now();
            notices.say(if done == count {
                w::together_done(done)
            } else {
                w::together_part(done, count - done)
            });
        });
    };
    let row = |visit: VisitRow| {
        let at = visit.completed_at.map(when::moment).unwrap_or(visit.day);
        let note = format!("{} · {at}", visit.village);
        view! { <Cell label=visit.name note href=routes::review_visit(visit.id) /> }
    };
    view! {
        <div class="inset"><Button busy on_press=accept>{w::together_yes(count)}</Button></div>
        <CellGroup note=w::together_says()>{visits.into_iter().map(row).collect_view()}</CellGroup>
    }
}

/// Those in which nothing changed, of the ones that wait longest.
async fn plain(data: Data) -> Vec<VisitRow> {
    let mut found = Vec::new();
    for row in queued(&data.visits().await, Queue::Waiting).into_iter().take(VISITS_MAX) {
        if let Some((visit, file)) = data.visit_and_file(row.id).await
            && is_plain(&visit, &file.fields)
        {
            found.push(row);
        }
    }
    found
}

/// How many were accepted, up to the first that could not be saved.
async fn accepted(data: Data, visits: &[Uuid]) -> usize {
    for (done, visit) in visits.iter().enumerate() {
        if data.review(*visit, Review::Accepted).await.is_err() {
            return done;
        }
    }
    visits.len()
}
