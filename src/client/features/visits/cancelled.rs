//! 取消走访 of a finished visit, and the way back.

use crate::{
    data::{VisitRow, VisitState, use_data},
    features::{
        ask_reason::{AskReason, ReasonWords, SHORT_REASON_CHARS},
        entry::save,
        problems,
    },
    locale::words::visits as w,
    routes,
    ui::{Banner, Button, ButtonKind, IconName, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// Asks why, and cancels.
#[component]
pub(super) fn Cancel(id: Uuid) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let open = RwSignal::new(false);
    let cancel = move |reason: String| {
        save(notices, w::is_cancelled(), async move { data.cancel_visit(id, &reason).await });
    };
    let words = ReasonWords { title: w::cancel_title(), says: w::cancel_says(), yes: w::cancel() };
    view! {
        <div class="inset">
            <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=move || open.set(true)>{w::cancel()}</Button>
        </div>
        <AskReason open words no=w::cancel_no() least=SHORT_REASON_CHARS on_reason=cancel />
    }
}

/// Why it does not count, and how it does again.
#[component]
pub(super) fn Cancelled(visit: VisitRow) -> impl IntoView {
    let (data, notices, guide) = (use_data(), use_notices(), routes::use_guide());
    let id = visit.id;
    let restore = move || save(notices, w::restored(), async move { data.restore_visit(id).await });
    let go_on = move || {
        spawn_local(async move {
            match data.reopen_visit(id).await {
                Ok(()) => guide.to(&routes::visit_form(id)),
                Err(error) => notices.say(problems::save(&error).title),
            }
        });
    };
    (visit.state == VisitState::Cancelled).then(|| {
        let was_finished = visit.completed_at.is_some();
        let act = if was_finished {
            view! { <Button kind=ButtonKind::Plain on_press=restore>{w::restore()}</Button> }
        } else {
            view! { <Button kind=ButtonKind::Plain icon=IconName::Pen on_press=go_on>{w::go_on_after_all()}</Button> }
        };
        view! { <Banner tone=Tone::Soon words=w::cancelled_for(&visit.why)>{act}</Banner> }
    })
}
