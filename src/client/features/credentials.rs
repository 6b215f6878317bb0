//! What a login may ask beside the password: a new one in place of a one-time password, and the code of a second factor.

use super::problems;
use crate::{
    locale::words::credentials as w,
    session::{Credentials, SessionError, use_session},
    ui::{Banner, Button, Field, FieldKind, FieldWords, Page, Qr, Tone},
};
use leptos::prelude::*;

/// The further fields of a login, which appear when they are asked for.
#[derive(Clone, Copy)]
pub(crate) struct Further {
    /// Secret and address of a second factor that is to be set up.
    setup: RwSignal<Option<(String, String)>>,
    asks_code: RwSignal<bool>,
    asks_new: RwSignal<bool>,
    code: RwSignal<String>,
    new: NewPassword,
}

/// A password that is typed twice.
#[derive(Clone, Copy)]
pub(crate) struct NewPassword {
    pub(crate) typed: RwSignal<String>,
    again: RwSignal<String>,
    problem: RwSignal<String>,
}

impl NewPassword {
    pub(crate) fn new() -> NewPassword {
        let empty = || RwSignal::new(String::new());
        NewPassword { typed: empty(), again: empty(), problem: empty() }
    }

    /// The password, if it was typed alike twice; says so if not.
    pub(crate) fn twice(self) -> Option<String> {
        let (typed, again) = (self.typed.get_untracked(), self.again.get_untracked());
        let problem = match (typed.is_empty(), typed == again) {
            (true, _) => w::new_missing(),
            (false, false) => w::new_differs(),
            (false, true) => "",
        };
        self.problem.set(problem.to_owned());
        problem.is_empty().then_some(typed)
    }

    pub(crate) fn forget(self) {
        self.typed.set(String::new());
        self.again.set(String::new());
    }
}

impl Further {
    pub(crate) fn new() -> Further {
        let (asks_code, asks_new) = (RwSignal::new(false), RwSignal::new(false));
        let code = RwSignal::new(String::new());
        Further { setup: RwSignal::new(None), asks_code, asks_new, code, new: NewPassword::new() }
    }

    /// User and password with what was typed beside them; nothing while a new password is not typed alike twice.
    pub(crate) fn with(self, user: &str, password: &str) -> Option<Credentials> {
        let new_password = if self.asks_new.get_untracked() { self.new.twice()? } else { String::new() };
        let code = self.code.get_untracked();
        Some(Credentials { user: user.to_owned(), password: password.to_owned(), code, new_password })
    }

    /// Shows the fields that a refused login asks for.
    pub(crate) fn heed(self, error: &SessionError) {
        match error {
            SessionError::SecondFactor { secret, uri } => {
                self.setup.set(Some((secret.clone(), uri.clone())));
                self.asks_code.set(true);
            }
            SessionError::Refused { err } => match err.as_str() {
                "password_change" | "password_old" => self.asks_new.set(true),
                "totp" | "totp_wrong" => self.asks_code.set(true),
                _ => {}
            },
            _ => {}
        }
        self.code.set(String::new());
    }

    /// Forgets what was typed.
    pub(crate) fn forget(self) {
        self.code.set(String::new());
        self.new.forget();
        self.setup.set(None);
    }
}

/// The further fields themselves.
#[component]
pub(crate) fn FurtherFields(further: Further) -> impl IntoView {
    let setup = move || {
        further.setup.get().map(|(secret, uri)| {
            view! {
                <div class="code-card">
                    <p>{w::setup_says()}</p>
                    <Qr text=uri label=w::setup_qr() />
                    <p class="quiet small">{w::setup_by_hand()}</p>
                    <p class="code" data-testid="totp-secret">{secret}</p>
                </div>
            }
        })
    };
    view! {
        <Show when=move || further.asks_new.get()>
            <NewPasswordFields new=further.new />
        </Show>
        {setup}
        <Show when=move || further.asks_code.get()>
            <Field words=FieldWords::label(w::code()).hint(w::code_hint()) kind=FieldKind::Code value=further.code />
        </Show>
    }
    .into_any()
}

/// A new password, twice.
#[component]
pub(crate) fn NewPasswordFields(new: NewPassword) -> impl IntoView {
    view! {
        <Field words=FieldWords::label(w::new()).hint(w::new_hint()) kind=FieldKind::Password value=new.typed />
        <Field words=FieldWords::label(w::new_again()) kind=FieldKind::Password value=new.again problem=new.problem />
    }
}

/// The recovery codes of a second factor, shown once, before anything else.
#[component]
pub(crate) fn RecoveryCodes() -> impl IntoView {
    let codes = use_session().recovery();
    view! {
        <Page title=w::recovery()>
            <div class="login">
                <p>{w::recovery_says()}</p>
                <ul class="recovery code" aria-label=w::recovery()>
                    {move || codes.get().into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}
                </ul>
                <Banner tone=Tone::Soon words=w::recovery_once() />
                <Button on_press=move || codes.set(Vec::new())>{w::recovery_kept()}</Button>
            </div>
        </Page>
    }
}

/// Why a new password was not taken.
pub(crate) fn refused(err: &str) -> String {
    problems::asked(err).map_or_else(|| w::new_failed(err), str::to_owned)
}
