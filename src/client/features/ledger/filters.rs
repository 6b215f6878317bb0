//! Which lines: area, days, state.

use super::state::{LedgerQuery, StateFilter};
use crate::{
    data::{AreaRow, Loaded, Topic, use_data},
    locale::words::ledger as w,
};
use leptos::prelude::*;

/// The filters over the ledger.
#[component]
pub(super) fn Filters(
    /// What is asked for.
    query: RwSignal<LedgerQuery>,
) -> impl IntoView {
    let data = use_data();
    let changed = data.changed(Topic::Areas);
    let areas = Loaded::new(move || {
        changed.track();
        data.areas()
    });
    let set = move |change: &dyn Fn(&mut LedgerQuery)| {
        query.update(|query| {
            change(query);
            query.page = 0;
        });
    };
    view! {
        <div class="filters">
            <label class="filters__one">
                <span class="filters__label">{w::area()}</span>
                <select class="select" prop:value=move || query.read().area.clone() on:change:target=move |event| {
                    let area = event.target().value();
                    set(&|query| query.area.clone_from(&area));
                }>
                    <option value="">{w::area_all()}</option>
                    {move || villages(&areas.get().unwrap_or_default())}
                </select>
            </label>
            <label class="filters__one">
                <span class="filters__label">{w::from()}</span>
                <input class="select" type="date" prop:value=move || query.read().from.clone() on:change:target=move |event| {
                    let day = event.target().value();
                    set(&|query| query.from.clone_from(&day));
                } />
            </label>
            <label class="filters__one">
                <span class="filters__label">{w::to()}</span>
                <input class="select" type="date" prop:value=move || query.read().to.clone() on:change:target=move |event| {
                    let day = event.target().value();
                    set(&|query| query.to.clone_from(&day));
                } />
            </label>
            <div class="chips" role="group" aria-label=w::state()>
                {StateFilter::ALL.map(|state| view! { <StateChip state query /> }).collect_view()}
            </div>
        </div>
    }
}

#[component]
fn StateChip(state: StateFilter, query: RwSignal<LedgerQuery>) -> impl IntoView {
    let words = match state {
        StateFilter::All => w::state_all(),
        StateFilter::Done => w::state_done(),
        StateFilter::Due => w::state_due(),
        StateFilter::Overdue => w::state_overdue(),
    };
    let press = move |_| {
        query.update(|query| {
            query.state = state;
            query.page = 0;
        });
    };
    view! {
        <button type="button" class="chip" aria-pressed=move || (query.read().state == state).to_string() on:click=press>
            {words}
        </button>
    }
}

fn villages(areas: &[AreaRow]) -> impl IntoView + use<> {
    areas
        .iter()
        .filter(|area| area.parent.is_some())
        .map(|area| view! { <option value=area.id.to_string()>{area.name.clone()}</option> })
        .collect_view()
}
