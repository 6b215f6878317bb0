//! 交接: families that go from one worker to another, and what both are told of it.

mod form;
mod notice;
mod rows;
mod state;

use crate::{
    data::{Data, Loaded, OfficeError, OfficeRequest, use_data},
    features::{colleagues::Staff, problems},
    locale::words::handovers as w,
    routes,
    ui::{Empty, IconName, Loading, Page, ProblemView},
};
use form::HandOverForm;
use leptos::prelude::*;
pub(crate) use notice::HandoverNotice;
use rows::{HandoverRow, HandoverRows};
use state::Handover;
use std::sync::Arc;

/// What changed hands, as the office tells it, read again when `asked` changes.
fn told(data: Data, asked: RwSignal<u32>) -> Loaded<Result<Arc<Vec<Handover>>, OfficeError>> {
    Loaded::new(move || {
        asked.track();
        async move { fetch(data).await.map(Arc::new) }
    })
}

async fn fetch(data: Data) -> Result<Vec<Handover>, OfficeError> {
    let answer = data.office(OfficeRequest::get("handovers")).await?;
    Ok(state::handovers(&answer.json()?))
}

/// The families of a village that somebody was sent here for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForFamilies {
    pub(crate) area: String,
    pub(crate) families: Vec<String>,
}

/// The desk's part: hand over, see what came of it, and what was handed over before.
#[component]
pub(crate) fn HandOver(
    /// The people and villages of the office.
    staff: Arc<Staff>,
    /// Whom it is about at first; taken once.
    first: StoredValue<Option<ForFamilies>>,
    /// Somebody works elsewhere now.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let data = use_data();
    let asked = RwSignal::new(0);
    let told = told(data, asked);
    let done = RwSignal::new(None::<Handover>);
    let closed = move |handover: Handover| {
        done.set(Some(handover));
        asked.update(|asked| *asked += 1);
        data.sync_now();
    };
    let again = move || {
        done.set(None);
        on_done.run(());
    };
    let staff = StoredValue::new(staff);
    let body = move || match done.get() {
        Some(handover) => view! { <HandoverRow handover fresh=true on_again=again /> }.into_any(),
        None => {
            let first = first.try_update_value(Option::take).flatten();
            view! { <HandOverForm staff=staff.get_value() first on_done=closed /> }.into_any()
        }
    };
    view! {
        <div class="staff">
            <div class="inset stack">{body}</div>
            {move || told.get().and_then(Result::ok).map(|rows| view! { <HandoverRows rows /> })}
        </div>
    }
}

/// 交接记录: what came to me and what left me.
#[component]
pub(crate) fn HandoversPage() -> impl IntoView {
    let asked = RwSignal::new(0);
    let told = told(use_data(), asked);
    let body = move || match told.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(rows)) if rows.is_empty() => {
            view! { <Empty icon=IconName::People title=w::none() advice=w::none_says() /> }.into_any()
        }
        Some(Ok(rows)) => view! { <HandoverRows rows /> }.into_any(),
        Some(Err(error)) => {
            let problem = problems::of_page(w::failed(), &error, w::retry());
            view! { <ProblemView problem on_action=move || asked.update(|asked| *asked += 1) /> }.into_any()
        }
    };
    view! { <Page title=w::title() back=routes::ME>{body}</Page> }
}
