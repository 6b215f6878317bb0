//! What may be lost and may be seen: language, theme, last tab, and the sentinel. Never records, names, keys or tokens.

use gloo_storage::{LocalStorage, Storage};

/// The chosen language.
pub(crate) const LANG: &str = "hf.lang";

/// A setting, if it was ever set and the browser keeps any.
pub(crate) fn get(name: &str) -> Option<String> {
    LocalStorage::get(name).ok()
}

/// Keeps a setting. A browser that keeps none loses a convenience only.
pub(crate) fn set(name: &str, value: &str) {
    let _ = LocalStorage::set(name, value);
}

/// Forgets a setting.
pub(crate) fn remove(name: &str) {
    LocalStorage::delete(name);
}
