//! A recipient as one row of a list: who, where, and what is due.

use super::{days, labels};
use crate::{
    data::RecipientRow,
    locale::words::person as w,
    platform::clock,
    ui::{Badge, Tag, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// One recipient in a list. The whole row leads to `href`.
#[component]
pub(crate) fn PersonRow(
    /// Who.
    row: std::sync::Arc<RecipientRow>,
    /// Where it leads.
    href: String,
    /// The second line; by default village, age and the tail of the ID number.
    #[prop(optional, into)]
    note: Option<String>,
    /// Whether this one is open beside the list.
    #[prop(optional, into)]
    open: Signal<bool>,
) -> impl IntoView {
    let note = note.unwrap_or_else(|| line(&row));
    view! {
        <A href attr:class="person" attr:data-open=move || open.get().then_some("")>
            {words(&row, note)}
        </A>
    }
}

/// One recipient in a list of which several are chosen: the whole row is the box.
#[component]
pub(crate) fn PersonPick(
    /// Who.
    row: std::sync::Arc<RecipientRow>,
    /// Whether he is chosen.
    #[prop(into)]
    on: Signal<bool>,
    /// Chooses him, or takes him out again.
    #[prop(into)]
    on_toggle: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="person" data-pick="">
            <input class="choice__mark person__mark" type="checkbox" prop:checked=on on:change=move |_| on_toggle.run(()) />
            {words(&row, line(&row))}
        </label>
    }
}

fn words(row: &RecipientRow, note: String) -> impl IntoView + use<> {
    let category = labels::category_short(&row.category);
    view! {
        <span class="person__main">
            <span class="person__name">{row.name.clone()}</span>
            {(!category.is_empty()).then(|| view! { <Tag words=category /> })}
        </span>
        <span class="person__note">{note}</span>
        <span class="person__state">{states(row)}</span>
    }
}

/// 村 · 78 岁 · 尾号 0019, of what is known.
pub(crate) fn line(row: &RecipientRow) -> String {
    let year = clock::today_day().year();
    let mut parts = vec![row.village.clone()];
    if let Some(birth) = row.birth_year {
        parts.push(w::age(year - birth));
    }
    if !row.id_tail.is_empty() {
        parts.push(w::tail(&row.id_tail));
    }
    parts.extend(row.alarms.iter().map(|alarm| w::reaches(alarm.age())));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// What a row says at its end, the most pressing alone: the list stays calm.
fn states(row: &RecipientRow) -> Option<AnyView> {
    let badge = |tone, words: String| Some(view! { <Badge tone words /> }.into_any());
    if row.draft.is_some() {
        return badge(Tone::Good, w::draft().to_owned());
    }
    if row.conflict {
        return badge(Tone::Bad, w::conflict().to_owned());
    }
    if let Some((tone, words)) = due(row.due_on.as_deref()) {
        return badge(tone, words);
    }
    if row.open_needs > 0 {
        return badge(Tone::Plain, w::needs(row.open_needs as usize));
    }
    row.unsent.then(|| view! { <Badge words=w::unsent() /> }.into_any())
}

/// The badge of a due day: overdue, within two weeks, or none.
fn due(due_on: Option<&str>) -> Option<(Tone, String)> {
    let left = days::days_until(due_on?)?;
    match left {
        ..0 => Some((Tone::Bad, days::left(left))),
        0..=14 => Some((Tone::Soon, days::left(left))),
        _ => None,
    }
}
