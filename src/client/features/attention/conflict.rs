//! Two values of one field, each with who wrote it and when.

use super::{Deciding, may_decide, place};
use crate::{
    data::{ConflictRow, use_data},
    features::{labels, people, when},
    locale::words::attention as w,
    routes,
    ui::{Button, ButtonKind},
};
use leptos::prelude::*;
use leptos_router::components::A;
use sync::wire::Take;

/// One conflict.
#[component]
pub(super) fn ConflictCard(
    /// The conflict.
    row: ConflictRow,
) -> impl IntoView {
    let data = use_data();
    let deciding = Deciding::new();
    let id = row.id;
    let take = move |take: Take| deciding.run(w::resolved(), data.resolve(id, take, None, None));
    let says = if row.class == "plain" { w::conflict_plain() } else { w::conflict_critical() };
    let side = |index: usize| {
        let who = row.by.get(index).map(|by| people::name(by)).unwrap_or_default();
        let when = row.at.get(index).map(|at| when::moment(*at)).unwrap_or_default();
        w::by_at(who, when)
    };
    view! {
        <article class="decide">
            <h2 class="decide__title">{w::proposed(&row.name, labels::field(&row.field))}</h2>
            <p class="quiet small">{place(&row.village)}{says}</p>
            <dl class="versus">
                <div class="versus__side">
                    <dt class="versus__label">{w::in_file()}</dt>
                    <dd class="versus__value">{labels::value(&row.field, &row.current)}</dd>
                    <dd class="quiet small">{side(0)}</dd>
                </div>
                <div class="versus__side" data-new>
                    <dt class="versus__label">{w::aside()}</dt>
                    <dd class="versus__value">{labels::value(&row.field, &row.other)}</dd>
                    <dd class="quiet small">{side(1)}</dd>
                </div>
            </dl>
            <p class="field__problem" role="status">{deciding.problem}</p>
            <div class="decide__acts">
                {row.recipient.map(|recipient| view! { <A href=routes::recipient(recipient)>{w::open_file()}</A> })}
                <Show when=may_decide>
                    <Button kind=ButtonKind::Plain busy=deciding.busy on_press=move || take(Take::Current)>{w::take_current()}</Button>
                    <Button kind=ButtonKind::Plain busy=deciding.busy on_press=move || take(Take::Other)>{w::take_other()}</Button>
                </Show>
            </div>
        </article>
    }
}
