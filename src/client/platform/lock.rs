//! One tab syncs: a Web Lock, for thrift only. web-sys keeps it behind an unstable flag, hence own bindings.

use js_sys::{Function, Object, Promise, Reflect};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// How the lock is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// When the tab that holds it is gone.
    Wait,
    /// Now: the tab that holds it loses it.
    Steal,
}

/// Asks for the lock for as long as this page lives. Calls back with `true` when it was given, and with `false` if another tab took it
/// away or the page is going. Where there are no locks it is given at once.
pub(crate) fn hold(name: &str, ask: Ask, told: impl Fn(bool) + 'static) {
    let told = Rc::new(told);
    let given = told.clone();
    let callback = Closure::<dyn FnMut() -> Promise>::new(move || {
        given(true);
        // Never settled: the browser keeps the lock until the page goes.
        Promise::new(&mut |_, _| {})
    });
    match request(name, ask, callback.as_ref().unchecked_ref()) {
        Some(held) => {
            let taken = Closure::once(move |error: JsValue| told(are_none(&error)));
            let _ = held.catch(&taken);
            taken.forget();
        }
        None => told(true),
    }
    callback.forget();
}

/// Whether the browser refused because it gives this page no locks at all.
fn are_none(error: &JsValue) -> bool {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    name.as_deref() == Some("SecurityError")
}

fn request(name: &str, ask: Ask, callback: &Function) -> Option<Promise> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"steal".into(), &(ask == Ask::Steal).into()).ok()?;
    request.call3(&locks, &name.into(), &options, callback).ok()?.dyn_into().ok()
}
