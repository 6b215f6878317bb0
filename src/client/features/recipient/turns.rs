//! 办理: what ends or halts a file, step by step, with what follows from it.

use super::{
    record::Record,
    state::{self, Boxed},
};
use crate::{
    data::{RecipientFile, Turn, use_data},
    features::{days, labels, places, problems},
    locale::words::file as w,
    platform::clock,
    session::use_session,
    ui::{Button, Cell, CellGroup, DatePicker, Field, FieldWords, Opt, Picker, Sheet, use_notices},
};
use domain::{
    category::Category,
    day::Day,
    departure::{self, paid_until_after_death, paid_until_after_move},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;
use uuid::Uuid;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Death,
    Move,
    Halt,
}

/// The rows that begin such a turn; none for a file that has ended.
#[component]
pub(super) fn Turns(file: Boxed<RecipientFile>) -> impl IntoView {
    let record = Record::person(&file);
    if !matches!(record.text("status"), "" | "active") {
        return ().into_any();
    }
    let open = RwSignal::new(false);
    let asked = RwSignal::new(Asked::Death);
    let begin = move |what: Asked| {
        asked.set(what);
        open.set(true);
    };
    let has_entitlement = !file.entitlements.is_empty();
    let file = StoredValue::new(file);
    let title = Signal::derive(move || {
        match asked.get() {
            Asked::Death => w::turn_death(),
            Asked::Move => w::turn_move(),
            Asked::Halt => w::turn_halt(),
        }
        .to_owned()
    });
    view! {
        <CellGroup title=w::turns()>
            <Cell label=w::turn_death() on_press=move || begin(Asked::Death) />
            <Cell label=w::turn_move() on_press=move || begin(Asked::Move) />
            {has_entitlement.then(|| view! { <Cell label=w::turn_halt() on_press=move || begin(Asked::Halt) /> })}
        </CellGroup>
        <Sheet open title>
            {move || {
                let file = file.get_value();
                match asked.get() {
                    Asked::Death => view! { <Death file open /> }.into_any(),
                    Asked::Move => view! { <Move file open /> }.into_any(),
                    Asked::Halt => view! { <Halt file open /> }.into_any(),
                }
            }}
        </Sheet>
    }
    .into_any()
}

/// The button that carries a turn out, or sends it to the office; what is lacking is said above it.
#[component]
fn Carry(
    id: Uuid,
    open: RwSignal<bool>,
    #[prop(into)] turn: Callback<(), Result<Turn, String>>,
) -> impl IntoView {
    let data = use_data();
    let notices = use_notices();
    let at_office = use_session().is_office();
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    // What is lacking is said from the first press on, and for as long as it is.
    let pressed = RwSignal::new(false);
    let lacking = move || if pressed.get() { turn.run(()).err().unwrap_or_default() } else { String::new() };
    let carry = move || {
        pressed.set(true);
        let Ok(turn) = untrack(|| turn.run(())) else { return };
        busy.set(true);
        spawn_local(async move {
            match data.turn(id, turn).await {
                Ok(()) => {
                    open.set(false);
                    notices.say(if at_office { w::saved() } else { w::sent_to_office() });
                }
                Err(error) => problem.set(problems::save(&error).title),
            }
            busy.set(false);
        });
    };
    view! {
        {move || {
            let why = lacking() + &problem.get();
            (!why.is_empty()).then(|| view! { <p class="field__problem" role="alert">{why}</p> })
        }}
        <Button busy on_press=carry>{if at_office { w::save() } else { w::propose() }}</Button>
    }
}

/// The day of a turn that has happened, or why it is none.
fn day_of(text: &str) -> Result<Day, String> {
    let day: Day = text.parse().map_err(|_| w::turn_no_day().to_owned())?;
    if day > clock::today_day() { Err(w::turn_no_day().to_owned()) } else { Ok(day) }
}

/// Until when each entitlement is paid, in words.
fn pay_lines(file: &Boxed<RecipientFile>, until: impl Fn(Category) -> Option<Day>) -> Vec<String> {
    let running =
        Record::entitlements(file).into_iter().filter(|record| departure::runs(record.text("state")));
    let categories = running.filter_map(|record| record.category());
    categories
        .filter_map(|category| {
            let until = until(category)?;
            Some(w::turn_paid_until(labels::category(category.code()), days::said(&until.to_string())))
        })
        .collect()
}

#[component]
fn Follows(#[prop(into)] lines: Signal<Vec<String>>) -> impl IntoView {
    let items = move || lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <div class="file__follows" role="status">
            <p class="strong">{w::turn_follows()}</p>
            <ul>{items}</ul>
        </div>
    }
}

