//! 取消走访: a visit under way is cancelled with a reason; one in which nothing was answered, or a correction, is dropped after a clear question.

use crate::{
    data::{DraftRow, SaveError, use_data},
    features::{
        ask_reason::{AskReason, ReasonWords, SHORT_REASON_CHARS},
        problems,
    },
    locale::words::form as w,
    routes,
    ui::{Button, ButtonKind, Confirm, IconName, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

/// The button and its question. Afterwards the page that the visit belongs to is shown: the file, the event, or the visit as it was.
#[component]
pub(crate) fn Discard(draft: DraftRow) -> impl IntoView {
    let data = use_data();
    let leave = use_leave(&draft);
    let (asks, asks_why) = (RwSignal::new(false), RwSignal::new(false));
    let (visit, reopened) = (draft.visit, draft.reopened);
    let ask = move || {
        spawn_local(async move {
            let drops = reopened || data.is_untouched(visit).await;
            if drops {
                asks.try_set(true)
            } else {
                asks_why.try_set(true)
            };
        });
    };
    let discard = {
        let leave = leave.clone();
        move || {
            let leave = leave.clone();
            spawn_local(async move { leave(data.discard_draft(visit).await) });
        }
    };
    let cancel = move |reason: String| {
        let leave = leave.clone();
        spawn_local(async move { leave(data.cancel_visit(visit, &reason).await) });
    };
    let (label, title, says) = if reopened {
        (w::discard_edit(), w::discard_edit_title(), w::discard_edit_says())
    } else {
        (w::discard(), w::discard_title(), w::discard_says())
    };
    let words = ReasonWords { title: w::discard_title(), says: w::cancel_says(), yes: w::discard() };
    view! {
        <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=ask>{label}</Button>
        <Confirm open=asks title says yes=label no=w::discard_no() kind=ButtonKind::Danger on_yes=discard />
        <AskReason open=asks_why words no=w::discard_no() least=SHORT_REASON_CHARS on_reason=cancel />
    }
}

/// What follows when the visit is given up, or is not. No `Callback`: the page may be gone before the disk answers, and a callback with it.
fn use_leave(draft: &DraftRow) -> impl Fn(Result<(), SaveError>) + Clone + Send + Sync + use<> {
    let (notices, guide) = (use_notices(), routes::use_guide());
    let after = match (draft.reopened, draft.part_of) {
        (true, _) => routes::visit(draft.visit),
        (false, Some(event)) => routes::round(event),
        (false, None) => routes::recipient(draft.recipient),
    };
    move |outcome| match outcome {
        Ok(()) => {
            notices.say(w::discarded());
            guide.instead(&after);
        }
        Err(error) => notices.say(problems::save(&error).title),
    }
}
