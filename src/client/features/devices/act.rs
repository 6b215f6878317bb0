//! A decision about a device: what happens to unsent work, and why it is done.

use super::{DevicesDesk, tell, words};
use crate::data::devices::Waiting;
use crate::{
    data::OfficeError,
    locale::words::devices as w,
    ui::{Banner, Button, ButtonKind, Dialog, Field, FieldKind, FieldWords, Tone, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// What it sends is held.
    Stop,
    /// Back in use.
    Resume,
    /// It hands its work over and forgets everything.
    Wipe,
    /// It is refused and loses its keys.
    Revoke,
    /// An incident of that number was dealt with.
    Settle(u64),
}

impl Act {
    /// The words of its button.
    pub(super) fn words(self) -> &'static str {
        match self {
            Act::Stop => w::stop(),
            Act::Resume => w::resume(),
            Act::Wipe => w::wipe(),
            Act::Revoke => w::revoke(),
            Act::Settle(_) => w::settle(),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Act::Stop => w::stop_title(),
            Act::Resume => w::resume_title(),
            Act::Wipe => w::wipe_title(),
            Act::Revoke => w::revoke_title(),
            Act::Settle(_) => w::settle_title(),
        }
    }

    fn says(self) -> &'static str {
        match self {
            Act::Stop => w::stop_says(),
            Act::Resume => w::resume_says(),
            Act::Wipe => w::wipe_says(),
            Act::Revoke => w::revoke_says(),
            Act::Settle(_) => w::settle_says(),
        }
    }

    fn done(self) -> &'static str {
        match self {
            Act::Stop => w::stop_done(),
            Act::Resume => w::resume_done(),
            Act::Wipe => w::wipe_done(),
            Act::Revoke => w::revoke_done(),
            Act::Settle(_) => w::settle_done(),
        }
    }

    fn state(self) -> &'static str {
        match self {
            Act::Stop => "readonly",
            Act::Wipe => "wipe",
            Act::Revoke => "revoked",
            Act::Resume | Act::Settle(_) => "active",
        }
    }
}

/// The dialog of a decision.
#[component]
pub(super) fn ActDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What is decided.
    act: RwSignal<Option<Act>>,
    /// The page.
    desk: DevicesDesk,
) -> impl IntoView {
    let notices = use_notices();
    let reason = RwSignal::new(String::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    Effect::new(move || {
        if open.get() {
            reason.set(String::new());
            problem.set(String::new());
        }
    });
    let decide = move || {
        let (Some(act), Some(line)) = (act.get_untracked(), desk.chosen.get_untracked()) else { return };
        let text = reason.get_untracked().trim().to_owned();
        if text.chars().count() < 2 {
            problem.set(w::reason_missing().to_owned());
            return;
        }
        busy.set(true);
        problem.set(String::new());
        let id = &line.device.id;
        let (path, said) = match act {
            Act::Settle(n) => (format!("devices/{id}/incidents/{n}"), json!({ "word": text })),
            _ => (format!("devices/{id}/state"), json!({ "state": act.state(), "reason": text })),
        };
        spawn_local(async move {
            match tell(desk.data, path, said).await {
                Ok(()) => {
                    open.try_set(false);
                    notices.say(act.done());
                    desk.ask_again();
                }
                Err(error) => drop(problem.try_set(sentence(&error))),
            }
            busy.try_set(false);
        });
    };
    let title = Signal::derive(move || {
        let name = desk.chosen.read().as_ref().map(|line| words::whose(line)).unwrap_or_default();
        act.get().map(|act| w::act_title(name, act.title())).unwrap_or_default()
    });
    let acts = move || {
        let kind = if act.get() == Some(Act::Revoke) { ButtonKind::Danger } else { ButtonKind::Primary };
        view! {
            <Button kind=ButtonKind::Plain disabled=busy on_press=move || open.set(false)>{w::cancel()}</Button>
            <Button kind busy on_press=decide>{move || act.get().map(Act::words)}</Button>
        }
    };
    let warning = move || {
        let line = desk.chosen.get()?;
        let waiting = line.device.waiting.unwrap_or_default();
        (act.get() == Some(Act::Revoke) && waiting != Waiting::default())
            .then(|| view! { <Banner tone=Tone::Bad words=w::revoke_waits(words::waiting(Some(waiting))) /> })
    };
    view! {
        <Dialog open title acts>
            <div class="stack">
                <p>{move || act.get().map(Act::says)}</p>
                {warning}
                <Field words=FieldWords::label(w::reason()).hint(w::reason_hint()) kind=FieldKind::Long value=reason problem />
            </div>
        </Dialog>
    }
}

fn sentence(error: &OfficeError) -> String {
    match error {
        OfficeError::Offline => w::offline().to_owned(),
        OfficeError::Login => w::login().to_owned(),
        OfficeError::Refused { status: 404, .. } => w::gone().to_owned(),
        OfficeError::Refused { err, .. } if err == "own_device" => w::own_says().to_owned(),
        OfficeError::Refused { err, .. } if err == "device_revoked" => w::revoked_says().to_owned(),
        OfficeError::Refused { err, .. } if err == "reason_missing" => w::reason_missing().to_owned(),
        OfficeError::Refused { err, .. } => w::act_failed(err),
        OfficeError::Shape => w::act_failed("shape"),
    }
}