#[component]
fn Death(file: Boxed<RecipientFile>, open: RwSignal<bool>) -> impl IntoView {
    let id = file.row.id;
    let (day, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let lines = Signal::derive(move || {
        let mut lines = vec![w::turn_no_visits().to_owned(), w::turn_plaque().to_owned()];
        if let Ok(on) = day_of(&day.read()) {
            lines.extend(pay_lines(&file, |category| paid_until_after_death(category, on)));
        }
        lines
    });
    let turn = move || {
        let on = day_of(&day.read())?;
        Ok(Turn::Died { on, reason: reason.read().trim().to_owned() })
    };
    view! {
        <div class="stack inset">
            <DatePicker words=FieldWords::label(labels::field("died_on")) day today=clock::today() quick=days::recent(clock::today_day()) on_pick=move |to: String| day.set(to) />
            <Field words=FieldWords::label(labels::field("death_reason")) value=reason />
            <Follows lines />
            <Carry id open turn=Callback::from(turn) />
        </div>
    }
}

/// In place of a village's code: outside of the county, and in it at a place that this device does not know.
const AWAY: &str = "away";
const ELSEWHERE: &str = "elsewhere";

#[component]
fn Move(file: Boxed<RecipientFile>, open: RwSignal<bool>) -> impl IntoView {
    let id = file.row.id;
    let own = file.row.area;
    let known = places::villages();
    let at_office = use_session().is_office();
    let villages = move || known.get().into_iter().filter(move |area| area.id != own);
    let options = Signal::derive(move || {
        let mut options: Vec<Opt> = villages().map(|area| Opt::new(area.code, area.name)).collect();
        options.push(Opt::new(ELSEWHERE, w::turn_elsewhere()));
        options.push(Opt::new(AWAY, w::turn_away()));
        options
    });
    let (to, day) = (RwSignal::new(String::new()), RwSignal::new(clock::today()));
    let live_addr = RwSignal::new(String::new());
    let is_away = move || *to.read() == AWAY;
    let is_far = move || is_away() || *to.read() == ELSEWHERE;
    let lines = Signal::derive(move || {
        let mut lines = vec![match to.read().as_str() {
            AWAY => w::turn_no_visits().to_owned(),
            ELSEWHERE => w::turn_task().to_owned(),
            _ => w::turn_goes_along().to_owned(),
        }];
        if is_away() {
            if !at_office {
                lines.push(w::turn_task().to_owned());
            }
            if let Ok(on) = day_of(&day.read()) {
                lines.extend(pay_lines(&file, |category| paid_until_after_move(category, on)));
            }
        }
        lines
    });
    let turn = move || {
        let address = live_addr.read().trim().to_owned();
        let code = to.get();
        if code.is_empty() {
            return Err(w::turn_no_place().to_owned());
        }
        if address.is_empty() {
            return Err(w::turn_no_address().to_owned());
        }
        domain::field::check("live_addr", json!(address), clock::today_day()).map_err(problems::field)?;
        match code.as_str() {
            AWAY => Ok(Turn::MovedAway { on: day_of(&day.read())?, live_addr: address }),
            ELSEWHERE => Ok(Turn::MovedElsewhere { live_addr: address }),
            _ => match villages().find(|area| area.code == code) {
                Some(area) => Ok(Turn::MovedTo { area: area.id, code, live_addr: address }),
                None => Err(w::turn_no_place().to_owned()),
            },
        }
    };
    view! {
        <div class="stack inset">
            <Picker words=FieldWords::label(w::turn_where()) options chosen=to on_pick=move |code: String| to.set(code) />
            {move || {
                let hint = if is_far() { w::turn_address_far() } else { w::turn_address_near() };
                view! { <Field words=FieldWords::label(w::turn_address()).hint(hint) value=live_addr /> }
            }}
            <Show when=is_away>
                <DatePicker words=FieldWords::label(w::turn_moved_on()) day today=clock::today() quick=days::recent(clock::today_day()) on_pick=move |to: String| day.set(to) />
            </Show>
            <Show when=move || !to.read().is_empty()><Follows lines /></Show>
            <Carry id open turn=Callback::from(turn) />
        </div>
    }
}

#[component]
fn Halt(file: Boxed<RecipientFile>, open: RwSignal<bool>) -> impl IntoView {
    let id = file.row.id;
    let mut records = Record::entitlements(&file);
    records.retain(|record| departure::runs(record.text("state")));
    let name = |record: &Record| labels::category(record.text("category"));
    let which: Vec<Opt> =
        records.iter().map(|record| Opt::new(record.id().to_string(), name(record))).collect();
    let only = which.first().filter(|_| which.len() == 1).map(|only| only.value.clone());
    let entitlement = RwSignal::new(only.unwrap_or_default());
    let (state, day) = (RwSignal::new(String::new()), RwSignal::new(clock::today()));
    let states = state::HALTED.iter().map(|state| Opt::new(*state, labels::value("state", &(*state).into())));
    let says = Signal::derive(move || {
        let says = match state.read().as_str() {
            "suspended" => w::turn_suspended(),
            "cancelled" => w::turn_cancelled(),
            "stopped" => w::turn_stopped(),
            _ => return Vec::new(),
        };
        let until = day.read().parse().ok().and_then(departure::paid_until_before);
        let until = until.map(|until| w::turn_last_paid(days::said(&until.to_string())));
        std::iter::once(says.to_owned()).chain(until).collect()
    });
    let turn = move || {
        let entitlement = entitlement.read().parse().map_err(|_| w::turn_no_entitlement().to_owned())?;
        // Pay is often stopped from the next month on.
        let from = day.read().parse().map_err(|_| w::turn_no_day().to_owned())?;
        let state = state.read();
        let state =
            state::HALTED.iter().find(|one| **one == *state).ok_or_else(|| w::turn_no_state().to_owned())?;
        Ok(Turn::Halted { entitlement, state, from })
    };
    view! {
        <div class="stack inset">
            <Picker words=FieldWords::label(labels::field("category")) options=Signal::stored(which) chosen=entitlement on_pick=move |to: String| entitlement.set(to) />
            <Picker words=FieldWords::label(labels::field("state")) options=Signal::stored(states.collect::<Vec<_>>()) chosen=state on_pick=move |to: String| state.set(to) />
            <DatePicker words=FieldWords::label(w::turn_from()) day today=clock::today() quick=days::recent(clock::today_day()) on_pick=move |to: String| day.set(to) />
            <Show when=move || !says.read().is_empty()><Follows lines=says /></Show>
            <Carry id open turn=Callback::from(turn) />
        </div>
    }
}
