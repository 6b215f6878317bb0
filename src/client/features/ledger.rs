//! 台账: the ledgers that an office hands up, on screen, on paper, and as files for the county.

mod approvals;
mod export;
mod filters;
mod kind;
mod lines;
mod paper;
mod state;

use crate::{
    data::{Data, Loaded, OfficeAnswer, OfficeError, OfficeRequest, SavedView, use_data},
    features::saved_views::SavedViews,
    locale::words::ledger as w,
    platform::clock,
    routes,
    ui::{ButtonKind, Empty, IconName, LinkButton, Loading, Page, PageBody, Problem, ProblemView},
};
use approvals::AskedExports;
use export::{Exporter, Exports};
use filters::Filters;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use lines::Lines;
pub(crate) use paper::PrintLedgerPage;
use state::{LedgerPage as Answer, LedgerQuery};

/// What the address names: paper and back again are one way.
fn asked() -> RwSignal<LedgerQuery> {
    let named = use_query_map();
    let named = |name: &str| named.read_untracked().get(name).unwrap_or_default();
    RwSignal::new(LedgerQuery::of_address(named, clock::today_day()))
}

#[component]
pub(crate) fn LedgerPage() -> impl IntoView {
    let data = use_data();
    let query = asked();
    // A file that is opened from here leads back to the same lines.
    let navigate = use_navigate();
    let follow = move |query: &LedgerQuery, _: Option<&LedgerQuery>, _: Option<()>| {
        let stays = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&query.address(routes::LEDGER), stays);
    };
    Effect::watch(move || query.get(), follow, false);
    let retry = RwSignal::new(0_u32);
    let exporter = Exporter::new();
    let page = Loaded::new(move || {
        retry.track();
        let path = query.with(|query| query.is_in_order().then(|| query.path()));
        async move {
            match path {
                Some(path) => fetch(data, path).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let now = Signal::derive(move || query.read().words());
    let on_open = move |saved: SavedView| {
        query.set(LedgerQuery::of_address(|name| saved.word(name), clock::today_day()));
    };
    let body = move || match page.get() {
        Some(Ok(None)) => {
            view! { <Empty icon=IconName::Calendar title=w::order_bad() advice=w::order_bad_do() /> }
                .into_any()
        }
        None => view! { <Loading /> }.into_any(),
        Some(Ok(Some(answer))) if answer.total == 0 => {
            view! { <Empty icon=IconName::Document title=w::empty() advice=w::empty_do() /> }.into_any()
        }
        Some(Ok(Some(answer))) => view! { <Lines answer query /> }.into_any(),
        Some(Err(error)) => {
            view! { <ProblemView problem=problem_of(&error) on_action=move || retry.update(|n| *n += 1) /> }
                .into_any()
        }
    };
    view! {
        <Page title=w::title() body=PageBody::Wide>
            <div class="ledger">
                <div class="ledger__bar">
                    <Filters query />
                    <SavedViews table="ledger" now on_open />
                    <Exports query exporter>
                        {move || view! { <LinkButton kind=ButtonKind::Plain href=query.read().address(routes::PRINT_LEDGER)>{w::print()}</LinkButton> }}
                    </Exports>
                </div>
                <AskedExports exporter />
                {body}
            </div>
        </Page>
    }
}

/// The title of the ledger that a word names; the word where this build knows none.
pub(crate) fn ledger_title(word: &str) -> &str {
    kind::Ledger::named(word).map_or(word, |ledger| ledger.title())
}

async fn fetch(data: Data, path: String) -> Result<Answer, OfficeError> {
    data.office(OfficeRequest::get(path)).await.and_then(|answer: OfficeAnswer| answer.json())
}

fn problem_of(error: &OfficeError) -> Problem {
    let (title, advice) = match error {
        OfficeError::Offline => (w::offline(), w::offline_do()),
        _ => (w::failed(), w::failed_do()),
    };
    Problem::of_page(title, advice, w::retry())
}
