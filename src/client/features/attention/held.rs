//! A save that the office keeps aside: why, by whom, and all it holds.

use super::{
    Deciding, may_decide, place,
    reason::{ReasonDialog, ReasonWords},
    state,
};
use crate::{
    data::{HeldRow, use_data},
    features::{people, when},
    locale::words::attention as w,
    routes,
    ui::{Badge, Button, ButtonKind, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use sync::wire::{Take, Why};

/// One held save.
#[component]
pub(super) fn HeldCard(
    /// The save.
    row: HeldRow,
    /// Whether a rescue file brought it.
    from_file: Signal<bool>,
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
            <h2 class="decide__title">{if row.name.is_empty() { w::nameless().to_owned() } else { w::held_of(&row.name) }}" "<Badge tone=Tone::Soon words=state::why(&row.why, &row.ops) /></h2>
            <p class="quiet small">{place(&row.village)}{w::held_by(people::name(&row.by), when::moment(row.at))}</p>
            {move || from_file.get().then(|| view! { <p><Badge tone=Tone::Plain words=w::from_file() /></p> })}
            <h3 class="decide__sub">{w::held_changes()}</h3>
            <ul class="decide__list">{lines}</ul>
            <p class="field__problem" role="status">{deciding.problem}</p>
            <div class="decide__acts">
                {row.recipient.map(|recipient| view! { <A href=routes::recipient(recipient)>{w::open_file()}</A> })}
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
