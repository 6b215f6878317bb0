//! Which entries of the chain: of what, by whom, from when to when.

use super::{
    state::{AuditQuery, SORTS},
    words,
};
use crate::{locale::words::audit as w, ui::Select};
use leptos::prelude::*;

/// The filters over the table.
#[component]
pub(super) fn Filters(
    /// What is asked for.
    query: RwSignal<AuditQuery>,
) -> impl IntoView {
    let sorts = SORTS.map(|sort| (sort.to_owned(), words::sort(sort).to_owned()));
    let sorts: Vec<_> = std::iter::once((String::new(), w::all().to_owned())).chain(sorts).collect();
    let what = Signal::derive(move || query.read().what.clone());
    let pick = move |what: String| set(query, |query| query.what = what);
    view! {
        <div class="filters">
            <Select label=w::what() options=Signal::stored(sorts) chosen=what on_pick=pick />
            <label class="filters__one">
                <span class="filters__label">{w::who()}</span>
                <input class="select" type="text" maxlength="32" on:change:target=move |event| set(query, |query| query.who = event.target().value()) />
            </label>
            <label class="filters__one">
                <span class="filters__label">{w::from()}</span>
                <input class="select" type="date" on:change:target=move |event| set(query, |query| query.from = event.target().value()) />
            </label>
            <label class="filters__one">
                <span class="filters__label">{w::to()}</span>
                <input class="select" type="date" on:change:target=move |event| set(query, |query| query.to = event.target().value()) />
            </label>
        </div>
    }
}

/// Changes what is asked for, and goes back to its beginning.
fn set(query: RwSignal<AuditQuery>, change: impl FnOnce(&mut AuditQuery)) {
    query.update(|query| {
        change(query);
        query.page = 0;
    });
}
