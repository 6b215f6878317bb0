//! People of the list who may be of one household: each is confirmed by a person, or not.

use super::state::{Preview, ProposedHousehold};
use crate::{
    features::labels,
    locale::words::import as w,
    ui::{Button, ButtonKind, Choice, ChoiceKind, FieldWords, Opt},
};
use leptos::prelude::*;
use std::sync::Arc;

/// What the list proposes, to be ticked.
#[component]
pub(super) fn HouseholdsView(
    /// The list.
    preview: Arc<Preview>,
    /// What was confirmed, by its key.
    chosen: RwSignal<Vec<String>>,
) -> impl IntoView {
    let options: Vec<Opt> = preview.households.iter().map(option).collect();
    let all = StoredValue::new(preview.households.iter().map(ProposedHousehold::key).collect::<Vec<_>>());
    let words = FieldWords::label(w::households(options.len())).hint(w::households_note());
    let choose = move |now: Vec<String>| chosen.set(now);
    view! {
        <section class="villages">
            <Choice words kind=ChoiceKind::Many options chosen on_choose=choose />
            <div class="row">
                <Button kind=ButtonKind::Plain on_press=move || chosen.set(all.get_value())>{w::households_all()}</Button>
                <Button kind=ButtonKind::Quiet on_press=move || chosen.set(Vec::new())>{w::households_none()}</Button>
            </div>
        </section>
    }
}

fn option(household: &ProposedHousehold) -> Opt {
    let rows = household.rows.iter().map(u32::to_string).collect::<Vec<_>>();
    let names = household.names.join(labels::between());
    let label = w::household_row(names, &household.village, &household.addr, rows.join(labels::between()));
    Opt::new(household.key(), label)
}
