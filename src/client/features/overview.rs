//! 总览: what was done in a half-year and is still to do, in numbers. Each leads to the list of what it counts.

mod paper;
mod parts;
mod state;

use crate::{
    data::{Data, Loaded, OfficeAnswer, OfficeError, OfficeRequest, use_data},
    features::{area_choice::AreaChoice, days},
    locale::words::overview as w,
    platform::clock,
    routes,
    ui::{ButtonKind, Empty, IconName, LinkButton, Loading, Page, PageBody, Problem, ProblemView, Select},
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
pub(crate) use paper::PrintOverviewPage;
use state::{Overview, OverviewQuery};

/// Half-years that one may look back.
const HALVES_BACK: i32 = 6;

/// What the address names: a list and back again are one way.
fn asked() -> RwSignal<OverviewQuery> {
    let named = use_query_map();
    let named = |name: &str| named.read_untracked().get(name).unwrap_or_default();
    RwSignal::new(OverviewQuery::of_address(named, clock::today_day()))
}

#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let data = use_data();
    let query = asked();
    let navigate = use_navigate();
    let follow = move |query: &OverviewQuery, _: Option<&OverviewQuery>, _: Option<()>| {
        let stays = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&query.address(routes::OVERVIEW), stays);
    };
    Effect::watch(move || query.get(), follow, false);
    let retry = RwSignal::new(0_u32);
    let told = Loaded::new(move || {
        retry.track();
        let path = query.read().path();
        async move { fetch::<Overview>(data, path).await }
    });
    let body = move || match told.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(told)) if told.is_empty() => nobody(),
        Some(Ok(told)) => parts::all(&told, query),
        Some(Err(error)) => problem(&error, retry),
    };
    view! {
        <Page title=w::title() body=PageBody::Wide>
            <div class="overview">
                <div class="ledger__bar">
                    <div class="filters">
                        <AreaChoice chosen=Signal::derive(move || query.read().area.clone()) on_pick=move |area: String| query.update(|query| query.area = area) />
                        <Select
                            label=w::half()
                            options=Signal::stored(days::half_years(clock::today_day(), HALVES_BACK))
                            chosen=Signal::derive(move || query.read().days())
                            on_pick=move |days: String| query.update(|query| query.pick(&days))
                        />
                    </div>
                    {move || view! { <LinkButton kind=ButtonKind::Plain icon=IconName::Document href=query.read().address(routes::PRINT_OVERVIEW)>{w::report()}</LinkButton> }}
                </div>
                {body}
            </div>
        </Page>
    }
}

/// What the office answers.
async fn fetch<T: serde::de::DeserializeOwned>(data: Data, path: String) -> Result<T, OfficeError> {
    data.office(OfficeRequest::get(path)).await.and_then(|answer: OfficeAnswer| answer.json())
}

fn nobody() -> AnyView {
    view! {
        <Empty icon=IconName::People title=w::empty() advice=w::empty_do()>
            <LinkButton kind=ButtonKind::Plain href=routes::IMPORT>{w::to_import()}</LinkButton>
        </Empty>
    }
    .into_any()
}

fn problem(error: &OfficeError, retry: RwSignal<u32>) -> AnyView {
    let (title, advice) = match error {
        OfficeError::Offline => (w::offline(), w::offline_do()),
        _ => (w::failed(), w::failed_do()),
    };
    let problem = Problem::of_page(title, advice, w::retry());
    view! { <ProblemView problem on_action=move || retry.update(|n| *n += 1) /> }.into_any()
}
