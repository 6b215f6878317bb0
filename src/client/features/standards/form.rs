//! A standard typed by hand, or one that corrects another. What is wrong is told by the field.

use super::{
    refusal,
    words::{self, EARLIES, KINDS, PAYS},
};
use crate::{
    data::{OfficeError, OfficeRequest},
    features::panel::Panel,
    locale::words::standards as w,
    platform::clock,
    ui::{Button, DatePicker, Field, FieldKind, FieldWords, Opt, Picker},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value, json};

/// What is typed, each as text under its column, and what is wrong with it.
#[derive(Clone, Copy)]
struct Draft {
    said: RwSignal<Map<String, Value>>,
    faults: RwSignal<Vec<Value>>,
}

impl Draft {
    fn get(self, column: &str) -> String {
        self.said.with(|said| said.get(column).and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    fn set(self, column: &'static str, text: String) {
        self.said.update(|said| drop(said.insert(column.to_owned(), text.into())));
    }

    fn problem(self, column: &'static str) -> Signal<String> {
        Signal::derive(move || {
            let faults = self.faults.read();
            faults.iter().find(|fault| fault["column"] == column).map(words::fault).unwrap_or_default()
        })
    }
}

#[component]
pub(super) fn Form(
    panel: Panel,
    /// The published row that is corrected; null for a new one.
    begin: Value,
    open: RwSignal<bool>,
) -> impl IntoView {
    let said = begin["said"].as_object().cloned().unwrap_or_default();
    let draft = Draft { said: RwSignal::new(said), faults: RwSignal::new(Vec::new()) };
    let corrects = begin["id"].clone();
    let is_new = corrects.is_null();
    let save = move || {
        let said = json!({"rows": [draft.said.get_untracked()], "supersedes": corrects});
        panel.busy.set(true);
        panel.problem.set(String::new());
        draft.faults.set(Vec::new());
        spawn_local(async move {
            match panel.data.office(OfficeRequest::post("standards".to_owned(), said)).await {
                Ok(_) => {
                    panel.notices.say(w::saved());
                    open.try_set(false);
                    panel.ask_again();
                }
                Err(OfficeError::Refused { err, body, .. }) if err == "standards_bad" => {
                    let faults = body["rows"][0]["faults"].as_array().cloned().unwrap_or_default();
                    draft.faults.try_set(faults);
                    panel.problem.try_set(w::look_above().to_owned());
                }
                Err(error) => drop(panel.problem.try_set(refusal(&error))),
            }
            panel.busy.try_set(false);
        });
    };
    let kind = Memo::new(move |_| draft.get("kind"));
    let choose_kind = move |word: String| {
        draft.set("of", String::new());
        draft.set("kind", word);
    };
    let kinds = KINDS.map(|word| Opt::new(word, words::kind(word)));
    let item = move || {
        view! {
            <Picker words=FieldWords::label(w::kind()).must() options=Signal::stored(kinds.to_vec()) chosen=kind problem=draft.problem("kind") on_pick=choose_kind />
            <Choose draft column="of" label=w::of() options=Signal::derive(move || words::ofs(&kind.read()).iter().map(|word| Opt::new(*word, words::of(word))).collect()) />
        }
    };
    let fixed = is_new.then(item);
    let what = (!is_new).then(|| view! { <p class="quiet">{w::correct_says()}</p> });
    view! {
        <div class="stack inset">
            {what}
            {fixed}
            {move || view! { <Amounts draft kind=kind.get() /> }}
            <Text draft column="doc_no" words=FieldWords::label(w::doc_no()).must() kind=FieldKind::Text />
            <OnDay draft column="from" words=FieldWords::label(w::from()).must() />
            <OnDay draft column="to" words=FieldWords::label(w::to()).hint(w::to_hint()) />
            <p class="field__problem" role="alert">{panel.problem}</p>
            <Button busy=panel.busy on_press=save>{w::save()}</Button>
        </div>
    }
}

/// How much, and what goes with it for this kind.
#[component]
fn Amounts(draft: Draft, kind: String) -> impl IntoView {
    let value = |hint: &'static str| view! { <Text draft column="value" words=FieldWords::label(w::value()).hint(hint) kind=FieldKind::Text /> };
    let choices = |words_of: &'static [&'static str], word: fn(&str) -> &str| {
        Signal::stored(words_of.iter().map(|one| Opt::new(*one, word(one))).collect::<Vec<_>>())
    };
    match kind.as_str() {
        "stipend" => view! {
            {value(w::value_stipend())}
            <Text draft column="income" words=FieldWords::label(w::income()).hint(w::income_hint()) kind=FieldKind::Money />
            <Text draft column="ratio" words=FieldWords::label(w::ratio()).hint(w::ratio_hint()) kind=FieldKind::Text />
            <Choose draft column="pay" label=w::pay() options=choices(&PAYS, words::pay) />
            <Choose draft column="early" label=w::early() options=choices(&EARLIES, words::early) />
        }
        .into_any(),
        "region" => value(w::value_region()).into_any(),
        "supplement" => value(w::value_supplement()).into_any(),
        "reward" => view! {
            {value(w::value_reward())}
            <Text draft column="base_year" words=FieldWords::label(w::base_year()).hint(w::base_year_hint()) kind=FieldKind::Text />
        }
        .into_any(),
        _ => ().into_any(),
    }
}

#[component]
fn Text(draft: Draft, column: &'static str, words: FieldWords, kind: FieldKind) -> impl IntoView {
    let value = RwSignal::new(
        draft
            .said
            .with_untracked(|said| said.get(column).and_then(Value::as_str).unwrap_or_default().to_owned()),
    );
    let typed = move |text: String| draft.set(column, text);
    view! { <Field words kind value problem=draft.problem(column) on_change=typed /> }
}

#[component]
fn Choose(
    draft: Draft,
    column: &'static str,
    label: &'static str,
    options: Signal<Vec<Opt>>,
) -> impl IntoView {
    let chosen = Signal::derive(move || draft.get(column));
    let pick = move |word: String| draft.set(column, word);
    view! { <Picker words=FieldWords::label(label).must() options chosen problem=draft.problem(column) on_pick=pick /> }
}

#[component]
fn OnDay(draft: Draft, column: &'static str, words: FieldWords) -> impl IntoView {
    let day = Signal::derive(move || draft.get(column));
    let pick = move |day: String| draft.set(column, day);
    view! { <DatePicker words day today=clock::today() problem=draft.problem(column) on_pick=pick /> }
}
