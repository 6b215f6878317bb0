//! What tabs of one vault tell each other.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// A line to the other tabs. Where the browser has none, tabs learn of each other by the storage alone.
pub(crate) struct Channel {
    channel: Option<BroadcastChannel>,
    /// Keeps the callback alive.
    _on_message: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    /// Opens the line; the call is made for each word of another tab.
    pub(crate) fn open(name: &str, call: impl Fn(String) + 'static) -> Channel {
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(word) = event.data().as_string() {
                call(word);
            }
        });
        let channel = BroadcastChannel::new(name).ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        }
        Channel { channel, _on_message: on_message }
    }

    /// Tells the other tabs.
    pub(crate) fn tell(&self, word: &str) {
        if let Some(channel) = &self.channel {
            // A tab that does not hear it finds out at its next write.
            let _ = channel.post_message(&JsValue::from_str(word));
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }
}
