//! The worker, where heavy work does not block the page.

use futures::channel::oneshot;
use js_sys::{Array, Uint8Array};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, Worker};

/// The worker did not do it: it could not be started, or there was not enough memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the worker did not answer")]
pub(crate) struct WorkerFailed;

/// The folder of the worker's files, which the build names; none in an app that it did not finish.
pub(crate) fn folder() -> Option<String> {
    let page = web_sys::window()?.document()?;
    let meta = page.query_selector("meta[name=huifang-worker]").ok()??;
    meta.get_attribute("content").filter(|folder| !folder.starts_with("__"))
}

/// Stretches a code, a PIN or a phrase in its one writing.
///
/// # Errors
/// When the worker fails.
pub(crate) async fn stretch(code: &str, salt: &[u8; 16]) -> Result<[u8; 32], WorkerFailed> {
    let message = Array::of2(&JsValue::from_str(code), &Uint8Array::from(salt.as_slice()));
    let answer = ask(&message).await.ok_or(WorkerFailed)?;
    answer.dyn_ref::<Uint8Array>().and_then(|bytes| bytes.to_vec().try_into().ok()).ok_or(WorkerFailed)
}

/// Starts a worker, waits until it is ready, asks it one thing and ends it: its 64 MiB are not kept.
async fn ask(message: &JsValue) -> Option<JsValue> {
    let url = match folder() {
        Some(folder) => format!("/{folder}/huifang-worker_loader.js"),
        None => "/huifang-worker_loader.js".to_owned(),
    };
    let worker = Worker::new(&url).ok()?;
    let (sender, receiver) = oneshot::channel::<Option<JsValue>>();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let on_message = {
        let (sender, worker, message) = (sender.clone(), worker.clone(), message.clone());
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if event.data().as_string().as_deref() == Some("ready") {
                let _ = worker.post_message(&message);
            } else if let Some(sender) = sender.borrow_mut().take() {
                let _ = sender.send(Some(event.data()));
            }
        })
    };
    let on_error = Closure::<dyn Fn()>::new(move || {
        if let Some(sender) = sender.borrow_mut().take() {
            let _ = sender.send(None);
        }
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    let answer = receiver.await.ok().flatten();
    worker.terminate();
    answer
}
