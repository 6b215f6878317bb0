//! The ledger as a file: numbers masked, or whole with a reason.

use super::state::LedgerQuery;
use crate::{
    data::{OfficeError, OfficeRequest, use_data},
    features::ask_reason::AskReason,
    locale::words::ledger as w,
    platform::{clock, files},
    ui::{Button, ButtonKind, IconName, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

/// The two export buttons.
#[component]
pub(super) fn Exports(
    /// What is on screen goes into the file.
    query: RwSignal<LedgerQuery>,
    /// Counts what was asked for or fetched here.
    turn: RwSignal<u32>,
) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let asks = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(String::new());
    let export = move |reason: Option<String>| {
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let body = query.with_untracked(|query| query.export(reason.as_deref()));
            match data.office(OfficeRequest::post("exports/follow_up_ledger", body)).await {
                Ok(answer) => {
                    let name = format!("{}-{}.xlsx", w::title(), clock::today());
                    match files::save(&name, &answer.content_type, &answer.bytes) {
                        Ok(()) => notices.say(w::exported()),
                        Err(_) => problem.set(w::failed().to_owned()),
                    }
                }
                Err(OfficeError::Offline) => problem.set(w::offline().to_owned()),
                Err(OfficeError::Refused { err, body, .. }) if err == "approval_needed" => {
                    problem.set(w::export_waits(body["limit"].as_u64().unwrap_or_default()));
                }
                Err(_) => problem.set(w::failed().to_owned()),
            }
            turn.update(|turn| *turn += 1);
            busy.set(false);
        });
    };
    view! {
        <div class="ledger__exports">
            <Button busy icon=IconName::Document on_press=move || export(None)>{w::export()}</Button>
            <Button kind=ButtonKind::Plain disabled=busy on_press=move || asks.set(true)>{w::export_full()}</Button>
            <p class="field__problem" role="status">
                {move || if busy.get() { w::exporting().to_owned() } else { problem.get() }}
            </p>
            <AskReason open=asks on_reason=move |reason: String| export(Some(reason)) />
        </div>
    }
}
