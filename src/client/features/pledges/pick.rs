//! One of the sponsors, to choose.

use crate::{
    data::{Loaded, use_data},
    locale::words::pledges as w,
    ui::{FieldWords, Opt, Picker},
};
use domain::order::Order;
use leptos::prelude::*;

/// One of the sponsors of this device, by name.
#[component]
pub(crate) fn PickSponsor(
    /// The chosen one's id; empty for none.
    chosen: RwSignal<String>,
    /// What is wrong with it now; empty for nothing.
    #[prop(optional, into)]
    problem: Signal<String>,
) -> impl IntoView {
    let data = use_data();
    let all = Loaded::new(move || async move { data.sponsors().await.rows });
    let options = Signal::derive(move || {
        let rows = all.get().unwrap_or_default();
        let mut options: Vec<Opt> =
            rows.into_iter().map(|row| Opt::new(row.id.to_string(), row.name)).collect();
        options.order_by(|a, b| a.label.cmp(&b.label));
        options
    });
    let has_none = move || all.get().is_some_and(|rows| rows.is_empty());
    view! {
        <Picker words=FieldWords::label(w::sponsor()).must() options chosen problem on_pick=move |id| chosen.set(id) />
        <Show when=has_none><p class="quiet">{w::no_sponsors()}</p></Show>
    }
}
