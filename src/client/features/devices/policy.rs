//! What holds for everybody: when phones lock, what they show, and what is asked of passwords. Whoever answers for phones reads it, an administrator
//! changes it.

mod change;

use crate::{
    locale::words::devices as w,
    session::use_session,
    ui::{Button, ButtonKind, CellGroup, Fact},
};
use change::ChangePolicy;
use domain::{
    access::Role,
    policy::{BirthShown, Policy, RestartUnlock},
};
use leptos::prelude::*;

/// For whoever answers for the phones.
#[component]
pub(super) fn PhonePolicy() -> impl IntoView {
    let session = use_session();
    let role = session.role();
    let answers = matches!(role, Some(Role::Admin | Role::TownshipLead | Role::CountyLead));
    // As this desk knows it, and as it was changed here since.
    let policy = RwSignal::new(session.policy());
    let changing = RwSignal::new(false);
    let change = move || {
        view! {
            <div class="inset">
                <Button kind=ButtonKind::Plain on_press=move || changing.set(true)>{w::policy_edit()}</Button>
            </div>
            <ChangePolicy open=changing policy />
        }
    };
    answers.then(|| {
        view! {
            {move || view! { <Shown policy=policy.get() /> }}
            {(role == Some(Role::Admin)).then(change)}
        }
    })
}

#[component]
fn Shown(policy: Policy) -> impl IntoView {
    view! {
        <div class="devices__policy">
            <CellGroup title=w::policy() note=w::policy_change()>
                <Fact label=w::policy_code() value=code_words(policy.restart_unlock) />
                <Fact label=w::policy_lock() value=w::policy_minutes(policy.lock_minutes) />
                <Fact label=w::policy_offline() value=w::policy_days(policy.offline_days) />
                <Fact label=w::policy_numbers() value=tail_words(policy.id_tail) />
                <Fact label=w::policy_birth() value=birth_words(policy.birth_shown) />
                <Fact label=w::policy_kinds() value=kinds_words(policy.password_kinds) />
                <Fact label=w::policy_age() value=age_words(policy.password_days) />
            </CellGroup>
        </div>
    }
}

fn code_words(asked: RestartUnlock) -> &'static str {
    match asked {
        RestartUnlock::Daily => w::policy_daily(),
        RestartUnlock::Strict => w::policy_strict(),
        RestartUnlock::Relaxed => w::policy_relaxed(),
    }
}

fn tail_words(id_tail: u8) -> String {
    match id_tail {
        0 => w::policy_no_tail().to_owned(),
        digits => w::policy_tail(digits),
    }
}

fn kinds_words(kinds: u8) -> String {
    match kinds {
        1 => w::policy_any_kind().to_owned(),
        kinds => w::policy_of_kinds(kinds),
    }
}

fn age_words(days: u16) -> String {
    match days {
        0 => w::policy_no_age().to_owned(),
        days => w::policy_days(days),
    }
}

fn birth_words(shown: BirthShown) -> &'static str {
    match shown {
        BirthShown::Year => w::policy_year(),
        BirthShown::Month => w::policy_month(),
    }
}
