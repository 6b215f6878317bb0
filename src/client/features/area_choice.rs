//! Of which area a table of the office is.

use crate::{
    data::{Loaded, Topic, use_data},
    locale::words::ledger as w,
    ui::Select,
};
use leptos::prelude::*;

/// All that the device may see, or one area of it.
#[component]
pub(crate) fn AreaChoice(
    /// The id of the area; empty for all.
    chosen: Signal<String>,
    /// Takes another.
    #[prop(into)]
    on_pick: Callback<(String,)>,
) -> impl IntoView {
    let data = use_data();
    let changed = data.changed(Topic::Areas);
    let areas = Loaded::new(move || {
        changed.track();
        data.areas()
    });
    let options = Signal::derive(move || {
        let below = areas.get().unwrap_or_default().into_iter().filter(|area| area.parent.is_some());
        let all = (String::new(), w::area_all().to_owned());
        std::iter::once(all).chain(below.map(|area| (area.id.to_string(), area.name))).collect::<Vec<_>>()
    });
    view! { <Select label=w::area() options chosen on_pick /> }
}
