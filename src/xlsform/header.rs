//! Headings: their old and new spellings, and the language behind `::`.

use crate::problem::{Found, Place, said};

/// A heading that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// The name that this program has for it; of an unknown column the heading itself.
    pub(crate) name: String,
    /// The language behind it.
    pub(crate) language: Option<String>,
    /// As it is written.
    pub(crate) heading: String,
}

/// Old and new spellings in `survey`. What stands behind is the name used here.
const SURVEY: &[(&str, &str)] = &[
    ("type", "type"),
    ("command", "type"),
    ("name", "name"),
    ("tag", "name"),
    ("value", "name"),
    ("label", "label"),
    ("caption", "label"),
    ("hint", "hint"),
    ("guidance_hint", "guidance_hint"),
    ("relevant", "relevant"),
    ("relevance", "relevant"),
    ("required", "required"),
    ("required_message", "required_message"),
    ("requiredmsg", "required_message"),
    ("constraint", "constraint"),
    ("constraint_message", "constraint_message"),
    ("constraining_message", "constraint_message"),
    ("calculation", "calculation"),
    ("calculate", "calculation"),
    ("default", "default"),
    ("choice_filter", "choice_filter"),
    ("appearance", "appearance"),
    ("count", "repeat_count"),
    ("repeat_count", "repeat_count"),
    ("jr:count", "repeat_count"),
    ("read_only", "read_only"),
    ("readonly", "read_only"),
    ("parameters", "parameters"),
    ("disabled", "disabled"),
    ("trigger", "trigger"),
    ("image", "media"),
    ("big-image", "media"),
    ("audio", "media"),
    ("video", "media"),
    ("media", "media"),
    ("autoplay", "media"),
    ("rows", "rows"),
    ("save_to", "save_to"),
    ("instance", "instance"),
    ("intent", "intent"),
    ("query", "query"),
    ("body", "body"),
    ("control", "body"),
    ("bind", "bind"),
    ("huifang", "huifang"),
];

const CHOICES: &[(&str, &str)] = &[
    ("list_name", "list_name"),
    ("name", "name"),
    ("value", "name"),
    ("label", "label"),
    ("caption", "label"),
    ("image", "media"),
    ("big-image", "media"),
    ("audio", "media"),
    ("video", "media"),
    ("media", "media"),
];

const SETTINGS: &[(&str, &str)] = &[
    ("form_title", "title"),
    ("set_form_title", "title"),
    ("title", "title"),
    ("form_id", "id"),
    ("set_form_id", "id"),
    ("id_string", "id"),
    ("version", "version"),
    ("default_language", "default_language"),
    ("allow_choice_duplicates", "allow_choice_duplicates"),
    ("name", "name"),
    ("clean_text_values", "clean_text_values"),
    ("add_none_option", "add_none_option"),
    ("flat", "flat"),
];

/// Bindings that have a column of their own.
const BINDINGS: &[(&str, &str)] = &[
    ("relevant", "relevant"),
    ("required", "required"),
    ("constraint", "constraint"),
    ("calculate", "calculation"),
    ("readonly", "read_only"),
    ("jr:constraintMsg", "constraint_message"),
    ("jr:requiredMsg", "required_message"),
];

/// The columns of a sheet; nothing where there is no heading. Two headings of one meaning are an error.
pub(crate) fn columns(
    sheet: &'static str,
    headings: &[Option<String>],
    found: &mut Found,
) -> Vec<Option<Column>> {
    let doubled = headings.iter().flatten().any(|heading| heading.contains("::"));
    let mut columns: Vec<Option<Column>> = Vec::new();
    for heading in headings {
        let column = heading.as_ref().map(|heading| column(sheet, heading, doubled));
        if let Some(new) = &column
            && let Some(known) = columns.iter().flatten().find(|known| {
                known.heading != new.heading
                    && known.name == new.name
                    && known.language == new.language
                    && new.name != "media"
                    && new.name != "body"
            })
        {
            let said = said!(
                "the headings {one:?} and {other:?} mean the same: remove one of the columns",
                "列标题“{one}”和“{other}”是一个意思：请删去一列",
                one = known.heading,
                other = new.heading
            );
            found.error(Place::cell(sheet, 1, &new.heading), said);
        }
        columns.push(column);
    }
    columns
}

fn column(sheet: &str, heading: &str, doubled: bool) -> Column {
    let aliases = match sheet {
        "survey" => SURVEY,
        "choices" => CHOICES,
        _ => SETTINGS,
    };
    let known = |name: &str| aliases.iter().find(|(alias, _)| *alias == name).map(|(_, name)| *name);
    let whole = snake(heading);
    if let Some(name) = known(&whole) {
        return Column { name: name.to_owned(), language: None, heading: heading.to_owned() };
    }
    let parts: Vec<&str> =
        if doubled { heading.split("::").map(str::trim).collect() } else { split_single(heading) };
    let name = known(&snake(parts[0])).filter(|_| parts.len() > 1);
    let column = |name: &str, language: Option<&str>| Column {
        name: name.to_owned(),
        language: language.map(str::to_owned),
        heading: heading.to_owned(),
    };
    match (name, &parts[1..]) {
        (Some("bind"), [binding, rest @ ..]) => {
            let own = BINDINGS.iter().find(|(alias, _)| alias == binding);
            own.map_or_else(|| column("bind", None), |(_, name)| column(name, rest.first().copied()))
        }
        (Some("body"), ["appearance"]) => column("appearance", None),
        (Some("body"), ["jr:count"]) => column("repeat_count", None),
        (Some("body"), _) => column("body", None),
        (Some("media"), [.., language]) => column("media", Some(language)),
        (Some(name), [language, ..]) => column(name, Some(language)),
        (Some(name), []) => column(name, None),
        (None, _) => column(heading, None),
    }
}

/// `label:English`; the prefix `jr:` belongs to the name behind it.
fn split_single(heading: &str) -> Vec<&str> {
    match heading.split_once("jr:") {
        Some((before, _)) => {
            let rest = &heading[before.len()..];
            let mut parts: Vec<&str> = before
                .trim_end_matches(':')
                .split(':')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect();
            parts.push(rest.trim());
            parts
        }
        None => heading.split(':').map(str::trim).collect(),
    }
}

fn snake(heading: &str) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}
