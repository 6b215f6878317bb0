//! 登录: a shared PC with user and password; on an own device, the password again after the session lapsed.

mod state;

use crate::{
    features::{credentials::FurtherFields, labels},
    locale::words::login as w,
    routes,
    session::{Session, SessionError, SessionState, use_session},
    ui::{Button, ButtonKind, Field, FieldKind, FieldWords, LinkButton, Page},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use state::{Form, sentence};

#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session = use_session();
    let form = Form::new();
    if session.is_interrupted() {
        form.problem.set(sentence(&SessionError::Offline));
    }
    let again = move || session.state() == SessionState::Unlocked && session.who().is_some();
    let navigate = use_navigate();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        enter(session, form, again(), navigate.clone());
    };
    let lead = move || if again() { w::again_lead() } else { w::lead() };
    let who = move || {
        let who = session.who().filter(|_| again())?;
        Some(w::as_user(who.user.name, labels::role(&who.user.role)))
    };
    view! {
        <Page title=w::title()>
            <div class="login">
                <p class="quiet">{lead}</p>
                <form class="stack" on:submit=submit>
                    {move || match who() {
                        Some(who) => view! { <p class="strong">{who}</p> }.into_any(),
                        None => view! {
                            <Field words=FieldWords::label(w::user()) value=form.user problem=form.user_problem />
                        }.into_any(),
                    }}
                    <Field
                        words=FieldWords::label(w::password())
                        kind=FieldKind::Password
                        value=form.password
                        problem=form.password_problem
                    />
                    <FurtherFields further=form.further />
                    <p class="field__problem" role="alert">{form.problem}</p>
                    <Button busy=form.busy>{w::enter()}</Button>
                </form>
                <Show when=move || !again()>
                    <div class="login__phone">
                        <span class="quiet small">{w::on_phone()}</span>
                        <LinkButton kind=ButtonKind::Quiet href=routes::ENROL>{w::enrol()}</LinkButton>
                    </div>
                </Show>
            </div>
        </Page>
    }
}

/// Tries the form, and goes to the first page on success.
fn enter(session: Session, form: Form, again: bool, navigate: impl Fn(&str, NavigateOptions) + 'static) {
    if !form.check(again) {
        return;
    }
    let (user, password) = form.values();
    let Some(with) = form.further.with(&user, &password) else { return };
    form.busy.set(true);
    spawn_local(async move {
        let result = if again { session.login_again(with).await } else { session.login_shared(&with).await };
        form.busy.try_set(false);
        match result {
            Ok(()) => {
                form.password.set(String::new());
                form.further.forget();
                let home = if session.is_admin() { routes::STAFF } else { routes::RECIPIENTS };
                navigate(home, NavigateOptions { replace: true, ..NavigateOptions::default() });
            }
            Err(error) => {
                form.further.heed(&error);
                form.problem.try_set(sentence(&error));
            }
        }
    });
}
