//! The browser, and the only place that speaks to it.

pub(crate) mod authenticator;
pub(crate) mod back;
pub(crate) mod badge;
pub(crate) mod barcode;
pub(crate) mod camera;
pub(crate) mod channel;
pub(crate) mod clock;
pub(crate) mod device_key;
pub(crate) mod display;
pub(crate) mod entropy;
pub(crate) mod files;
pub(crate) mod gzip;
pub(crate) mod http;
pub(crate) mod install;
pub(crate) mod keepsake;
pub(crate) mod lifecycle;
pub(crate) mod lock;
pub(crate) mod media;
pub(crate) mod object_url;
pub(crate) mod panic_report;
pub(crate) mod picture;
pub(crate) mod position;
pub(crate) mod prefs;
pub(crate) mod recorder;
pub(crate) mod reserve;
pub(crate) mod scroll;
pub(crate) mod service_worker;
pub(crate) mod storage;
pub(crate) mod timer;
pub(crate) mod worker;

/// The bytes of a blob, or nothing if the browser cannot read it.
pub(crate) async fn blob_bytes(blob: &web_sys::Blob) -> Option<Vec<u8>> {
    let buffer = wasm_bindgen_futures::JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
