//! Which column of the list went where, to be put right by hand.

use super::state::{ListColumn, Preview, Told};
use crate::{
    features::labels,
    locale::words::import as w,
    ui::{Banner, Button, ButtonKind, FieldWords, Opt, Picker, Tone},
};
use leptos::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// The choice that leaves a column out.
const LEFT_OUT: &str = "-";

/// Every column with what it is taken for; open where one is missing.
#[component]
pub(super) fn ColumnsView(
    /// The list.
    preview: Arc<Preview>,
    /// Judges it again with what was said.
    on_judge: Callback<(Value,)>,
) -> impl IntoView {
    let mut options = vec![Opt::new(LEFT_OUT, w::column_out())];
    options.extend(preview.fields.iter().map(|field| Opt::new(field.clone(), labels::field(field))));
    let options = StoredValue::new(options);
    let columns = preview
        .columns
        .iter()
        .map(|column| view! { <ColumnPick column=column.clone() preview=preview.clone() options on_judge /> })
        .collect_view();
    let missing = preview.missing.as_deref().map(|field| w::column_missing(labels::field(field)));
    let reset = move || on_judge.run((json!({"columns": {}}),));
    let read = preview.columns.iter().filter(|column| !column.field.is_empty()).count();
    view! {
        {missing.clone().map(|words| view! { <Banner tone=Tone::Soon words /> })}
        <details class="columns" open=missing.is_some()>
            <summary class="columns__title">{w::columns(read, preview.columns.len())}</summary>
            <p class="quiet">{w::columns_note()}</p>
            <div class="columns__rows">{columns}</div>
            {preview
                .is_by_hand()
                .then(|| view! { <Button kind=ButtonKind::Quiet on_press=reset>{w::columns_reset()}</Button> })}
        </details>
    }
}

#[component]
fn ColumnPick(
    column: ListColumn,
    preview: Arc<Preview>,
    options: StoredValue<Vec<Opt>>,
    on_judge: Callback<(Value,)>,
) -> impl IntoView {
    let told = match column.told {
        Told::Heading if column.field.is_empty() => w::told_none(),
        Told::Heading => w::told_heading(),
        Told::Place => w::told_place(),
        Told::Hand => w::told_hand(),
        Told::Nothing => w::told_nothing(),
    };
    let chosen = if column.field.is_empty() { LEFT_OUT.to_owned() } else { column.field.clone() };
    let words = FieldWords::label(w::column(&column.col, &column.heading)).hint(told);
    let col = column.col;
    let pick = move |value: String| {
        let field = if value == LEFT_OUT { "" } else { &value };
        on_judge.run((preview.with_column(&col, field),));
    };
    view! { <Picker words options=Signal::derive(move || options.get_value()) chosen=Signal::stored(chosen) on_pick=pick /> }
}
