//! The device's microphone: what is said becomes a file small enough for a village's network.

use super::{
    blob_bytes,
    media::{self, MediaError, Stream},
    timer,
};
use futures::{
    channel::oneshot,
    future::{Either, select},
};
use js_sys::JSON;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::Blob;

#[wasm_bindgen]
extern "C" {
    type MediaRecorder;

    #[wasm_bindgen(constructor, catch)]
    fn new(stream: &JsValue, options: &JsValue) -> Result<MediaRecorder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn start(this: &MediaRecorder) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn stop(this: &MediaRecorder) -> Result<(), JsValue>;

    #[wasm_bindgen(method, setter)]
    fn set_ondataavailable(this: &MediaRecorder, call: &JsValue);

    type Recorded;

    #[wasm_bindgen(method, getter)]
    fn data(this: &Recorded) -> Blob;
}

/// Speech is well understood at 24 kbit/s: two minutes are 360 KB.
const OPTIONS: &str = r#"{"audioBitsPerSecond":24000}"#;

/// So long a browser has to give what was heard.
const TELLS_WITHIN_MS: i64 = 5_000;

/// A microphone that is on and what it heard. Dropped, it is off, and nothing is kept.
pub(crate) struct Recorder {
    recorder: MediaRecorder,
    heard: oneshot::Receiver<Blob>,
    microphone: Stream,
}

impl Recorder {
    /// Whether the browser hands out microphones at all; none does outside of a secure context.
    pub(crate) fn is_known() -> bool {
        media::is_known()
    }

    /// Turns the microphone on and keeps what it hears.
    ///
    /// # Errors
    /// When it may not, or there is none, or it does not start.
    pub(crate) async fn start() -> Result<Recorder, MediaError> {
        let microphone = Stream::open(r#"{"audio":true}"#).await?;
        let options = JSON::parse(OPTIONS).map_err(|_| MediaError::Busy)?;
        let recorder = MediaRecorder::new(microphone.as_js(), &options).map_err(|_| MediaError::Busy)?;
        let (tell, heard) = oneshot::channel();
        // Once only: all of it comes when the recorder ends, whoever ends it.
        let call = move |event: Recorded| drop(tell.send(event.data()));
        recorder.set_ondataavailable(&Closure::once_into_js(call));
        recorder.start().map_err(|_| MediaError::Busy)?;
        Ok(Recorder { recorder, heard, microphone })
    }

    /// Calls back when it goes off by itself: a call took it, or it is no longer allowed.
    pub(crate) fn on_end(&self, call: impl FnOnce() + 'static) {
        self.microphone.on_end(call);
    }

    /// Turns it off: what was heard, as the browser writes it, or nothing if it cannot be read.
    pub(crate) async fn stop(self) -> Option<Vec<u8>> {
        // One that has ended by itself has told already.
        let _ = self.recorder.stop();
        // A browser that tells nothing must not keep the visit from being finished.
        let heard = match select(self.heard, Box::pin(timer::sleep(TELLS_WITHIN_MS))).await {
            Either::Left((heard, _)) => heard.ok()?,
            Either::Right(_) => return None,
        };
        let bytes = blob_bytes(&heard).await?;
        (!bytes.is_empty()).then_some(bytes)
    }
}
