//! Languages: a checklist keeps Chinese and English.

use crate::{
    cells::{Row, Sheets},
    problem::{Found, Place, said},
};
use domain::checklist::Words;

/// Which languages of a form are the two that are kept.
pub(crate) struct Languages {
    /// `None`: what stands in the column without a language.
    zh: Option<String>,
    en: Option<String>,
}

impl Languages {
    /// Chinese is what calls itself so, else the column without a language, else the form's own default, else the first.
    pub(crate) fn of(sheets: &Sheets, default: Option<&str>, found: &mut Found) -> Languages {
        let mut names: Vec<&str> = Vec::new();
        let mut bare = false;
        for column in sheets.survey.columns.iter().chain(&sheets.choices.columns) {
            match &column.language {
                Some(language)
                    if matches!(&*column.name, "label" | "hint" | "constraint_message")
                        && !names.contains(&&**language) =>
                {
                    names.push(language);
                }
                None if column.name == "label" => bare = true,
                _ => {}
            }
        }
        let called = |codes: &[&str]| names.iter().copied().find(|name| is_called(name, codes));
        let english = called(&["en", "english", "英文", "英语"]);
        let chinese = called(&["zh", "chinese", "中文", "汉语", "zh-cn", "zh-hans"]);
        let other = || default.filter(|name| names.contains(name)).or(names.first().copied());
        let zh = chinese.or_else(|| if bare { None } else { other() });
        let en = english.filter(|name| zh != Some(*name));
        for name in names.iter().filter(|name| Some(**name) != zh && Some(**name) != en) {
            let said = said!(
                "the language {name:?} is left out: a checklist keeps Chinese and English",
                "语言“{name}”没有取用：清单只保留中文和英文"
            );
            found.warn(Place::sheet("survey"), said);
        }
        Languages { zh: zh.map(str::to_owned), en: en.map(str::to_owned) }
    }

    /// The words of a row's column; where a language is missing, any other.
    pub(crate) fn words(&self, row: &Row, column: &str) -> Option<Words> {
        let in_language = |wanted: Option<&str>| {
            row.in_languages(column).find(|(language, _)| *language == wanted).map(|(_, text)| text)
        };
        let en = self.en.as_deref().and_then(|en| in_language(Some(en)));
        let zh = in_language(self.zh.as_deref())
            .or_else(|| in_language(None))
            .or_else(|| row.in_languages(column).map(|(_, text)| text).next())?;
        Some(Words { zh: zh.to_owned(), en: en.map(str::to_owned) })
    }
}

/// `English (en)`, `en`, `English`
fn is_called(name: &str, codes: &[&str]) -> bool {
    let lower = name.to_lowercase();
    let mut parts = lower.split(['(', ')', ' ']).filter(|part| !part.is_empty());
    parts.any(|part| codes.contains(&part))
}
