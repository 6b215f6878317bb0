//! The sheet in which an administrator changes them.

use super::{age_words, birth_words, code_words, kinds_words, tail_words};
use crate::{
    data::{OfficeError, OfficeRequest, use_data},
    locale::words::{devices as w, plan as p},
    ui::{Button, Choice, ChoiceKind, Field, FieldKind, FieldWords, Opt, Sheet, use_notices},
};
use domain::policy::{BirthShown, Policy, RestartUnlock};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Each setting as it was chosen or typed.
type Draft = BTreeMap<&'static str, String>;

#[component]
pub(super) fn ChangePolicy(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What holds.
    policy: RwSignal<Policy>,
) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let draft = RwSignal::new(draft_of(policy.get_untracked()));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    Effect::new(move || {
        // What was left unsaved is not there when it opens again.
        if !open.get() {
            draft.set(draft_of(policy.get_untracked()));
            problem.set(String::new());
        }
    });
    let save = move || {
        let chosen = draft.get_untracked();
        if chosen.iter().any(|(name, value)| is_wrong(name, value)) {
            return problem.set(w::policy_look_above().to_owned());
        }
        let changes = changes(policy.get_untracked(), &chosen);
        if changes.is_empty() {
            return open.set(false);
        }
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let request = OfficeRequest::post("settings/safety".to_owned(), json!({ "changes": changes }));
            match data.office(request).await {
                Ok(_) => {
                    let pairs = changes.iter().map(|(name, value)| (*name, value.as_str()));
                    if let Ok(changed) = policy.get_untracked().changed(pairs) {
                        policy.try_set(changed);
                    }
                    open.try_set(false);
                    notices.say(w::policy_saved());
                    // This desk hears of it as a phone does.
                    data.sync_now();
                }
                Err(error) => drop(problem.try_set(sentence(&error))),
            }
            busy.try_set(false);
        });
    };
    let foot = move || view! { <Button busy on_press=save>{w::policy_save()}</Button> };
    view! {
        <Sheet open title=w::policy_edit() foot=ViewFn::from(foot)>
            <div class="inset stack">
                <p class="quiet">{w::policy_says()}</p>
                <OneOf draft name="restart_unlock" label=w::policy_code() options=code_options() />
                <Number draft name="lock_minutes" label=w::policy_lock() unit=w::policy_minute() range=p::range(1, 60) />
                <Number draft name="offline_days" label=w::policy_offline() unit=w::policy_day() range=p::range(1, 30) />
                <OneOf draft name="id_tail" label=w::policy_numbers() options=tail_options() />
                <OneOf draft name="birth_shown" label=w::policy_birth() options=birth_options() />
                <p class="quiet small">{w::policy_masks()}</p>
                <OneOf draft name="password_kinds" label=w::policy_kinds() options=kinds_options() />
                <OneOf draft name="password_days" label=w::policy_age() options=age_options(policy.get_untracked()) />
                <p class="quiet small">{w::policy_passwords()}</p>
                <p class="field__problem" role="alert">{problem}</p>
            </div>
        </Sheet>
    }
}

#[component]
fn OneOf(
    draft: RwSignal<Draft>,
    name: &'static str,
    label: &'static str,
    options: Vec<Opt>,
) -> impl IntoView {
    let chosen = Signal::derive(move || draft.read().get(name).cloned().into_iter().collect::<Vec<_>>());
    let choose = move |chosen: Vec<String>| {
        draft.update(|draft| drop(draft.insert(name, chosen.concat())));
    };
    view! { <Choice words=FieldWords::label(label) kind=ChoiceKind::One options=options.into() chosen on_choose=choose /> }
}

#[component]
fn Number(
    draft: RwSignal<Draft>,
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    range: String,
) -> impl IntoView {
    let value = RwSignal::new(draft.with_untracked(|draft| draft.get(name).cloned().unwrap_or_default()));
    let problem = Signal::derive(move || {
        let wrong = draft.read().get(name).is_some_and(|typed| is_wrong(name, typed));
        if wrong { range.clone() } else { String::new() }
    });
    let typed = move |text: String| draft.update(|draft| drop(draft.insert(name, text.trim().to_owned())));
    let words = FieldWords { unit: unit.to_owned(), ..FieldWords::label(label) };
    view! { <Field words kind=FieldKind::Number value problem on_change=typed /> }
}

fn code_options() -> Vec<Opt> {
    let words = [
        ("daily", RestartUnlock::Daily),
        ("strict", RestartUnlock::Strict),
        ("relaxed", RestartUnlock::Relaxed),
    ];
    words.into_iter().map(|(word, asked)| Opt::new(word, code_words(asked))).collect()
}

fn tail_options() -> Vec<Opt> {
    [4, 2, 0].into_iter().map(|digits: u8| Opt::new(digits.to_string(), tail_words(digits))).collect()
}

fn kinds_options() -> Vec<Opt> {
    (1..=4).map(|kinds: u8| Opt::new(kinds.to_string(), kinds_words(kinds))).collect()
}

/// The usual ages, and the one that holds.
fn age_options(holds: Policy) -> Vec<Opt> {
    let ages = BTreeSet::from([0, 90, 180, 365, holds.password_days]);
    ages.into_iter().map(|days| Opt::new(days.to_string(), age_words(days))).collect()
}

fn birth_options() -> Vec<Opt> {
    let words = [("year", BirthShown::Year), ("month", BirthShown::Month)];
    words.into_iter().map(|(word, shown)| Opt::new(word, birth_words(shown))).collect()
}

fn draft_of(policy: Policy) -> Draft {
    let members = policy.members();
    let text = |name: &str| match &members[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Policy::SAFETY_SETTINGS.into_iter().map(|(name, _)| (name, text(name))).collect()
}

fn is_wrong(name: &str, value: &str) -> bool {
    Policy::default().set(name, value).is_err()
}

/// What is not as it holds.
fn changes(holds: Policy, chosen: &Draft) -> Draft {
    let holds = draft_of(holds);
    chosen
        .iter()
        .filter(|(name, value)| holds.get(*name) != Some(*value))
        .map(|(name, value)| (*name, value.clone()))
        .collect()
}

fn sentence(error: &OfficeError) -> String {
    match error {
        OfficeError::Offline => w::offline().to_owned(),
        OfficeError::Login => w::login().to_owned(),
        OfficeError::Refused { err, .. } => w::policy_failed(err),
        OfficeError::Shape => w::policy_failed("shape"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_changed_is_sent_and_what_no_phone_takes_is_wrong() {
        let holds = Policy::default();
        let mut draft = draft_of(holds);
        assert!(changes(holds, &draft).is_empty());
        draft.insert("lock_minutes", "3".to_owned());
        draft.insert("id_tail", "0".to_owned());
        let sent: Vec<_> = changes(holds, &draft).into_iter().collect();
        assert_eq!(sent, [("id_tail", "0".to_owned()), ("lock_minutes", "3".to_owned())]);
        assert!(!draft.iter().any(|(name, value)| is_wrong(name, value)));
        for wrong in ["0", "61", "三", ""] {
            assert!(is_wrong("lock_minutes", wrong), "{wrong}");
        }
    }

    #[test]
    fn each_choice_is_one_that_the_setting_takes() {
        for (name, options) in [
            ("restart_unlock", code_options()),
            ("id_tail", tail_options()),
            ("birth_shown", birth_options()),
            ("password_kinds", kinds_options()),
            ("password_days", age_options(Policy::default())),
        ] {
            assert!(options.iter().all(|option| !is_wrong(name, &option.value)), "{name}");
        }
    }
}
