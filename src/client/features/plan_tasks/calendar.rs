//! The tasks by the day on which they are due: a month with a count on each day, and the tasks of the day that was opened.

use super::{
    Row,
    state::{Square, due, first_month, weeks},
};
use crate::{
    features::{days, panel::Panel},
    locale::words::plan_tasks as w,
    platform::clock,
    ui::{Button, ButtonKind, CellGroup, IconName},
};
use domain::day::Day;
use leptos::prelude::*;
use serde_json::Value;

#[component]
pub(super) fn Calendar(
    /// The page.
    panel: Panel,
    /// The tasks.
    rows: Vec<Value>,
    /// The task that is looked at.
    shown: RwSignal<Value>,
    /// Whether one is.
    looking: RwSignal<bool>,
) -> impl IntoView {
    let month = RwSignal::new(first_month(&rows, clock::today_day()));
    let opened = RwSignal::new(None::<Day>);
    let rows = StoredValue::new(rows);
    let turn = move |by: i32| {
        opened.set(None);
        month.update(|month| *month = month.plus_months(by).unwrap_or(*month));
    };
    let title = move || w::month(month.read().year(), month.read().month());
    let body = move || {
        let week = |week: Vec<Option<Square>>| {
            let cells =
                week.into_iter().map(|square| view! { <td>{square.map(|one| day(one, opened))}</td> });
            view! { <tr>{cells.collect_view()}</tr> }
        };
        rows.with_value(|rows| weeks(month.get(), rows)).into_iter().map(week).collect_view()
    };
    let of_day = move || {
        let day = opened.get()?;
        let is_due = |row: &&Value| due(row) == Some(day);
        let row = |row: &Value| view! { <Row panel row=row.clone() shown looking /> };
        let found = rows.with_value(|rows| rows.iter().filter(is_due).map(row).collect_view());
        Some(view! { <CellGroup title=days::whole(&day.to_string())>{found}</CellGroup> })
    };
    let heads =
        [w::monday(), w::tuesday(), w::wednesday(), w::thursday(), w::friday(), w::saturday(), w::sunday()];
    let heads = heads.map(|head| view! { <th scope="col">{head}</th> }).collect_view();
    view! {
        <div class="month">
            <div class="month__head">
                <Button kind=ButtonKind::Quiet icon=IconName::Back on_press=move || turn(-1)>{w::month_before()}</Button>
                <h2 class="month__title" aria-live="polite">{title}</h2>
                <Button kind=ButtonKind::Quiet icon=IconName::Next on_press=move || turn(1)>{w::month_after()}</Button>
            </div>
            <table class="month__grid">
                <caption class="sr-only">{title}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        <div aria-live="polite">{of_day}</div>
    }
}

/// A day; one with tasks opens them.
fn day(square: Square, opened: RwSignal<Option<Day>>) -> AnyView {
    let Square { day, count, overdue } = square;
    let today = (day == clock::today_day()).then_some("date");
    let number = day.day();
    if count == 0 {
        return view! { <span class="month__day" aria-current=today>{number}</span> }.into_any();
    }
    let label = w::day_tasks(days::whole(&day.to_string()), count);
    view! {
        <button
            type="button"
            class="month__day"
            aria-current=today
            aria-pressed=move || (opened.get() == Some(day)).to_string()
            data-overdue=overdue.then_some("")
            on:click=move |_| opened.set(Some(day))
        >
            <span class="sr-only">{label}</span>
            <span aria-hidden="true">{number}</span>
            <span class="month__count" aria-hidden="true">{w::count(count)}</span>
        </button>
    }
    .into_any()
}
