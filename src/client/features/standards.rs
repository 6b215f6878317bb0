//! 发放标准: what the county pays conscripts' families and for awards. Its clerk enters rows by hand or out of a sheet, publishes and corrects them;
//! townships read what is published.

mod form;
mod sheet;
mod words;

use crate::{
    data::OfficeError,
    features::{
        panel::{Panel, Said, text},
        people, problems, when,
    },
    locale::words::standards as w,
    session::use_session,
    ui::{Button, ButtonKind, Cell, CellGroup, Confirm, Empty, Fact, IconName, Page, Sheet},
};
use domain::access::Role;
use form::Form;
use leptos::prelude::*;
use serde_json::{Value, json};
use sheet::SheetForm;
use words::Said as Words;

#[component]
pub(crate) fn StandardsPage() -> impl IntoView {
    let panel = Panel::of("standards", problems::office);
    let is_clerk = use_session().role() == Some(Role::CountyClerk);
    let (entering, reading, looking) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let shown = RwSignal::new(Value::Null);
    let begin = RwSignal::new(Value::Null);
    let enter = move |row: Value| {
        looking.set(false);
        begin.set(row);
        entering.set(true);
    };
    let look = Callback::new(move |(row,): (Value,)| {
        panel.problem.set(String::new());
        shown.set(row);
        looking.set(true);
    });
    let rows = move |said: Value| {
        view! { <Rows panel rows=said["rows"].as_array().cloned().unwrap_or_default() is_clerk look /> }
            .into_any()
    };
    let acts = move || {
        view! {
            <div class="row inset">
                <Button icon=IconName::Plus on_press=move || enter(Value::Null)>{w::enter()}</Button>
                <Button kind=ButtonKind::Plain icon=IconName::Document on_press=move || reading.set(true)>{w::from_sheet()}</Button>
            </div>
        }
    };
    let title = Signal::derive(move || Words::of(&shown.read()["said"]).item());
    let form_title = Signal::derive(move || {
        let begin = begin.read();
        if begin.is_null() { w::enter().to_owned() } else { w::correct_of(Words::of(&begin["said"]).item()) }
    });
    view! {
        <Page title=w::title()>
            <p class="inset quiet">{w::says()}</p>
            {is_clerk.then(acts)}
            <Said panel show=rows />
            <p class="field__problem inset" role="alert">{panel.problem}</p>
            <Sheet open=looking title><One panel row=shown.get_untracked() is_clerk looking on_correct=enter /></Sheet>
            <Sheet open=entering title=form_title><Form panel begin=begin.get_untracked() open=entering /></Sheet>
            <Sheet open=reading title=w::from_sheet()><SheetForm panel open=reading /></Sheet>
        </Page>
    }
}

/// The rows by how far they are: those that wait first.
#[component]
fn Rows(panel: Panel, rows: Vec<Value>, is_clerk: bool, look: Callback<(Value,)>) -> impl IntoView {
    if rows.is_empty() {
        let advice = if is_clerk { w::none_clerk() } else { w::none_advice() };
        return view! { <Empty icon=IconName::Document title=w::none() advice /> }.into_any();
    }
    let of = |state: &str| rows.iter().filter(|row| row["state"] == state).cloned().collect::<Vec<_>>();
    let drafts = of("draft");
    let ids: Vec<Value> = drafts.iter().map(|row| row["id"].clone()).collect();
    let publish = (is_clerk && !ids.is_empty()).then(|| view! { <PublishAll panel ids /> });
    let group = move |title: &'static str, rows: Vec<Value>| {
        let cell = move |row: Value| {
            let words = Words::of(&row["said"]);
            view! { <Cell label=words.item() note=words.line() on_press=move || look.run((row.clone(),)) /> }
        };
        (!rows.is_empty())
            .then(|| view! { <CellGroup title>{rows.into_iter().map(cell).collect_view()}</CellGroup> })
    };
    view! {
        {group(w::drafts(), drafts)}
        {publish}
        {group(w::in_force(), of("in_force"))}
        {group(w::superseded(), of("superseded"))}
    }
    .into_any()
}

#[component]
fn PublishAll(panel: Panel, ids: Vec<Value>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let n = ids.len();
    let publish = move || publish(panel, ids.clone(), RwSignal::new(false));
    view! {
        <div class="inset"><Button busy=panel.busy on_press=move || asking.set(true)>{w::publish_all(n)}</Button></div>
        <Confirm open=asking title=w::publish_title(n) says=w::publish_says() yes=w::publish() on_yes=publish />
    }
}

/// Publishes drafts; where that is done, what was open is closed.
fn publish(panel: Panel, ids: Vec<Value>, open: RwSignal<bool>) {
    let done = move |_: &Value| {
        open.try_set(false);
        w::published().to_owned()
    };
    panel.tell_in("standards/publish".to_owned(), json!({ "ids": ids }), Box::new(done), refusal);
}

/// One row: what it says, who did what, and what may become of it.
#[component]
fn One(
    panel: Panel,
    row: Value,
    is_clerk: bool,
    looking: RwSignal<bool>,
    #[prop(into)] on_correct: Callback<(Value,)>,
) -> impl IntoView {
    let facts = Words::of(&row["said"]).facts();
    let facts = facts.into_iter().map(|(label, value)| view! { <Fact label value /> }).collect_view();
    let by = |who: &str, at: &str| {
        let moment = row[at].as_i64().map(when::moment);
        moment.map(|moment| w::by(people::name(&text(&row, who)), moment))
    };
    let (entered, published) = (by("entered_by", "entered_at"), by("published_by", "published_at"));
    let id = row["id"].clone();
    let state = text(&row, "state");
    let acts = match state.as_str() {
        _ if !is_clerk => ().into_any(),
        "draft" => {
            let (of_publish, of_discard) = (id.clone(), id);
            let discard = move || {
                let done = move |_: &Value| {
                    looking.try_set(false);
                    w::discarded().to_owned()
                };
                let said = json!({ "ids": [of_discard] });
                panel.tell_in("standards/discard".to_owned(), said, Box::new(done), refusal);
            };
            view! {
                <Button busy=panel.busy on_press=move || publish(panel, vec![of_publish.clone()], looking)>{w::publish()}</Button>
                <Button kind=ButtonKind::Danger busy=panel.busy on_press=discard>{w::discard()}</Button>
            }
            .into_any()
        }
        "in_force" => view! { <Button kind=ButtonKind::Plain on_press=move || on_correct.run((row.clone(),))>{w::correct()}</Button> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <CellGroup>
            {facts}
            {entered.map(|value| view! { <Fact label=w::entered() value /> })}
            {published.map(|value| view! { <Fact label=w::published_by() value /> })}
        </CellGroup>
        <p class="field__problem inset" role="alert">{panel.problem}</p>
        <div class="row inset">{acts}</div>
    }
}

/// What the office refused, in words.
fn refusal(error: &OfficeError) -> String {
    let OfficeError::Refused { err, body, .. } = error else { return problems::office(error).to_owned() };
    let item = || Words::of(&body["said"]).item();
    match err.as_str() {
        "standard_meets" => w::meets(item(), Words::of(&body["other"]).line()),
        "standard_gone" => w::gone().to_owned(),
        "standard_published" => w::published_already().to_owned(),
        "standard_not_to_correct" => w::not_to_correct().to_owned(),
        _ => problems::office(error).to_owned(),
    }
}
