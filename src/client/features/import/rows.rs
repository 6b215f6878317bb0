//! The rows of the preview, and what each would change.

use super::{
    diff::DiffView,
    mend::Mended,
    state::{Preview, PreviewRow, RowFilter, Why},
    why,
};
use crate::{
    locale::words::import as w,
    ui::{Badge, Column, Pager, Table},
};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

const PAGE_ROWS: usize = 100;

/// The rows that the filter lets through, a page at a time.
#[component]
pub(super) fn Rows(
    /// The list.
    preview: Arc<Preview>,
    /// Which of them.
    filter: RwSignal<RowFilter>,
    /// A cell is to be put right.
    on_mend: Callback<(Mended,)>,
) -> impl IntoView {
    let page = RwSignal::new(0_usize);
    Effect::watch(move || filter.get(), move |_, _, _| page.set(0), false);
    let columns = vec![
        Column::new(w::col_row()).number(),
        Column::new(w::col_verdict()),
        Column::new(w::col_name()),
        Column::new(w::col_id()),
        Column::new(w::col_category()),
        Column::new(w::col_village()),
        Column::new(w::col_why()),
    ];
    let all = {
        let preview = preview.clone();
        Signal::derive(move || preview.count(filter.get()))
    };
    let rows = move || {
        let shown = preview.shown(filter.get());
        let rows: Vec<_> = shown
            .into_iter()
            .skip(page.get() * PAGE_ROWS)
            .take(PAGE_ROWS)
            .map(|one| row(one, on_mend))
            .collect();
        if rows.is_empty() {
            view! { <tr><td colspan="7" class="quiet">{w::none_shown()}</td></tr> }.into_any()
        } else {
            rows.collect_view().into_any()
        }
    };
    view! {
        <Table caption=w::table() columns>{rows}</Table>
        <Pager page rows=PAGE_ROWS all words=|first, last, all| w::page_of(first, last, all) on_turn=move |to| page.set(to) />
    }
}

fn row(row: &PreviewRow, on_mend: Callback<(Mended,)>) -> AnyView {
    let (verdict, tone) = why::verdict(row);
    let field =
        |name: &str| row.record.as_ref().and_then(|record| record.get(name)).map(text).unwrap_or_default();
    let category = crate::features::labels::category(&field("category"));
    let number = row.row;
    let reason = |why: &Why| view! { <Reason words=why::sentence(why, number) cell=Mended::of(why, number) on_mend /> };
    let reasons = row.why.iter().map(reason).collect_view();
    view! {
        <tr>
            <td data-align="end">{row.row}</td>
            <td><Badge tone words=verdict /></td>
            <td class="strong nowrap">{field("name")}</td>
            <td class="code nowrap">{field("id_no")}</td>
            <td>{category}</td>
            <td class="nowrap">{field("village")}</td>
            <td><ul class="reasons">{reasons}</ul><DiffView row=row.clone() /></td>
        </tr>
    }
    .into_any()
}

/// A reason, with the button that puts its cell right.
#[component]
fn Reason(words: String, cell: Option<Mended>, on_mend: Callback<(Mended,)>) -> impl IntoView {
    let act = cell.map(|cell| {
        let name = w::mend_cell(cell.name());
        view! {
            <button type="button" class="reasons__mend" aria-label=name on:click=move |_| on_mend.run((cell.clone(),))>
                {w::mend_short()}
            </button>
        }
    });
    view! { <li class="reasons__one"><span>{words}</span>{act}</li> }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}
