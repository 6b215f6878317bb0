//! Room kept for text: a file of nothing that is let go when words find no room. Photos are taken only while it lies there.
//!
//! It is kept in the cache of files: a row that is deleted from the database gives its room back only some day, and needs room for that itself.

use super::keepsake::open;
use js_sys::ArrayBuffer;
use std::cell::Cell;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

const PLACE: &str = "/reserve";
/// Some hundreds of visits.
const BYTES: u32 = 2 * 1024 * 1024;

thread_local! {
    /// Whether this tab let it go, or has not seen it yet.
    static IS_GONE: Cell<bool> = const { Cell::new(true) };
}

/// Makes the reserve where it is gone and there is room for it again; whether it is there. A browser without a cache is not held up by it.
pub(crate) async fn hold() -> bool {
    let is_held = find_or_make().await;
    IS_GONE.set(!is_held);
    is_held
}

/// Makes the reserve again if this tab let it go, once the browser says that so many bytes are free that it fits.
pub(crate) async fn restore(free: Option<u64>) {
    if IS_GONE.get() && free.is_none_or(|free| free > 2 * u64::from(BYTES)) {
        hold().await;
    }
}

async fn find_or_make() -> bool {
    let Some(cache) = open().await else { return true };
    if JsFuture::from(cache.match_with_str(PLACE)).await.is_ok_and(|found| found.is_object()) {
        return true;
    }
    let Ok(nothing) = Response::new_with_opt_buffer_source(Some(&ArrayBuffer::new(BYTES))) else {
        return false;
    };
    JsFuture::from(cache.put_with_str(PLACE, &nothing)).await.is_ok()
}

/// Lets the reserve go.
pub(crate) async fn release() {
    IS_GONE.set(true);
    if let Some(cache) = open().await {
        let _ = JsFuture::from(cache.delete_with_str(PLACE)).await;
    }
}
