//! A new session with the office, and a new grant where that is gone too.

use crate::{
    data::use_data,
    features::{
        credentials::{Further, FurtherFields},
        enrol::{NewCode, hand_in},
        problems,
    },
    locale::words::sync as w,
    session::{SessionError, use_session},
    ui::{Button, ButtonKind, Dialog, Field, FieldKind, FieldWords},
};
use leptos::{prelude::*, task::spawn_local};

/// A new session with the office. What is on the phone stays open meanwhile.
#[component]
pub(super) fn LoginAgain(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let session = use_session();
    let data = use_data();
    let (password, problem, busy) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let (code, code_problem, asks_code) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let further = Further::new();
    let login = move || {
        busy.set(true);
        problem.set(String::new());
        code_problem.set(String::new());
        spawn_local(async move {
            if let Err(said) = hand_in(session, &code.get_untracked()).await {
                code_problem.set(said);
                busy.set(false);
                return;
            }
            let Some(with) = further.with("", &password.get_untracked()) else {
                busy.set(false);
                return;
            };
            match session.login_again(with).await {
                Ok(()) => {
                    for typed in [password, code] {
                        typed.set(String::new());
                    }
                    further.forget();
                    asks_code.set(false);
                    open.set(false);
                    data.sync_now();
                }
                Err(error) => {
                    if error == SessionError::Grant {
                        asks_code.set(true);
                    }
                    further.heed(&error);
                    problem.set(problems::login(&error));
                }
            }
            busy.set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            <Button busy on_press=login>{w::login()}</Button>
        }
    };
    view! {
        <Dialog open title=w::login_title() acts>
            <div class="stack">
                <p>{w::login_says()}</p>
                <Field words=FieldWords::label(w::password()) kind=FieldKind::Password value=password problem />
                <FurtherFields further />
                <Show when=move || asks_code.get()>
                    <NewCode code problem=code_problem />
                </Show>
            </div>
        </Dialog>
    }
}
