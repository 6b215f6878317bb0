//! 撤销合并: two files of two people, made one by mistake, are two again.

use crate::{
    data::{Data, MergeError, TakeBack, use_data},
    features::{
        ask_reason::{AskReason, ReasonWords},
        problems,
    },
    locale::words::merge as w,
    ui::{Button, ButtonKind, IconName, Notices, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

/// Takes a merge back that is told by the history of the file that stayed.
#[component]
pub(super) fn Unmerge(from: Uuid, into: Uuid) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let unmerge = move |reason: String| {
        busy.set(true);
        spawn_local(async move {
            match data.told_merge(from, into).await {
                Ok(back) => take_back(data, notices, back, &reason).await,
                Err(MergeError::Save(error)) => notices.say(problems::save(&error).title),
                Err(MergeError::Office(_)) => notices.say(w::unmerge_offline()),
            }
            busy.try_set(false);
        });
    };
    let words = ReasonWords { title: w::unmerge_title(), says: w::unmerge_says(), yes: w::unmerge() };
    view! {
        <Button kind=ButtonKind::Quiet icon=IconName::Back busy on_press=move || asking.set(true)>{w::unmerge()}</Button>
        <AskReason open=asking words on_reason=unmerge />
    }
}

/// Offers to take back at once what was just made one.
pub(super) fn offer(data: Data, notices: Notices, back: TakeBack) {
    notices.offer(w::merged(), w::unmerge(), move || {
        let back = back.clone();
        spawn_local(async move { take_back(data, notices, back, w::unmerge_at_once()).await });
    });
}

async fn take_back(data: Data, notices: Notices, back: TakeBack, reason: &str) {
    match data.unmerge_files(back, reason).await {
        Ok(0) => notices.say(w::unmerged()),
        Ok(stays) => notices.say(w::unmerged_but(stays)),
        Err(error) => notices.say(problems::save(&error).title),
    }
}
