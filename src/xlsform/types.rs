//! What may stand in the column `type`, and small words.

use crate::problem::{Said, said};
use domain::checklist::QuestionKind;

/// What a row is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Question(QuestionKind),
    Select {
        kind: QuestionKind,
        list: String,
        or_other: bool,
    },
    BeginGroup,
    EndGroup,
    BeginRepeat,
    EndRepeat,
    /// One that XLSForm has and a checklist has not.
    Unsupported,
    Unknown,
}

const SELECT_ONE: &[&str] =
    &["select_one", "select one from", "select one", "select1", "add select one prompt using"];
const SELECT_MULTIPLE: &[&str] = &[
    "select_multiple",
    "select all that apply from",
    "select all that apply",
    "add select multiple prompt using",
];
const UNSUPPORTED: &[&str] = &[
    "time",
    "dateTime",
    "datetime",
    "geotrace",
    "geoshape",
    "audio",
    "video",
    "file",
    "range",
    "rank",
    "audit",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "email",
    "phonenumber",
    "acknowledge",
    "trigger",
    "hidden",
    "csv-external",
    "xml-external",
    "start-geopoint",
    "background-audio",
    "background-geopoint",
    "osm",
    "imei",
    "subscriberid",
    "simserial",
];
/// Before a list's name.
const UNSUPPORTED_SELECTS: &[&str] = &[
    "select_one_from_file",
    "select_multiple_from_file",
    "select_one_external",
    "rank",
    "osm",
    "begin loop",
    "begin_loop",
];

/// Reads a cell of the column `type`.
pub(crate) fn read(text: &str) -> Type {
    let question = |kind| Type::Question(kind);
    match text {
        "text" | "string" | "q string" | "barcode" | "q barcode" => return question(QuestionKind::Text),
        "integer" | "int" | "q int" => return question(QuestionKind::Int),
        "decimal" | "q decimal" => return question(QuestionKind::Decimal),
        "date" | "q date" => return question(QuestionKind::Date),
        "note" | "q note" => return question(QuestionKind::Note),
        "image" | "photo" | "add image prompt" | "add photo prompt" | "q image" => {
            return question(QuestionKind::Photo);
        }
        "geopoint" | "q geopoint" | "gps" | "location" => return question(QuestionKind::Geo),
        "calculate" | "q calculate" => return question(QuestionKind::Calculate),
        _ => {}
    }
    let control = text
        .strip_prefix("begin")
        .map(|rest| (true, rest))
        .or(text.strip_prefix("end").map(|rest| (false, rest)));
    if let Some((begins, rest)) = control {
        let kind = rest.strip_prefix([' ', '_']).unwrap_or_default();
        match (begins, kind) {
            (true, "group") => return Type::BeginGroup,
            (true, "repeat" | "lgroup" | "looped group") => return Type::BeginRepeat,
            (false, "group") => return Type::EndGroup,
            (false, "repeat" | "lgroup" | "looped group") => return Type::EndRepeat,
            _ => {}
        }
    }
    select(text).unwrap_or_else(|| {
        let unsupported = UNSUPPORTED.contains(&text)
            || UNSUPPORTED_SELECTS
                .iter()
                .any(|prefix| text.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(' ')));
        if unsupported { Type::Unsupported } else { Type::Unknown }
    })
}

fn select(text: &str) -> Option<Type> {
    let one = SELECT_ONE.iter().map(|word| (QuestionKind::Single, *word));
    let several = SELECT_MULTIPLE.iter().map(|word| (QuestionKind::Multi, *word));
    // The longest word first: `select one from` is not `select one` and a list `from`.
    let mut words: Vec<(QuestionKind, &str)> = one.chain(several).collect();
    words.sort_by_key(|(_, word)| std::cmp::Reverse(word.len()));
    for (kind, word) in words {
        let Some(rest) = text.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) else { continue };
        let (list, other) = rest.split_once(' ').unwrap_or((rest, ""));
        if list.is_empty() {
            continue;
        }
        let or_other = match other {
            "" => false,
            "or_other" | "or other" | "or specify other" => true,
            _ => continue,
        };
        return Some(Type::Select { kind, list: list.to_owned(), or_other });
    }
    None
}

/// Said of a name that is none.
pub(crate) fn name_advice() -> Said {
    said!(
        "this cannot be a name: begin with a letter or _, then letters, digits, _ - and . (no spaces)",
        "不能作名称：以字母或 _ 开头，后面用字母、数字、_ - 和 .，不留空格"
    )
}

/// Whether XML takes it as the name of an element.
pub(crate) fn is_xml_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(is_start) && chars.all(|c| is_start(c) || is_further(c))
}

fn is_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

fn is_further(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// The words for yes and no that forms are written with.
pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "false()" => Some(false),
        _ => None,
    }
}
