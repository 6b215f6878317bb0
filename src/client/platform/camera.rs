//! The device's camera, shown in the page: no other app comes to the front, which a small phone may close this one for.

use super::media::{self, MediaError, Stream};
use js_sys::Reflect;
use web_sys::HtmlVideoElement;

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

/// A camera that is on. Dropped, it is off, and so is its light.
pub(crate) struct Camera(Stream);

impl Camera {
    /// Whether the browser shows cameras in a page at all; none does outside of a secure context.
    pub(crate) fn is_known() -> bool {
        media::is_known()
    }

    /// Turns on the camera that looks this way, or the only one there is.
    ///
    /// # Errors
    /// When it may not, or there is none, or it does not start.
    pub(crate) async fn open(facing: Facing) -> Result<Camera, MediaError> {
        let wanted = format!(
            r#"{{"video":{{"facingMode":"{}","width":{{"ideal":1920}},"height":{{"ideal":1080}}}}}}"#,
            facing.word()
        );
        Stream::open(&wanted).await.map(Camera)
    }

    /// Shows what it sees, until it is off.
    pub(crate) fn show(&self, video: &HtmlVideoElement) {
        // A video element takes every stream.
        let _ = Reflect::set(video, &"srcObject".into(), self.0.as_js());
    }

    /// Calls back when it goes off by itself: it was taken away, or is no longer allowed.
    pub(crate) fn on_end(&self, call: impl FnOnce() + 'static) {
        self.0.on_end(call);
    }
}
