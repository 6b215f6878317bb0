//! The service worker, which keeps the app itself for use without signal.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration};

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let there = js_sys::Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    there.then(|| navigator.service_worker())
}

/// Registers it, and calls back when a newer version of the app waits to be accepted.
pub(crate) async fn register(on_waiting: impl Fn() + Clone + 'static) {
    // An app that the build did not finish has no list of its files.
    if super::worker::folder().is_none() {
        return;
    }
    let Some(container) = container() else { return };
    let Ok(registration) = JsFuture::from(container.register("/sw.js")).await else { return };
    let registration: ServiceWorkerRegistration = registration.unchecked_into();
    if registration.waiting().is_some() && container.controller().is_some() {
        on_waiting();
    }
    watch(&registration, &container, on_waiting);
}

fn watch(
    registration: &ServiceWorkerRegistration,
    container: &ServiceWorkerContainer,
    on_waiting: impl Fn() + Clone + 'static,
) {
    let found = {
        let (registration, container) = (registration.clone(), container.clone());
        Closure::<dyn Fn()>::new(move || {
            let Some(worker) = registration.installing() else { return };
            let (installing, container, on_waiting) = (worker.clone(), container.clone(), on_waiting.clone());
            let changed = Closure::<dyn Fn()>::new(move || {
                let installed = installing.state() == web_sys::ServiceWorkerState::Installed;
                if installed && container.controller().is_some() {
                    on_waiting();
                }
            });
            worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
            changed.forget();
        })
    };
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
}

/// Lets the waiting version take over, and loads the page anew when it has.
pub(crate) async fn accept() {
    let Some(container) = container() else { return };
    let Ok(registration) = JsFuture::from(container.get_registration()).await else { return };
    let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>() else { return };
    let reload = Closure::once_into_js(|| {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    });
    container.set_oncontrollerchange(Some(reload.unchecked_ref()));
    if let Some(waiting) = registration.waiting() {
        let _ = waiting.post_message(&JsValue::from_str("accept"));
    }
}

/// Whether the app itself is stored on this device.
pub(crate) fn is_stored() -> bool {
    super::worker::folder().is_none() || container().is_some_and(|container| container.controller().is_some())
}
