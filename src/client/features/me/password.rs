//! 改密码: the old one, and a new one twice.

use crate::{
    data::{OfficeError, OfficeRequest, use_data},
    features::{
        credentials::{NewPassword, NewPasswordFields, refused},
        problems,
    },
    locale::words::me as w,
    routes,
    ui::{Button, ButtonKind, Cell, CellGroup, Dialog, Field, FieldKind, FieldWords, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

#[component]
pub(super) fn Password() -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let open = RwSignal::new(false);
    let (old, new) = (RwSignal::new(String::new()), NewPassword::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let forget = move || {
        old.set(String::new());
        new.forget();
    };
    let change = move || {
        problem.set(String::new());
        let Some(typed) = new.twice() else { return };
        busy.set(true);
        spawn_local(async move {
            let said = json!({"old": old.get_untracked(), "new": typed});
            match data.office(OfficeRequest::post("me/password", said)).await {
                Ok(_) => {
                    forget();
                    open.set(false);
                    notices.say(w::password_done());
                }
                Err(error) => problem.set(sentence(&error)),
            }
            busy.set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || { forget(); open.set(false) }>{crate::locale::words::ui::cancel()}</Button>
            <Button busy on_press=change>{w::password()}</Button>
        }
    };
    view! {
        <CellGroup>
            <Cell label=w::password() note=w::password_says() on_press=move || open.set(true) />
            <Cell label=w::sessions() note=w::sessions_says() href=routes::SESSIONS />
        </CellGroup>
        <Dialog open title=w::password() acts>
            <div class="stack">
                <Field words=FieldWords::label(w::password_old()) kind=FieldKind::Password value=old problem />
                <NewPasswordFields new />
            </div>
        </Dialog>
    }
}

pub(super) fn sentence(error: &OfficeError) -> String {
    match error {
        OfficeError::Refused { err, body, .. } if err == "slow_down" => {
            w::password_wait(body["wait_ms"].as_i64().unwrap_or_default().div_euclid(1_000) + 1)
        }
        OfficeError::Refused { err, .. } => refused(err),
        other => problems::office(other).to_owned(),
    }
}
