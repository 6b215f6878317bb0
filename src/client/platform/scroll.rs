//! Bringing an element into sight.

use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::ScrollIntoViewOptions;

/// Scrolls the element of an id as little as is needed to see it; nothing if there is none.
pub(crate) fn into_sight(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let options = ScrollIntoViewOptions::new();
    // Fails only for an object that cannot be changed, which a new one can.
    let _ = js_sys::Reflect::set(&options, &JsValue::from_str("block"), &JsValue::from_str("nearest"));
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
