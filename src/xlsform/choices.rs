//! The sheet `choices`: lists of options.

use crate::{
    cells::Sheets,
    languages::Languages,
    problem::{Found, Place, said},
    settings::Settings,
};
use domain::checklist::Choice;
use std::collections::{BTreeMap, BTreeSet};

/// Lists by name.
pub(crate) type Lists = BTreeMap<String, Vec<Choice>>;

pub(crate) fn read(sheets: &Sheets, settings: &Settings, languages: &Languages, found: &mut Found) -> Lists {
    let mut lists = Lists::new();
    let table = &sheets.choices;
    if !table.rows().is_empty() && !table.has("name") {
        found.error(
            Place::sheet("choices"),
            said!(
                "there is no column name: add it, with what is stored for each option",
                "没有 name 列：请加上，填每个选项存储的代码"
            ),
        );
        return lists;
    }
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    for row in table.rows() {
        let Some(list) = row.get("list_name") else { continue };
        let Some(code) = row.get("name") else {
            found.error(
                Place::cell("choices", row.number, "name"),
                said!("the option has no name: add one", "这个选项没有 name：请填上"),
            );
            continue;
        };
        if !settings.allow_choice_duplicates && !seen.insert((list.to_owned(), code.to_owned())) {
            let said = said!(
                "the list {list} has {code:?} twice: rename one, or set allow_choice_duplicates to yes where a \
                 choice_filter tells them apart",
                "选项组 {list} 里“{code}”出现两次：请改名；由 choice_filter 区分时，把 allow_choice_duplicates 设为 yes"
            );
            found.error(Place::cell("choices", row.number, "name"), said);
        }
        let text = languages.words(row, "label");
        if text.is_none() {
            found.warn(
                Place::cell("choices", row.number, "label"),
                said!("the option has no label: its name is shown", "这个选项没有 label：显示的是它的 name"),
            );
        }
        let mut choice = Choice {
            code: code.to_owned(),
            text: text.unwrap_or_else(|| domain::checklist::Words { zh: code.to_owned(), en: None }),
            alone: false,
            columns: BTreeMap::new(),
        };
        for (column, text) in row.cells() {
            match &*column.name {
                "list_name" | "name" | "label" => {}
                "media" => found.warn(
                    Place::cell("choices", row.number, &column.heading),
                    said!("pictures and sounds of options are not shown", "选项的图片和声音不显示"),
                ),
                "huifang_alone" => choice.alone = crate::types::yes_or_no(text) == Some(true),
                // As pyxform does: a heading with a space cannot be asked for.
                other if other.contains(' ') => {}
                other => {
                    choice.columns.insert(other.to_owned(), text.to_owned());
                }
            }
        }
        lists.entry(list.to_owned()).or_default().push(choice);
    }
    lists
}
