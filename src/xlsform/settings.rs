//! The sheet `settings`.

use crate::{
    cells::Sheets,
    problem::{Found, Place},
    types::{self, is_xml_name},
};
use domain::checklist::Words;

pub(crate) struct Settings {
    pub(crate) id: String,
    pub(crate) title: Words,
    pub(crate) version: u32,
    pub(crate) default_language: Option<String>,
    pub(crate) allow_choice_duplicates: bool,
}

/// Characters an id may have.
pub(crate) const ID_MAX: usize = 64;

pub(crate) fn read(sheets: &Sheets, stem: &str, found: &mut Found) -> Settings {
    let rows = sheets.settings.rows();
    let row = rows.first().filter(|row| row.number == 2);
    let get = |name: &str| row.and_then(|row| row.get(name));
    let id = get("id").unwrap_or(stem).to_owned();
    if id.chars().count() > ID_MAX {
        let said = format!("the form_id has more than {ID_MAX} characters: choose a shorter one");
        found.error(Place::cell("settings", 2, "form_id"), said);
    }
    if let Some(name) = get("name")
        && !is_xml_name(name)
    {
        found.error(Place::cell("settings", 2, "name"), types::NAME_ADVICE);
    }
    for (name, without) in [("flat", false), ("add_none_option", false), ("clean_text_values", true)] {
        if get(name).is_some_and(|value| types::yes_or_no(value) != Some(without)) {
            let said = format!("the setting {name} is not supported: remove it");
            found.error(Place::cell("settings", 2, name), said);
        }
    }
    for column in &sheets.settings.columns {
        let is_known = [
            "title",
            "id",
            "version",
            "default_language",
            "allow_choice_duplicates",
            "name",
            "flat",
            "add_none_option",
            "clean_text_values",
        ];
        if !is_known.contains(&&*column.name) && get(&column.name).is_some() {
            found.warn(Place::cell("settings", 2, &column.heading), "this setting has no effect here");
        }
    }
    Settings {
        title: Words { zh: get("title").unwrap_or(&id).to_owned(), en: None },
        id,
        version: get("version").and_then(|version| version.parse().ok()).filter(|n| *n > 0).unwrap_or(1),
        default_language: get("default_language").map(str::to_owned),
        allow_choice_duplicates: get("allow_choice_duplicates").and_then(types::yes_or_no).unwrap_or(false),
    }
}
