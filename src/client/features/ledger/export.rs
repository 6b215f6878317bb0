//! A ledger as a file: numbers masked, or whole with a reason. Long ones need a reason either way, for whoever allows them.

use super::{kind::Ledger, state::LedgerQuery};
use crate::{
    data::{Data, OfficeError, OfficeRequest, use_data},
    features::ask_reason::{AskReason, ReasonWords},
    locale::words::{devices, ledger as w},
    platform::{clock, files},
    ui::{Button, ButtonKind, IconName, Notices, use_notices},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

/// Has the office write ledgers, and saves them.
#[derive(Clone, Copy)]
pub(super) struct Exporter {
    data: Data,
    notices: Notices,
    /// Grows when something was asked for, allowed or fetched.
    pub(super) turn: RwSignal<u32>,
    busy: RwSignal<bool>,
    problem: RwSignal<String>,
    /// The file would be a long one, and nobody has said why.
    asks_long: RwSignal<bool>,
}

impl Exporter {
    pub(super) fn new() -> Exporter {
        Exporter {
            data: use_data(),
            notices: use_notices(),
            turn: RwSignal::new(0),
            busy: RwSignal::new(false),
            problem: RwSignal::new(String::new()),
            asks_long: RwSignal::new(false),
        }
    }

    /// Asks for the lines that `wanted` names.
    pub(super) fn fetch(self, wanted: Value) {
        let Exporter { data, notices, turn, busy, problem, asks_long } = self;
        busy.set(true);
        problem.set(String::new());
        let (path, title) = target(&wanted);
        spawn_local(async move {
            match data.office(OfficeRequest::post(path, wanted)).await {
                Ok(answer) => {
                    let name = format!("{title}-{}.xlsx", clock::today());
                    match files::save(&name, &answer.content_type, &answer.bytes) {
                        Ok(()) => notices.say(w::exported()),
                        Err(_) => problem.set(w::failed().to_owned()),
                    }
                }
                Err(OfficeError::Offline) => problem.set(w::offline().to_owned()),
                Err(OfficeError::Refused { err, body, .. }) if err == "approval_needed" => {
                    problem.set(w::export_waits(body["limit"].as_u64().unwrap_or_default()));
                }
                Err(OfficeError::Refused { err, .. }) if err == "reason_missing" => asks_long.set(true),
                Err(_) => problem.set(w::failed().to_owned()),
            }
            turn.update(|turn| *turn += 1);
            busy.set(false);
        });
    }

    /// Tells the office what was decided about an export that another asked for.
    pub(super) fn decide(self, path: String, said: Value, done: &'static str) {
        let Exporter { data, notices, turn, .. } = self;
        spawn_local(async move {
            match data.office(OfficeRequest::post(path, said)).await {
                Ok(_) => notices.say(done),
                Err(_) => notices.say(w::failed_do()),
            }
            turn.update(|turn| *turn += 1);
        });
    }
}

/// Where what was asked for is made, and what it is called: a ledger, or the list of a lost device.
pub(super) fn target(wanted: &Value) -> (String, &'static str) {
    match wanted["device"].as_str() {
        Some(device) => (format!("devices/{device}/concerned"), devices::concerned()),
        None => {
            let ledger = Ledger::of(wanted["ledger"].as_str().unwrap_or_default());
            (format!("exports/{}", ledger.word()), ledger.title())
        }
    }
}

/// The export buttons.
#[component]
pub(super) fn Exports(
    /// What is on screen goes into the file.
    query: RwSignal<LedgerQuery>,
    /// Who writes it.
    exporter: Exporter,
    /// What else can be made of it.
    children: Children,
) -> impl IntoView {
    let asks = RwSignal::new(false);
    let Exporter { busy, problem, asks_long, .. } = exporter;
    let export = move |full, reason: Option<String>| {
        exporter.fetch(query.with_untracked(|query| query.export(full, reason.as_deref())))
    };
    let long = ReasonWords { title: w::long_title(), says: w::long_says(), yes: w::long_yes() };
    view! {
        <div class="ledger__exports">
            <Button busy icon=IconName::Document on_press=move || export(false, None)>{w::export()}</Button>
            {move || query.read().ledger.names_numbers().then(|| view! {
                <Button kind=ButtonKind::Plain disabled=busy on_press=move || asks.set(true)>{w::export_full()}</Button>
            })}
            {children()}
            <p class="field__problem" role="status">
                {move || if busy.get() { w::exporting().to_owned() } else { problem.get() }}
            </p>
            <AskReason open=asks words=ReasonWords::of_full_numbers() on_reason=move |reason: String| export(true, Some(reason)) />
            <AskReason open=asks_long words=long on_reason=move |reason: String| export(false, Some(reason)) />
        </div>
    }
}
