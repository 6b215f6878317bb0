//! Whose files a lost device held: a workbook for whoever tells them, for a reason that stays on record.

use super::DevicesDesk;
use crate::{
    data::{Data, OfficeError, OfficeRequest},
    features::ask_reason::{AskReason, ReasonWords},
    locale::words::devices as w,
    platform::{clock, files},
    session::use_session,
    ui::{Button, ButtonKind, CellGroup, IconName, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// What leads to it, in the sheet of a device that has been in reach.
#[component]
pub(super) fn Concerned(
    /// Whether the device has been in reach.
    seen: bool,
    /// Asks for the reason.
    #[prop(into)]
    on_ask: Callback<()>,
) -> impl IntoView {
    (seen && use_session().is_office()).then(|| {
        view! {
            <CellGroup title=w::concerned() note=w::concerned_note()>
                <div class="stack inset">
                    <Button kind=ButtonKind::Plain icon=IconName::Document on_press=move || on_ask.run(())>
                        {w::concerned_make()}
                    </Button>
                </div>
            </CellGroup>
        }
    })
}

/// Asks for the reason and saves the file.
#[component]
pub(super) fn ConcernedReason(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The page.
    desk: DevicesDesk,
) -> impl IntoView {
    let notices = use_notices();
    let words =
        ReasonWords { title: w::concerned_title(), says: w::concerned_says(), yes: w::concerned_make() };
    let make = move |reason: String| {
        let Some(line) = desk.chosen.get_untracked() else { return };
        let name = format!("{}-{}-{}.xlsx", w::concerned(), line.name, clock::today());
        let path = format!("devices/{}/concerned", line.device.id);
        spawn_local(async move { notices.say(saved(desk.data, path, reason, &name).await) });
    };
    view! { <AskReason open words on_reason=make /> }
}

/// What became of it, in words.
async fn saved(data: Data, path: String, reason: String, name: &str) -> String {
    match data.office(OfficeRequest::post(path, json!({ "reason": reason }))).await {
        Ok(answer) => match files::save(name, &answer.content_type, &answer.bytes) {
            Ok(()) => w::concerned_saved().to_owned(),
            Err(_) => w::act_failed("file"),
        },
        Err(OfficeError::Offline) => w::offline().to_owned(),
        Err(OfficeError::Login) => w::login().to_owned(),
        Err(OfficeError::Refused { err, body, .. }) if err == "approval_needed" => {
            w::concerned_waits(body["limit"].as_u64().unwrap_or_default())
        }
        Err(OfficeError::Refused { status: 404, .. }) => w::gone().to_owned(),
        Err(OfficeError::Refused { err, .. }) => w::act_failed(err),
        Err(OfficeError::Shape) => w::act_failed("shape"),
    }
}
