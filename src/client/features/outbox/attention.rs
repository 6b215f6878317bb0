//! What a person must know: two values, saves the office keeps aside, saves it cannot take, proposals.

use super::state;
use crate::{
    data::{Attention, ConflictRow, HeldRow, ProposalRow, RejectedRow, use_data},
    features::{labels, people, problems, when},
    locale::words::sync as w,
    ui::{Badge, Button, ButtonKind, CellGroup, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub(super) fn AttentionGroups(attention: Attention) -> impl IntoView {
    let conflicts =
        attention.conflicts.into_iter().filter(|row| row.state == "open").map(conflict).collect::<Vec<_>>();
    let held = attention.held.into_iter().filter(|row| row.state == "open").map(held).collect::<Vec<_>>();
    let proposals =
        attention.proposals.into_iter().filter(|row| row.state == "open").map(proposal).collect::<Vec<_>>();
    let rejected =
        attention.rejected.into_iter().map(|row| view! { <Rejected row /> }.into_any()).collect::<Vec<_>>();
    view! {
        <Group title=w::rejected_title() note=w::rejected_says() rows=rejected />
        <Group title=w::conflicts_title() note=w::conflicts_says() rows=conflicts />
        <Group title=w::held_title() note=w::held_says() rows=held />
        <Group title=w::proposals_title() note=w::proposals_says() rows=proposals />
    }
}

#[component]
fn Group(title: &'static str, note: &'static str, rows: Vec<AnyView>) -> impl IntoView {
    (!rows.is_empty()).then(|| view! { <CellGroup title note>{rows}</CellGroup> })
}

fn conflict(row: ConflictRow) -> AnyView {
    let side = |index: usize, value| {
        let by = row.by.get(index).map(|id| people::name(id)).unwrap_or_default();
        let at = row.at.get(index).map(|at| when::moment(*at)).unwrap_or_default();
        w::said_by(labels::value(&row.field, value), by, at)
    };
    view! {
        <div class="matter">
            <p class="strong">{w::matter(&row.name, labels::field(&row.field))}" "<Badge tone=Tone::Bad words=w::two_values() /></p>
            <p>{side(0, &row.current)}</p>
            <p>{side(1, &row.other)}</p>
        </div>
    }
    .into_any()
}

fn held(row: HeldRow) -> AnyView {
    view! {
        <div class="matter">
            <p class="strong">{row.name.clone()}" "<Badge tone=Tone::Soon words=w::held() /></p>
            <p>{state::why_held(&row)}</p>
            <p class="quiet small">{when::moment(row.at)}</p>
        </div>
    }
    .into_any()
}

fn proposal(row: ProposalRow) -> AnyView {
    view! {
        <div class="matter">
            <p class="strong">{w::matter(&row.name, labels::field(&row.field))}" "<Badge tone=Tone::Soon words=w::pending() /></p>
            <p>{w::from_to(labels::value(&row.field, &row.current), labels::value(&row.field, &row.value))}</p>
            <p class="quiet small">{when::moment(row.at)}</p>
        </div>
    }
    .into_any()
}

/// A refused save. It leaves the list when somebody has read it; it never leaves the phone.
#[component]
fn Rejected(row: RejectedRow) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let dismiss = move || {
        spawn_local(async move {
            if let Err(error) = data.dismiss_rejected(row.changeset).await {
                notices.say(problems::save(&error).title);
            }
        });
    };
    view! {
        <div class="matter">
            <p class="strong">{w::matter(&row.name, state::what(&row.kind))}" "<Badge tone=Tone::Bad words=w::rejected() /></p>
            <p>{state::why(&row.why, &row.kind)}</p>
            <p class="quiet small">{when::moment(row.saved_at)}</p>
            <Button kind=ButtonKind::Plain on_press=dismiss>{w::read_it()}</Button>
        </div>
    }
}
