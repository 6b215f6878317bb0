//! Photos and signatures as something to look at.

use crate::{
    data::{OfficeError, use_data},
    features::problems,
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

    /// Why a picture is not here, watched.
    pub(crate) fn problem(self, hash: &str) -> Option<&'static str> {
        self.known.read().get(hash).and_then(|known| known.as_ref().err()).map(problems::office)
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
            match data.blob(blob, None).await {
                Ok(bytes) => self.keep(&hash, &bytes),
                Err(error) => {
                    self.known.try_update(|known| known.insert(hash, Err(error)));
                }
            }
        });
    }
}

fn mime(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" }
}
