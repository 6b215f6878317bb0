//! The sheet `settings`.

use crate::{
    cells::Sheets,
    problem::{Found, Place, said},
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

/// The English title, for which XLSForm has no setting.
pub(crate) const TITLE_EN: &str = "huifang_title_en";

/// Characters an id may have.
pub(crate) const ID_MAX: usize = 64;

pub(crate) fn read(sheets: &Sheets, stem: &str, found: &mut Found) -> Settings {
    let rows = sheets.settings.rows();
    let row = rows.first().filter(|row| row.number == 2);
    let get = |name: &str| row.and_then(|row| row.get(name));
    let id = get("id").unwrap_or(stem).to_owned();
    if id.chars().count() > ID_MAX {
        let said = said!(
            "the form_id has more than {ID_MAX} characters: choose a shorter one",
            "form_id 超过 {ID_MAX} 个字符：请取短一些"
        );
        found.error(Place::cell("settings", 2, "form_id"), said);
    }
    if let Some(name) = get("name")
        && !is_xml_name(name)
    {
        found.error(Place::cell("settings", 2, "name"), types::name_advice());
    }
    for (name, without) in [("flat", false), ("add_none_option", false), ("clean_text_values", true)] {
        if get(name).is_some_and(|value| types::yes_or_no(value) != Some(without)) {
            let said = said!("the setting {name} is not supported: remove it", "不支持设置 {name}：请删去");
            found.error(Place::cell("settings", 2, name), said);
        }
    }
    for column in &sheets.settings.columns {
        let is_known = [
            "title",
            TITLE_EN,
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
            let said = said!("this setting has no effect here", "这项设置在这里不起作用");
            found.warn(Place::cell("settings", 2, &column.heading), said);
        }
    }
    Settings {
        title: Words { zh: get("title").unwrap_or(&id).to_owned(), en: get(TITLE_EN).map(str::to_owned) },
        id,
        version: get("version").and_then(|version| version.parse().ok()).filter(|n| *n > 0).unwrap_or(1),
        default_language: get("default_language").map(str::to_owned),
        allow_choice_duplicates: get("allow_choice_duplicates").and_then(types::yes_or_no).unwrap_or(false),
    }
}
