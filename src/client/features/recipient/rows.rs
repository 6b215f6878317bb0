//! Editing a field that holds rows: what is there, each to be taken out, and a form for one more.

use super::{input::Input, state};
use crate::{
    data::FieldView,
    features::{file_rows, file_rows::Column, labels},
    locale::words::file as w,
    ui::{Button, ButtonKind, IconName},
};
use leptos::prelude::*;
use serde_json::{Map, Value};

/// Rows that a field holds at the most; more is no family and no record.
const ROWS_MAX: usize = 30;

/// What was entered so far.
#[derive(Clone, Copy)]
pub(super) struct Entered {
    rows: RwSignal<Vec<Value>>,
    /// What stood there when it was opened.
    before: StoredValue<Value>,
    /// The row being typed, a text for each column.
    typed: StoredValue<Vec<(Column, RwSignal<String>)>>,
}

impl Entered {
    pub(super) fn new(field: &str, now: Option<&FieldView>) -> Entered {
        let rows = now.and_then(|view| view.value.as_array().cloned()).unwrap_or_default();
        let columns = file_rows::columns(field).unwrap_or_default();
        let typed = columns.iter().map(|column| (*column, RwSignal::new(String::new()))).collect();
        let before = StoredValue::new(now.map(|view| view.value.clone()).unwrap_or_default());
        Entered { rows: RwSignal::new(rows), before, typed: StoredValue::new(typed) }
    }

    /// What stood there when it was opened.
    pub(super) fn before(self) -> Value {
        self.before.get_value()
    }

    /// The rows with the one being typed, which nobody should lose for not having pressed 加上.
    pub(super) fn value(self) -> Result<Value, String> {
        self.take_typed()?;
        let rows = self.rows.get_untracked();
        Ok(if rows.is_empty() { Value::Null } else { Value::Array(rows) })
    }

    /// Puts the typed row to the others, if one was begun.
    fn take_typed(self) -> Result<(), String> {
        let typed = self.typed.get_value();
        let mut row = Map::new();
        for ((key, name), text) in &typed {
            let value = state::typed(state::editor(name), &text.read_untracked());
            let value = value.ok_or_else(|| w::row_not_a_number(labels::field(name)))?;
            if !value.is_null() {
                row.insert((*key).to_owned(), value);
            }
        }
        if row.is_empty() {
            return Ok(());
        }
        let nameless = typed.first().filter(|((key, _), _)| !row.contains_key(*key));
        if let Some(((_, name), _)) = nameless {
            return Err(w::row_needs(labels::field(name)));
        }
        if self.rows.read_untracked().len() >= ROWS_MAX {
            return Err(w::rows_full(ROWS_MAX));
        }
        self.rows.update(|rows| rows.push(Value::Object(row)));
        for (_, text) in typed {
            text.set(String::new());
        }
        Ok(())
    }
}

#[component]
pub(super) fn Rows(
    field: &'static str,
    columns: &'static [Column],
    entered: Entered,
    problem: RwSignal<String>,
) -> impl IntoView {
    let there = move || {
        let rows = entered.rows.get().into_iter().enumerate();
        rows.map(|(place, row)| {
            let words = match &row {
                Value::Object(row) => file_rows::words(field, row),
                other => labels::value(field, other),
            };
            let take_out = move || {
                entered.rows.update(|rows| {
                    rows.remove(place);
                });
            };
            view! {
                <li class="row">
                    <span>{words}</span>
                    <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=take_out>{w::row_out()}</Button>
                </li>
            }
        })
        .collect_view()
    };
    let texts = entered.typed.get_value();
    let inputs = columns.iter().zip(texts).map(|((_, name), (_, text))| {
        let nothing = RwSignal::new(String::new());
        view! { <Input field=name editor=state::editor(name) text problem=nothing /> }
    });
    let add = move || problem.set(entered.take_typed().err().unwrap_or_default());
    view! {
        <ul class="stack">{there}</ul>
        {inputs.collect_view()}
        {move || {
            let why = problem.get();
            (!why.is_empty()).then(|| view! { <p class="field__problem" role="alert">{why}</p> })
        }}
        <Button kind=ButtonKind::Plain icon=IconName::Plus on_press=add>{w::row_add()}</Button>
    }
}
