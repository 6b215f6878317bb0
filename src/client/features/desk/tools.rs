//! Over the table: search, filters, columns, and what can be done with the chosen rows.

use super::{
    Rows,
    asked::{Asked, NOBODY},
    state::{Column, TableView, copied},
};
use crate::{
    data::{AreaRow, Counted, Loaded, OfficeError, OfficeRequest, RecipientRow, Topic, use_data},
    features::{labels, people, print, rounds},
    locale::words::desk as w,
    platform::files,
    routes,
    ui::{Button, ButtonKind, Dialog, IconName, LinkButton, Search, Select, Switch, use_notices},
};
use domain::{age_alarm::AgeAlarm, category::Category, order::Gather};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};

/// The tools.
#[component]
pub(super) fn Tools(
    /// What is typed.
    text: RwSignal<String>,
    /// What is asked for.
    asked: RwSignal<Asked>,
    /// How the table is looked at.
    view: RwSignal<TableView>,
    /// What was found.
    rows: Signal<Option<Rows>, LocalStorage>,
    /// How many that are.
    counted: Memo<Option<Counted>>,
    /// More tools.
    children: Children,
) -> impl IntoView {
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
            {children()}
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
    let data = use_data();
    let copy = move || {
        let rows = rows.get_untracked().unwrap_or_default();
        let (chosen, text) =
            view.with_untracked(|view| (view.chosen_of(&rows), copied(&rows, view, in_words)));
        // What leaves this way is told to the office first, as an export is.
        spawn_local(async move {
            match data.office(OfficeRequest::post("views/copied", told(&chosen))).await {
                Ok(_) => {
                    files::copy(&text);
                    notices.say(w::copied());
                }
                Err(error) => notices.say(not_copied(&error)),
            }
        });
    };
    let guide = routes::use_guide();
    let assign = move || {
        let rows = rows.get_untracked().unwrap_or_default();
        let chosen = view.with_untracked(|view| view.chosen_of(&rows));
        let Some(area) = chosen.first().map(|row| row.area) else { return };
        if chosen.iter().all(|row| row.area == area) {
            guide.to(&routes::hand_over(area, &chosen.iter().map(|row| row.id).collect::<Vec<_>>()));
        } else {
            notices.say(w::assign_one_village());
        }
    };
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
            <Button kind=ButtonKind::Quiet icon=IconName::People on_press=assign>{w::assign()}</Button>
            <Button kind=ButtonKind::Quiet icon=IconName::Document on_press=package>{w::package()}</Button>
            <Button kind=ButtonKind::Quiet icon=IconName::People on_press=round>{w::round()}</Button>
            <Button kind=ButtonKind::Quiet on_press=copy>{w::copy()}</Button>
            <Button kind=ButtonKind::Quiet on_press=move || view.update(TableView::choose_none)>{w::choose_none()}</Button>
        </div>
    }
}

/// What the office is told of rows that are copied.
fn told(chosen: &[Arc<RecipientRow>]) -> Value {
    let areas: BTreeSet<String> = chosen.iter().map(|row| row.area.to_string()).gather();
    json!({ "rows": chosen.len(), "areas": areas })
}

fn not_copied(error: &OfficeError) -> String {
    match error {
        OfficeError::Offline => w::copy_offline().to_owned(),
        OfficeError::Refused { err, body, .. } if err == "copy_rows" => {
            w::copy_most(body["limit"].as_u64().unwrap_or_default())
        }
        _ => w::copy_failed().to_owned(),
    }
}

#[component]
fn Filters(asked: RwSignal<Asked>) -> impl IntoView {
    let data = use_data();
    let changed = data.changed(Topic::Areas);
    let areas = Loaded::new(move || {
        changed.track();
        data.areas()
    });
    let filter = move |label: &'static str, of: fn(&mut Asked) -> &mut String, options: Options| {
        let chosen = Signal::derive(move || of(&mut asked.get()).clone());
        let pick = move |value: String| asked.update(|asked| *of(asked) = value);
        view! { <Select label options chosen on_pick=pick /> }
    };
    let categories = Category::all().map(|one| option(one.code(), labels::category(one.code())));
    let ages = AgeAlarm::ALL.map(|one| option(one.word(), age_words(one)));
    let ages = [option("", w::age_all()), option("any", w::age_any())].into_iter().chain(ages);
    let dues =
        [("", w::due_all()), ("due", w::due_now()), ("soon", w::due_soon()), ("never", w::due_never())];
    let whose = move || {
        let people = people::options().into_iter().map(|one| (one.value, one.label));
        [option("", w::whose_all()), option(NOBODY, w::whose_nobody())].into_iter().chain(people).collect()
    };
    view! {
        <div class="filters">
            {filter(w::village(), |asked| &mut asked.village, Signal::derive(move || villages(&areas.get().unwrap_or_default())))}
            {filter(w::category(), |asked| &mut asked.category, Signal::stored(std::iter::once(option("", w::category_all())).chain(categories).collect()))}
            {filter(w::age(), |asked| &mut asked.age, Signal::stored(ages.collect()))}
            {filter(w::due(), |asked| &mut asked.due, Signal::stored(dues.map(|(value, words)| option(value, words)).to_vec()))}
            {filter(w::c_responsible(), |asked| &mut asked.whose, Signal::derive(whose))}
        </div>
    }
}

/// Value and words of each that a filter offers.
type Options = Signal<Vec<(String, String)>>;

fn option(value: &str, words: impl Into<String>) -> (String, String) {
    (value.to_owned(), words.into())
}

fn age_words(alarm: AgeAlarm) -> String {
    match alarm {
        AgeAlarm::KinChild18 | AgeAlarm::KinChild22 => w::age_child(alarm.age()),
        AgeAlarm::Veteran55 | AgeAlarm::Veteran60 => w::age_veteran(alarm.age()),
    }
}

/// All, and the areas without others below them.
fn villages(areas: &[AreaRow]) -> Vec<(String, String)> {
    let is_leaf = |area: &&AreaRow| !areas.iter().any(|other| other.parent == Some(area.id));
    let leaves = areas.iter().filter(is_leaf).map(|area| option(&area.id.to_string(), &area.name));
    std::iter::once(option("", w::village_all())).chain(leaves).collect()
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

/// What a cell says in words.
fn in_words(column: Column, text: String) -> String {
    match column {
        Column::Category => labels::category(&text),
        Column::Responsible if !text.is_empty() => people::name(&text),
        _ => text,
    }
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
        Column::Responsible => w::c_responsible(),
        Column::Priority => w::c_priority(),
        Column::Due => w::c_due(),
        Column::LastVisit => w::c_last(),
        Column::Needs => w::c_needs(),
    }
}
