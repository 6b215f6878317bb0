//! 帮扶: difficulties found, the most pressing first; one of them, with the way to drop it for a reason.

mod detail;

use super::{days, labels, needs_order};
use crate::{
    data::{Loaded, NeedRow, Topic, use_data},
    locale::words::needs as w,
    routes,
    ui::{Badge, Cell, CellGroup, Empty, IconName, Loading, Page, Pane, SplitView, TabPanel, Tabs},
};
use detail::NeedPane;
use domain::order::Order;
use leptos::prelude::*;

/// The list of needs; with an id in the path the need, beside the list or instead of it.
#[component]
pub(crate) fn NeedsPage() -> impl IntoView {
    let id = routes::id_param();
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
    data.ask_for_news();
    let needs = Loaded::new(move || {
        data.changed(Topic::Needs).track();
        async move { data.needs().await }
    });
    let tab = RwSignal::new(0_usize);
    let parted = Memo::new(move |_| needs.get().map(parted));
    let tabs = Signal::derive(move || {
        let (open, done) = parted.read().as_ref().map_or((0, 0), |(open, done)| (open.len(), done.len()));
        vec![w::tab_open(open), w::tab_done(done)]
    });
    view! {
        <Page title=w::title()>
            <Tabs id="needs" label=w::title() tabs chosen=tab />
            <TabPanel id="needs" chosen=tab>
                {move || match (parted.get(), tab.get()) {
                    (None, _) => view! { <Loading /> }.into_any(),
                    (Some((open, _)), 0) => view! { <List needs=open title=w::none_open() advice=w::none_open_advice() /> }.into_any(),
                    (Some((_, done)), _) => view! { <List needs=done title=w::none_done() advice="" /> }.into_any(),
                }}
            </TabPanel>
        </Page>
    }
}

/// Open needs, the most pressing and the soonest due first; and those that are done with.
fn parted(needs: Vec<NeedRow>) -> (Vec<NeedRow>, Vec<NeedRow>) {
    let (mut open, done): (Vec<_>, Vec<_>) =
        needs.into_iter().partition(|need| needs_order::is_open(&need.state));
    open.order_by_key(|need| {
        (
            needs_order::rank(&need.urgency),
            need.due_on.clone().unwrap_or_else(|| "9999".to_owned()),
            need.village.clone(),
        )
    });
    (open, done)
}

#[component]
fn List(needs: Vec<NeedRow>, title: &'static str, advice: &'static str) -> impl IntoView {
    if needs.is_empty() {
        return view! { <Empty icon=IconName::Hand title advice /> }.into_any();
    }
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
    view! { <div class="named"><CellGroup>{needs.into_iter().map(row).collect_view()}</CellGroup></div> }
        .into_any()
}
