//! Who is due: by village, in the order of a walk, with what for and until when.

use super::{
    ics,
    state::{self, Village},
};
use crate::{
    data::DueRow,
    features::{days, dues, person::PersonRow},
    locale::words::today as w,
    platform::{clock, files},
    routes,
    ui::{Button, ButtonKind, Cell, CellGroup, use_notices},
};
use domain::{door::Nearness, visit::VisitKind};
use leptos::prelude::*;

/// How many families of a village the page shows before it leads to the whole list.
const SHOWN: usize = 20;

#[component]
pub(super) fn DueGroups(due: Vec<DueRow>) -> impl IntoView {
    let kinds = state::kinds(&due);
    let counted = state::counted(&due);
    let due = StoredValue::new(due);
    let only = RwSignal::new(None::<VisitKind>);
    let villages = move || {
        let villages = due.with_value(|due| state::villages(due, only.get()));
        villages.into_iter().map(village).collect_view()
    };
    (counted.people > 0).then(|| {
        view! {
            <section class="today__due">
                <div class="today__bar">
                    <h2 class="today__title">{w::due(counted.households, counted.people)}</h2>
                    <Button kind=ButtonKind::Quiet on_press=move || due.with_value(|due| export(due))>{w::to_calendar()}</Button>
                </div>
                {(kinds.len() > 1).then(|| view! { <Kinds kinds only /> })}
                {villages}
                <p class="cell-group__note">{w::calendar_says()}</p>
            </section>
        }
    })
}

/// One kind of visit alone, as a worker plans a round.
#[component]
fn Kinds(kinds: Vec<(VisitKind, usize)>, only: RwSignal<Option<VisitKind>>) -> impl IntoView {
    let chip = move |kind: Option<VisitKind>, words: String, n: Option<usize>| {
        view! {
            <button type="button" class="chip" aria-pressed=move || (only.get() == kind).to_string() on:click=move |_| only.set(kind)>
                {words} {n.map(|n| view! { <span class="chip__count">{n}</span> })}
            </button>
        }
    };
    let chips = kinds.into_iter().map(|(kind, n)| chip(Some(kind), dues::kind(kind).to_owned(), Some(n)));
    view! {
        <div class="chips" role="group" aria-label=w::kinds()>
            {chip(None, w::all_kinds().to_owned(), None)} {chips.collect_view()}
        </div>
    }
}

fn village(village: Village) -> AnyView {
    let counted = state::counted(&village.rows);
    let rest = (counted.people > SHOWN).then(|| {
        view! { <Cell label=w::all_due(counted.people) href=format!("{}?due=1", routes::RECIPIENTS) /> }
    });
    view! {
        <CellGroup title=w::village(&village.name, counted.households, counted.people)>
            {village.rows.into_iter().take(SHOWN).map(person).collect_view()} {rest}
        </CellGroup>
    }
    .into_any()
}

fn person(due: DueRow) -> impl IntoView {
    let today = clock::today_day();
    let why: Vec<String> = due.dues.iter().map(|one| dues::sentence(one, due.cause, today)).collect();
    let beside = due.beside.map(|(nearness, name)| match nearness {
        Nearness::SameYard => w::same_yard(name),
        Nearness::NextDoor => w::next_door(name),
    });
    let parts = [Some(due.door), beside, Some(why.join(w::between()))].into_iter().flatten();
    let note = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let href = routes::recipient(due.recipient.id);
    view! { <PersonRow row=due.recipient href note /> }
}

/// Puts what is due into the phone's own calendar.
fn export(due: &[DueRow]) {
    let today = clock::today_day();
    let event = |one: state::Errand| {
        // What is overdue moves on with each day: it takes the place of what an earlier file said of it.
        let day = if one.day == today { "now".to_owned() } else { one.day.to_string() };
        ics::Event {
            uid: format!("{}-{}-{day}", one.area.0, one.due.kind.word()),
            day: one.day,
            summary: w::calendar_event(one.village, one.doors.len(), dues::what(&one.due)),
        }
    };
    let events: Vec<ics::Event> = state::errands(due, today).into_iter().map(event).collect();
    let text = ics::file(w::calendar_name(), &events, today);
    let name = format!("{}-{today}.ics", w::calendar_file());
    if files::save(&name, "text/calendar;charset=utf-8", text.as_bytes()).is_err() {
        use_notices().say(w::calendar_failed().to_owned());
    }
}

/// The day with its name in the farmers' calendar.
pub(super) fn day_title(iso: &str) -> String {
    let long = days::long(iso);
    match iso.parse().ok().and_then(domain::lunar::LunarDay::of) {
        Some(lunar) => w::day(long, lunar.words()),
        None => long,
    }
}
