//! 半年工作报告: what was done in a half-year, in sentences and tables, A4 upright, as it comes out of the printer. What the ledgers count is asked
//! of them.

use super::{
    asked, fetch, nobody,
    parts::need_word,
    problem,
    state::{Overview, OverviewQuery, Row, n, share, text},
};
use crate::{
    data::{Data, Loaded, OfficeError, use_data},
    features::days,
    locale::words::{ledger as lw, overview as w},
    platform::{clock, display},
    routes,
    ui::{Button, IconName, Loading, Page, PageBody},
};
use domain::day::Day;
use leptos::prelude::*;
use serde::Deserialize;

/// The report of the half-year that was looked at, to be printed.
#[component]
pub(crate) fn PrintOverviewPage() -> impl IntoView {
    let data = use_data();
    let query = asked().get_untracked();
    let retry = RwSignal::new(0_u32);
    let wanted = query.clone();
    let found = Loaded::new(move || {
        retry.track();
        let query = wanted.clone();
        async move { Report::read(data, &query).await }
    });
    let has_report = move || matches!(found.get(), Some(Ok(report)) if !report.told.is_empty());
    let foot = move || {
        view! {
            <div class="page__measure">
                <Button icon=IconName::Document disabled=Signal::derive(move || !has_report()) on_press=display::print>{lw::print()}</Button>
            </div>
        }
    };
    let back = query.address(routes::OVERVIEW);
    let body = move || match found.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(report)) if report.told.is_empty() => nobody(),
        Some(Ok(report)) => sheet(&report, &query),
        Some(Err(error)) => problem(&error, retry),
    };
    view! { <Page title=w::report() back foot body=PageBody::Wide>{body}</Page> }
}

/// What stands in the report.
#[derive(Clone)]
struct Report {
    told: Overview,
    changes: Row,
    festival: Row,
    confirmation: Row,
    plaques: Row,
}

/// What a ledger counts.
#[derive(Clone, Deserialize)]
struct Counted {
    totals: Row,
}

impl Report {
    async fn read(data: Data, query: &OverviewQuery) -> Result<Report, OfficeError> {
        let counted = |ledger: &'static str, knows_days: bool| {
            let path = query.totals(ledger, knows_days);
            async move { fetch::<Counted>(data, path).await.map(|counted| counted.totals) }
        };
        Ok(Report {
            told: fetch(data, query.path()).await?,
            changes: counted("changes", true).await?,
            festival: counted("festival", true).await?,
            confirmation: counted("confirmation", true).await?,
            plaques: counted("plaques", false).await?,
        })
    }
}

fn sheet(report: &Report, query: &OverviewQuery) -> AnyView {
    let told = &report.told;
    let begins = query.from.parse::<Day>().unwrap_or_else(|_| clock::today_day());
    let title = w::paper_title(&told.unit, days::half_words(begins));
    let today = days::whole(&clock::today());
    let signs = [lw::sign_made(), lw::sign_checked(), lw::sign_head()].map(|who| {
        view! { <p class="paper__sign"><span>{who}</span><span class="paper__line"></span></p> }
    });
    let own_part = part(w::part_own(), w::own_says().to_owned());
    view! {
        <article class="paper paper--report" tabindex="0" aria-label=title.clone()>
            <h2 class="paper__title">{title.clone()}</h2>
            <p class="paper__facts">
                <span>{lw::paper_unit(&told.unit)}</span>
                <span>{lw::paper_days(days::whole(&query.from), days::whole(&query.to))}</span>
                <span>{lw::paper_day(&today)}</span>
            </p>
            {part(w::part_people(), people_says(report, &today))}
            {part(w::part_visits(), visits_says(told, &today))}
            {area_table(told)}
            {part(w::part_help(), help_says(told, &today))}
            {need_table(told)}
            {part(w::part_content(), content_says(told))}
            {part(w::part_rounds(), rounds_say(report, begins.year()))}
            {own_part}
            <div class="paper__own"></div>
            <div class="paper__signs paper__signs--row">{signs.into_iter().collect_view()}</div>
        </article>
    }
    .into_any()
}

