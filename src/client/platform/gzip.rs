//! Gzip by the browser. web-sys keeps `CompressionStream` behind an unstable flag, hence own bindings.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response};

#[wasm_bindgen]
extern "C" {
    type CompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;
}

/// The bytes compressed, or nothing where the browser cannot; they go up as they are then.
pub(crate) async fn compress(bytes: &[u8]) -> Option<Vec<u8>> {
    try_compress(bytes).await.ok()
}

async fn try_compress(bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    let gzip = CompressionStream::new("gzip")?;
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
    let stream = Blob::new_with_u8_array_sequence(&parts)?.stream();
    let pipe: Function = Reflect::get(&stream, &"pipeThrough".into())?.dyn_into()?;
    let compressed = pipe.call1(&stream, &gzip)?;
    let response = Response::new_with_opt_readable_stream(Some(compressed.unchecked_ref()))?;
    let buffer: Promise = response.array_buffer()?;
    Ok(Uint8Array::new(&JsFuture::from(buffer).await?).to_vec())
}
