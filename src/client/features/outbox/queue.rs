//! Every save with its fate.

use super::state;
use crate::{
    data::{OutboxItem, OutboxState},
    features::when,
    locale::words::sync as w,
    routes,
    ui::{Badge, Cell, CellGroup, Empty, IconName},
};
use leptos::prelude::*;

/// How many saves are listed; older ones have long arrived.
const SHOWN: usize = 200;

#[component]
pub(super) fn QueueGroup(items: Vec<OutboxItem>) -> impl IntoView {
    if items.is_empty() {
        return view! { <Empty icon=IconName::Safe title=w::empty() advice=w::empty_advice() /> }.into_any();
    }
    let rows =
        state::ordered(items).into_iter().take(SHOWN).map(|item| view! { <Row item /> }).collect_view();
    view! { <CellGroup title=w::queue()>{rows}</CellGroup> }.into_any()
}

#[component]
fn Row(item: OutboxItem) -> impl IntoView {
    let (tone, words) = state::fate(&item.state);
    let mut note = vec![state::what(&item.kind).to_owned(), when::moment(item.saved_at)];
    if item.photos > 0 {
        note.push(w::photos_there(item.photos_at_office, item.photos));
    }
    if let OutboxState::Acked { why: Some(why), .. } = &item.state {
        note.push(state::why(why, &item.kind).to_owned());
    }
    let label = if item.name.is_empty() { w::nameless().to_owned() } else { item.name };
    let note = note.join(" · ");
    if item.kind == "visit" {
        view! { <Cell label note href=routes::visit(item.e)><Badge tone words /></Cell> }.into_any()
    } else {
        view! { <Cell label note><Badge tone words /></Cell> }.into_any()
    }
}
