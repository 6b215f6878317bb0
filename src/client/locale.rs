//! The language of the screen, and every sentence in it.
//!
//! `words::<slice>::<key>()` answers in the active language. A change of language builds the page anew, so a view need not watch it.

use crate::platform::prefs;
use leptos::prelude::*;
use std::cell::Cell;

/// A language that the catalogs have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// As written in the document's `lang`.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    fn from_tag(tag: &str) -> Lang {
        if tag.starts_with("en") { Lang::En } else { Lang::Zh }
    }
}

thread_local! {
    static ACTIVE: Cell<Lang> = const { Cell::new(Lang::Zh) };
}

/// The language that texts are answered in.
pub(crate) fn active() -> Lang {
    ACTIVE.get()
}

/// The choice of language; a context.
#[derive(Clone, Copy)]
pub(crate) struct Locale(RwSignal<Lang>);

impl Locale {
    /// The language chosen before on this device, else Chinese.
    pub(crate) fn remembered() -> Locale {
        let lang = prefs::get(prefs::LANG).map(|tag| Lang::from_tag(&tag)).unwrap_or_default();
        let locale = Locale(RwSignal::new(lang));
        locale.apply(lang);
        locale
    }

    /// The active language, watched.
    pub(crate) fn get(self) -> Lang {
        self.0.get()
    }

    /// Changes the language and remembers it.
    pub(crate) fn set(self, lang: Lang) {
        prefs::set(prefs::LANG, lang.tag());
        self.apply(lang);
        self.0.set(lang);
    }

    fn apply(self, lang: Lang) {
        ACTIVE.set(lang);
        if let Some(root) = document().document_element() {
            // Refused only on a document that is going away.
            let _ = root.set_attribute("lang", lang.tag());
        }
    }
}

/// The locale of the app.
///
/// # Panics
/// Outside of `App`, which provides it.
pub(crate) fn use_locale() -> Locale {
    use_context().expect("App provides the locale to everything below it")
}

/// Every sentence, by slice and key.
pub(crate) mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}
