//! A key of the browser's own that no script can read: it answers, and is kept only as the object that it is.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

const HMAC: &str = "HMAC";

#[wasm_bindgen]
extern "C" {
    type Subtle;

    #[wasm_bindgen(method, catch, js_name = generateKey)]
    fn generate_key(
        this: &Subtle,
        algorithm: &Object,
        extractable: bool,
        uses: &Array,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn sign(this: &Subtle, algorithm: &str, key: &JsValue, text: &[u8]) -> Result<Promise, JsValue>;
}

/// The key.
#[derive(Clone)]
pub(crate) struct DeviceKey(JsValue);

/// The browser's cryptography; none outside of a secure context.
fn subtle() -> Option<Subtle> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    subtle.is_object().then(|| subtle.unchecked_into())
}

impl DeviceKey {
    /// A new key; none where the browser makes none.
    pub(crate) async fn make() -> Option<DeviceKey> {
        let algorithm = Object::new();
        Reflect::set(&algorithm, &"name".into(), &HMAC.into()).ok()?;
        Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into()).ok()?;
        let making = subtle()?.generate_key(&algorithm, false, &Array::of1(&"sign".into())).ok()?;
        JsFuture::from(making).await.ok().map(DeviceKey)
    }

    /// The key as the database keeps it.
    pub(crate) fn stored(&self) -> &JsValue {
        &self.0
    }

    /// The key as the database gave it back.
    pub(crate) fn from_stored(value: JsValue) -> Option<DeviceKey> {
        value.is_object().then_some(DeviceKey(value))
    }

    /// What the key makes of a text: HMAC-SHA-256.
    pub(crate) async fn answer(&self, text: &[u8]) -> Option<[u8; 32]> {
        let signing = subtle()?.sign(HMAC, &self.0, text).ok()?;
        let bytes = JsFuture::from(signing).await.ok()?;
        Uint8Array::new(&bytes).to_vec().try_into().ok()
    }
}
