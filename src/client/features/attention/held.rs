//! A save that the office keeps aside: why, by whom, and all it holds.

use super::{
    Deciding, may_decide,
    reason::{ReasonDialog, ReasonWords},
    state,
};
use crate::{
    data::{HeldRow, use_data},
    features::{people, when},
    locale::words::attention as w,
    ui::{Badge, Button, ButtonKind, Tone},
};
use leptos::prelude::*;
use sync::wire::{Take, Why};

/// One held save.
#[component]
pub(super) fn HeldCard(
    /// The save.
    row: HeldRow,
) -> impl IntoView {
    let data = use_data();
    let deciding = Deciding::new();
    let asks = RwSignal::new(false);
    let id = row.id;
    let apply = move || deciding.run(w::held_applied(), data.resolve(id, Take::Other, None, None));
    let drop = move |reason: String| {
        deciding.run(w::held_dropped(), data.resolve(id, Take::Current, None, Some(reason)));
    };
    let words = ReasonWords {
        title: w::held_drop_title(),
        says: w::held_drop_says(),
        label: w::held_drop_reason(),
        yes: w::held_drop_yes(),
    };
    // An unfinished visit has nothing to apply; its worker finishes it.
    let applies = row.why != Why::Draft;
    let lines = state::contents(&row.ops).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <article class="decide">
            <h2 class="decide__title">{w::held_of(&row.name)}" "<Badge tone=Tone::Soon words=state::why(&row.why) /></h2>
            <p class="quiet small">{w::held_by(people::name(&row.by), when::moment(row.at))}</p>
            <h3 class="decide__sub">{w::held_changes()}</h3>
            <ul class="decide__list">{lines}</ul>
            <p class="field__problem" role="status">{deciding.problem}</p>
            <div class="decide__acts">
                <Show when=may_decide>
                    <Button kind=ButtonKind::Plain disabled=deciding.busy on_press=move || asks.set(true)>{w::held_drop()}</Button>
                    <Show when=move || applies>
                        <Button busy=deciding.busy on_press=apply>{w::held_apply()}</Button>
                    </Show>
                </Show>
            </div>
            <ReasonDialog open=asks words on_reason=drop />
        </article>
    }
}
