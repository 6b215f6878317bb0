//! 走访: what is unfinished, what was done and where it is; with the visit to read beside it.

mod cancelled;
mod read;

use super::{days, sheets::TakeSheets, visit_state};
use crate::{
    data::{DraftRow, Loaded, Topic, VisitRow, VisitState, use_data},
    features::when,
    locale::words::visits as w,
    routes,
    ui::{
        Badge, ButtonKind, Cell, CellGroup, Empty, IconName, LinkButton, Loading, NavAct, Page, Pane,
        SplitView, Tone,
    },
};
use leptos::prelude::*;
use read::VisitPane;

/// How many past visits the list shows; older ones are found in the files.
const SHOWN: usize = 200;

/// The list of visits; with an id in the path the visit, beside the list or instead of it.
#[component]
pub(crate) fn VisitsPage() -> impl IntoView {
    let id = routes::id_param();
    use_data().ask_for_news(id);
    let show = Signal::derive(move || if id.get().is_some() { Pane::Detail } else { Pane::List });
    view! {
        <SplitView
            show
            list=move || view! { <ListPane /> }
            detail=move || match id.get() {
                Some(id) => view! { <VisitPane id /> }.into_any(),
                None => view! { <Empty icon=IconName::Clipboard title=w::choose() /> }.into_any(),
            }
        />
    }
}

#[component]
fn ListPane() -> impl IntoView {
    let data = use_data();
    let visits = Loaded::new(move || {
        for topic in [Topic::Visits, Topic::Drafts, Topic::Outbox] {
            data.changed(topic).track();
        }
        async move { (data.drafts().await, data.visits().await) }
    });
    let sheets = RwSignal::new(false);
    let acts = move || {
        view! { <NavAct icon=IconName::Camera label=w::sheets() on_press=move || sheets.set(true) /> }
    };
    view! {
        <TakeSheets open=sheets />
        <Page title=w::title() acts>
            {move || match visits.get() {
                None => view! { <Loading /> }.into_any(),
                Some((drafts, visits)) if drafts.is_empty() && visits.is_empty() => {
                    view! {
                        <Empty icon=IconName::Clipboard title=w::none() advice=w::none_advice()>
                            <LinkButton kind=ButtonKind::Plain href=routes::RECIPIENTS>{w::to_people()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                Some((drafts, visits)) => view! { <div class="named"><Drafts drafts /><Done visits /></div> }.into_any(),
            }}
        </Page>
    }
}

#[component]
fn Drafts(drafts: Vec<DraftRow>) -> impl IntoView {
    let row = |draft: DraftRow| {
        let note = w::draft_note(draft.village, draft.answered, when::moment(draft.saved_at));
        view! { <Cell label=draft.name note href=routes::visit_form(draft.visit)><Badge tone=Tone::Good words=w::go_on() /></Cell> }
    };
    (!drafts.is_empty())
        .then(|| view! { <CellGroup title=w::drafts(drafts.len())>{drafts.into_iter().map(row).collect_view()}</CellGroup> })
}

#[component]
fn Done(visits: Vec<VisitRow>) -> impl IntoView {
    let row = |visit: VisitRow| {
        let (tone, words) = visit_state::badge(visit.state);
        let parts = [visit.village.clone(), days::said(&visit.day), visit.why.clone()];
        let note = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        view! { <Cell label=visit.name.clone() note href=visit_state::href(&visit)><Badge tone words /></Cell> }
    };
    let over = visits.into_iter().filter(|visit| visit.state != VisitState::InProgress);
    let (cancelled, done): (Vec<_>, Vec<_>) = over.partition(|visit| visit.state == VisitState::Cancelled);
    let group = |title: fn(usize) -> String, visits: Vec<VisitRow>| {
        let more = visits.len() > SHOWN;
        (!visits.is_empty()).then(|| {
            view! {
                <CellGroup title=title(visits.len())>{visits.into_iter().take(SHOWN).map(row).collect_view()}</CellGroup>
                {more.then(|| view! { <p class="inset quiet small">{w::older()}</p> })}
            }
        })
    };
    view! { {group(w::done, done)} {group(w::cancelled, cancelled)} }
}
