//! The browser's own reader of QR codes, where it has one.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// What the first QR code on a picture says; nothing where none is seen or the browser has no reader.
pub(crate) async fn read(picture: &[u8]) -> Option<String> {
    let window = web_sys::window()?;
    let class: Function = Reflect::get(&window, &"BarcodeDetector".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"formats".into(), &Array::of1(&"qr_code".into())).ok()?;
    let detector = Reflect::construct(&class, &Array::of1(&options)).ok()?;
    let promise = window.create_image_bitmap_with_blob(&blob(picture)?).ok()?;
    let bitmap = JsFuture::from(promise).await.ok()?;
    let detect: Function = Reflect::get(&detector, &"detect".into()).ok()?.dyn_into().ok()?;
    let found: Promise = detect.call1(&detector, &bitmap).ok()?.dyn_into().ok()?;
    let codes: Array = JsFuture::from(found).await.ok()?.dyn_into().ok()?;
    Reflect::get(&codes.get(0), &"rawValue".into()).ok()?.as_string()
}

fn blob(bytes: &[u8]) -> Option<web_sys::Blob> {
    let parts = Array::of1(&js_sys::Uint8Array::from(bytes));
    web_sys::Blob::new_with_u8_array_sequence(&parts).ok()
}
