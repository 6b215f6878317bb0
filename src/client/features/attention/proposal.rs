//! A value that a worker proposed: what stands now beside it, one tap to accept.

use super::{
    Deciding,
    acts::Proposed,
    may_decide, place,
    reason::{ReasonDialog, ReasonWords},
};
use crate::{
    data::{Act, ProposalRow, use_data},
    features::{labels, people, places::Places, when},
    locale::words::attention as w,
    routes,
    ui::{Button, ButtonKind},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// One proposal, or all that was proposed in one act.
#[component]
pub(super) fn ProposalCard(
    /// What is decided at once.
    proposed: Proposed,
) -> impl IntoView {
    let data = use_data();
    let deciding = Deciding::new();
    let asks = RwSignal::new(false);
    let ids: Vec<_> = proposed.rows.iter().map(|row| row.id).collect();
    let ids = StoredValue::new(ids);
    let accept = move || deciding.run(w::accepted(), data.decide(ids.get_value(), true, None));
    let refuse =
        move |reason: String| deciding.run(w::refused(), data.decide(ids.get_value(), false, Some(reason)));
    let words = ReasonWords {
        title: w::refuse_title(),
        says: w::refuse_says(),
        label: w::refuse_reason(),
        yes: w::refuse_yes(),
    };
    let row = proposed.first().clone();
    let title = match proposed.act {
        Some(Act::Death) => w::act_death(&row.name),
        Some(Act::Move) => w::act_move(&row.name),
        Some(Act::Halt) => w::act_halt(&row.name),
        Some(Act::Plaque) => w::act_plaque(&row.name),
        None => w::proposed(&row.name, labels::field(&row.field)),
    };
    let body = if proposed.act.is_some() { fields(proposed.rows) } else { versus(&row) };
    view! {
        <article class="decide">
            <h2 class="decide__title">{title}</h2>
            <p class="quiet small">{place(&row.village)}{w::by_at(people::name(&row.by), when::moment(row.at))}</p>
            {body}
            <p class="field__problem" role="status">{deciding.problem}</p>
            <div class="decide__acts">
                <A href=routes::recipient(row.recipient)>{w::open_file()}</A>
                {row.visit.map(|visit| view! { <A href=routes::review_visit(visit)>{w::open_visit()}</A> })}
                <Show when=may_decide>
                    <Button kind=ButtonKind::Plain disabled=deciding.busy on_press=move || asks.set(true)>{w::refuse()}</Button>
                    <Button busy=deciding.busy on_press=accept>{w::accept()}</Button>
                </Show>
            </div>
            <ReasonDialog open=asks words on_reason=refuse />
        </article>
    }
}

/// The value that stands, and the one that is wanted.
fn versus(row: &ProposalRow) -> AnyView {
    let places = Places::new();
    // What is sealed does not lie on a village phone: it is not known here, which is not the same as empty.
    let is_elsewhere = row.current.is_null() && !may_decide() && row.field == "account_no";
    let (field, now, new) = (row.field.clone(), row.current.clone(), row.value.clone());
    // The names of places come a moment later.
    let current = {
        let field = field.clone();
        move || if is_elsewhere { w::not_here().to_owned() } else { places.value(&field, &now) }
    };
    let wanted = move || places.value(&field, &new);
    view! {
        <dl class="versus">
            <div class="versus__side">
                <dt class="versus__label">{w::now()}</dt>
                <dd class="versus__value">{current}</dd>
            </div>
            <div class="versus__side" data-new>
                <dt class="versus__label">{w::wants()}</dt>
                <dd class="versus__value">{wanted}</dd>
            </div>
        </dl>
    }
    .into_any()
}

/// All that is written at once when the act is accepted.
fn fields(rows: Vec<ProposalRow>) -> AnyView {
    let line = |row: ProposalRow| {
        let field = match row.category.as_str() {
            "" => labels::field(&row.field),
            category => w::act_field(labels::category(category), labels::field(&row.field)),
        };
        let (now, new) = (labels::value(&row.field, &row.current), labels::value(&row.field, &row.value));
        view! { <li>{w::act_line(field, now, new)}</li> }
    };
    view! { <ul class="decide__list">{rows.into_iter().map(line).collect_view()}</ul> }.into_any()
}
