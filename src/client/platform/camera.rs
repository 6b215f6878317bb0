//! The device's camera, shown in the page: no other app comes to the front, which a small phone may close this one for.
//!
//! Own bindings, few as they are: the browser's for all of its media weigh more than what is used of them.

use js_sys::{Array, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, HtmlVideoElement};

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

/// Which way a camera looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Facing {
    /// Away from the person, at what he sees.
    Away,
    /// At the person.
    Person,
}

impl Facing {
    /// The other way.
    pub(crate) fn other(self) -> Facing {
        match self {
            Facing::Away => Facing::Person,
            Facing::Person => Facing::Away,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Facing::Away => "environment",
            Facing::Person => "user",
        }
    }
}

/// Why no camera can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CameraError {
    #[error("the person or the browser does not allow it")]
    Refused,
    #[error("there is no camera")]
    Missing,
    #[error("another app has it, or it does not start")]
    Busy,
}

impl CameraError {
    /// After the name that the specification of `getUserMedia` gives each failure.
    fn named(name: &str) -> CameraError {
        match name {
            "NotAllowedError" | "SecurityError" => CameraError::Refused,
            "NotFoundError" | "OverconstrainedError" => CameraError::Missing,
            _ => CameraError::Busy,
        }
    }

    fn of(error: &JsValue) -> CameraError {
        CameraError::named(&error.dyn_ref().map(DomException::name).unwrap_or_default())
    }
}

/// A camera that is on. Dropped, it is off, and so is its light.
pub(crate) struct Camera(MediaStream);

impl Camera {
    /// Whether the browser shows cameras in a page at all; none does outside of a secure context.
    pub(crate) fn is_known() -> bool {
        devices().is_some()
    }

    /// Turns on the camera that looks this way, or the only one there is.
    ///
    /// # Errors
    /// When it may not, or there is none, or it does not start.
    pub(crate) async fn open(facing: Facing) -> Result<Camera, CameraError> {
        let devices = devices().ok_or(CameraError::Missing)?;
        let wanted = format!(
            r#"{{"video":{{"facingMode":"{}","width":{{"ideal":1920}},"height":{{"ideal":1080}}}}}}"#,
            facing.word()
        );
        let wanted = JSON::parse(&wanted).map_err(|_| CameraError::Missing)?;
        let stream = devices.get_user_media(&wanted).map_err(|error| CameraError::of(&error))?;
        let stream = JsFuture::from(stream).await.map_err(|error| CameraError::of(&error))?;
        Ok(Camera(stream.unchecked_into()))
    }

    /// Shows what it sees, until it is off.
    pub(crate) fn show(&self, video: &HtmlVideoElement) {
        // A video element takes every stream.
        let _ = Reflect::set(video, &"srcObject".into(), &self.0);
    }

    /// Calls back when the camera goes off by itself: it was taken away, or is no longer allowed.
    pub(crate) fn on_end(&self, call: impl FnOnce() + 'static) {
        let call = Closure::once_into_js(call);
        for track in self.0.tracks() {
            track.unchecked_into::<Track>().set_onended(&call);
        }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.0.tracks() {
            track.unchecked_into::<Track>().stop();
        }
    }
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
    fn what_a_browser_says_of_its_camera_is_one_of_three_things() {
        for (name, error) in [
            ("NotAllowedError", CameraError::Refused),
            ("SecurityError", CameraError::Refused),
            ("NotFoundError", CameraError::Missing),
            ("OverconstrainedError", CameraError::Missing),
            ("NotReadableError", CameraError::Busy),
            ("AbortError", CameraError::Busy),
            ("", CameraError::Busy),
        ] {
            assert_eq!(CameraError::named(name), error, "{name}");
        }
    }
}
