//! Village and due day, as two chips under the search line.

use super::state::{Asked, DueChoice};
use crate::{
    data::{AreaRow, Loaded, Topic, use_data},
    locale::words::recipients as w,
    ui::{Icon, IconName, Sheet},
};
use domain::order::Order;
use leptos::prelude::*;

#[component]
pub(super) fn Filters(asked: RwSignal<Asked>) -> impl IntoView {
    let data = use_data();
    let areas = Loaded::new(move || {
        data.changed(Topic::Areas).track();
        async move { data.areas().await }
    });
    let villages = Memo::new(move |_| areas.get().map(villages_of).unwrap_or_default());
    let village_open = RwSignal::new(false);
    let due_open = RwSignal::new(false);
    let village_words = move || {
        let chosen = asked.read().village;
        let name = chosen
            .and_then(|id| villages.read().iter().find(|area| area.id == id).map(|area| area.name.clone()));
        name.unwrap_or_else(|| w::all_villages().to_owned())
    };
    view! {
        <div class="recipients__chips">
            <Chip words=Signal::derive(village_words) on=Signal::derive(move || asked.read().village.is_some()) open=village_open />
            <Chip
                words=Signal::derive(move || due_words(asked.read().due).to_owned())
                on=Signal::derive(move || asked.read().due != DueChoice::All)
                open=due_open
            />
        </div>
        <Sheet open=village_open title=w::village()>
            <Choose words=w::all_villages().to_owned() note=String::new() on=Signal::derive(move || asked.read().village.is_none()) pick=move || {
                village_open.set(false);
                asked.update(|asked| asked.village = None);
            } />
            {move || villages.get().into_iter().map(|area| {
                let id = area.id;
                let pick = move || {
                    village_open.set(false);
                    asked.update(|asked| asked.village = Some(id));
                };
                view! { <Choose words=area.name note=w::families(area.counted.households, area.counted.people) on=Signal::derive(move || asked.read().village == Some(id)) pick /> }
            }).collect_view()}
        </Sheet>
        <Sheet open=due_open title=w::due()>
            {move || [DueChoice::All, DueChoice::Due, DueChoice::Soon, DueChoice::Never, DueChoice::Age].into_iter().map(|due| {
                let pick = move || {
                    due_open.set(false);
                    asked.update(|asked| asked.due = due);
                };
                view! { <Choose words=due_words(due).to_owned() note=String::new() on=Signal::derive(move || asked.read().due == due) pick /> }
            }).collect_view()}
        </Sheet>
    }
}

#[component]
fn Chip(words: Signal<String>, on: Signal<bool>, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <button type="button" class="narrowing" data-on=move || on.get().then_some("") aria-haspopup="dialog" on:click=move |_| open.set(true)>
            <span>{words}</span>
            <Icon name=IconName::Down />
        </button>
    }
}

#[component]
fn Choose(words: String, note: String, on: Signal<bool>, #[prop(into)] pick: Callback<()>) -> impl IntoView {
    view! {
        <button type="button" class="sheet__option" aria-pressed=move || on.get().to_string() on:click=move |_| pick.run(())>
            <span>{words}</span>
            <span class="quiet small">{note}</span>
        </button>
    }
}

/// Villages with people on this device; what lies above them only holds them.
fn villages_of(areas: Vec<AreaRow>) -> Vec<AreaRow> {
    let mut villages: Vec<_> = areas.into_iter().filter(|area| area.counted.people > 0).collect();
    villages.order_by(|a, b| a.code.cmp(&b.code));
    villages
}

fn due_words(due: DueChoice) -> &'static str {
    match due {
        DueChoice::All => w::due_all(),
        DueChoice::Due => w::due_now(),
        DueChoice::Soon => w::due_soon(),
        DueChoice::Never => w::due_never(),
        DueChoice::Age => w::due_age(),
    }
}
