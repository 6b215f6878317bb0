//! Several tasks at once: chosen in the list, then moved to another day or given to another contact, with 撤销 beside it.

use super::state::{Change, is_open};
use crate::{
    features::{
        days,
        panel::{Panel, Telling, text},
    },
    locale::words::{plan_tasks as w, ui},
    platform::clock,
    ui::{
        Button, ButtonKind, Choice, ChoiceKind, DatePicker, Dialog, Empty, FieldWords, IconName, Opt, Picker,
    },
};
use leptos::prelude::*;
use serde_json::Value;

/// How many days ahead a task is often moved.
const AHEAD: [i64; 3] = [7, 14, 30];

/// The open tasks, to be chosen, and what can be done with the chosen ones.
#[component]
pub(super) fn ChooseTasks(
    /// The page.
    panel: Panel,
    /// What the office said.
    said: Value,
    /// Whether tasks are being chosen.
    choosing: RwSignal<bool>,
) -> impl IntoView {
    let rows: Vec<Value> = said["rows"].as_array().cloned().unwrap_or_default();
    let open: Vec<Value> = rows.iter().filter(|row| is_open(row)).cloned().collect();
    if open.is_empty() {
        return view! { <Empty icon=IconName::Clipboard title=w::none_open() advice=w::none_open_advice() /> }.into_any();
    }
    let option = |row: &Value| {
        let note =
            w::line(text(row, "unit"), text(row, "responsible_name"), days::said(&text(row, "due_on")));
        Opt::new(text(row, "id"), [text(row, "title"), note].join(" · "))
    };
    let options: Vec<Opt> = open.iter().map(option).collect();
    let all: Vec<String> = options.iter().map(|option| option.value.clone()).collect();
    let chosen = RwSignal::new(Vec::<String>::new());
    let words = Signal::derive(move || w::chosen(chosen.read().len()));
    let choose = move |ids: Vec<String>| chosen.set(ids);
    let choose_all = move || chosen.set(all.clone());
    view! {
        <div class="stack inset">
            <Choice
                words=FieldWords::label(w::which())
                kind=ChoiceKind::Many
                options
                chosen
                on_choose=choose
            />
            <p role="status" class="strong">{words}</p>
            <div class="row">
                <Button kind=ButtonKind::Plain on_press=choose_all>{w::choose_all()}</Button>
                <ToDay panel rows=StoredValue::new(rows.clone()) chosen choosing />
                <ToContact panel said=StoredValue::new(said) chosen choosing />
            </div>
        </div>
    }
    .into_any()
}

/// Tells the office, and ends the choosing.
fn tell(panel: Panel, rows: &[Value], chosen: &[String], change: &Change, choosing: RwSignal<bool>) {
    let (said, undo) = change.of(rows, chosen);
    let words = match change {
        Change::Contact(_) => w::given_over(chosen.len()),
        _ => w::moved(chosen.len()),
    };
    let telling = Telling { path: "plan-tasks/changes", said, undo, done: words, undone: w::undone() };
    panel.tell_undoably(telling, move || {
        choosing.try_set(false);
    });
}

#[component]
fn ToDay(
    panel: Panel,
    rows: StoredValue<Vec<Value>>,
    chosen: RwSignal<Vec<String>>,
    choosing: RwSignal<bool>,
) -> impl IntoView {
    let (open, day) = (RwSignal::new(false), RwSignal::new(String::new()));
    let nobody = Signal::derive(move || chosen.read().is_empty());
    let begin = move || {
        panel.problem.set(String::new());
        open.set(true);
    };
    let pick = move |picked: String| {
        panel.problem.set(String::new());
        day.set(picked);
    };
    let change = move |change: Change| {
        rows.with_value(|rows| tell(panel, rows, &chosen.get_untracked(), &change, choosing));
    };
    let save = move || match day.get_untracked() {
        day if day.is_empty() => panel.problem.set(w::due_missing().to_owned()),
        day => change(Change::Day(day)),
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{ui::cancel()}</Button>
            <Button kind=ButtonKind::Plain busy=panel.busy on_press=move || change(Change::NextWeek)>{w::next_week()}</Button>
            <Button busy=panel.busy on_press=save>{w::move_them()}</Button>
        }
    };
    view! {
        <Button icon=IconName::Calendar disabled=nobody on_press=begin>{w::to_day()}</Button>
        <Dialog open title=Signal::stored(w::to_day().to_owned()) acts>
            <div class="stack">
                <DatePicker
                    words=FieldWords::label(w::due())
                    day
                    today=clock::today()
                    quick=days::ahead(clock::today_day(), &AHEAD)
                    problem=panel.problem
                    on_pick=pick
                />
            </div>
        </Dialog>
    }
}

#[component]
fn ToContact(
    panel: Panel,
    said: StoredValue<Value>,
    chosen: RwSignal<Vec<String>>,
    choosing: RwSignal<bool>,
) -> impl IntoView {
    let (open, contact) = (RwSignal::new(false), RwSignal::new(String::new()));
    let nobody = Signal::derive(move || chosen.read().is_empty());
    let option = |one: &Value| Opt::new(text(one, "id"), text(one, "name"));
    let options: Vec<Opt> =
        said.with_value(|said| said["contacts"].as_array().into_iter().flatten().map(option).collect());
    let options = Signal::stored(options);
    let begin = move || {
        panel.problem.set(String::new());
        open.set(true);
    };
    let pick = move |one: String| {
        panel.problem.set(String::new());
        contact.set(one);
    };
    let save = move || match contact.get_untracked() {
        contact if contact.is_empty() => panel.problem.set(w::contact_missing().to_owned()),
        contact => said.with_value(|said| {
            let rows = said["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
            tell(panel, rows, &chosen.get_untracked(), &Change::Contact(contact), choosing);
        }),
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{ui::cancel()}</Button>
            <Button busy=panel.busy on_press=save>{w::give_over()}</Button>
        }
    };
    view! {
        <Button kind=ButtonKind::Plain icon=IconName::People disabled=nobody on_press=begin>{w::to_contact()}</Button>
        <Dialog open title=Signal::stored(w::to_contact().to_owned()) acts>
            <div class="stack">
                <Picker
                    words=FieldWords::label(w::contact())
                    options
                    chosen=contact
                    problem=panel.problem
                    on_pick=pick
                />
            </div>
        </Dialog>
    }
}
