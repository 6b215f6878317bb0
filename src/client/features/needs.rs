//! 帮扶: difficulties found, mine and all, the overdue first; one of them with its steps and measures.

mod detail;
mod done;
mod measures;
mod planning;
mod state;
mod steps;

use super::{days, labels, needs_order};
use crate::{
    data::{Loaded, NeedRow, Topic, use_data},
    locale::words::needs as w,
    platform::clock,
    routes,
    session::use_session,
    ui::{
        Badge, Cell, CellGroup, Empty, FieldWords, IconName, Loading, Opt, Page, Pane, Picker, SplitView,
        Switch, TabPanel, Tabs,
    },
};
use detail::NeedPane;
use leptos::prelude::*;
pub(crate) use measures::{said as measure_said, said_when as measure_when};
use state::{Narrow, Parted};

/// The list of needs; with an id in the path the need, beside the list or instead of it.
#[component]
pub(crate) fn NeedsPage() -> impl IntoView {
    let id = routes::id_param();
    use_data().ask_for_news(id);
    let show = Signal::derive(move || if id.get().is_some() { Pane::Detail } else { Pane::List });
    view! {
        <SplitView
            show
            list=move || view! { <ListPane /> }
            detail=move || match id.get() {
                Some(id) => view! { <NeedPane id /> }.into_any(),
                None => view! { <Empty icon=IconName::Hand title=w::choose() /> }.into_any(),
            }
        />
    }
}

#[component]
fn ListPane() -> impl IntoView {
    let data = use_data();
    let session = use_session();
    let needs = Loaded::new(move || {
        data.changed(Topic::Needs).track();
        async move { data.needs().await }
    });
    let tab = RwSignal::new(0_usize);
    let narrow = RwSignal::new(Narrow::default());
    let parted = Memo::new(move |_| {
        let me = session.who().map(|who| who.user.id.to_string()).unwrap_or_default();
        let today = clock::today_day().to_string();
        needs.get().map(|needs| state::parted(needs, &me, &today, &narrow.read()))
    });
    let tabs = Signal::derive(move || {
        let (open, done) = parted
            .read()
            .as_ref()
            .map_or((0, 0), |parted| (parted.mine.len() + parted.others.len(), parted.done.len()));
        vec![w::tab_open(open), w::tab_done(done)]
    });
    let all = Signal::derive(move || needs.get().unwrap_or_default());
    view! {
        <Page title=w::title()>
            {move || session.is_office().then(|| view! { <Filters all narrow /> })}
            <Tabs id="needs" label=w::title() tabs chosen=tab />
            <TabPanel id="needs" chosen=tab>
                {move || match (parted.get(), tab.get()) {
                    (None, _) => view! { <Loading /> }.into_any(),
                    (Some(parted), 0) => view! { <Open parted /> }.into_any(),
                    (Some(parted), _) => view! { <List needs=parted.done none=w::none_done() advice="" /> }.into_any(),
                }}
            </TabPanel>
        </Page>
    }
}

/// The desk narrows the list to a step, a village, and what is late.
#[component]
fn Filters(all: Signal<Vec<NeedRow>>, narrow: RwSignal<Narrow>) -> impl IntoView {
    let options = move |of: fn(&NeedRow) -> Opt| {
        let mut found = vec![Opt::new("", w::all())];
        for option in all.read().iter().map(of) {
            if !found.contains(&option) {
                found.push(option);
            }
        }
        found
    };
    let states =
        Signal::derive(move || options(|need| Opt::new(&need.state, labels::need_state(&need.state))));
    let villages = Signal::derive(move || options(|need| Opt::new(&need.village, &need.village)));
    view! {
        <div class="need__filters">
            <Picker
                words=FieldWords::label(w::state())
                options=states
                chosen=Signal::derive(move || narrow.read().state.clone())
                on_pick=move |state| narrow.update(|narrow| narrow.state = state)
            />
            <Picker
                words=FieldWords::label(w::village())
                options=villages
                chosen=Signal::derive(move || narrow.read().village.clone())
                on_pick=move |village| narrow.update(|narrow| narrow.village = village)
            />
            <Switch label=w::only_late() on=Signal::derive(move || narrow.read().late) on_switch=move |late| narrow.update(|narrow| narrow.late = late) />
        </div>
    }
}

/// What is mine, and what is open besides.
#[component]
fn Open(parted: Parted) -> impl IntoView {
    let Parted { mine, others, .. } = parted;
    if mine.is_empty() {
        return view! { <List needs=others none=w::none_open() advice=w::none_open_advice() /> }.into_any();
    }
    let rest = (!others.is_empty())
        .then(|| view! { <CellGroup title=w::others(others.len())>{rows(others)}</CellGroup> });
    view! { <CellGroup title=w::mine(mine.len())>{rows(mine)}</CellGroup> {rest} }.into_any()
}

#[component]
fn List(needs: Vec<NeedRow>, none: &'static str, advice: &'static str) -> impl IntoView {
    if needs.is_empty() {
        return view! { <Empty icon=IconName::Hand title=none advice /> }.into_any();
    }
    view! { <div class="named"><CellGroup>{rows(needs)}</CellGroup></div> }.into_any()
}

fn rows(needs: Vec<NeedRow>) -> AnyView {
    let row = |need: NeedRow| {
        let note = w::note(labels::need_kind(&need.kind), labels::need_state(&need.state), need.village);
        let due = need.due_on.as_deref().and_then(days::days_until).map(days::left).unwrap_or_default();
        let tone = needs_order::tone(&need.urgency);
        view! {
            <Cell label=need.name note href=routes::need(need.id)>
                <span class="need__end">
                    <Badge tone words=needs_order::word(&need.urgency) />
                    <span class="quiet small">{due}</span>
                </span>
            </Cell>
        }
    };
    needs.into_iter().map(row).collect_view().into_any()
}
