//! The form for the code, and what wrong ones cost.

use crate::{
    features::{
        credentials::{Further, FurtherFields},
        finger::WithFinger,
        problems,
    },
    locale::words::unlock as w,
    platform::timer,
    session::{SessionError, use_session},
    ui::{Banner, Button, ButtonKind, Field, FieldKind, FieldWords, Icon, IconName, Tone},
};
use leptos::{prelude::*, task::spawn_local};

/// The device code; on a shared PC the password, and what the office asks beside it once the page was loaded again.
#[component]
pub(super) fn CodeForm(forgot: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let shared = session.who_untracked().is_some_and(|who| who.shared_pc);
    let code = RwSignal::new(String::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let (further, lacks) = (Further::new(), RwSignal::new(String::new()));
    let waits = ticking_wait();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if code.with_untracked(|text| text.trim().is_empty()) {
            problem.set(if shared { w::password_empty() } else { w::empty() }.to_owned());
            return;
        }
        let Some(typed) = further.with("", &code.get_untracked()) else { return };
        busy.set(true);
        problem.set(String::new());
        lacks.set(String::new());
        spawn_local(async move {
            match session.unlock(&typed).await {
                // The password was right, and more is asked.
                Err(error @ (SessionError::Refused { .. } | SessionError::SecondFactor { .. })) => {
                    further.heed(&error);
                    lacks.try_set(problems::session(&error));
                }
                Err(error) => {
                    problem.try_set(problems::session(&error));
                    if error != SessionError::FingerLeft {
                        code.try_set(String::new());
                    }
                }
                Ok(()) => {}
            }
            busy.try_set(false);
        });
    };
    let words = if shared {
        FieldWords::label(w::password())
    } else {
        FieldWords::label(w::device_code()).hint(w::hint())
    };
    view! {
        <WithFinger on_forgot=move || forgot.set(true)>
            <form class="door__form" on:submit=submit>
                {move || cost(session.door().tries_left(), waits.get()).map(|words| view! { <Banner tone=Tone::Soon words /> })}
                <Field words kind=FieldKind::Password value=code problem />
                {shared
                    .then(|| view! { <p class="field__problem" role="alert">{lacks}</p><FurtherFields further /> })}
                <Button icon=IconName::Lock busy disabled=Signal::derive(move || waits.get() > 0)>
                    {move || if busy.get() { w::opening() } else { w::open() }}
                </Button>
                {(!shared)
                    .then(|| {
                        view! {
                            <p class="door__safe"><Icon name=IconName::Safe />{w::safe()}</p>
                            <Button kind=ButtonKind::Quiet on_press=move || forgot.set(true)>{w::forgot()}</Button>
                        }
                    })}
            </form>
        </WithFinger>
    }
}

/// Seconds that the next code must wait, counted down.
fn ticking_wait() -> RwSignal<i64> {
    let session = use_session();
    let waits = RwSignal::new(0);
    let now = move || (session.door_untracked().wait_ms() + 999) / 1_000;
    Effect::new(move || {
        session.door();
        waits.set(now());
    });
    spawn_local(async move {
        loop {
            timer::sleep(1_000).await;
            let Some(shown) = waits.try_get_untracked() else { return };
            if shown > 0 {
                waits.try_set(now());
            }
        }
    });
    waits
}

/// What the wrong codes so far cost, in words; nothing while they are few.
fn cost(left: Option<u32>, seconds: i64) -> Option<String> {
    let left = left? as usize;
    Some(match (seconds, seconds / 60) {
        (..=0, _) => w::left(left),
        (_, 0) => w::wait_seconds(seconds, left),
        (_, minutes) => w::wait_minutes(minutes, seconds % 60, left),
    })
}

#[cfg(test)]
mod tests {
    use super::cost;

    #[test]
    fn a_wait_says_how_long_and_how_many_are_left() {
        assert_eq!(cost(None, 0), None);
        let said = cost(Some(4), 299).expect("said");
        assert!(said.contains("4 分 59 秒") && said.contains("4 次"), "{said}");
        assert!(cost(Some(5), 59).expect("said").contains("59 秒"));
        assert!(!cost(Some(5), 0).expect("said").contains('秒'));
    }
}
