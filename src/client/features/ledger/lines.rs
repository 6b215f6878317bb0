//! The lines of the ledger as a table, with what they count.

use super::state::{self, LedgerPage, LedgerQuery, PAGE_ROWS};
use crate::{
    data::{Loaded, Topic, use_data},
    features::labels,
    locale::words::ledger as w,
    ui::{Badge, Column, IconName, NavAct, Table, Tone},
};
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The table of a page, its totals and its pager.
#[component]
pub(super) fn Lines(
    /// The page.
    answer: LedgerPage,
    /// What was asked for; turning the page asks again.
    query: RwSignal<LedgerQuery>,
) -> impl IntoView {
    let totals = answer.totals;
    let data = use_data();
    let areas = Loaded::new(move || {
        data.changed(Topic::Areas).track();
        data.areas()
    });
    let register = move || {
        let areas = areas.get()?;
        let all = query.with_untracked(|query| state::on_register(&areas, &query.area));
        (all > totals.families).then(|| w::register(all, all - totals.families))
    };
    let all = answer.total;
    let first = answer.page * PAGE_ROWS + 1;
    let last = first + answer.len().saturating_sub(1);
    let more = answer.page + 1 < answer.pages;
    view! {
        <p class="ledger__totals">
            {w::totals(totals.families, totals.visited, totals.visits, totals.due, totals.overdue)}
            <span class="quiet">{register}</span>
        </p>
        <Table caption=w::table() columns=columns()>{answer.lines().map(line).collect_view()}</Table>
        <div class="pager">
            <NavAct icon=IconName::Back label=w::page_before() on_press=move || query.update(|query| query.page = query.page.saturating_sub(1)) />
            <span>{w::page_of(first, last, all)}</span>
            <NavAct icon=IconName::Next label=w::page_after() on_press=move || if more { query.update(|query| query.page += 1) } />
        </div>
    }
}

fn columns() -> Vec<Column> {
    [
        w::col_village(),
        w::col_name(),
        w::col_state(),
        w::col_due(),
        w::col_visited(),
        w::col_category(),
        w::col_id(),
        w::col_phone(),
        w::col_way(),
        w::col_met(),
        w::col_health(),
        w::col_wishes(),
        w::col_result(),
        w::col_visitors(),
        w::col_next(),
    ]
    .map(Column::new)
    .into()
}

fn line(row: &Map<String, Value>) -> AnyView {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (state, tone) = match text("state").as_str() {
        "done" => (w::state_done(), Tone::Good),
        "overdue" => (w::state_overdue(), Tone::Bad),
        _ => (w::state_due(), Tone::Soon),
    };
    let categories: Vec<String> = text("category").split('、').map(labels::category_short).collect();
    view! {
        <tr>
            <td class="nowrap">{text("village")}</td>
            <td class="strong nowrap">{text("name")}</td>
            <td><Badge tone words=state /></td>
            <td class="nowrap">{text("due_on")}</td>
            <td class="nowrap">{text("visited_on")}</td>
            <td class="nowrap">{categories.join("、")}</td>
            <td class="code nowrap">{text("id_no")}</td>
            <td class="nowrap">{text("phone")}</td>
            <td class="nowrap">{text("way")}</td>
            <td class="nowrap">{text("met")}</td>
            <td class="nowrap">{text("health")}</td>
            <td class="ledger__long">{text("wishes")}</td>
            <td class="ledger__long">{text("result")}</td>
            <td class="nowrap">{text("visitors")}</td>
            <td class="nowrap">{text("next_due")}</td>
        </tr>
    }
    .into_any()
}
