//! What the office has set for the phones of its workers, to be read: whoever has the server's machine changes it.

use crate::{
    locale::words::devices as w,
    session::use_session,
    ui::{CellGroup, Fact},
};
use domain::{
    access::Role,
    policy::{BirthShown, Policy, RestartUnlock},
};
use leptos::prelude::*;

/// For whoever answers for the phones.
#[component]
pub(super) fn PhonePolicy() -> impl IntoView {
    let session = use_session();
    let answers = matches!(session.role(), Some(Role::Admin | Role::TownshipLead | Role::CountyLead));
    answers.then(|| {
        let Policy { restart_unlock, id_tail, birth_shown, lock_minutes, offline_days, .. } =
            session.policy();
        let code = match restart_unlock {
            RestartUnlock::Daily => w::policy_daily(),
            RestartUnlock::Strict => w::policy_strict(),
            RestartUnlock::Relaxed => w::policy_relaxed(),
        };
        let tail = match id_tail {
            0 => w::policy_no_tail().to_owned(),
            digits => w::policy_tail(digits),
        };
        let birth = match birth_shown {
            BirthShown::Year => w::policy_year(),
            BirthShown::Month => w::policy_month(),
        };
        view! {
            <CellGroup title=w::policy() note=w::policy_change()>
                <Fact label=w::policy_code() value=code />
                <Fact label=w::policy_lock() value=w::policy_minutes(lock_minutes) />
                <Fact label=w::policy_offline() value=w::policy_days(offline_days) />
                <Fact label=w::policy_numbers() value=tail />
                <Fact label=w::policy_birth() value=birth />
            </CellGroup>
        }
    })
}
