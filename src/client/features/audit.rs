//! 操作记录: the audit chain as an auditor reads it. No value of a file stands in it.

mod filters;
mod state;
mod words;

use crate::{
    data::{Data, Loaded, OfficeError, OfficeRequest, use_data},
    features::{problems, when},
    locale::words::audit as w,
    ui::{Column, Empty, IconName, Loading, Page, PageBody, Pager, ProblemView, Table},
};
use filters::Filters;
use leptos::prelude::*;
use state::{AuditPage as Answer, AuditQuery, Line, PAGE_ROWS};
use std::sync::Arc;

#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let data = use_data();
    let query = RwSignal::new(AuditQuery::default());
    let again = RwSignal::new(0_u32);
    let page = Loaded::new(move || {
        again.track();
        let path = query.read().path();
        async move { fetch(data, path).await.map(Arc::new) }
    });
    let body = move || match page.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(answer)) if answer.total == 0 => {
            view! { <Empty icon=IconName::Search title=w::none() advice=w::none_do() /> }.into_any()
        }
        Some(Ok(answer)) => view! { <Lines answer query /> }.into_any(),
        Some(Err(error)) => {
            let problem = problems::of_page(w::failed(), &error, w::retry());
            view! { <ProblemView problem on_action=move || again.update(|again| *again += 1) /> }.into_any()
        }
    };
    view! {
        <Page title=w::title() body=PageBody::Wide>
            <div class="ledger">
                <p class="quiet small">{w::lead()}</p>
                <div class="ledger__bar"><Filters query /></div>
                {body}
            </div>
        </Page>
    }
}

async fn fetch(data: Data, path: String) -> Result<Answer, OfficeError> {
    data.office(OfficeRequest::get(path)).await?.json()
}

#[component]
fn Lines(answer: Arc<Answer>, query: RwSignal<AuditQuery>) -> impl IntoView {
    let columns = [w::col_n(), w::col_at(), w::col_who(), w::col_what(), w::col_about()];
    let columns = columns.map(Column::new).to_vec();
    let (page, all) = (answer.page, answer.total);
    let rows = answer.lines().map(|line| row(&line)).collect_view();
    view! {
        <Table caption=w::title() columns=Signal::stored(columns)>{rows}</Table>
        <Pager
            page
            rows=PAGE_ROWS
            all
            words=|first, last, all| w::page_of(first, last, all)
            on_turn=move |to| query.update(|query| query.page = to)
        />
    }
}

fn row(line: &Line) -> AnyView {
    // Its number with the first digits of its hash is what a phone and paper keep of it.
    let witness = format!("{}:{}", line.n, line.hash.get(..16).unwrap_or_default());
    let who = if line.who.is_empty() { w::nobody().to_owned() } else { line.who.clone() };
    view! {
        <tr>
            <td class="code" title=witness>{line.n}</td>
            <td class="nowrap">{when::moment(line.at)}</td>
            <td class="nowrap">{who}</td>
            <td>{words::action(&line.action)}</td>
            <td>{words::about(line)}</td>
        </tr>
    }
    .into_any()
}
