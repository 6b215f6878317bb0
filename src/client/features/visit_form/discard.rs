//! 取消走访: a visit under way, or a correction of one, is dropped after a clear question.

use crate::{
    data::{Data, DraftRow, use_data},
    features::problems,
    locale::words::form as w,
    routes,
    ui::{Button, ButtonKind, Confirm, IconName, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

/// The button and its question. Afterwards the page that the visit belongs to is shown: the file, the event, or the visit as it was.
#[component]
pub(crate) fn Discard(draft: DraftRow) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let guide = routes::use_guide();
    let open = RwSignal::new(false);
    let answered = RwSignal::new(draft.answered);
    let (visit, reopened) = (draft.visit, draft.reopened);
    let after = match (reopened, draft.part_of) {
        (true, _) => routes::visit(visit),
        (false, Some(event)) => routes::round(event),
        (false, None) => routes::recipient(draft.recipient),
    };
    let ask = move || {
        spawn_local(async move {
            answered.set(count(data, visit).await);
            open.set(true);
        });
    };
    let discard = move || {
        let after = after.clone();
        spawn_local(async move {
            match data.discard_draft(visit).await {
                Ok(()) => {
                    notices.say(w::discarded());
                    guide.instead(&after);
                }
                Err(error) => notices.say(problems::save(&error).title),
            }
        });
    };
    let (label, title) = if reopened {
        (w::discard_edit(), w::discard_edit_title())
    } else {
        (w::discard(), w::discard_title())
    };
    let says = Signal::derive(move || {
        if reopened { w::discard_edit_says().to_owned() } else { w::discard_says(answered.get()) }
    });
    view! {
        <Button kind=ButtonKind::Quiet icon=IconName::Close on_press=ask>{label}</Button>
        <Confirm open title says yes=label no=w::discard_no() kind=ButtonKind::Danger on_yes=discard />
    }
}

/// How many questions are answered by now.
async fn count(data: Data, visit: uuid::Uuid) -> usize {
    data.draft(visit).await.map_or(0, |draft| draft.row.answered)
}
