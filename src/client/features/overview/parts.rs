//! The parts of the page: numbers that lead to lists, and charts with their tables.

use super::state::{Overview, OverviewQuery, Row, n, share, text};
use crate::{
    data::{Loaded, devices, use_data},
    features::help_words,
    locale::words::overview as w,
    routes,
    ui::{Bar, BarChart, Column, Table},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The columns of areas and workers: number, ledger and word of the list behind it.
const COUNTED: [(&str, &str, &str); 6] = [
    ("people", "coverage", ""),
    ("visited", "coverage", "visited"),
    ("overdue", "coverage", "overdue"),
    ("complete", "coverage", "complete"),
    ("open", "help", "open"),
    ("late", "help", "overdue"),
];

/// The whole body.
pub(super) fn all(told: &Overview, query: RwSignal<OverviewQuery>) -> AnyView {
    let of = query.get_untracked();
    view! {
        {tiles(told, &of)}
        {(!told.areas.is_empty()).then(|| by_area(told, query))}
        {(!told.workers.is_empty()).then(|| by_worker(told, &of))}
        <div class="overview__pair">
            {needs(w::kinds(), w::col_kind(), &told.kinds, &of)}
            {needs(w::ages(), w::col_age(), &told.ages, &of)}
        </div>
        {stars(told, &of)}
    }
    .into_any()
}

fn tiles(told: &Overview, of: &OverviewQuery) -> AnyView {
    let all = &told.all;
    let (people, visited) = (n(all, "people"), n(all, "visited"));
    let (in_time, late) = (n(&told.help, "in_time"), n(&told.help, "late"));
    let content = told.content();
    let list = |ledger: &str, state: &str| of.list(ledger, &[("state", state)]);
    let count = |name: &str| n(all, name).to_string();
    let mean = if content.rated == 0 { "—".to_owned() } else { content.mean };
    let by_rating = of.list("follow_up", &[("state", "done"), ("sort", "rating")]);
    view! {
        <div class="overview__tiles">
            {tile(w::people(), count("people"), w::people_note(n(all, "households")), list("coverage", ""))}
            {tile(w::visited(), visited.to_string(), w::visited_note(share(visited, people), n(all, "visited_households")), list("coverage", "visited"))}
            {tile(w::overdue(), count("overdue"), w::overdue_note().to_owned(), list("coverage", "overdue"))}
            {tile(w::never(), count("never"), w::never_note().to_owned(), list("coverage", "never"))}
            {tile(w::complete(), count("complete"), w::complete_note(share(n(all, "complete"), people)), list("coverage", "complete"))}
            {tile(w::visits(), told.visits.to_string(), w::visits_note().to_owned(), list("follow_up", "done"))}
            {tile(w::open(), count("open"), w::open_note(n(all, "late")), list("help", "open"))}
            {tile(w::in_time(), in_time.to_string(), w::in_time_note(in_time + late, share(in_time, in_time + late)), list("help", "in_time"))}
            {tile(w::content(), mean, w::content_note(content.rated, share(content.good, content.rated)), by_rating)}
            <Phones />
        </div>
    }
    .into_any()
}

/// A number that leads to its list.
fn tile(label: &'static str, figure: String, note: String, href: String) -> AnyView {
    view! {
        <A href attr:class="overview__tile">
            <span class="overview__label">{label}</span>
            <span class="overview__figure">{figure}</span>
            <span class="overview__note">{note}</span>
        </A>
    }
    .into_any()
}

/// Phones with work that is not at the office, by the list of devices itself.
#[component]
fn Phones() -> impl IntoView {
    let data = use_data();
    let found = Loaded::new(move || data.devices());
    move || {
        let Some(Ok(found)) = found.get() else { return ().into_any() };
        let lines = devices::lines(&found);
        let waiting = lines.iter().filter(|line| line.waits()).count();
        let minded = lines.iter().filter(|line| line.needs_somebody()).count();
        tile(w::phones(), waiting.to_string(), w::phones_note(minded), routes::DEVICES_WAITING.to_owned())
    }
}

fn by_area(told: &Overview, query: RwSignal<OverviewQuery>) -> AnyView {
    let of = query.get_untracked();
    let id = |row: &Row| text(row, "id").to_owned();
    let name = move |row: &Row| {
        let (name, area) = (text(row, "name").to_owned(), id(row));
        if area == query.read_untracked().area {
            return name.into_any();
        }
        let look = move |_| query.update(|query| query.area.clone_from(&area));
        view! { <button type="button" class="overview__name" on:click=look>{name}</button> }.into_any()
    };
    let bars = told.areas.iter().map(|row| visited_bar(text(row, "name").to_owned(), row)).collect();
    let narrow = |row: &Row| ("area", id(row));
    part(w::by_area(), bars, numbers(w::by_area(), w::col_area(), &told.areas, &of, &name, &narrow))
}

fn by_worker(told: &Overview, of: &OverviewQuery) -> AnyView {
    let named = |row: &Row| match (text(row, "name"), row.get("left") == Some(&true.into())) {
        ("", _) => w::nobody_answers().to_owned(),
        (name, true) => w::has_left(name),
        (name, false) => name.to_owned(),
    };
    let narrow = |row: &Row| {
        let id = text(row, "id");
        ("worker", if id.is_empty() { "none" } else { id }.to_owned())
    };
    let bars = told.workers.iter().map(|row| visited_bar(named(row), row)).collect();
    let name = |row: &Row| named(row).into_any();
    part(w::by_worker(), bars, numbers(w::by_worker(), w::col_worker(), &told.workers, of, &name, &narrow))
}

fn visited_bar(label: String, row: &Row) -> Bar {
    let (part, whole) = (n(row, "visited"), n(row, "people"));
    Bar { label, words: share(part, whole), part, whole, bad: 0 }
}

/// A chart beside its table.
fn part(title: &'static str, bars: Vec<Bar>, table: AnyView) -> AnyView {
    view! {
        <section class="overview__part">
            <h2 class="overview__title">{title}</h2>
            <div class="overview__chart"><BarChart label=w::chart(title) bars /></div>
            {table}
        </section>
    }
    .into_any()
}

/// The numbers of areas or workers; each leads to its list.
fn numbers(
    caption: &'static str,
    head: &'static str,
    rows: &[Row],
    of: &OverviewQuery,
    name: &dyn Fn(&Row) -> AnyView,
    narrow: &dyn Fn(&Row) -> (&'static str, String),
) -> AnyView {
    let heads = [
        w::col_people(),
        w::col_visited(),
        w::col_overdue(),
        w::col_complete(),
        w::col_open(),
        w::col_late(),
    ];
    let mut columns: Vec<Column> = heads.into_iter().map(|head| Column::new(head).number()).collect();
    columns.insert(0, Column::new(head));
    columns.insert(2, Column::new(w::col_households()).number());
    columns.insert(4, Column::new(w::col_share()).number());
    let line = |row: &Row| {
        let (by, id) = narrow(row);
        let mut cells: Vec<AnyView> = COUNTED
            .iter()
            .map(|(key, ledger, state)| number(n(row, key), of.list(ledger, &[("state", state), (by, &id)])))
            .collect();
        cells.insert(1, plain(n(row, "households").to_string()));
        cells.insert(3, plain(share(n(row, "visited"), n(row, "people"))));
        view! { <tr><th scope="row">{name(row)}</th>{cells}</tr> }
    };
    let lines = rows.iter().map(line).collect_view();
    view! { <Table caption columns=Signal::stored(columns)>{lines}</Table> }.into_any()
}

fn plain(text: String) -> AnyView {
    view! { <td data-align="end">{text}</td> }.into_any()
}

/// A number that leads to its list, if anything is in it.
fn number(n: usize, href: String) -> AnyView {
    if n == 0 {
        return plain("0".to_owned());
    }
    view! { <td data-align="end"><A href attr:class="overview__number">{n}</A></td> }.into_any()
}

/// Open difficulties by kind or age.
fn needs(title: &'static str, head: &'static str, rows: &[Row], of: &OverviewQuery) -> AnyView {
    let most = rows.iter().map(|row| n(row, "open")).max().unwrap_or_default();
    if most == 0 {
        return view! { <section class="overview__part"><h2 class="overview__title">{title}</h2><p class="quiet">{w::none_open()}</p></section> }
            .into_any();
    }
    let bar = |row: &Row| {
        let (part, bad) = (n(row, "open"), n(row, "late"));
        let words = if bad == 0 { w::open_of(part) } else { w::open_late_of(part, bad) };
        Bar { label: need_word(row), words, part, whole: most, bad }
    };
    let columns =
        vec![Column::new(head), Column::new(w::col_open()).number(), Column::new(w::col_late()).number()];
    let line = |row: &Row| {
        let (word, list) = (text(row, "word"), |state: &str| of.list("help", &[("state", state)]));
        let open = number(n(row, "open"), list(word));
        let late = number(n(row, "late"), list(&format!("overdue_{word}")));
        view! { <tr><th scope="row">{need_word(row)}</th>{open}{late}</tr> }
    };
    let lines = rows.iter().map(line).collect_view();
    let table = view! { <Table caption=title columns=Signal::stored(columns)>{lines}</Table> }.into_any();
    part(title, rows.iter().map(bar).collect(), table)
}

/// How a kind or an age is called.
pub(super) fn need_word(row: &Row) -> String {
    let word = text(row, "word");
    help_words::state_word(word).unwrap_or_else(|| word.to_owned())
}

/// How content families are, in stars.
fn stars(told: &Overview, of: &OverviewQuery) -> AnyView {
    let rated = told.content().rated;
    if rated == 0 {
        return view! { <section class="overview__part"><h2 class="overview__title">{w::stars()}</h2><p class="quiet">{w::none_rated()}</p></section> }
            .into_any();
    }
    let bar = |row: &Row| {
        let (label, part) = (w::of_stars(n(row, "stars")), n(row, "visits"));
        Bar { label, words: w::times(part), part, whole: rated, bad: 0 }
    };
    let columns = vec![
        Column::new(w::col_stars()),
        Column::new(w::col_visits()).number(),
        Column::new(w::col_rate()).number(),
    ];
    let line = |row: &Row| {
        let visits = n(row, "visits");
        let list = number(visits, of.list("follow_up", &[("state", text(row, "word"))]));
        view! { <tr><th scope="row">{w::of_stars(n(row, "stars"))}</th>{list}{plain(share(visits, rated))}</tr> }
    };
    let lines = told.stars.iter().map(line).collect_view();
    let table =
        view! { <Table caption=w::stars() columns=Signal::stored(columns)>{lines}</Table> }.into_any();
    part(w::stars(), told.stars.iter().map(bar).collect(), table)
}
