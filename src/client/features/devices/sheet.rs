//! One device: what is known of it, and what can be decided.

use super::{
    DevicesDesk,
    act::{Act, ActDialog},
    concerned::{Concerned, ConcernedReason},
    words,
};
use crate::{
    data::devices::{Incident, Line, Said},
    features::{people, when},
    locale::words::devices as w,
    ui::{Button, ButtonKind, CellGroup, Fact, Sheet},
};
use leptos::prelude::*;
use std::sync::Arc;

/// The sheet, with the dialogs that lead on from it.
#[component]
pub(super) fn DeviceSheet(
    /// The page.
    desk: DevicesDesk,
) -> impl IntoView {
    let asks = RwSignal::new(None::<Act>);
    let open_dialog = RwSignal::new(false);
    let title = Signal::derive(move || {
        let chosen = desk.chosen.read();
        chosen
            .as_ref()
            .map(|line| w::device_of(words::whose(line), words::kind(&line.device.kind)))
            .unwrap_or_default()
    });
    let ask = move |act: Act| {
        desk.sheet.set(false);
        asks.set(Some(act));
        open_dialog.set(true);
    };
    let asks_whom = RwSignal::new(false);
    let ask_whom = move |()| {
        desk.sheet.set(false);
        asks_whom.set(true);
    };
    let body = move || {
        desk.chosen.get().map(|line| {
            let seen = line.device.seen_at.is_some();
            view! {
                <Facts line=line.clone() />
                <Incidents line=line.clone() ask />
                <Acts line desk ask />
                <Concerned seen on_ask=ask_whom />
            }
        })
    };
    view! {
        <Sheet open=desk.sheet title>{body}</Sheet>
        <ActDialog open=open_dialog act=asks desk />
        <ConcernedReason open=asks_whom desk />
    }
}

#[component]
fn Facts(line: Arc<Line>) -> impl IntoView {
    let device = &line.device;
    let kept = match device.persisted {
        Some(true) => w::kept(),
        Some(false) => w::not_kept(),
        None => w::kept_unknown(),
    };
    let oldest = device.waiting.and_then(|waiting| waiting.oldest).map(|at| w::oldest(when::moment(at)));
    let set = device.set.clone().filter(|set| set.left || !set.reason.is_empty()).map(|set| {
        let (state, _) = words::state(&line);
        view! { <Fact label=state value=said(&set) /> }
    });
    let (seen, waits) = (words::seen(device.seen_at), words::waiting(device.waiting));
    let enrolled = when::moment(device.enrolled_at);
    let version = (!device.build.is_empty()).then(|| {
        view! { <Fact label=w::version() value=w::version_is(&device.build, device.schema) /> }
    });
    view! {
        <CellGroup>
            <Fact label=w::col_seen() value=seen />
            <Fact label=w::col_waits() value=waits mark=oldest.unwrap_or_default() />
            {set}
            <Fact label=w::enrolled() value=enrolled />
            <Fact label=w::storage() value=kept />
            {version}
        </CellGroup>
    }
}

/// Who decided it, when and why.
fn said(said: &Said) -> String {
    let who = said.by.as_ref().map_or_else(|| w::by_operator().to_owned(), |by| people::name(by));
    let why = if said.left { w::because_left() } else { &said.reason };
    w::said_by(why, who, when::moment(said.at))
}

#[component]
fn Incidents(line: Arc<Line>, #[prop(into)] ask: Callback<(Act,)>) -> impl IntoView {
    if line.device.incidents.is_empty() {
        return ().into_any();
    }
    let one = move |incident: &Incident| {
        let n = incident.n;
        let end = match &incident.settled {
            Some(settled) => view! { <p class="quiet small">{w::settled(said(settled))}</p> }.into_any(),
            None => view! {
                <p class="quiet small">{words::incident_advice(incident).1}</p>
                <Button kind=ButtonKind::Plain on_press=move || ask.run((Act::Settle(n),))>{w::settle()}</Button>
            }
            .into_any(),
        };
        view! {
            <div class="matter">
                <p class="strong">{words::incident(incident)}</p>
                <p class="quiet small">{when::moment(incident.at)}</p>
                {end}
            </div>
        }
    };
    view! { <CellGroup title=w::incidents()>{line.device.incidents.iter().map(one).collect_view()}</CellGroup> }.into_any()
}

#[component]
fn Acts(line: Arc<Line>, desk: DevicesDesk, #[prop(into)] ask: Callback<(Act,)>) -> impl IntoView {
    let state = line.device.state.as_str();
    let acts: &[Act] = match state {
        _ if line.device.own => &[],
        "revoked" => &[],
        "readonly" => &[Act::Resume, Act::Wipe, Act::Revoke],
        "wipe" => &[Act::Resume, Act::Revoke],
        _ => &[Act::Stop, Act::Wipe, Act::Revoke],
    };
    let note = match state {
        _ if line.device.own => w::own_says(),
        "revoked" => w::revoked_says(),
        _ => w::acts_says(),
    };
    let button = move |act: &Act| {
        let act = *act;
        let kind = if act == Act::Revoke { ButtonKind::Danger } else { ButtonKind::Plain };
        view! { <Button kind on_press=move || ask.run((act,))>{act.words()}</Button> }
    };
    let buttons = acts.iter().map(button).collect_view();
    let name = line.name.clone();
    view! {
        <div class="inset stack">
            <p class="quiet small">{note}</p>
            <div class="devices__acts">
                <Button kind=ButtonKind::Plain on_press=move || desk.give_code(name.clone())>{w::new_code()}</Button>
                {buttons}
            </div>
        </div>
    }
}
