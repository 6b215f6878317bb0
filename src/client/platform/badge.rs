//! The number on the app's icon, where the system shows one.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Shows a number on the icon; none where it is 0. Systems without such a thing do nothing.
pub(crate) fn show(count: usize) {
    let navigator: JsValue = leptos::prelude::window().navigator().into();
    let call = |name: &str, count: JsValue| {
        let function = Reflect::get(&navigator, &name.into()).ok()?.dyn_into::<Function>().ok()?;
        // The promise is dropped: a number that does not show is no loss.
        function.call1(&navigator, &count).ok()
    };
    if count == 0 {
        call("clearAppBadge", JsValue::UNDEFINED);
    } else {
        call("setAppBadge", JsValue::from_f64(f64::from(u32::try_from(count).unwrap_or(u32::MAX))));
    }
}
