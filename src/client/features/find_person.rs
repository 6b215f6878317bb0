//! One person out of many, found as in the lists.

use super::{labels, person};
use crate::{
    data::RecipientRow,
    locale::words::recipients as w,
    ui::{Cell, CellGroup, Search},
};
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// A person to be chosen, and what makes him likely.
#[derive(Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) row: Arc<RecipientRow>,
    pub(crate) why: &'static str,
}

/// A line that searches, and below it who fits.
#[component]
pub(crate) fn FindPerson(
    /// Who fits what was typed.
    #[prop(into)]
    find: Callback<(String,), Vec<Found>>,
    /// What is said where nobody does.
    none: &'static str,
    #[prop(into)] on_choose: Callback<(Uuid,)>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = Memo::new(move |_| find.run((text.get(),)));
    let row = move |Found { row, why }: Found| {
        let id = row.id;
        view! { <Cell label=row.name.clone() note=said(&row) value=why on_press=move || on_choose.run((id,)) /> }
    };
    let rows = move || {
        let found = found.get();
        if found.is_empty() {
            return view! { <p class="inset quiet" role="status">{none}</p> }.into_any();
        }
        view! { <CellGroup>{found.into_iter().map(row).collect_view()}</CellGroup> }.into_any()
    };
    view! {
        <div class="inset"><Search label=w::search() text /></div>
        {rows}
    }
}

/// Category, village, age and the tail of the number, of what is known.
pub(crate) fn said(row: &RecipientRow) -> String {
    let parts = [labels::category_short(&row.category), person::line(row)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
