//! How the screen looks to this pair of eyes: size of type and light. Remembered on the device.

use super::{prefs, service_worker, timer};
use web_sys::Element;

/// A page in the background is not painted and does not wait for it.
const UNSEEN_MS: i64 = 320;
const FRAME_MS: i64 = 16;
/// What a browser notes when it has shown the first words of a page.
const FIRST_PAINT: &str = "first-contentful-paint";

/// Larger type for older eyes.
pub(crate) const LARGE_TYPE: &str = "hf.large-type";
/// The theme for bright sun.
pub(crate) const SUNLIGHT: &str = "hf.sunlight";

/// Whether a switch of the display was turned on before.
pub(crate) fn is_on(switch: &str) -> bool {
    prefs::get(switch).as_deref() == Some("on")
}

/// Turns a switch of the display on or off, and remembers it.
pub(crate) fn set(switch: &str, on: bool) {
    prefs::set(switch, if on { "on" } else { "off" });
    apply();
}

/// Whether the page said that the app is not to be opened here (`public/opening.js`).
pub(crate) fn is_held() -> bool {
    root().is_some_and(|root| root.has_attribute("data-held"))
}

/// At a first opening, waits until what the page says until the app is there was seen: on a fast line nobody would see it otherwise, and
/// what is measured as the largest thing shown would come with the app.
pub(crate) async fn opening_seen() {
    let performance =
        web_sys::window().filter(|_| !service_worker::is_stored()).and_then(|window| window.performance());
    let Some(performance) = performance else { return };
    let is_seen = || performance.get_entries_by_name(FIRST_PAINT).length() > 0;
    let mut waited = 0;
    while !is_seen() && waited < UNSEEN_MS {
        timer::sleep(FRAME_MS).await;
        waited += FRAME_MS;
    }
}

/// Takes away what the page said before the app showed itself.
pub(crate) fn remove_opening() {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(face) = document.and_then(|document| document.get_element_by_id("opening")) {
        face.remove();
    }
}

/// Gives the document the look that was chosen.
pub(crate) fn apply() {
    if let Some(root) = root() {
        mark(&root, "data-type", "large", is_on(LARGE_TYPE));
        mark(&root, "data-theme", "sunlight", is_on(SUNLIGHT));
    }
}

fn root() -> Option<Element> {
    web_sys::window()?.document()?.document_element()
}

fn mark(root: &Element, attribute: &str, value: &str, on: bool) {
    // Refused only on a document that is going away.
    let _ = if on { root.set_attribute(attribute, value) } else { root.remove_attribute(attribute) };
}

/// Opens the browser's way to print this page.
pub(crate) fn print() {
    if let Some(window) = web_sys::window() {
        // Without a printer the browser says so itself.
        let _ = window.print();
    }
}

/// Where the app was opened: `https://` and the host.
pub(crate) fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}
