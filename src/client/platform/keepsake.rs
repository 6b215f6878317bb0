//! One line kept apart from all else: in the cache of files, which is another database on the disk than settings and records. Phone cleaners, and
//! a browser that could not open its own files after a crash, leave the one where they take the other.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response};

const CACHE: &str = "hf-keepsake";
const PLACE: &str = "/keepsake";

/// The cache of files, where the browser gives one.
pub(super) async fn open() -> Option<Cache> {
    let caches = web_sys::window()?.caches().ok()?;
    JsFuture::from(caches.open(CACHE)).await.ok()?.dyn_into().ok()
}

/// The line, if one was ever kept.
pub(crate) async fn get() -> Option<String> {
    let found = JsFuture::from(open().await?.match_with_str(PLACE)).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// Keeps the line. A browser without a cache keeps none, and nothing depends on it alone.
pub(crate) async fn set(text: &str) {
    let Ok(response) = Response::new_with_opt_str(Some(text)) else { return };
    if let Some(cache) = open().await {
        let _ = JsFuture::from(cache.put_with_str(PLACE, &response)).await;
    }
}

/// Forgets the line.
pub(crate) async fn remove() {
    if let Some(cache) = open().await {
        let _ = JsFuture::from(cache.delete_with_str(PLACE)).await;
    }
}
