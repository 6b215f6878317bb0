//! A family, found by what one types of it.

use crate::{
    data::{RecipientQuery, RecipientRow, use_data},
    features::find_person,
    locale::words::pledges as w,
    ui::{Cell, CellGroup, Field, FieldWords},
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use uuid::Uuid;

/// So many are offered at a time; whoever looks for another types more.
const SHOWN: usize = 8;

#[component]
pub(super) fn PickFamily(
    /// The family with its name.
    chosen: RwSignal<Option<(Uuid, String)>>,
    /// What is wrong with it now; empty for nothing.
    problem: RwSignal<String>,
) -> impl IntoView {
    let data = use_data();
    let text = RwSignal::new(chosen.get_untracked().map(|(_, name)| name).unwrap_or_default());
    let found = RwSignal::new(Vec::<Arc<RecipientRow>>::new());
    let look = move |typed: String| {
        chosen.set(None);
        problem.set(String::new());
        let query = RecipientQuery { text: typed.trim().to_owned(), ..RecipientQuery::default() };
        spawn_local(async move {
            let mut rows = if query.text.is_empty() { Vec::new() } else { data.recipients(&query).await };
            rows.truncate(SHOWN);
            found.try_set(rows);
        });
    };
    let row = move |row: Arc<RecipientRow>| {
        let (id, name) = (row.id, format!("{} · {}", row.name, row.village));
        let pick = move || {
            text.set(name.clone());
            chosen.set(Some((id, name.clone())));
            found.set(Vec::new());
        };
        view! { <Cell label=row.name.clone() note=find_person::said(&row) on_press=pick /> }
    };
    view! {
        <Field words=FieldWords::label(w::family()).hint(w::family_hint()).must() value=text problem on_change=look />
        {move || {
            let rows = found.get();
            (!rows.is_empty()).then(|| view! { <CellGroup>{rows.into_iter().map(row).collect_view()}</CellGroup> })
        }}
    }
}
