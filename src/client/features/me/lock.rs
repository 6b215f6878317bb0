//! The lock of the vault: PIN, code, and the door.

use crate::{
    features::{finger::FingerCell, leave::Leave, new_code::ChangeCode, pin::PinSheet},
    locale::words::me as w,
    session::use_session,
    ui::{Cell, CellGroup},
};
use leptos::prelude::*;

#[component]
pub(super) fn LockGroup() -> impl IntoView {
    let session = use_session();
    if session.who_untracked().is_some_and(|who| who.shared_pc) {
        return view! { <Leave /> }.into_any();
    }
    let (pin, code) = (RwSignal::new(false), RwSignal::new(false));
    let has_pin = Signal::derive(move || session.door().has_pin);
    view! {
        <CellGroup title=w::door()>
            <Cell label=w::pin() note=w::pin_says() value=Signal::derive(move || if has_pin.get() { w::is_set() } else { w::not_set() }.to_owned()) on_press=move || pin.set(true) />
            <Cell label=w::change_code() note=w::change_code_says() on_press=move || code.set(true) />
            <FingerCell />
            <Cell label=w::lock() note=w::lock_says() on_press=move || session.lock() />
        </CellGroup>
        <PinSheet open=pin />
        <ChangeCode open=code />
    }
    .into_any()
}
