//! The browser's storage as a whole: whether it is kept, and how much is left.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

/// What the browser says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) persisted: bool,
    pub(crate) free: Option<u64>,
    pub(crate) used: Option<u64>,
}

fn manager() -> Option<StorageManager> {
    let navigator = web_sys::window()?.navigator();
    let there = Reflect::get(&navigator, &"storage".into()).is_ok_and(|storage| storage.is_object());
    there.then(|| navigator.storage())
}

/// How the storage stands.
pub(crate) async fn facts() -> Facts {
    let Some(manager) = manager() else { return Facts::default() };
    let persisted = match manager.persisted() {
        Ok(asked) => JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy()),
        Err(_) => false,
    };
    let estimate = match manager.estimate() {
        Ok(asked) => JsFuture::from(asked).await.unwrap_or(JsValue::NULL),
        Err(_) => JsValue::NULL,
    };
    let number = |name: &str| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of bytes")]
        let bytes = Reflect::get(&estimate, &name.into())
            .ok()
            .and_then(|value| value.as_f64())
            .map(|value| value as u64);
        bytes
    };
    let used = number("usage");
    Facts { persisted, used, free: number("quota").zip(used).map(|(quota, used)| quota.saturating_sub(used)) }
}

/// Asks the browser to keep the storage; the answer.
pub(crate) async fn persist() -> bool {
    let Some(asked) = manager().and_then(|manager| manager.persist().ok()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy())
}
