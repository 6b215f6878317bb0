//! The second step: every row with its verdict, its reasons and their places.

use super::{
    Import,
    columns::ColumnsView,
    households::HouseholdsView,
    mend::{MendSheet, Mended},
    refused::RefusedLines,
    rows::Rows,
    state::{Preview, RowFilter},
    villages::VillagesView,
    why,
};
use crate::{
    locale::words::{self, import as w},
    ui::{Banner, Button, ButtonKind, Tone},
};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// The preview of a list, and the button that writes it.
#[component]
pub(super) fn PreviewView(
    /// The list, and what is decided about it.
    import: Import,
    /// Judges it again with what a person says of columns and cells.
    #[prop(into)]
    on_judge: Callback<(Value,)>,
    /// Writes it.
    #[prop(into)]
    on_commit: Callback<()>,
    /// Another file.
    #[prop(into)]
    on_again: Callback<()>,
) -> impl IntoView {
    let mended = RwSignal::new(Mended::default());
    let mending = RwSignal::new(false);
    let mend = move |cell: Mended| {
        import.problem.set(String::new());
        mended.set(cell);
        mending.set(true);
    };
    // The answer closes the sheet; where none came, it stays open with the reason.
    Effect::watch(move || import.preview.track(), move |_, _, _| mending.set(false), false);
    let again = move || {
        let Preview { accepted, refused, .. } = **import.preview.read();
        w::judged(accepted, refused)
    };
    view! {
        {move || view! { <List import preview=import.preview.get() on_judge on_mend=mend /> }}
        <p class="sr-only" role="status">{again}</p>
        <p class="import__problem" role="alert">{move || if mending.get() { String::new() } else { import.problem.get() }}</p>
        <MendSheet open=mending mended busy=import.judging.into() problem=import.problem.into() on_judge />
        <Acts import on_commit on_again />
    }
}

/// What the office made of the list.
#[component]
fn List(
    import: Import,
    preview: Arc<Preview>,
    on_judge: Callback<(Value,)>,
    #[prop(into)] on_mend: Callback<(Mended,)>,
) -> impl IntoView {
    let Import { villages, households, filter, .. } = import;
    let is_read = preview.missing.is_none();
    view! {
        <p class="quiet">{w::found_at(&preview.file, &preview.sheet, preview.header_row)}</p>
        {is_read.then(|| view! { <Counts preview=preview.clone() /> })}
        <ColumnsView preview=preview.clone() on_judge />
        {(!preview.villages_unknown.is_empty())
            .then(|| view! { <VillagesView preview=preview.clone() villages /> })}
        {(!preview.households.is_empty())
            .then(|| view! { <HouseholdsView preview=preview.clone() chosen=households /> })}
        {(preview.refused > 0)
            .then(|| {
                view! {
                    <div class="import__refused">
                        <p>{w::refused_note()}</p>
                        <RefusedLines import=preview.id.clone() file=preview.file.clone() />
                    </div>
                }
            })}
        {is_read
            .then(|| {
                view! {
                    <Filters preview=preview.clone() filter />
                    <Rows preview=preview.clone() filter on_mend />
                    <Skipped preview />
                }
            })}
    }
}

#[component]
fn Acts(import: Import, on_commit: Callback<()>, on_again: Callback<()>) -> impl IntoView {
    let Import { preview, villages, households, judging, .. } = import;
    let open = Signal::derive(move || villages.with(|villages| villages.open(&preview.read())));
    let nothing = move || !preview.read().has_news() && households.read().is_empty();
    let words = move || {
        let writes = preview.read().new + preview.read().changed;
        match households.read().len() {
            0 if writes > 0 => w::commit(writes),
            0 => w::commit_none().to_owned(),
            n => w::commit_with(writes, n),
        }
    };
    let disabled = Signal::derive(move || open.get() > 0 || nothing() || judging.get());
    view! {
        <div class="import__acts">
            <Button kind=ButtonKind::Plain on_press=on_again>{w::again()}</Button>
            <Show when=move || { open.get() > 0 }>
                <Banner tone=Tone::Soon words=Signal::derive(move || w::villages_open(open.get())) />
            </Show>
            <Button on_press=on_commit disabled>{words}</Button>
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
