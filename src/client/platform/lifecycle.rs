//! What the browser tells about the network and the page.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventTarget, VisibilityState};

/// What happened to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    Online,
    Offline,
    Visible,
    Hidden,
    /// The person touched or typed something.
    Used,
}

/// Whether the browser says that there is a network.
pub(crate) fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Loads the page anew: nothing of what was in memory is left.
pub(crate) fn restart() {
    if let Some(window) = web_sys::window() {
        // A page that cannot be loaded again stays as it is.
        let _ = window.location().reload();
    }
}

/// Whether the page is in front.
pub(crate) fn is_visible() -> bool {
    let page = web_sys::window().and_then(|window| window.document());
    page.is_none_or(|page| page.visibility_state() == VisibilityState::Visible)
}

/// Calls back at everything that happens, as long as the page lives.
pub(crate) fn on_happened(call: impl Fn(Happened) + Clone + 'static) {
    let Some(window) = web_sys::window() else { return };
    listen(&window, "online", call.clone(), || Happened::Online);
    listen(&window, "offline", call.clone(), || Happened::Offline);
    for used in ["pointerdown", "keydown"] {
        listen(&window, used, call.clone(), || Happened::Used);
    }
    let shown = || if is_visible() { Happened::Visible } else { Happened::Hidden };
    listen(&window, "focus", call.clone(), shown);
    if let Some(page) = window.document() {
        listen(&page, "visibilitychange", call, shown);
    }
}

fn listen(target: &EventTarget, event: &str, call: impl Fn(Happened) + 'static, what: fn() -> Happened) {
    let closure = Closure::<dyn Fn(Event)>::new(move |_| call(what()));
    // A target that takes no listener leaves timers and taps.
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}
