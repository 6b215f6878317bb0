//! The device's own authenticator (finger, face or screen lock) as a keeper of secrets: WebAuthn with its PRF extension.
//!
//! Nobody logs in with it. The challenge is random and no answer is checked by anybody: what counts is the 32 bytes that the authenticator makes
//! of a salt, which are a part of a key on this device. web-sys keeps some of it behind an unstable flag, hence `Reflect`.

use super::entropy;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array, global};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;
use zeroize::Zeroizing;

/// How long somebody may take to lift his finger.
const TIMEOUT_MS: u32 = 60_000;
/// ECDSA with P-256 and RSA, which between them every authenticator has. Nothing is signed for anybody.
const ALGORITHMS: [i32; 2] = [-7, -257];

thread_local! {
    /// What ends the question that is being asked: a browser asks one at a time.
    static ASKED: RefCell<Option<AbortController>> = const { RefCell::new(None) };
}

/// Why it gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The browser wants a tap before it asks: the last is too long ago.
    Tap,
    /// Cancelled, too late, or the credential is gone: browsers tell no page which.
    Refused,
    /// It makes no secrets.
    Mute,
}

/// Whether the device has an authenticator that may be of use here.
pub(crate) async fn is_there() -> bool {
    // A credential belongs to a name; an address of numbers is none.
    let host = host();
    if host.is_empty() || host.ends_with(|last: char| last.is_ascii_digit() || last == ']') {
        return false;
    }
    let class = member(&global(), "PublicKeyCredential");
    let is_there = call(&class, "isUserVerifyingPlatformAuthenticatorAvailable", &JsValue::UNDEFINED).await;
    if is_there != Ok(JsValue::TRUE) {
        return false;
    }
    // Older browsers do not say what they can; whether it can is seen when it is tried.
    let can = call(&class, "getClientCapabilities", &JsValue::UNDEFINED).await.unwrap_or_default();
    member(&can, "extension:prf") != JsValue::FALSE
}

/// Makes a credential and gives its id.
///
/// It stays on the device as far as the browser lets it (`residentKey: discouraged`), and nothing personal is in it. The finger is demanded, not only
/// preferred: authenticators make other secrets without it than with it.
///
/// # Errors
/// When there is none afterwards that makes secrets.
pub(crate) async fn enrol(salt: &[u8]) -> Result<Vec<u8>, Refusal> {
    let name = JsValue::from(host());
    let kinds: Array = ALGORITHMS
        .iter()
        .map(|alg| object(&[("type", &"public-key".into()), ("alg", &JsValue::from(*alg))]))
        .collect();
    let user = [("id", &bytes(&entropy::bytes::<16>())), ("name", &name), ("displayName", &name)];
    let selection = [
        ("authenticatorAttachment", &"platform".into()),
        ("residentKey", &"discouraged".into()),
        ("userVerification", &"required".into()),
    ];
    let made = ask_for(
        "create",
        &[
            ("rp", &object(&[("name", &name)])),
            ("user", &object(&user)),
            ("pubKeyCredParams", &kinds),
            ("authenticatorSelection", &object(&selection)),
        ],
        salt,
    )
    .await?;
    if member(&prf_of(&made).await, "enabled") != JsValue::TRUE {
        return Err(Refusal::Mute);
    }
    Ok(Uint8Array::new(&member(&made, "rawId")).to_vec())
}

/// Asks for the secret that a credential makes of a salt.
///
/// # Errors
/// When there is no answer, or none of 32 bytes.
pub(crate) async fn ask(id: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, Refusal> {
    let credential = object(&[
        ("type", &"public-key".into()),
        ("id", &bytes(id)),
        ("transports", &Array::of1(&"internal".into())),
    ]);
    let given = ask_for(
        "get",
        &[("allowCredentials", &Array::of1(&credential)), ("userVerification", &"required".into())],
        salt,
    )
    .await?;
    let first = member(&member(&prf_of(&given).await, "results"), "first");
    if !first.is_object() {
        return Err(Refusal::Mute);
    }
    let first = Uint8Array::new(&first);
    let answer = Zeroizing::new(first.to_vec());
    first.fill(0, 0, first.length());
    <[u8; 32]>::try_from(answer.as_slice()).map(Zeroizing::new).map_err(|_| Refusal::Mute)
}

/// Nobody waits for an answer any more: the browser takes its question off the screen.
pub(crate) fn leave() {
    if let Some(asked) = ASKED.take() {
        asked.abort();
    }
}

/// One call of the browser's `credentials`.
async fn ask_for(method: &str, what: &[(&str, &JsValue)], salt: &[u8]) -> Result<JsValue, Refusal> {
    let navigator = member(&global(), "navigator");
    // Where the browser does not say, a tap is taken to be fresh.
    let is_tapped = member(&member(&navigator, "userActivation"), "isActive") != JsValue::FALSE;
    let eval = object(&[("eval", &object(&[("first", &bytes(salt))]))]);
    let common = object(&[
        ("challenge", &bytes(&entropy::bytes::<32>())),
        ("timeout", &TIMEOUT_MS.into()),
        ("extensions", &object(&[("prf", &eval)])),
    ]);
    for (name, value) in what {
        set(&common, name, value);
    }
    let options = object(&[("publicKey", &common)]);
    if let Ok(asked) = AbortController::new() {
        set(&options, "signal", &asked.signal());
        ASKED.set(Some(asked));
    }
    match call(&member(&navigator, "credentials"), method, &options).await {
        Ok(credential) if credential.is_object() => Ok(credential),
        _ if is_tapped => Err(Refusal::Refused),
        _ => Err(Refusal::Tap),
    }
}

async fn prf_of(credential: &JsValue) -> JsValue {
    let results = call(credential, "getClientExtensionResults", &JsValue::UNDEFINED).await;
    member(&results.unwrap_or_default(), "prf")
}

/// The name that the app is served by.
fn host() -> String {
    member(&member(&global(), "location"), "hostname").as_string().unwrap_or_default()
}

/// A member; undefined where there is none.
fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// Calls a method, and waits where it gives a promise.
async fn call(of: &JsValue, method: &str, with: &JsValue) -> Result<JsValue, JsValue> {
    let method: Function = member(of, method).dyn_into()?;
    JsFuture::from(Promise::resolve(&method.call1(of, with)?)).await
}

fn object(members: &[(&str, &JsValue)]) -> JsValue {
    let object = JsValue::from(Object::new());
    for (name, value) in members {
        set(&object, name, value);
    }
    object
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Fails only for what is no object.
    let _ = Reflect::set(object, &name.into(), value);
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}
