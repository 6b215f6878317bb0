//! Events under way, where a worker looks first.

use crate::{
    data::{RoundRow, templates},
    features::answer_words,
    locale::words::rounds as w,
    routes,
    ui::{Badge, Cell, CellGroup, Tone},
};
use leptos::prelude::*;

/// A row leads to the family that was under way last.
#[component]
pub(crate) fn RoundGroup(rounds: Vec<RoundRow>) -> impl IntoView {
    let row = |round: RoundRow| {
        // Any version bears the title.
        let checklist = templates::to_read(&round.template, 1);
        let title = checklist.map(|checklist| answer_words::words(&checklist.template().title));
        let href = round.under_way.map_or_else(|| routes::round(round.event), routes::visit_form);
        let note = w::done_of(round.families, round.done);
        view! { <Cell label=title.unwrap_or(round.template) note href><Badge tone=Tone::Good words=w::go_on() /></Cell> }
    };
    (!rounds.is_empty())
        .then(|| view! { <CellGroup title=w::under_way(rounds.len())>{rounds.into_iter().map(row).collect_view()}</CellGroup> })
}
