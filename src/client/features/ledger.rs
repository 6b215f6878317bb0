//! 台账: the follow-up ledger on screen, and as a file for the county.

mod approvals;
mod export;
mod filters;
mod lines;
mod state;

use crate::{
    data::{Loaded, OfficeAnswer, OfficeError, OfficeRequest, use_data},
    locale::words::ledger as w,
    platform::clock,
    ui::{Empty, IconName, Loading, Page, PageBody, Problem, ProblemView},
};
use approvals::AskedExports;
use export::{Exporter, Exports};
use filters::Filters;
use leptos::prelude::*;
use lines::Lines;
use state::{LedgerPage as Answer, LedgerQuery};

#[component]
pub(crate) fn LedgerPage() -> impl IntoView {
    let data = use_data();
    let query = RwSignal::new(LedgerQuery::quarter_of(&clock::today()));
    let retry = RwSignal::new(0_u32);
    let exporter = Exporter::new();
    let page = Loaded::new(move || {
        retry.track();
        let query = query.get();
        async move {
            match query.is_in_order() {
                true => fetch(data, &query).await.map(Some),
                false => Ok(None),
            }
        }
    });
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
                    <Exports query exporter />
                </div>
                <AskedExports exporter />
                {body}
            </div>
        </Page>
    }
}

async fn fetch(data: crate::data::Data, query: &LedgerQuery) -> Result<Answer, OfficeError> {
    data.office(OfficeRequest::get(query.path())).await.and_then(|answer: OfficeAnswer| answer.json())
}

fn problem_of(error: &OfficeError) -> Problem {
    let (title, advice) = match error {
        OfficeError::Offline => (w::offline(), w::offline_do()),
        _ => (w::failed(), w::failed_do()),
    };
    Problem::of_page(title, advice, w::retry())
}
