//! The form for the PIN.

use crate::{
    features::problems,
    locale::words::unlock as w,
    session::use_session,
    ui::{Button, ButtonKind, Field, FieldKind, FieldWords, IconName},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub(super) fn PinForm(by_code: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let pin = RwSignal::new(String::new());
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        problem.set(String::new());
        spawn_local(async move {
            if let Err(error) = session.unlock_pin(&pin.get_untracked()).await {
                problem.try_set(problems::session(&error));
                pin.try_set(String::new());
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="door__form" on:submit=submit>
            <Field words=FieldWords::label(w::pin()).hint(w::pin_hint()) kind=FieldKind::Pin value=pin problem />
            <Button icon=IconName::Lock busy>{move || if busy.get() { w::opening() } else { w::open() }}</Button>
            <Button kind=ButtonKind::Quiet on_press=move || by_code.set(true)>{w::by_code()}</Button>
        </form>
    }
}
