//! What changed hands, in sentences: what left the one, what came to the other.

use super::state::Handover;
use crate::{
    features::when,
    locale::words::handovers as w,
    ui::{Button, ButtonKind, CellGroup, Fact},
};
use leptos::prelude::*;
use std::sync::Arc;

/// All of them, the newest first.
#[component]
pub(super) fn HandoverRows(rows: Arc<Vec<Handover>>) -> impl IntoView {
    let rows = rows
        .iter()
        .cloned()
        .map(|handover| view! { <HandoverRow handover fresh=false on_again=|| {} /> })
        .collect_view();
    view! { <div class="stack named" role="list" aria-label=w::title()>{rows}</div> }
}

/// One of them; fresh from the desk it leads on to the next.
#[component]
pub(super) fn HandoverRow(
    handover: Handover,
    fresh: bool,
    #[prop(into)] on_again: Callback<()>,
) -> impl IntoView {
    let title =
        if fresh { w::done().to_owned() } else { w::at(when::moment(handover.at), &handover.village) };
    let left = (!handover.from_name.is_empty()).then(|| {
        let value = if handover.village_left {
            w::left_village(&handover.village, handover.families)
        } else {
            w::left(&handover.village, handover.families)
        };
        view! { <Fact label=w::giver(&handover.from_name) value /> }
    });
    let came = if handover.village_came {
        w::came_village(&handover.village, handover.families)
    } else {
        w::came(&handover.village, handover.families)
    };
    let says = (fresh && handover.village_left).then(w::done_says);
    let again =
        fresh.then(|| view! { <Button kind=ButtonKind::Plain on_press=on_again>{w::again()}</Button> });
    view! {
        <div role=if fresh { "status" } else { "listitem" } class="stack">
            <CellGroup title>
                {left}
                <Fact label=w::taker(&handover.to_name) value=came />
                <Fact label=w::reason() value=w::reason_by(&handover.reason, &handover.by) />
            </CellGroup>
            {says.map(|says| view! { <p class="quiet">{says}</p> })}
            {again}
        </div>
    }
}
