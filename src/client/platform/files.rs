//! Files that a person gives to the page, and files that the page gives back.

use super::object_url::ObjectUrl;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::document, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
pub(crate) use web_sys::File;
use web_sys::{HtmlAnchorElement, HtmlInputElement};

/// The files that were chosen in an input for several, which is empty after: the same may be chosen again.
pub(crate) fn take_chosen(input: &HtmlInputElement) -> Vec<File> {
    let Some(list) = input.files() else { return Vec::new() };
    let files = (0..list.length()).filter_map(|at| list.get(at)).collect();
    input.set_value("");
    files
}

/// The file chosen in an input; nothing if none is.
pub(crate) fn chosen(input: &HtmlInputElement) -> Option<File> {
    input.files().and_then(|files| files.get(0))
}

/// Saves bytes under a name in the browser's downloads folder.
///
/// # Errors
/// When the browser makes no file of them.
pub(crate) fn save(name: &str, content_type: &str, bytes: &[u8]) -> Result<(), JsValue> {
    /// The browser reads the address some time after the click.
    const KEPT_MS: u32 = 60_000;
    let url = ObjectUrl::new(bytes, content_type).ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(url.as_str());
    link.set_download(name);
    link.click();
    spawn_local(async move {
        TimeoutFuture::new(KEPT_MS).await;
        drop(url);
    });
    Ok(())
}

/// Puts a text on the clipboard. A browser that refuses leaves it to the person: the text is on screen.
pub(crate) fn copy(text: &str) {
    let clipboard = leptos::prelude::window().navigator().clipboard();
    let _ = clipboard.write_text(text);
}
