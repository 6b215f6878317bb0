//! Another code for the vault: machine-made, or a phrase of one's own. The present one is asked first: a phone may lie open.

use crate::{
    features::{finger::WithFinger, problems},
    locale::words::new_code as w,
    session::use_session,
    ui::{Button, ButtonKind, Field, FieldKind, FieldWords, Sheet, use_notices},
    vault::Code,
};
use crypto::phrase::PhraseFault;
use leptos::{prelude::*, task::spawn_local};

/// Where the change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Present,
    Machine,
    Phrase,
}

#[component]
pub(crate) fn ChangeCode(open: RwSignal<bool>) -> impl IntoView {
    view! { <Sheet open title=w::title().to_owned()><div class="inset"><WithFinger><Steps open /></WithFinger></div></Sheet> }
}

#[component]
fn Steps(open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let notices = use_notices();
    let step = RwSignal::new(Step::Present);
    let problem = RwSignal::new(String::new());
    let take = move |code: Code| {
        spawn_local(async move {
            match session.change_code(&code).await {
                Ok(()) => {
                    notices.say(w::done());
                    open.try_set(false);
                }
                Err(error) => {
                    problem.try_set(problems::session(&error));
                }
            }
        });
    };
    move || match step.get() {
        Step::Present => view! { <Present step /> }.into_any(),
        Step::Machine => view! { <Machine step problem take=Callback::new(take) /> }.into_any(),
        Step::Phrase => view! { <PhraseForm problem take=Callback::new(take) /> }.into_any(),
    }
}

/// Asks for the code that opens now.
#[component]
fn Present(step: RwSignal<Step>) -> impl IntoView {
    let session = use_session();
    let (code, problem, busy) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            let checked = session.check_code(&code.get_untracked()).await;
            busy.try_set(false);
            match checked {
                Ok(()) => {
                    step.try_set(Step::Machine);
                }
                Err(error) => {
                    problem.try_set(problems::session(&error));
                }
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <Field words=FieldWords::label(w::present()) kind=FieldKind::Password value=code problem />
            <Button busy>{w::next()}</Button>
        </form>
    }
}

/// Shows a new machine-made code, which is typed again from the paper.
#[component]
fn Machine(step: RwSignal<Step>, problem: RwSignal<String>, take: Callback<Code>) -> impl IntoView {
    let (code, shown) = Code::new();
    let code = StoredValue::new_local(code);
    let typed = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(String::new());
        let typed = typed.read_untracked();
        // Kept for another try: the storage may fail, or nobody lift a finger.
        match code.with_value(|code| code.is(&typed).then(|| code.clone())) {
            Some(code) => take.run(code),
            None => problem.set(w::not_the_code().to_owned()),
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{w::write_down()}</p>
            <p class="door__code code" data-testid="device-code">{shown.replace('-', " ")}</p>
            <Field words=FieldWords::label(w::type_again()) kind=FieldKind::Code value=typed problem />
            <Button>{w::save()}</Button>
            <Button kind=ButtonKind::Quiet on_press=move || step.set(Step::Phrase)>{w::own()}</Button>
        </form>
    }
}

/// Asks for a phrase twice; one that is easy to guess is refused.
#[component]
pub(crate) fn PhraseForm(problem: RwSignal<String>, take: Callback<Code>) -> impl IntoView {
    let (first, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let differs = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        problem.set(String::new());
        differs.set(String::new());
        match Code::choose(&first.read_untracked()) {
            Err(PhraseFault::Long) => problem.set(w::long().to_owned()),
            Err(PhraseFault::Weak { bits }) => problem.set(w::weak(bits * 100 / crypto::phrase::BITS_MIN)),
            Ok(code) if code.is(&again.read_untracked()) => take.run(code),
            Ok(_) => differs.set(w::differs().to_owned()),
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{w::own_says()}</p>
            <Field words=FieldWords::label(w::phrase()).hint(w::phrase_hint()) kind=FieldKind::Password value=first problem />
            <Field words=FieldWords::label(w::phrase_again()) kind=FieldKind::Password value=again problem=differs />
            <Button>{w::save()}</Button>
        </form>
    }
}
