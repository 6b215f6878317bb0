//! Which ledger, and which of its lines: area, days, state.

use super::{
    kind::{Ledger, Span},
    state::{LedgerQuery, months},
};
use crate::{
    data::{AreaRow, Loaded, Topic, use_data},
    locale::words::ledger as w,
    platform::clock,
};
use domain::day::Day;
use leptos::prelude::*;

/// Months and years that one may look back.
const MONTHS_BACK: i32 = 24;
const YEARS_BACK: i32 = 4;

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
    let ledger = Memo::new(move |_| query.read().ledger);
    let choose = move |word: String| {
        query.update(|query| {
            *query =
                LedgerQuery::first(Ledger::of(&word), std::mem::take(&mut query.area), clock::today_day());
        });
    };
    let ledgers = Ledger::ALL.map(|ledger| (ledger.word().to_owned(), ledger.title().to_owned())).to_vec();
    let villages = Signal::derive(move || {
        let all = (String::new(), w::area_all().to_owned());
        std::iter::once(all).chain(villages(&areas.get().unwrap_or_default())).collect::<Vec<_>>()
    });
    let is_one_of = Signal::derive(move || query.read().area.clone());
    let days = move || match ledger.get().span() {
        Span::Days => view! { <Days query /> }.into_any(),
        Span::Month => view! { <Months query /> }.into_any(),
        Span::Year => view! { <Years query /> }.into_any(),
        Span::Today => ().into_any(),
    };
    view! {
        <div class="filters">
            <Choice label=w::ledger() options=Signal::stored(ledgers) chosen=Signal::derive(move || ledger.get().word().to_owned()) on_pick=choose />
            <Choice label=w::area() options=villages chosen=is_one_of on_pick=move |area: String| set(query, |query| query.area = area) />
            {days}
            {move || view! { <States query ledger=ledger.get() /> }}
        </div>
    }
}

/// Changes what is asked for, and goes back to its beginning.
fn set(query: RwSignal<LedgerQuery>, change: impl FnOnce(&mut LedgerQuery)) {
    query.update(|query| {
        change(query);
        query.page = 0;
    });
}

/// One of several, by the browser's own list.
#[component]
fn Choice(
    label: &'static str,
    /// Value and words of each.
    options: Signal<Vec<(String, String)>>,
    chosen: Signal<String>,
    #[prop(into)] on_pick: Callback<(String,)>,
) -> impl IntoView {
    let options = move || {
        let option = |(value, words): (String, String)| {
            let is_chosen = value == *chosen.read();
            view! { <option value=value selected=is_chosen>{words}</option> }
        };
        options.get().into_iter().map(option).collect_view()
    };
    view! {
        <label class="filters__one">
            <span class="filters__label">{label}</span>
            <select class="select" on:change:target=move |event| on_pick.run((event.target().value(),))>{options}</select>
        </label>
    }
}

#[component]
fn Days(query: RwSignal<LedgerQuery>) -> impl IntoView {
    view! {
        <label class="filters__one">
            <span class="filters__label">{w::from()}</span>
            <input class="select" type="date" prop:value=move || query.read().from.clone() on:change:target=move |event| {
                set(query, |query| query.from = event.target().value());
            } />
        </label>
        <label class="filters__one">
            <span class="filters__label">{w::to()}</span>
            <input class="select" type="date" prop:value=move || query.read().to.clone() on:change:target=move |event| {
                set(query, |query| query.to = event.target().value());
            } />
        </label>
    }
}

/// A value that is a first day and the day behind its last, joined by a stroke.
#[component]
fn Months(query: RwSignal<LedgerQuery>) -> impl IntoView {
    let today = clock::today_day();
    let month = |back: i32| {
        let day = Day::new(today.year(), today.month(), 1)?.plus_months(-back)?;
        let (from, to) = months(day, day.month(), 1)?;
        Some((format!("{from}/{to}"), w::month_of(day.year(), day.month())))
    };
    let options = (0..MONTHS_BACK).filter_map(month).collect::<Vec<_>>();
    view! { <Period label=w::month() options query /> }
}

#[component]
fn Years(query: RwSignal<LedgerQuery>) -> impl IntoView {
    let today = clock::today_day();
    let year = |back: i32| {
        let (from, to) = months(Day::new(today.year() - back, 1, 1)?, 1, 12)?;
        Some((format!("{from}/{to}"), w::year_of(today.year() - back)))
    };
    let options = (0..=YEARS_BACK).filter_map(year).collect::<Vec<_>>();
    view! { <Period label=w::year() options query /> }
}

#[component]
fn Period(
    label: &'static str,
    options: Vec<(String, String)>,
    query: RwSignal<LedgerQuery>,
) -> impl IntoView {
    let chosen = Signal::derive(move || query.with(|query| format!("{}/{}", query.from, query.to)));
    let pick = move |value: String| {
        if let Some((from, to)) = value.split_once('/') {
            set(query, |query| (query.from, query.to) = (from.to_owned(), to.to_owned()));
        }
    };
    view! { <Choice label options=Signal::stored(options) chosen on_pick=pick /> }
}

/// Nothing where a ledger knows no states.
#[component]
fn States(query: RwSignal<LedgerQuery>, ledger: Ledger) -> impl IntoView {
    let states = ledger.states();
    let chip = move |(state, words): (&'static str, &'static str)| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (query.read().state == state).to_string()
                on:click=move |_| set(query, |query| query.state = state)
            >
                {words}
            </button>
        }
    };
    (!states.is_empty()).then(|| {
        view! {
            <div class="chips" role="group" aria-label=w::state()>
                {states.into_iter().map(chip).collect_view()}
            </div>
        }
    })
}

fn villages(areas: &[AreaRow]) -> Vec<(String, String)> {
    let below = areas.iter().filter(|area| area.parent.is_some());
    below.map(|area| (area.id.to_string(), area.name.clone())).collect()
}
