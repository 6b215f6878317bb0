//! A request of the person or his kin: taken down by whoever hears it, decided by the office.

use super::{
    input::Input,
    rights::{field, kind},
    state,
};
use crate::{
    data::{Decision, RecordView, SaveError, use_data},
    features::{labels, problems},
    locale::words::privacy as w,
    platform::clock,
    ui::{
        Banner, Button, ButtonKind, Choice, ChoiceKind, Field, FieldKind, FieldWords, Opt, Picker, Sheet,
        Tone, use_notices,
    },
};
use domain::{
    day::Day,
    kinds::{FieldClass, kind as kind_of},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use sync::wire::Fields;
use uuid::Uuid;

const KINDS: [&str; 4] = ["correct", "delete", "copy", "explain"];

/// A choice of one out of few.
#[component]
fn One(label: &'static str, options: Vec<Opt>, chosen: RwSignal<String>) -> impl IntoView {
    let choose = move |now: Vec<String>| chosen.set(now.into_iter().next().unwrap_or_default());
    view! {
        <Choice words=FieldWords::label(label) kind=ChoiceKind::One options
            chosen=Signal::derive(move || vec![chosen.get()]) on_choose=choose />
    }
}

/// The sheet in which a request is taken down.
#[component]
pub(super) fn TakeDown(id: Uuid, open: RwSignal<bool>) -> impl IntoView {
    view! { <Sheet open title=w::take_down()><TakeDownForm id open /></Sheet> }
}

#[component]
fn TakeDownForm(id: Uuid, open: RwSignal<bool>) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let text = |text: &str| RwSignal::new(text.to_owned());
    let (asked, by) = (text(KINDS[0]), text("self"));
    let (asker, relation, what) = (text(""), text(""), text(""));
    let (problem, who_problem) = (text(""), text(""));
    let busy = RwSignal::new(false);
    let save = move || {
        problem.set(String::new());
        who_problem.set(String::new());
        let is_kin = by.get_untracked() == "kin";
        let mut f = Fields::new();
        let parts =
            [("kind", asked), ("asked_by", by), ("asker", asker), ("relation", relation), ("what", what)];
        for (name, value) in parts {
            let value = value.get_untracked().trim().to_owned();
            let is_of_kin = name == "asker" || name == "relation";
            if is_of_kin && !is_kin {
                continue;
            }
            if value.is_empty() {
                return match is_of_kin {
                    true => who_problem.set(w::kin_missing().to_owned()),
                    false => problem.set(w::what_missing().to_owned()),
                };
            }
            f.insert(name.to_owned(), value.into());
        }
        busy.set(true);
        spawn_local(async move {
            match data.ask_right(id, f).await {
                Ok(()) => {
                    open.set(false);
                    notices.say(w::taken_down());
                }
                Err(error) => problem.set(problems::save(&error).title),
            }
            busy.try_set(false);
        });
    };
    let kinds = KINDS.map(|one| Opt::new(one, kind(one).to_owned())).to_vec();
    let people = vec![Opt::new("self", w::himself().to_owned()), Opt::new("kin", w::kin().to_owned())];
    view! {
        <div class="stack inset">
            <One label=w::asks_for() options=kinds chosen=asked />
            <One label=w::asked_by() options=people chosen=by />
            <Show when=move || by.get() == "kin">
                <Field words=FieldWords::label(w::asker()) value=asker />
                <Field words=FieldWords::label(w::relation()) value=relation problem=who_problem />
            </Show>
            <Field words=FieldWords::label(w::what()).hint(w::what_hint()) kind=FieldKind::Long value=what problem />
            <Button busy on_press=save>{w::save()}</Button>
        </div>
    }
}

/// The sheet in which the office decides.
#[component]
pub(super) fn Decide(id: Uuid, chosen: RwSignal<Option<RecordView>>, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Sheet open title=w::decide()>
            {move || chosen.get().map(|request| view! { <DecideForm id request open /> })}
        </Sheet>
    }
}

