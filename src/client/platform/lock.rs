//! One tab syncs: a Web Lock, for thrift only. web-sys keeps it behind an unstable flag, hence own bindings.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Asks for the lock for as long as this page lives, and calls back when it was given. Where there are no locks it is given at once.
pub(crate) fn hold(name: &str, on_held: impl FnOnce() + 'static) {
    let on_held = std::rc::Rc::new(std::cell::Cell::new(Some(on_held)));
    let given = on_held.clone();
    let callback = Closure::<dyn FnMut() -> Promise>::new(move || {
        if let Some(call) = given.take() {
            call();
        }
        // Never settled: the browser keeps the lock until the page goes.
        Promise::new(&mut |_, _| {})
    });
    if request(name, callback.as_ref().unchecked_ref()).is_none()
        && let Some(call) = on_held.take()
    {
        call();
    }
    callback.forget();
}

fn request(name: &str, callback: &Function) -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    request.call3(&locks, &name.into(), &Object::new(), callback).ok()
}
