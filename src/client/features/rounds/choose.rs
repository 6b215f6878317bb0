//! Which families: village by village, those who are due first.

use super::state;
use crate::{
    data::{Candidate, FAMILIES_MAX, use_data},
    features::problems,
    locale::words::rounds as w,
    ui::{Button, ButtonKind, Choice, ChoiceKind, FieldWords, IconName, Opt, Picker, Sheet, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use uuid::Uuid;

/// The families of one village to choose from; what is chosen in others stays.
#[component]
pub(super) fn Choose(all: Arc<Vec<Candidate>>, chosen: RwSignal<Vec<Uuid>>) -> impl IntoView {
    let villages = state::villages(&all);
    let first = chosen.with_untracked(|chosen| state::first_village(&all, chosen));
    let first = first.map(|area| area.to_string()).unwrap_or_default();
    let village = RwSignal::new(first);
    let several = villages.len() > 1;
    let rows = move || {
        let here = state::of_village(&all, &village.read()).to_vec();
        view! { <Village here chosen /> }
    };
    view! {
        {several.then(|| {
            let words = FieldWords::label(w::village());
            view! { <div class="inset"><Picker words options=Signal::stored(villages) chosen=village on_pick=move |area: String| village.set(area) /></div> }
        })}
        {rows}
    }
}

#[component]
fn Village(here: Vec<Candidate>, chosen: RwSignal<Vec<Uuid>>) -> impl IntoView {
    let ids: Vec<Uuid> = here.iter().map(|one| one.recipient.id).collect();
    let due: Vec<Uuid> = here.iter().filter(|one| one.due).map(|one| one.recipient.id).collect();
    let option = |one: &Candidate| {
        let name = &one.recipient.name;
        let label = if one.due { w::due_family(name) } else { name.clone() };
        Opt::new(one.recipient.id.to_string(), label)
    };
    let options: Vec<Opt> = here.iter().map(option).collect();
    let here = StoredValue::new(ids.clone());
    let choose = move |now: Vec<Uuid>| {
        chosen.update(|chosen| *chosen = here.with_value(|here| state::changed(chosen, here, &now)));
    };
    let marked = Signal::derive(move || chosen.read().iter().map(Uuid::to_string).collect::<Vec<_>>());
    let picked = move |now: Vec<String>| choose(now.iter().filter_map(|id| id.parse().ok()).collect());
    let (due_count, count) = (due.len(), ids.len());
    view! {
        <div class="inset row">
            {(due_count > 0)
                .then(|| view! { <Button kind=ButtonKind::Plain on_press=move || choose(due.clone())>{w::choose_due(due_count)}</Button> })}
            <Button kind=ButtonKind::Plain on_press=move || choose(ids.clone())>{w::choose_all(count)}</Button>
            <Button kind=ButtonKind::Quiet on_press=move || choose(Vec::new())>{w::choose_none()}</Button>
        </div>
        <div class="inset">
            <Choice words=FieldWords::label(w::which()) kind=ChoiceKind::Many options chosen=marked on_choose=picked />
        </div>
    }
}

/// 加几户、减几户, of an event under way.
#[component]
pub(super) fn Change(template: String, families: Vec<Uuid>, event: Uuid) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(families.clone());
    let before = StoredValue::new(families);
    let template = StoredValue::new(template);
    let candidates = move || Arc::new(template.with_value(|template| data.round_candidates(template)));
    let keep = move || {
        let all = candidates();
        let families =
            before.with_value(|before| chosen.with_untracked(|chosen| state::ordered(before, &all, chosen)));
        open.set(false);
        spawn_local(async move {
            if let Err(error) = data.change_round(event, families).await {
                notices.say(problems::save(&error).title);
            }
        });
    };
    let ask = move || {
        chosen.set(before.get_value());
        open.set(true);
    };
    let count = move || chosen.read().len();
    let wrong = Signal::derive(move || count() == 0 || count() > FAMILIES_MAX);
    view! {
        <Button kind=ButtonKind::Plain icon=IconName::Plus on_press=ask>{w::change()}</Button>
        <Sheet open title=w::change().to_owned()>
            <Choose all=candidates() chosen />
            <div class="inset stack">
                <p class="quiet small">{w::change_says()}</p>
                <Button disabled=wrong on_press=keep>{move || w::change_keep(count())}</Button>
            </div>
        </Sheet>
    }
}