#[component]
fn DecideForm(id: Uuid, request: RecordView, open: RwSignal<bool>) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let text = |text: &str| RwSignal::new(text.to_owned());
    let (verdict, word, corrects, value) = (text(""), text(""), text(""), text(""));
    let (problem, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let asked = field(&request, "kind");
    let (is_correction, is_deletion) = (asked == "correct", asked == "delete");
    let is = move |wanted: &str| *verdict.read() == wanted;
    let decide = move || {
        let decision = decision(
            &[verdict, word, corrects, value].map(|one| one.get_untracked()),
            is_deletion,
            clock::today_day(),
        );
        let decision = match decision {
            Ok(decision) => decision,
            Err(why) => return problem.set(why),
        };
        busy.set(true);
        spawn_local(async move {
            match data.decide_right(request.id, id, decision).await {
                Ok(()) => {
                    open.set(false);
                    notices.say(w::decision_saved());
                }
                Err(SaveError::Unknown) => problem.set(w::gone().to_owned()),
                Err(error) => problem.set(problems::save(&error).title),
            }
            busy.try_set(false);
        });
    };
    let verdicts =
        vec![Opt::new("granted", w::grant().to_owned()), Opt::new("refused", w::refuse().to_owned())];
    view! {
        <div class="stack inset">
            <p>{format!("{}：{}", kind(&asked), field(&request, "what"))}</p>
            <One label=w::verdict() options=verdicts chosen=verdict />
            <Show when=move || is_deletion && is("granted")>
                <Banner tone=Tone::Bad words=w::delete_says() />
            </Show>
            <Show when=move || is_correction && is("granted")><Correction corrects value /></Show>
            <Field words=FieldWords::label(w::word()).hint(w::word_hint()) kind=FieldKind::Long value=word problem />
            <Button kind=if is_deletion { ButtonKind::Danger } else { ButtonKind::Primary } busy on_press=decide>{w::decide_now()}</Button>
        </div>
    }
}

/// What the file is to say from now on, chosen among what one line can hold.
#[component]
fn Correction(corrects: RwSignal<String>, value: RwSignal<String>) -> impl IntoView {
    let options = fields().map(|field| Opt::new(field, labels::field(field))).collect::<Vec<_>>();
    let pick = move |field: String| {
        value.set(String::new());
        corrects.set(field);
    };
    let problem = RwSignal::new(String::new());
    view! {
        <Picker words=FieldWords::label(w::corrects()).hint(w::corrects_hint()) options=Signal::stored(options) chosen=corrects on_pick=pick />
        {move || {
            let name = corrects.get();
            let field = fields().find(|field| *field == name);
            field.map(|field| view! { <Input field editor=state::editor(field) text=value problem /> })
        }}
    }
}

fn fields() -> impl Iterator<Item = &'static str> {
    state::one_line_fields()
        .filter(|field| kind_of("recipient").is_some_and(|kind| kind.class(field) != FieldClass::Set))
}

/// What was typed as a decision, or what is wrong with it.
fn decision(
    [verdict, word, corrects, value]: &[String; 4],
    is_deletion: bool,
    today: Day,
) -> Result<Decision, String> {
    let grant = match verdict.as_str() {
        "granted" => true,
        "refused" => false,
        _ => return Err(w::verdict_missing().to_owned()),
    };
    let word = word.trim().to_owned();
    if word.chars().count() < 2 {
        return Err(w::word_missing().to_owned());
    }
    let correction = match grant && !corrects.is_empty() {
        true => Some((corrects.clone(), checked(corrects, value, today)?)),
        false => None,
    };
    Ok(Decision { grant, word, correction, deletes: grant && is_deletion })
}

fn checked(field: &str, text: &str, today: Day) -> Result<Value, String> {
    let value = state::typed(state::editor(field), text).ok_or_else(|| w::what_missing().to_owned())?;
    if value.is_null() {
        return Err(w::what_missing().to_owned());
    }
    domain::field::check(field, value, today).map_err(problems::field)
}

#[cfg(test)]
mod tests {
    use super::{Day, decision, fields};

    fn today() -> Day {
        Day::new(2026, 11, 26).expect("a day")
    }

    fn typed(parts: [&str; 4]) -> [String; 4] {
        parts.map(str::to_owned)
    }

    #[test]
    fn a_refusal_needs_its_reason_and_writes_nothing_else() {
        assert!(decision(&typed(["refused", " ", "", ""]), true, today()).is_err());
        assert!(decision(&typed(["", "查无此事", "", ""]), true, today()).is_err());
        let refused =
            decision(&typed(["refused", "档案法要求保存", "mobile", "13911112222"]), true, today()).unwrap();
        assert!(!refused.grant && !refused.deletes && refused.correction.is_none());
    }

    #[test]
    fn a_grant_carries_the_correction_with_it_if_it_is_one() {
        let granted =
            decision(&typed(["granted", "已改", "live_addr", "新街 3 号"]), false, today()).unwrap();
        assert_eq!(granted.correction, Some(("live_addr".to_owned(), "新街 3 号".into())));
        assert!(!granted.deletes);
        assert!(decision(&typed(["granted", "已改", "live_addr", " "]), false, today()).is_err());
        assert!(decision(&typed(["granted", "已删", "", ""]), true, today()).unwrap().deletes);
    }

    #[test]
    fn what_one_line_cannot_hold_is_not_offered() {
        let offered: Vec<_> = fields().collect();
        assert!(offered.contains(&"mobile") && offered.contains(&"id_no"));
        assert!(!offered.contains(&"members") && !offered.contains(&"merits"));
    }
}
