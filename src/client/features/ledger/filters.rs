//! Which ledger, and which of its lines: area, days, state.

use super::{
    kind::{Ledger, Span},
    state::LedgerQuery,
};
use crate::{
    features::{
        area_choice::AreaChoice,
        days::{half_years, months},
        people,
    },
    locale::words::ledger as w,
    platform::clock,
    ui::Select,
};
use domain::day::Day;
use leptos::prelude::*;

/// Months, half-years and years that one may look back.
const MONTHS_BACK: i32 = 24;
const HALVES_BACK: i32 = 6;
const YEARS_BACK: i32 = 4;

/// The word for families that nobody answers for.
const NOBODY: &str = "none";

/// The filters over the ledger.
#[component]
pub(super) fn Filters(
    /// What is asked for.
    query: RwSignal<LedgerQuery>,
) -> impl IntoView {
    let ledger = Memo::new(move |_| query.read().ledger);
    let choose = move |word: String| {
        query.update(|query| {
            *query =
                LedgerQuery::first(Ledger::of(&word), std::mem::take(&mut query.area), clock::today_day());
        });
    };
    let ledgers = Ledger::ALL.map(|ledger| (ledger.word().to_owned(), ledger.title().to_owned())).to_vec();
    let is_one_of = Signal::derive(move || query.read().area.clone());
    let days = move || match ledger.get().span() {
        Span::Days => view! { <Days query /> }.into_any(),
        Span::Month => view! { <Months query /> }.into_any(),
        Span::Half => view! { <Halves query /> }.into_any(),
        Span::Year => view! { <Years query /> }.into_any(),
        Span::Today => ().into_any(),
    };
    view! {
        <div class="filters">
            <Select label=w::ledger() options=Signal::stored(ledgers) chosen=Signal::derive(move || ledger.get().word().to_owned()) on_pick=choose />
            <AreaChoice chosen=is_one_of on_pick=move |area: String| set(query, |query| query.area = area) />
            {days}
            {move || view! { <States query ledger=ledger.get() /> }}
            <OfWorker query />
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
fn Halves(query: RwSignal<LedgerQuery>) -> impl IntoView {
    view! { <Period label=w::half() options=half_years(clock::today_day(), HALVES_BACK) query /> }
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
    view! { <Select label options=Signal::stored(options) chosen on_pick=pick /> }
}

/// Nothing where a ledger knows no states. What a number of the overview led to is a chip as long as it is looked at.
#[component]
fn States(query: RwSignal<LedgerQuery>, ledger: Ledger) -> impl IntoView {
    let chosen = query.read_untracked().state.clone();
    let mut states: Vec<(String, String)> =
        ledger.states().into_iter().map(|(state, words)| (state.to_owned(), words.to_owned())).collect();
    if let Some(words) =
        ledger.state_word(&chosen).filter(|_| states.iter().all(|(state, _)| *state != chosen))
    {
        states.push((chosen, words));
    }
    let chip = move |(state, words): (String, String)| {
        let is_chosen = state.clone();
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (query.read().state == is_chosen).to_string()
                on:click=move |_| set(query, |query| query.state.clone_from(&state))
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

/// Whose families they are; a press asks for those of all again.
#[component]
fn OfWorker(query: RwSignal<LedgerQuery>) -> impl IntoView {
    move || {
        let worker = Some(query.read().worker.clone()).filter(|worker| !worker.is_empty())?;
        let words =
            if worker == NOBODY { w::of_nobody().to_owned() } else { w::of_worker(people::name(&worker)) };
        Some(view! {
            <button type="button" class="chip" aria-pressed="true" on:click=move |_| set(query, |query| query.worker.clear())>
                {words}
            </button>
        })
    }
}
