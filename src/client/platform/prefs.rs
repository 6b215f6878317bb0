//! What may be lost and may be seen: language, theme, last tab, and the sentinel. Never records, names, keys or tokens.

use gloo_storage::{LocalStorage, SessionStorage, Storage};

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

/// A setting of this tab, gone with it.
pub(crate) fn get_for_tab(name: &str) -> Option<String> {
    SessionStorage::get(name).ok()
}

/// Keeps a setting as long as the tab lives.
pub(crate) fn set_for_tab(name: &str, value: &str) {
    let _ = SessionStorage::set(name, value);
}

/// Forgets a setting of this tab.
pub(crate) fn remove_for_tab(name: &str) {
    SessionStorage::delete(name);
}
