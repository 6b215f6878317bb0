//! Photos and signatures as something to look at.

use crate::{
    data::{OfficeError, SMALL_WIDTH, use_data},
    platform::object_url::ObjectUrl,
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeMap, rc::Rc};
use sync::id::BlobHash;

/// The pictures of a page: fetched once, kept until the page goes.
#[derive(Clone, Copy)]
pub(crate) struct Pictures {
    urls: StoredValue<BTreeMap<String, Rc<ObjectUrl>>, LocalStorage>,
    known: RwSignal<BTreeMap<String, Result<String, OfficeError>>>,
}

impl Pictures {
    /// No pictures yet.
    pub(crate) fn new() -> Pictures {
        Pictures { urls: StoredValue::new_local(BTreeMap::new()), known: RwSignal::new(BTreeMap::new()) }
    }

    /// Where an `<img>` finds the picture, watched; empty until it is here.
    pub(crate) fn url(self, hash: &str) -> String {
        match self.known.read().get(hash) {
            Some(Ok(url)) => return url.clone(),
            Some(Err(_)) => return String::new(),
            None => {}
        }
        self.fetch(hash.to_owned());
        String::new()
    }

    /// Keeps a picture that was just made.
    pub(crate) fn keep(self, hash: &str, bytes: &[u8]) {
        let Some(url) = ObjectUrl::new(bytes, mime(bytes)) else { return };
        let text = url.as_str().to_owned();
        self.urls.try_update_value(|urls| urls.insert(hash.to_owned(), Rc::new(url)));
        self.known.try_update(|known| known.insert(hash.to_owned(), Ok(text)));
    }

    fn fetch(self, hash: String) {
        let Ok(blob) = hash.parse::<BlobHash>() else { return };
        let data = use_data();
        spawn_local(async move {
            match data.blob(blob, Some(SMALL_WIDTH)).await {
                Ok(bytes) => self.keep(&hash, &bytes),
                Err(error) => {
                    self.known.try_update(|known| known.insert(hash, Err(error)));
                }
            }
        });
    }
}

/// The kind of picture, by its first bytes.
pub(crate) fn mime(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'R', b'I', b'F', b'F', ..] => "image/webp",
        _ => "image/jpeg",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_told_from_a_photo() {
        assert_eq!(mime(&[0x89, b'P', b'N', b'G', 13]), "image/png");
        assert_eq!(mime(&[0xFF, 0xD8, 0xFF]), "image/jpeg");
    }
}
