//! The second step: every row with its verdict, its reasons and their places.

use super::{
    households::HouseholdsView,
    state::{Preview, PreviewRow, RowFilter, Villages},
    villages::VillagesView,
    why,
};
use crate::{
    locale::words::{self, import as w},
    ui::{Badge, Banner, Button, ButtonKind, Column, IconName, NavAct, Table, Tone},
};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

const PAGE_ROWS: usize = 100;

/// The preview of a list, and the button that writes it.
#[component]
pub(super) fn PreviewView(
    /// What the office makes of the list.
    preview: Arc<Preview>,
    /// The decisions about unknown villages.
    villages: RwSignal<Villages>,
    /// The households that were confirmed.
    households: RwSignal<Vec<String>>,
    /// Writes it.
    #[prop(into)]
    on_commit: Callback<(Arc<Preview>,)>,
    /// Another file.
    #[prop(into)]
    on_again: Callback<()>,
) -> impl IntoView {
    let filter = RwSignal::new(RowFilter::All);
    let open = {
        let preview = preview.clone();
        Signal::derive(move || villages.with(|villages| villages.open(&preview)))
    };
    let commit = {
        let preview = preview.clone();
        move || on_commit.run((preview.clone(),))
    };
    let writes = preview.new + preview.changed;
    let has_news = preview.has_news();
    let commit_words = move || match households.read().len() {
        0 if has_news => w::commit(writes),
        0 => w::commit_none().to_owned(),
        n => w::commit_with(writes, n),
    };
    let nothing = move || !has_news && households.read().is_empty();
    view! {
        <p class="quiet">{w::found_at(&preview.file, &preview.sheet, preview.header_row)}</p>
        <Counts preview=preview.clone() />
        {(!preview.villages_unknown.is_empty())
            .then(|| view! { <VillagesView preview=preview.clone() villages /> })}
        {(!preview.households.is_empty())
            .then(|| view! { <HouseholdsView preview=preview.clone() chosen=households /> })}
        <Filters preview=preview.clone() filter />
        <Rows preview=preview.clone() filter />
        <Skipped preview />
        <div class="import__acts">
            <Button kind=ButtonKind::Plain on_press=on_again>{w::again()}</Button>
            <Show when=move || { open.get() > 0 }>
                <Banner tone=Tone::Soon words=Signal::derive(move || w::villages_open(open.get())) />
            </Show>
            <Button on_press=commit disabled=Signal::derive(move || open.get() > 0 || nothing())>{commit_words}</Button>
        </div>
    }
}

#[component]
fn Counts(preview: Arc<Preview>) -> impl IntoView {
    let counts = [
        (w::n_accepted(), preview.accepted, ""),
        (w::n_refused(), preview.refused, if preview.refused > 0 { "bad" } else { "" }),
        (w::n_new(), preview.new, ""),
        (w::n_changed(), preview.changed, ""),
        (w::n_same(), preview.same, ""),
        (w::n_skipped(), preview.skipped.len(), ""),
    ];
    let count = |(label, n, tone): (&'static str, usize, &'static str)| {
        view! {
            <div class="count" data-tone=tone>
                <dt class="count__label">{label}</dt>
                <dd class="count__figure">{n}</dd>
            </div>
        }
    };
    view! { <dl class="counts">{counts.map(count).collect_view()}</dl> }
}

#[component]
fn Filters(preview: Arc<Preview>, filter: RwSignal<RowFilter>) -> impl IntoView {
    let chip = move |wanted: RowFilter| {
        let n = preview.count(wanted);
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (filter.get() == wanted).to_string()
                on:click=move |_| filter.set(wanted)
            >
                {filter_name(wanted)}
                <span class="chip__count">{n}</span>
            </button>
        }
    };
    view! { <div class="chips" role="group" aria-label=w::filter()>{RowFilter::ALL.map(chip).collect_view()}</div> }
}

fn filter_name(filter: RowFilter) -> &'static str {
    match filter {
        RowFilter::All => w::filter_all(),
        RowFilter::Refused => w::filter_refused(),
        RowFilter::Warned => w::filter_warned(),
        RowFilter::New => w::filter_new(),
        RowFilter::Changed => w::filter_changed(),
        RowFilter::Same => w::filter_same(),
    }
}

#[component]
fn Rows(preview: Arc<Preview>, filter: RwSignal<RowFilter>) -> impl IntoView {
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
        let rows: Vec<_> = shown.into_iter().skip(page.get() * PAGE_ROWS).take(PAGE_ROWS).map(row).collect();
        if rows.is_empty() {
            view! { <tr><td colspan="7" class="quiet">{w::none_shown()}</td></tr> }.into_any()
        } else {
            rows.collect_view().into_any()
        }
    };
    view! {
        <Table caption=w::table() columns>{rows}</Table>
        <Pager page all />
    }
}

fn row(row: &PreviewRow) -> AnyView {
    let (verdict, tone) = why::verdict(row);
    let field =
        |name: &str| row.record.as_ref().and_then(|record| record.get(name)).map(text).unwrap_or_default();
    let category = crate::features::labels::category(&field("category"));
    let reasons = why::sentences(row).into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
    view! {
        <tr>
            <td data-align="end">{row.row}</td>
            <td><Badge tone words=verdict /></td>
            <td class="strong nowrap">{field("name")}</td>
            <td class="code nowrap">{field("id_no")}</td>
            <td>{category}</td>
            <td class="nowrap">{field("village")}</td>
            <td><ul>{reasons}</ul></td>
        </tr>
    }
    .into_any()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

#[component]
fn Pager(page: RwSignal<usize>, all: Signal<usize>) -> impl IntoView {
    let last = move || (page.get() * PAGE_ROWS + PAGE_ROWS).min(all.get());
    view! {
        <Show when=move || { all.get() > PAGE_ROWS }>
            <div class="pager">
                <NavAct icon=IconName::Back label=w::page_before() on_press=move || page.update(|page| *page = page.saturating_sub(1)) />
                <span>{move || w::page_of(page.get() * PAGE_ROWS + 1, last(), all.get())}</span>
                <NavAct
                    icon=IconName::Next
                    label=w::page_after()
                    on_press=move || if last() < all.get_untracked() { page.update(|page| *page += 1) }
                />
            </div>
        </Show>
    }
}

#[component]
fn Skipped(preview: Arc<Preview>) -> impl IntoView {
    let lines = preview
        .skipped
        .iter()
        .map(|skipped| view! { <li>{words::import::skipped_row(skipped.row, why::skipped(&skipped.why))}</li> })
        .collect_view();
    (!preview.skipped.is_empty()).then(|| {
        view! {
            <details class="skipped">
                <summary>{w::skipped()}" "{preview.skipped.len()}</summary>
                <ul class="skipped__rows">{lines}</ul>
            </details>
        }
    })
}
