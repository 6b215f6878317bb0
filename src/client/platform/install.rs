//! The browser's offer to put the app among the phone's own.

use js_sys::Function;
use leptos::prelude::{ArcRwSignal, Set};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

thread_local! {
    static OFFER: std::cell::RefCell<Option<JsValue>> = const { std::cell::RefCell::new(None) };
    static OFFERED: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// Whether the browser offers to install the app, watched.
pub(crate) fn offered() -> ArcRwSignal<bool> {
    OFFERED.with(Clone::clone)
}

/// Keeps the browser's offer until the person asks for it, instead of a bar at a bad moment.
pub(crate) fn listen() {
    let Some(window) = web_sys::window() else { return };
    let offer = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
        event.prevent_default();
        OFFER.set(Some(event.into()));
        offered().set(true);
    });
    // Without the listener the browser shows its own bar.
    let _ = window.add_event_listener_with_callback("beforeinstallprompt", offer.as_ref().unchecked_ref());
    offer.forget();
}

/// Shows the browser's question. It can be asked once.
pub(crate) fn ask() {
    if let Some(event) = OFFER.take() {
        offered().set(false);
        let prompt = js_sys::Reflect::get(&event, &"prompt".into())
            .ok()
            .and_then(|prompt| prompt.dyn_into::<Function>().ok());
        if let Some(prompt) = prompt {
            // The answer comes with an event of its own; refused, the offer comes again another day.
            let _ = prompt.call0(&event);
        }
    }
}

/// Whether the app runs from the phone's own icon.
pub(crate) fn is_installed() -> bool {
    let query =
        web_sys::window().and_then(|window| window.match_media("(display-mode: standalone)").ok().flatten());
    query.is_some_and(|query| query.matches())
}
