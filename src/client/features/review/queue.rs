//! The queue as rows to go through with the arrow keys.

use crate::{
    data::VisitRow,
    features::{people, when},
    locale::words::review as w,
    routes,
    ui::{Badge, Tone},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_navigate};
use uuid::Uuid;

/// The rows of a queue.
#[component]
pub(super) fn QueueList(
    /// The visits.
    shown: Signal<Vec<VisitRow>, LocalStorage>,
    /// Which one is open.
    open: Signal<Option<Uuid>>,
) -> impl IntoView {
    let navigate = use_navigate();
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        let rows = shown.read_untracked();
        let at = rows.iter().position(|visit| Some(visit.id) == open.get_untracked());
        let next = at.map_or(0, |at| at.saturating_add_signed(step).min(rows.len().saturating_sub(1)));
        if let Some(visit) = rows.get(next) {
            navigate(&routes::review_visit(visit.id), leptos_router::NavigateOptions::default());
        }
    };
    view! {
        <ul class="queue" on:keydown=keys>
            <For each=move || shown.get() key=|visit| (visit.id, visit.completed_at) let:visit>
                <QueueRow visit open />
            </For>
        </ul>
    }
}

#[component]
fn QueueRow(visit: VisitRow, open: Signal<Option<Uuid>>) -> impl IntoView {
    let id = visit.id;
    let current = move || (open.get() == Some(id)).then_some("true");
    let who =
        visit.visitors.iter().map(|visitor| people::name(visitor)).collect::<Vec<_>>().join(w::between());
    let at = visit.completed_at.map(when::moment).unwrap_or(visit.day);
    view! {
        <li>
            <A href=routes::review_visit(id) attr:class="cell" attr:aria-current=current>
                <span class="cell__words">
                    <span class="cell__label strong">{visit.name}</span>
                    <span class="cell__note">{visit.village}" · "{at}" · "{who}</span>
                </span>
                <span class="queue__marks">
                    {(visit.needs > 0)
                        .then(|| view! { <Badge tone=Tone::Soon words=w::row_needs(visit.needs as usize) /> })}
                    {(visit.photos > 0).then(|| view! { <Badge words=w::row_photos(visit.photos as usize) /> })}
                </span>
            </A>
        </li>
    }
}
