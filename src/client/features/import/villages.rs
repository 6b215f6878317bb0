//! Villages that the area tree lacks: each is mapped or created by a person.

use super::{
    decisions::{VillageChoice, Villages},
    state::{Preview, UnknownVillage},
};
use crate::{
    data::{Loaded, use_data},
    locale::words,
    ui::{FieldWords, Opt, Picker},
};
use leptos::prelude::*;
use std::sync::Arc;

const CREATE: &str = "+";

/// The list of unknown villages with a choice for each.
#[component]
pub(super) fn VillagesView(
    /// The list.
    preview: Arc<Preview>,
    /// The decisions.
    villages: RwSignal<Villages>,
) -> impl IntoView {
    let data = use_data();
    let known = Loaded::new(move || async move {
        let areas = data.areas().await;
        let is_leaf = |id| !areas.iter().any(|other| other.parent == Some(id));
        areas
            .iter()
            .filter(|area| is_leaf(area.id))
            .map(|area| Opt::new(area.id.to_string(), area.name.clone()))
            .collect::<Vec<_>>()
    });
    let known = Signal::derive(move || known.get().unwrap_or_default());
    let rows = preview
        .villages_unknown
        .iter()
        .cloned()
        .map(|village| view! { <VillageRow village known villages /> })
        .collect_view();
    view! {
        <section class="villages">
            <h2 class="villages__title">{words::import::villages()}</h2>
            <p class="quiet">{words::import::villages_note()}</p>
            <div class="villages__rows">{rows}</div>
        </section>
    }
}

#[component]
fn VillageRow(
    village: UnknownVillage,
    known: Signal<Vec<Opt>>,
    villages: RwSignal<Villages>,
) -> impl IntoView {
    let name = StoredValue::new(village.name.clone());
    let create = Opt::new(CREATE, words::import::village_create(&village.name));
    let options = Signal::derive(move || {
        let mut options = vec![create.clone()];
        options.extend(known.get());
        options
    });
    let chosen = Signal::derive(move || {
        villages.with(|villages| match name.with_value(|name| villages.choice(name).cloned()) {
            Some(VillageChoice::Create) => CREATE.to_owned(),
            Some(VillageChoice::Map(area)) => area,
            None => String::new(),
        })
    });
    let pick = move |value: String| {
        let choice = if value == CREATE { VillageChoice::Create } else { VillageChoice::Map(value) };
        name.with_value(|name| villages.update(|villages| villages.choose(name, Some(choice))));
    };
    let words = FieldWords::label(village.name).hint(words::import::village_rows(village.rows));
    view! { <Picker words options chosen on_pick=pick /> }
}
