//! The worker: stretches a code, a PIN or a phrase, which takes a second or more and 64 MiB.
//!
//! A message is `[text, salt]`, the text in its one writing; the answer the 32 bytes, or `null`.

use crypto::code::stretch;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let answering = scope.clone();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let answer =
            answer(&event.data()).map_or(JsValue::NULL, |key| Uint8Array::from(key.as_slice()).into());
        // A page that is gone needs no answer.
        let _ = answering.post_message(&answer);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str("ready"));
}

fn answer(message: &JsValue) -> Option<[u8; 32]> {
    let message: &Array = message.dyn_ref()?;
    let salt: [u8; 16] = message.get(1).dyn_ref::<Uint8Array>()?.to_vec().try_into().ok()?;
    stretch(&message.get(0).as_string()?, &salt).ok().map(|key| *key.expose())
}