fn part(title: &'static str, says: String) -> AnyView {
    view! {
        <h3 class="paper__part">{title}</h3>
        <p class="paper__says">{says}</p>
    }
    .into_any()
}

fn people_says(report: &Report, today: &str) -> String {
    let (all, changes) = (&report.told.all, &report.changes);
    let (people, complete) = (n(all, "people"), n(all, "complete"));
    w::people_says(
        today,
        n(all, "households"),
        people,
        n(changes, "joined"),
        n(changes, "left"),
        complete,
        share(complete, people),
    )
}

fn visits_says(told: &Overview, today: &str) -> String {
    let all = &told.all;
    let (people, visited) = (n(all, "people"), n(all, "visited"));
    w::visits_says(
        told.visits,
        n(all, "visited_households"),
        visited,
        share(visited, people),
        today,
        n(all, "overdue"),
        n(all, "never"),
    )
}

fn help_says(told: &Overview, today: &str) -> String {
    let (help, all) = (&told.help, &told.all);
    let (in_time, closed) = (n(help, "in_time"), n(help, "in_time") + n(help, "late"));
    w::help_says(
        n(help, "found"),
        closed,
        in_time,
        share(in_time, closed),
        today,
        n(all, "open"),
        n(all, "late"),
    )
}

fn content_says(told: &Overview) -> String {
    let content = told.content();
    if content.rated == 0 {
        return w::none_rated().to_owned();
    }
    w::content_says(content.rated, content.mean, share(content.good, content.rated))
}

fn rounds_say(report: &Report, year: i32) -> String {
    let Report { festival, confirmation, plaques, .. } = report;
    let greeted = w::festival_says(n(festival, "households"), n(festival, "people"), n(festival, "yuan"));
    let confirmed =
        w::confirmation_says(year, n(confirmation, "due"), n(confirmation, "done"), n(confirmation, "open"));
    let hung = w::plaques_says(n(plaques, "due"), n(plaques, "hung"), n(plaques, "open"));
    [greeted, confirmed, hung].join("")
}

/// A line an area, and their sums.
fn area_table(told: &Overview) -> AnyView {
    let heads = [
        w::col_area(),
        w::col_households(),
        w::col_people(),
        w::col_visited(),
        w::col_share(),
        w::col_overdue(),
        w::col_complete(),
        w::col_open(),
        w::col_late(),
    ];
    let line = |name: &str, row: &Row| {
        let of = |name: &str| n(row, name).to_string();
        vec![
            name.to_owned(),
            of("households"),
            of("people"),
            of("visited"),
            share(n(row, "visited"), n(row, "people")),
            of("overdue"),
            of("complete"),
            of("open"),
            of("late"),
        ]
    };
    let mut lines: Vec<Vec<String>> = told.areas.iter().map(|row| line(text(row, "name"), row)).collect();
    lines.push(line(w::total(), &told.all));
    table(&heads, lines)
}

/// Open difficulties by kind; nothing where none is open.
fn need_table(told: &Overview) -> AnyView {
    if told.kinds.is_empty() {
        return ().into_any();
    }
    let line = |row: &Row| vec![need_word(row), n(row, "open").to_string(), n(row, "late").to_string()];
    let by = |head: &'static str, rows: &[Row]| {
        table(&[head, w::col_open(), w::col_late()], rows.iter().map(line).collect())
    };
    view! { <div class="paper__pair">{by(w::col_kind(), &told.kinds)}{by(w::col_age(), &told.ages)}</div> }
        .into_any()
}

fn table(heads: &[&'static str], lines: Vec<Vec<String>>) -> AnyView {
    let head = |(at, head): (usize, &&'static str)| view! { <th scope="col" data-align=(at > 0).then_some("end")>{*head}</th> };
    let cell = |(at, cell): (usize, String)| view! { <td data-align=(at > 0).then_some("end")>{cell}</td> };
    let line = |line: Vec<String>| view! { <tr>{line.into_iter().enumerate().map(cell).collect_view()}</tr> };
    view! {
        <table class="paper__table">
            <thead><tr>{heads.iter().enumerate().map(head).collect_view()}</tr></thead>
            <tbody>{lines.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
