//! Bytes as something an `<img>` can show.

use js_sys::{Array, Uint8Array};
use web_sys::{Blob, BlobPropertyBag, Url};

/// An address for bytes in memory; gone when dropped.
pub(crate) struct ObjectUrl(String);

impl ObjectUrl {
    /// An address for the bytes, or nothing if the browser has no room.
    pub(crate) fn new(bytes: &[u8], mime: &str) -> Option<ObjectUrl> {
        let parts = Array::of1(&Uint8Array::from(bytes));
        let options = BlobPropertyBag::new();
        options.set_type(mime);
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(ObjectUrl)
    }

    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        // Fails only for an address that is none.
        let _ = Url::revoke_object_url(&self.0);
    }
}
