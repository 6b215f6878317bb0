//! A ledger on paper: A4 across, with its unit, days, lines, sums and signatures, and who printed it, as it comes out of the printer. The office notes
//! that it is printed; a long one goes the way of an export, which a second person allows.

use super::{
    asked, kind, lines, problem_of,
    state::{LedgerPage, LedgerQuery},
};
use crate::{
    data::{Loaded, OfficeAnswer, OfficeError, OfficeRequest, use_data},
    features::{days, when},
    locale::words::ledger as w,
    platform::{clock, display},
    routes,
    ui::{Button, Empty, IconName, Loading, Page, PageBody, ProblemView},
};
use domain::day::Timestamp;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The ledger that was looked at, to be printed.
#[component]
pub(crate) fn PrintLedgerPage() -> impl IntoView {
    let data = use_data();
    let query = asked();
    let retry = RwSignal::new(0_u32);
    let found = Loaded::new(move || {
        retry.track();
        let (path, wanted) = query.with_untracked(|query| (query.paper_path(), query.export(false, None)));
        async move {
            data.office(OfficeRequest::post(path, wanted))
                .await
                .and_then(|answer: OfficeAnswer| answer.json::<LedgerPage>())
        }
    });
    let has_lines = move || matches!(found.get(), Some(Ok(answer)) if answer.total > 0);
    let foot = move || {
        view! {
            <div class="page__measure">
                <Button icon=IconName::Document disabled=Signal::derive(move || !has_lines()) on_press=display::print>{w::print()}</Button>
            </div>
        }
    };
    let body = move || match found.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(answer)) if answer.total == 0 => {
            view! { <Empty icon=IconName::Document title=w::empty() advice=w::empty_do() /> }.into_any()
        }
        Some(Ok(answer)) => query.with_untracked(|query| sheet(query, &answer)),
        Some(Err(error)) => problem(&error, retry),
    };
    let back = query.with_untracked(|query| query.address(routes::LEDGER));
    view! { <Page title=w::print() back foot body=PageBody::Wide>{body}</Page> }
}

fn problem(error: &OfficeError, retry: RwSignal<u32>) -> AnyView {
    if let OfficeError::Refused { err, body, .. } = error
        && err == "paper_too_long"
    {
        let count = |name: &str| body[name].as_u64().unwrap_or_default();
        let title = w::paper_long(count("rows"), count("limit"));
        return view! { <Empty icon=IconName::Document title advice=w::paper_long_do() /> }.into_any();
    }
    view! { <ProblemView problem=problem_of(error) on_action=move || retry.update(|n| *n += 1) /> }.into_any()
}

fn sheet(query: &LedgerQuery, answer: &LedgerPage) -> AnyView {
    let title = query.ledger.title();
    let at = Timestamp::from_ms(answer.at);
    let printed = w::paper_by(&answer.by, days::whole(&at.day().to_string()), when::clock_time(answer.at));
    let heads = std::iter::once("n").chain(answer.cols.iter().map(String::as_str));
    let heads = heads.map(|key| view! { <th scope="col">{kind::head(key)}</th> }).collect_view();
    let row = |row: &Map<String, Value>| {
        let keys = std::iter::once("n").chain(answer.cols.iter().map(String::as_str));
        let cell = |key: &str| {
            view! { <td data-align=kind::is_number(key).then_some("end")>{lines::text(row, key)}</td> }
        };
        view! { <tr>{keys.map(cell).collect_view()}</tr> }
    };
    let signs = [w::sign_made(), w::sign_checked(), w::sign_head()];
    let signs = signs.map(|who| {
        view! { <p class="paper__sign"><span>{who}</span><span class="paper__line"></span></p> }
    });
    view! {
        <article class="paper paper--across" tabindex="0" aria-label=title>
            <h2 class="paper__title">{title}</h2>
            <p class="paper__facts">
                <span>{w::paper_unit(&answer.unit)}</span>
                <span>{days_of(query)}</span>
                <span>{w::paper_day(days::whole(&clock::today()))}</span>
            </p>
            <table class="paper__table">
                <thead><tr>{heads}</tr></thead>
                <tbody>{answer.rows.iter().map(row).collect_view()} {answer.sums.as_ref().map(row)}</tbody>
            </table>
            <p class="paper__total">{lines::totals(query.ledger, answer)}</p>
            <div class="paper__signs paper__signs--row">{signs.into_iter().collect_view()}</div>
            <p class="paper__foot">{printed}</p>
        </article>
    }
    .into_any()
}

/// The days that a ledger is of; nothing where it tells how things stand.
fn days_of(query: &LedgerQuery) -> Option<String> {
    let day = |iso: &str| Some(days::whole(iso)).filter(|text| !text.is_empty());
    match (day(&query.from), day(&query.to)) {
        (Some(from), Some(to)) => Some(w::paper_days(from, to)),
        (from, to) => from.or(to),
    }
}
