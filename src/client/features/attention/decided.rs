//! What the office has decided, and how it is changed: a decision stays, and a new write goes over it.

use super::{DECIDED_SHOWN, Deciding, state};
use crate::{
    data::{Attention, ConflictRow, HeldRow, ProposalRow, use_data},
    features::labels,
    locale::words::attention as w,
    routes,
    ui::{Badge, Button, ButtonKind, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use serde_json::Value;
use uuid::Uuid;

/// The last decisions of a tab, folded away.
#[component]
pub(super) fn DecidedAtOffice(
    /// Everything.
    attention: Attention,
    /// Which tab is open.
    tab: usize,
    /// Whether they are unfolded; kept by the page, which is read anew after every sync.
    shows: RwSignal<bool>,
) -> impl IntoView {
    let count = match tab {
        0 => attention.proposals.iter().filter(|row| row.state != "open").count(),
        1 => attention.conflicts.iter().filter(|row| row.state != "open").count(),
        _ => attention.held.iter().filter(|row| row.state != "open").count(),
    };
    let cards = move || {
        let Attention { proposals, conflicts, held, .. } = attention.clone();
        let cards: Vec<AnyView> = match tab {
            0 => proposals
                .into_iter()
                .filter(|row| row.state != "open")
                .take(DECIDED_SHOWN)
                .map(proposal)
                .collect(),
            1 => conflicts
                .into_iter()
                .filter(|row| row.state != "open")
                .take(DECIDED_SHOWN)
                .map(conflict)
                .collect(),
            _ => held
                .into_iter()
                .filter(|row| row.state != "open")
                .take(DECIDED_SHOWN)
                .map(held_save)
                .collect(),
        };
        view! {
            <p class="quiet small">{w::decided_says()}</p>
            {cards}
        }
    };
    (count > 0).then(|| {
        view! {
            <Button kind=ButtonKind::Quiet on_press=move || shows.update(|shows| *shows = !*shows)>
                {move || if shows.get() { w::decided_fold().to_owned() } else { w::decided_last(count.min(DECIDED_SHOWN)) }}
            </Button>
            {move || shows.get().then(&cards)}
        }
    })
}

fn proposal(row: ProposalRow) -> AnyView {
    let accepted = row.state == "accepted";
    let (tone, words) =
        if accepted { (Tone::Good, w::was_accepted()) } else { (Tone::Bad, w::was_refused()) };
    let title = w::proposed(&row.name, labels::field(&row.field));
    let again = (!accepted && row.value != row.current).then(|| Side {
        id: row.id,
        member: "value",
        words: w::take_after_all().to_owned(),
    });
    view! {
        <article class="decide">
            <h2 class="decide__title">{title}" "<Badge tone words /></h2>
            <p>{w::asked_for(labels::value(&row.field, &row.value))}</p>
            <p>{w::stands(labels::value(&row.field, &row.current))}</p>
            {(!row.reason.is_empty()).then(|| view! { <p class="quiet small">{w::with_reason(row.reason)}</p> })}
            {accepted.then(|| view! { <p class="quiet small">{w::accepted_stays()}</p> })}
            <Again recipient=Some(row.recipient) sides=again.into_iter().collect() />
        </article>
    }
    .into_any()
}

fn conflict(row: ConflictRow) -> AnyView {
    let side = |member: &'static str, value: &Value| {
        let stands = *value == row.now;
        let says = view! {
            <p>
                {labels::value(&row.field, value)}
                {stands.then(|| view! { " " <Badge tone=Tone::Good words=w::stands_now() /> })}
            </p>
        };
        let side = (!stands).then(|| Side {
            id: row.id,
            member,
            words: w::use_value(labels::value(&row.field, value)),
        });
        (says, side)
    };
    let (current, to_current) = side("current", &row.current);
    let (other, to_other) = side("other", &row.other);
    view! {
        <article class="decide">
            <h2 class="decide__title">{w::proposed(&row.name, labels::field(&row.field))}</h2>
            {current}
            {other}
            <Again recipient=row.recipient sides=[to_current, to_other].into_iter().flatten().collect() />
        </article>
    }
    .into_any()
}

fn held_save(row: HeldRow) -> AnyView {
    let dropped = row.state == "current";
    let (words, says) =
        if dropped { (w::was_dropped(), w::dropped_stays()) } else { (w::was_applied(), w::applied_stays()) };
    let lines = state::contents(&row.ops).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <article class="decide">
            <h2 class="decide__title">{row.name}" "<Badge tone=Tone::Plain words /></h2>
            <ul class="decide__list">{lines}</ul>
            <p class="quiet small">{says}</p>
            <Again recipient=row.recipient sides=Vec::new() />
        </article>
    }
    .into_any()
}

/// A value that can be written after all.
struct Side {
    id: Uuid,
    member: &'static str,
    words: String,
}

#[component]
fn Again(recipient: Option<Uuid>, sides: Vec<Side>) -> impl IntoView {
    let data = use_data();
    let deciding = Deciding::new();
    let button = move |side: Side| {
        let Side { id, member, words } = side;
        let write = move || deciding.run(w::written_again(), data.write_again(id, member));
        view! { <Button kind=ButtonKind::Plain busy=deciding.busy on_press=write>{words}</Button> }
    };
    view! {
        <p class="field__problem" role="status">{deciding.problem}</p>
        <div class="decide__acts">
            {recipient.map(|recipient| view! { <A href=routes::recipient(recipient)>{w::open_file()}</A> })}
            {sides.into_iter().map(button).collect_view()}
        </div>
    }
}
