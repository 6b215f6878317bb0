//! Over the table: search, filters, columns, and what can be done with the chosen rows.

use super::{
    Rows,
    state::{Column, TableView, copied},
};
use crate::{
    data::{AlarmFilter, AreaRow, Counted, DueFilter, Loaded, RecipientQuery, Topic, use_data},
    features::{labels, print, rounds},
    locale::words::desk as w,
    platform::files,
    routes,
    ui::{Button, ButtonKind, Dialog, IconName, LinkButton, Search, Switch, use_notices},
};
use domain::{age_alarm::AgeAlarm, category::Category};
use leptos::prelude::*;

/// The tools.
#[component]
pub(super) fn Tools(
    /// What is asked for.
    asked: RwSignal<RecipientQuery>,
    /// How the table is looked at.
    view: RwSignal<TableView>,
    /// What was found.
    rows: Signal<Option<Rows>, LocalStorage>,
    /// How many that are.
    counted: Memo<Option<Counted>>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    Effect::watch(
        move || text.get(),
        move |text, _, _| asked.update(|asked| asked.text = text.trim().to_owned()),
        false,
    );
    let columns_open = RwSignal::new(false);
    let count = move || {
        let Counted { households, people } = counted.get()?;
        let chosen =
            rows.read().as_ref().map(|rows| view.with(|view| view.chosen_of(rows))).unwrap_or_default();
        let of_chosen = Counted::of(chosen.iter().map(|row| &**row));
        Some(if chosen.is_empty() {
            w::count(households, people)
        } else {
            w::count_chosen(households, people, of_chosen.households, of_chosen.people)
        })
    };
    let any_chosen = move || rows.read().as_ref().is_some_and(|rows| view.with(|view| view.chosen(rows) > 0));
    view! {
        <div class="desk__tools">
            <div class="desk__search"><Search label=w::search() text /></div>
            <Filters asked />
            <Button kind=ButtonKind::Plain icon=IconName::Filter on_press=move || columns_open.set(true)>{w::columns()}</Button>
            <LinkButton kind=ButtonKind::Plain icon=IconName::Plus href=routes::NEW_FILE>{w::new_file()}</LinkButton>
        </div>
        <div class="desk__status">
            <p role="status" class="strong">{count}</p>
            <Show when=any_chosen fallback=|| view! { <p class="quiet small">{w::keys()}</p> }>
                <Chosen view rows />
            </Show>
        </div>
        <Columns open=columns_open view />
    }
}

#[component]
fn Chosen(view: RwSignal<TableView>, rows: Signal<Option<Rows>, LocalStorage>) -> impl IntoView {
    let notices = use_notices();
    let copy = move || {
        let rows = rows.get_untracked().unwrap_or_default();
        files::copy(&view.with_untracked(|view| copied(&rows, view, labels::category)));
        notices.say(w::copied());
    };
    let guide = routes::use_guide();
    let round = move || {
        let rows = rows.get_untracked().unwrap_or_default();
        let chosen = view.with_untracked(|view| view.chosen_of(&rows));
        rounds::begin_with(guide, chosen.iter().map(|row| row.id).collect());
    };
    let package = move || {
        let rows = rows.get_untracked().unwrap_or_default();
        let chosen = view.with_untracked(|view| view.chosen_of(&rows));
        if chosen.len() > print::PEOPLE_MAX {
            notices.say(w::package_most(print::PEOPLE_MAX));
        } else {
            print::print_package(guide, chosen.iter().map(|row| row.id).collect());
        }
    };
    view! {
        <div class="row">
            <Button kind=ButtonKind::Quiet icon=IconName::Document on_press=package>{w::package()}</Button>
            <Button kind=ButtonKind::Quiet icon=IconName::People on_press=round>{w::round()}</Button>
            <Button kind=ButtonKind::Quiet on_press=copy>{w::copy()}</Button>
            <Button kind=ButtonKind::Quiet on_press=move || view.update(TableView::choose_none)>{w::choose_none()}</Button>
        </div>
    }
}

