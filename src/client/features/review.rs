//! 走访审阅: the visits that phones handed in, each beside the file, to be accepted or returned.

mod answers;
mod detail;
mod pictures;
mod queue;
mod return_dialog;
mod state;
mod together;

use crate::{
    data::{Loaded, Topic, VisitRow, use_data},
    locale::words::review as w,
    routes,
    ui::{Empty, IconName, Page, PageBody, Pane, SplitView, Tabs},
};
use detail::VisitDetail;
use leptos::prelude::*;
use queue::QueueList;
use state::{Queue, queued};
use together::AcceptTogether;
use uuid::Uuid;

/// The queue, and the visit of the path beside it.
#[component]
pub(crate) fn ReviewPage() -> impl IntoView {
    let data = use_data();
    let changed = data.changed(Topic::Visits);
    let visits = Loaded::new(move || {
        changed.track();
        data.visits()
    });
    let visits = Signal::derive_local(move || visits.get().unwrap_or_default());
    let open = routes::id_param();
    data.ask_for_news(open);
    let show = Signal::derive(move || if open.get().is_some() { Pane::Detail } else { Pane::List });
    let tab = RwSignal::new(0_usize);
    let shown = Signal::derive_local(move || queued(&visits.read(), Queue::ALL[tab.get()]));
    let list = move || view! { <ListPane visits shown open tab /> };
    let detail = move || {
        view! {
            {move || match open.get() {
                Some(id) => {
                    let waiting = queued(&visits.read_untracked(), Queue::Waiting);
                    view! { <VisitDetail id waiting /> }.into_any()
                }
                None => {
                    view! {
                        <Page title=w::title()>
                            <Empty icon=IconName::Clipboard title=w::choose() advice=w::choose_do() />
                        </Page>
                    }
                        .into_any()
                }
            }}
        }
    };
    view! { <SplitView show list detail /> }
}

#[component]
fn ListPane(
    visits: Signal<Vec<VisitRow>, LocalStorage>,
    shown: Signal<Vec<VisitRow>, LocalStorage>,
    open: Signal<Option<Uuid>>,
    tab: RwSignal<usize>,
) -> impl IntoView {
    let tabs = Signal::derive(move || {
        let count = |queue| queued(&visits.read(), queue).len();
        vec![
            w::q_waiting(count(Queue::Waiting)),
            w::q_returned(count(Queue::Returned)),
            w::q_accepted(count(Queue::Accepted)),
        ]
    });
    view! {
        <Page title=w::title() body=PageBody::Wide>
            <Tabs id="review" label=w::queue() tabs chosen=tab />
            <div role="tabpanel" id="review-panel" aria-labelledby=move || format!("review-tab-{}", tab.get())>
                {move || {
                    if shown.read().is_empty() && tab.get() == 0 {
                        view! { <Empty icon=IconName::Check title=w::empty_waiting() advice=w::empty_waiting_do() /> }.into_any()
                    } else if shown.read().is_empty() {
                        view! { <Empty icon=IconName::Clipboard title=w::empty_other() /> }.into_any()
                    } else {
                        let waiting = Signal::derive(move || if tab.get() == 0 { shown.read().len() } else { 0 });
                        view! { <AcceptTogether waiting /><QueueList shown open /> }.into_any()
                    }
                }}
            </div>
        </Page>
    }
}
