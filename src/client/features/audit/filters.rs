//! Which entries of the chain: of what, by whom, from when to when.

use super::{
    state::{AuditQuery, SORTS},
    words,
};
use crate::locale::words::audit as w;
use leptos::prelude::*;

/// The filters over the table.
#[component]
pub(super) fn Filters(
    /// What is asked for.
    query: RwSignal<AuditQuery>,
) -> impl IntoView {
    let option = move |sort: &'static str| {
        let is_chosen = move || query.read().what == sort;
        view! { <option value=sort selected=is_chosen>{words::sort(sort)}</option> }
    };
    view! {
        <div class="filters">
            <label class="filters__one">
                <span class="filters__label">{w::what()}</span>
                <select class="select" on:change:target=move |event| set(query, |query| query.what = event.target().value())>
                    <option value="">{w::all()}</option>
                    {SORTS.map(option).collect_view()}
                </select>
            </label>
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