#[component]
fn Filters(asked: RwSignal<RecipientQuery>) -> impl IntoView {
    let data = use_data();
    let changed = data.changed(Topic::Areas);
    let areas = Loaded::new(move || {
        changed.track();
        data.areas()
    });
    let village = move |value: String| {
        asked.update(|asked| asked.areas = value.parse().into_iter().collect());
    };
    let category = move |value: String| {
        asked.update(|asked| asked.categories = if value.is_empty() { Vec::new() } else { vec![value] });
    };
    let age = move |value: String| asked.update(|asked| asked.alarm = alarm_of(&value));
    let due = move |value: String| asked.update(|asked| asked.due = due_of(&value));
    view! {
        <select class="select" aria-label=w::village() on:change:target=move |event| village(event.target().value())>
            <option value="">{w::village_all()}</option>
            {move || villages(&areas.get().unwrap_or_default())}
        </select>
        <select class="select desk__category" aria-label=w::category() on:change:target=move |event| category(event.target().value())>
            <option value="">{w::category_all()}</option>
            {Category::all().map(|one| view! { <option value=one.code()>{labels::category(one.code())}</option> }).collect_view()}
        </select>
        <select class="select desk__category" aria-label=w::age() on:change:target=move |event| age(event.target().value())>
            <option value="">{w::age_all()}</option>
            <option value="any" selected=asked.read_untracked().alarm == AlarmFilter::Any>{w::age_any()}</option>
            {AgeAlarm::ALL.map(|one| view! { <option value=one.word()>{age_words(one)}</option> }).collect_view()}
        </select>
        <select class="select" aria-label=w::due() on:change:target=move |event| due(event.target().value())>
            <option value="">{w::due_all()}</option>
            <option value="due" selected=asked.read_untracked().due == DueFilter::Due>{w::due_now()}</option>
            <option value="soon">{w::due_soon()}</option>
            <option value="never">{w::due_never()}</option>
        </select>
    }
}

fn due_of(word: &str) -> DueFilter {
    match word {
        "due" => DueFilter::Due,
        "soon" => DueFilter::Soon,
        "never" => DueFilter::Never,
        _ => DueFilter::All,
    }
}

fn alarm_of(word: &str) -> AlarmFilter {
    match AgeAlarm::ALL.into_iter().find(|alarm| alarm.word() == word) {
        Some(alarm) => AlarmFilter::One(alarm),
        None if word == "any" => AlarmFilter::Any,
        None => AlarmFilter::All,
    }
}

fn age_words(alarm: AgeAlarm) -> String {
    match alarm {
        AgeAlarm::KinChild18 | AgeAlarm::KinChild22 => w::age_child(alarm.age()),
        AgeAlarm::Veteran55 | AgeAlarm::Veteran60 => w::age_veteran(alarm.age()),
    }
}

/// The areas without others below them.
fn villages(areas: &[AreaRow]) -> impl IntoView + use<> {
    let is_leaf = |area: &&AreaRow| !areas.iter().any(|other| other.parent == Some(area.id));
    areas
        .iter()
        .filter(is_leaf)
        .map(|area| view! { <option value=area.id.to_string()>{area.name.clone()}</option> })
        .collect_view()
}

#[component]
fn Columns(open: RwSignal<bool>, view: RwSignal<TableView>) -> impl IntoView {
    let acts = move || view! { <Button on_press=move || open.set(false)>{w::columns_done()}</Button> };
    let row = move |column: Column| {
        let on = Signal::derive(move || view.read().shows(column));
        let toggle = move |_: bool| {
            view.update(|view| {
                view.toggle_column(column);
                view.remember();
            });
        };
        view! { <Switch label=column_name(column) on on_switch=toggle /> }
    };
    let all =
        move || Column::ALL.into_iter().filter(|column| *column != Column::Name).map(row).collect_view();
    view! { <Dialog open title=w::columns_title() acts>{all()}</Dialog> }
}

/// The heading of a column.
pub(super) fn column_name(column: Column) -> &'static str {
    match column {
        Column::Name => w::c_name(),
        Column::Village => w::c_village(),
        Column::Category => w::c_category(),
        Column::Sex => w::c_sex(),
        Column::Birth => w::c_birth(),
        Column::IdTail => w::c_id(),
        Column::Phone => w::c_phone(),
        Column::Priority => w::c_priority(),
        Column::Due => w::c_due(),
        Column::LastVisit => w::c_last(),
        Column::Needs => w::c_needs(),
    }
}
