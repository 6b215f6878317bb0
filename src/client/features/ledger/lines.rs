//! The lines of a ledger as a table, with what they count.

use super::{
    kind::{self, Ledger},
    state::{self, LedgerPage, LedgerQuery, PAGE_ROWS},
};
use crate::{
    data::{Loaded, Topic, use_data},
    features::answer_words::yuan,
    locale::words::ledger as w,
    routes,
    ui::{Badge, Column, Pager, Sorting, Table, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use serde_json::{Map, Value};
use uuid::Uuid;

/// The table of a page, its totals and its pager.
#[component]
pub(super) fn Lines(
    /// The page.
    answer: LedgerPage,
    /// What was asked for; turning the page asks again.
    query: RwSignal<LedgerQuery>,
) -> impl IntoView {
    let ledger = query.with_untracked(|query| query.ledger);
    let families = answer.count("families");
    let data = use_data();
    let areas = Loaded::new(move || {
        data.changed(Topic::Areas).track();
        data.areas()
    });
    let register = move || {
        let areas = areas.get().filter(|_| ledger == Ledger::FollowUp)?;
        let all = query.with_untracked(|query| state::on_register(&areas, &query.area));
        (all > families).then(|| w::register(all, all - families))
    };
    let more = answer.page + 1 < answer.pages;
    let keys = ledger.columns(&answer.cols);
    let sorted = Signal::stored(query.with_untracked(|query| {
        let at = keys.iter().position(|key| *key == query.sort.0)?;
        Some((at, query.sort.1))
    }));
    let columns: Vec<Column> = keys.iter().map(|key| column(key)).collect();
    let lines = answer.rows.iter().map(|row| line(&keys, row)).collect_view();
    let sums = answer.sums.as_ref().filter(|_| !more).map(|sums| sum_line(&keys, sums));
    let sort = StoredValue::new(keys);
    let press = move |at: usize| {
        if let Some(key) = sort.with_value(|keys| keys.get(at).cloned()) {
            query.update(|query| query.sort_by(&key));
        }
    };
    view! {
        <p class="ledger__totals">{totals(ledger, &answer)} <span class="quiet">{register}</span></p>
        <Table caption=ledger.title() columns=Signal::stored(columns) sort=Sorting::new(sorted, press)>{lines}{sums}</Table>
        <Pager
            page=answer.page
            rows=PAGE_ROWS
            all=answer.total
            words=|first, last, all| w::page_of(first, last, all)
            on_turn=move |to| query.update(|query| query.page = to)
        />
    }
}

fn column(key: &str) -> Column {
    let column = Column::new(kind::head(key));
    if kind::is_number(key) { column.number() } else { column }
}

/// What a ledger counts, in a sentence.
pub(super) fn totals(ledger: Ledger, answer: &LedgerPage) -> String {
    let n = |name: &str| answer.count(name);
    match ledger {
        Ledger::FollowUp => w::totals(n("families"), n("visited"), n("visits"), n("due"), n("overdue")),
        Ledger::Help => w::help_totals(n("people"), n("needs"), n("open"), n("overdue"), n("ended")),
        Ledger::Roster => w::roster_totals(n("people"), n("households")),
        Ledger::Changes => w::changes_totals(n("before"), n("joined"), n("left"), n("after"), n("changed")),
        Ledger::Coverage => w::coverage_totals(n("people"), n("visited"), n("overdue"), n("complete")),
        Ledger::Festival => w::festival_totals(n("households"), n("people"), n("yuan")),
        Ledger::Confirmation => w::confirmation_totals(n("due"), n("done"), n("open"), n("overdue")),
        Ledger::Plaques => w::plaques_totals(n("due"), n("hung"), n("open"), n("unknown")),
        Ledger::Stipend => w::stipend_totals(n("due"), fen(n("fen")), n("unclear")),
        Ledger::Merit => w::merit_totals(n("due"), fen(n("fen")), n("unclear")),
    }
}

/// A count of fen as yuan.
fn fen(counted: usize) -> String {
    yuan(i64::try_from(counted).unwrap_or_default())
}

/// What stands in a cell.
pub(super) fn text(row: &Map<String, Value>, key: &str) -> String {
    match row.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn line(keys: &[String], row: &Map<String, Value>) -> AnyView {
    let cells = keys.iter().map(|key| match key.as_str() {
        "name" => name(row),
        "stand" => stand(row),
        _ => cell(key, text(row, key)),
    });
    view! { <tr>{cells.collect_view()}</tr> }.into_any()
}

fn sum_line(keys: &[String], sums: &Map<String, Value>) -> AnyView {
    let cells = keys.iter().map(|key| cell(key, text(sums, key)));
    view! { <tr class="ledger__sums">{cells.collect_view()}</tr> }.into_any()
}

fn cell(key: &str, text: String) -> AnyView {
    let class = match key {
        "id_no" => "code nowrap",
        _ if kind::is_long(key) => "ledger__long",
        _ => "nowrap",
    };
    view! { <td class=class data-align=kind::is_number(key).then_some("end")>{text}</td> }.into_any()
}

/// The name leads to the file, where there is one.
fn name(row: &Map<String, Value>) -> AnyView {
    let name = text(row, "name");
    let file = row.get("recipient").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
    match file {
        Some(file) => {
            view! { <td class="strong nowrap"><A href=routes::recipient(file)>{name}</A></td> }.into_any()
        }
        None => view! { <td class="strong nowrap">{name}</td> }.into_any(),
    }
}

fn stand(row: &Map<String, Value>) -> AnyView {
    let (words, tone) = match text(row, "state").as_str() {
        "done" => (w::state_done(), Tone::Good),
        "overdue" => (w::state_overdue(), Tone::Bad),
        _ => (w::state_due(), Tone::Soon),
    };
    view! { <td><Badge tone words /></td> }.into_any()
}
