//! The language of the screen, and every sentence in it.
//!
//! `words::<slice>::<key>()` answers in the active language. A change of language builds the page anew, so a view need not watch it.

use crate::platform::prefs;
use leptos::prelude::*;
use std::{cell::Cell, fmt::Display};

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

thread_local! {
    static AT_DESK: Cell<bool> = const { Cell::new(false) };
}

/// The English word of a stored code.
pub(crate) fn option_en(field: &str, code: &str) -> Option<&'static str> {
    let word = |line: &'static str| {
        line.strip_prefix(field)?.strip_prefix(' ')?.strip_prefix(code)?.strip_prefix(' ')
    };
    words::OPTIONS_EN.lines().find_map(word)
}

/// Whether texts speak of a PC instead of a phone from now on.
pub(crate) fn set_at_desk(at_desk: bool) {
    AT_DESK.set(at_desk);
}

/// The place of a text that names the device in hand: on a phone the first of two, at a desk the second.
fn here(place: usize) -> usize {
    place + usize::from(AT_DESK.get())
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

/// The texts of a language, one after another.
struct Table {
    texts: &'static str,
    /// Of each text, in bytes.
    lengths: &'static [u16],
}

/// The text at a place, in the active language.
#[inline(never)]
fn text(place: usize) -> &'static str {
    let table = match active() {
        Lang::Zh => &words::ZH,
        Lang::En => &words::EN,
    };
    let start: usize = table.lengths[..place].iter().copied().map(usize::from).sum();
    &table.texts[start..start + usize::from(table.lengths[place])]
}

/// The text at a place with its arguments, which stand in it as `{name}`.
#[inline(never)]
fn filled(place: usize, arguments: &[(&str, &dyn Display)]) -> String {
    let mut parts = text(place).split(['{', '}']);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    while let (Some(name), Some(rest)) = (parts.next(), parts.next()) {
        if let Some((_, value)) = arguments.iter().find(|(argument, _)| *argument == name) {
            whole += &value.to_string();
        }
        whole += rest;
    }
    whole
}

/// Every sentence, by slice and key.
pub(crate) mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_both_languages_and_filled() {
        let said = || (words::person::draft(), words::person::age(78), words::person::needs(1));
        ACTIVE.set(Lang::En);
        let english = said();
        ACTIVE.set(Lang::Zh);
        let chinese = said();
        assert_ne!(english.0, chinese.0);
        assert!(english.1.contains("78") && chinese.1.contains("78"), "{} {}", english.1, chinese.1);
        assert!(english.2.contains('1') && !english.2.contains("{n}"), "{}", english.2);
        ACTIVE.set(Lang::En);
        assert_ne!(words::person::needs(1).replace('1', "2"), words::person::needs(2));
        ACTIVE.set(Lang::Zh);
    }

    #[test]
    fn a_text_names_the_device_in_hand() {
        assert!(words::sync::on_phone().contains("手机"));
        set_at_desk(true);
        assert!(words::sync::on_phone().contains("电脑"));
        set_at_desk(false);
    }
}
