//! 走访周期: how often and when a county has its families visited. The county's office changes it; every phone goes by it from its next contact on.

mod state;

use crate::{
    data::{OfficeError, OfficeRequest, use_data},
    locale::words::{dues as d, plan as w},
    session::use_session,
    ui::{Button, CellGroup, Choice, ChoiceKind, Fact, Field, FieldKind, FieldWords, Opt, Page, use_notices},
};
use domain::access::Role;
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;
use state::{Draft, NUMBERS, Number};

#[component]
pub(crate) fn PlanPage() -> impl IntoView {
    let session = use_session();
    let draft = Draft::of(session.policy().plan);
    view! {
        <Page title=w::title()>
            {if session.role().is_some_and(Role::is_county) {
                view! { <Form draft /> }.into_any()
            } else {
                view! { <Shown draft /> }.into_any()
            }}
        </Page>
    }
}

/// The plan as it is, for those who go by it.
#[component]
fn Shown(draft: Draft) -> impl IntoView {
    let to = draft.get("festival_to").unwrap_or_default();
    let [first, last] = ["confirm_from", "confirm_to"].map(|name| draft.get(name).unwrap_or_default());
    let rows = NUMBERS.iter().map(move |number| {
        let value = draft.get(number.name).unwrap_or_default();
        view! { <Fact label=label(number) value=format!("{value} {}", unit(number)) /> }
    });
    let confirmation = if first.is_empty() { w::none().to_owned() } else { w::span(first, last) };
    view! {
        // Nothing in it takes the focus, and without one a keyboard scrolls nothing.
        <div tabindex="0" role="group" aria-label=w::title()>
            <CellGroup note=w::county_decides()>
                {rows.collect_view()}
                <Fact label=w::festival_to() value=class(&to) />
                <Fact label=d::confirmation() value=confirmation />
            </CellGroup>
        </div>
    }
}

#[component]
fn Form(draft: Draft) -> impl IntoView {
    let draft = RwSignal::new(draft);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (data, notices) = (use_data(), use_notices());
    let save = move || {
        problem.set(String::new());
        let draft_now = draft.get_untracked();
        if !draft_now.is_right() {
            return problem.set(w::look_above().to_owned());
        }
        let changes = draft_now.changes();
        if changes.is_empty() {
            return notices.say(w::same());
        }
        busy.set(true);
        spawn_local(async move {
            let asked =
                data.office(OfficeRequest::post("settings".to_owned(), json!({ "changes": changes }))).await;
            match asked {
                Ok(_) => {
                    notices.say(w::saved());
                    draft.try_update(|draft| draft.keep(&changes));
                    // This desk hears of it as a phone does.
                    data.sync_now();
                }
                Err(error) => drop(problem.try_set(sentence(&error).to_owned())),
            }
            busy.try_set(false);
        });
    };
    let numbers = move |names: &'static [Number]| {
        names.iter().map(|number| view! { <NumberField draft number /> }).collect_view()
    };
    let (follow_up, rest) = NUMBERS.split_at(4);
    let chosen = Signal::derive(move || draft.read().get("festival_to").into_iter().collect::<Vec<_>>());
    let choose = move |chosen: Vec<String>| draft.update(|draft| draft.set("festival_to", chosen.concat()));
    let classes = ["a", "b", "c"].map(|one| Opt::new(one, class(one)));
    view! {
        <p class="inset quiet">{w::says()}</p>
        <CellGroup title=d::follow_up()><div class="stack inset">{numbers(follow_up)}</div></CellGroup>
        <CellGroup title=w::occasions() note=w::zero_says()>
            <div class="stack inset">
                {numbers(rest)}
                <Choice
                    words=FieldWords::label(w::festival_to()).hint(w::festival_to_says())
                    kind=ChoiceKind::One
                    options=classes.into()
                    chosen
                    on_choose=choose
                />
            </div>
        </CellGroup>
        <CellGroup title=d::confirmation() note=w::confirm_says()>
            <div class="stack inset">
                <Text draft name="confirm_from" label=w::confirm_from() kind=FieldKind::Text unit="" />
                <Text draft name="confirm_to" label=w::confirm_to() kind=FieldKind::Text unit="" />
            </div>
        </CellGroup>
        <div class="stack inset">
            <p class="field__problem" role="status">{problem}</p>
            <Button busy on_press=save>{w::save()}</Button>
        </div>
    }
}

#[component]
fn NumberField(draft: RwSignal<Draft>, number: &'static Number) -> impl IntoView {
    view! { <Text draft name=number.name label=label(number) kind=FieldKind::Number unit=unit(number) /> }
}

/// A value of the draft, with what is wrong with it right below.
#[component]
fn Text(
    draft: RwSignal<Draft>,
    name: &'static str,
    label: &'static str,
    kind: FieldKind,
    unit: &'static str,
) -> impl IntoView {
    let value = RwSignal::new(draft.with_untracked(|draft| draft.get(name).unwrap_or_default()));
    let problem = Signal::derive(move || match (draft.read().is_wrong(name), number(name)) {
        (false, _) => String::new(),
        (true, Some(number)) => w::range(number.least, number.most),
        (true, None) => w::confirm_wrong().to_owned(),
    });
    let typed = move |text: String| draft.update(|draft| draft.set(name, text));
    let words = FieldWords { unit: unit.to_owned(), ..FieldWords::label(label) };
    view! { <Field words kind value problem on_change=typed /> }
}

fn number(name: &str) -> Option<&'static Number> {
    NUMBERS.iter().find(|number| number.name == name)
}

fn label(number: &Number) -> &'static str {
    match number.name {
        "follow_up_a" => w::follow_up_a(),
        "follow_up_b" => w::follow_up_b(),
        "follow_up_c" => w::follow_up_c(),
        "follow_up_days" => w::follow_up_days(),
        "festival_days" => w::festival_days(),
        "martyr_days" => w::martyr_days(),
        "qingming_days" => w::qingming_days(),
        _ => w::plaque_days(),
    }
}

fn unit(number: &Number) -> &'static str {
    if number.most == 36 { w::months() } else { w::days() }
}

fn class(class: &str) -> String {
    let words = match class {
        "a" => w::class_a(),
        "b" => w::class_b(),
        _ => w::class_c(),
    };
    words.to_owned()
}

/// What the office refused, in words.
fn sentence(error: &OfficeError) -> &'static str {
    match error {
        OfficeError::Offline => w::offline(),
        OfficeError::Login => w::login(),
        OfficeError::Refused { err, .. } if err.starts_with("setting") => w::refused(),
        _ => w::failed(),
    }
}
