//! 退出登录 of a shared PC: everything that was sent is forgotten, and what was not goes out as a file first.

use super::{outbox::Rescue, problems};
use crate::{
    data::use_data,
    locale::words::me as w,
    session::{SessionError, use_session},
    ui::{Button, ButtonKind, Cell, CellGroup, Confirm, use_notices},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub(crate) fn Leave() -> impl IntoView {
    let session = use_session();
    let notices = use_notices();
    let (open, waits) = (RwSignal::new(false), RwSignal::new(false));
    let logout = move |has_file: bool| {
        spawn_local(async move {
            match session.logout(has_file).await {
                Err(SessionError::Unsent) => {
                    notices.say(problems::session(&SessionError::Unsent));
                    waits.try_set(true);
                }
                Err(error) => notices.say(problems::session(&error)),
                Ok(()) => {}
            }
        });
    };
    view! {
        <CellGroup><Cell label=w::logout() note=w::logout_says() on_press=move || open.set(true) /></CellGroup>
        <Show when=move || waits.get()>
            <Rescue status=use_data().status() />
            <Button kind=ButtonKind::Danger on_press=move || logout(true)>{w::logout_with_file()}</Button>
        </Show>
        <Confirm open title=w::logout_title() says=w::logout_says() yes=w::logout() on_yes=move || logout(false) />
    }
}
