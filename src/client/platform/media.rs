//! The device's camera and microphone as the browser hands them out.
//!
//! Own bindings, few as they are: the browser's for all of its media weigh more than what is used of them.

use js_sys::{Array, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

#[wasm_bindgen]
extern "C" {
    type MediaDevices;

    #[wasm_bindgen(method, catch, js_name = getUserMedia)]
    fn get_user_media(this: &MediaDevices, wanted: &JsValue) -> Result<Promise, JsValue>;

    type MediaStream;

    #[wasm_bindgen(method, js_name = getTracks)]
    fn tracks(this: &MediaStream) -> Array;

    type Track;

    #[wasm_bindgen(method)]
    fn stop(this: &Track);

    #[wasm_bindgen(method, setter)]
    fn set_onended(this: &Track, call: &JsValue);
}

/// Why a camera or microphone cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MediaError {
    #[error("the person or the browser does not allow it")]
    Refused,
    #[error("there is none")]
    Missing,
    #[error("another app has it, or it does not start")]
    Busy,
}

impl MediaError {
    /// After the name that the specification of `getUserMedia` gives each failure.
    fn named(name: &str) -> MediaError {
        match name {
            "NotAllowedError" | "SecurityError" => MediaError::Refused,
            "NotFoundError" | "OverconstrainedError" => MediaError::Missing,
            _ => MediaError::Busy,
        }
    }

    fn of(error: &JsValue) -> MediaError {
        MediaError::named(&error.dyn_ref().map(DomException::name).unwrap_or_default())
    }
}

/// What a camera sees or a microphone hears. Dropped, it is off, and so is its light.
pub(super) struct Stream(MediaStream);

impl Stream {
    /// Turns on what the constraints, in JSON, ask for.
    ///
    /// # Errors
    /// When it may not, or there is none, or it does not start.
    pub(super) async fn open(constraints: &str) -> Result<Stream, MediaError> {
        let devices = devices().ok_or(MediaError::Missing)?;
        let wanted = JSON::parse(constraints).map_err(|_| MediaError::Missing)?;
        let stream = devices.get_user_media(&wanted).map_err(|error| MediaError::of(&error))?;
        let stream = JsFuture::from(stream).await.map_err(|error| MediaError::of(&error))?;
        Ok(Stream(stream.unchecked_into()))
    }

    /// The browser's own.
    pub(super) fn as_js(&self) -> &JsValue {
        &self.0
    }

    /// Calls back when it goes off by itself: it was taken away, or is no longer allowed.
    pub(super) fn on_end(&self, call: impl FnOnce() + 'static) {
        let call = Closure::once_into_js(call);
        for track in self.0.tracks() {
            track.unchecked_into::<Track>().set_onended(&call);
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        for track in self.0.tracks() {
            track.unchecked_into::<Track>().stop();
        }
    }
}

/// Whether the browser hands any out at all; none does outside of a secure context.
pub(super) fn is_known() -> bool {
    devices().is_some()
}

fn devices() -> Option<MediaDevices> {
    let navigator: Object = web_sys::window()?.navigator().unchecked_into();
    let devices = Reflect::get(&navigator, &"mediaDevices".into()).ok()?;
    devices.is_object().then(|| devices.unchecked_into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_says_of_its_devices_is_one_of_three_things() {
        for (name, error) in [
            ("NotAllowedError", MediaError::Refused),
            ("SecurityError", MediaError::Refused),
            ("NotFoundError", MediaError::Missing),
            ("OverconstrainedError", MediaError::Missing),
            ("NotReadableError", MediaError::Busy),
            ("AbortError", MediaError::Busy),
            ("", MediaError::Busy),
        ] {
            assert_eq!(MediaError::named(name), error, "{name}");
        }
    }
}
