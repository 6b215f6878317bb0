//! Fields of a file that hold rows (家庭成员, 病史, 立功受奖, 证件): their columns, and a row in words.

use super::{answer_words, labels};
use crate::locale::words::file as w;
use serde_json::{Map, Value};

/// A column: its key in a row, and the name under which its words, options and sort are known.
pub(crate) type Column = (&'static str, &'static str);

/// Children's data stays small: no ID numbers of the family here.
const ROWS: &[(&str, &[Column])] = &[
    (
        "members",
        &[
            ("name", "name"),
            ("relation", "head_relation"),
            ("born", "birth_year"),
            ("health", "health"),
            ("job", "job"),
            ("in_school", "in_school"),
            ("income", "income_year"),
        ],
    ),
    ("diseases", &[("name", "disease"), ("since", "since"), ("serious", "serious")]),
    ("merits", &[("what", "merit"), ("on", "merit_on")]),
    (
        "certs",
        &[("kind", "cert_kind"), ("number", "cert_number"), ("issuer", "cert_issuer"), ("on", "cert_on")],
    ),
];

/// The columns of a field that holds rows.
pub(crate) fn columns(field: &str) -> Option<&'static [Column]> {
    ROWS.iter().find(|(name, _)| *name == field).map(|(_, columns)| *columns)
}

/// A row in words for the opened file, in the order of its columns; a yes is said by the name of its column, a no not at all.
pub(crate) fn words(field: &str, row: &Map<String, Value>) -> String {
    said(field, row, str::to_owned)
}

/// The same for a list: of a certificate's number only the end (domain.md §3.4: personal).
pub(crate) fn masked(field: &str, row: &Map<String, Value>) -> String {
    said(field, row, domain::mask::tail)
}

fn said(field: &str, row: &Map<String, Value>, number: fn(&str) -> String) -> String {
    let columns = columns(field).unwrap_or_default();
    let parts = columns.iter().filter_map(|(key, name)| match row.get(*key)? {
        Value::String(text) if *name == "cert_number" => Some(number(text)),
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some(labels::field(name)),
        Value::Number(fen) if *name == "income_year" => {
            fen.as_i64().map(|fen| w::yuan(answer_words::yuan(fen)))
        }
        value => Some(labels::value(name, value)),
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_is_read_in_the_order_of_its_columns() {
        let row =
            json!({"born": 1975, "relation": "20", "name": "李强", "in_school": false, "income": 3_600_000});
        assert_eq!(words("members", row.as_object().expect("a row")), "李强 子/婿 1975 36000 元");
        let row = json!({"kind": "退伍证", "number": "军字19750012"});
        let row = row.as_object().expect("a row");
        assert_eq!(words("certs", row), "退伍证 军字19750012");
        assert_eq!(masked("certs", row), "退伍证 ******0012");
        assert_eq!(labels::value("certs", &json!([row])), masked("certs", row));
        let row = json!({"name": "矽肺", "serious": true});
        assert_eq!(words("diseases", row.as_object().expect("a row")), "矽肺 重病");
    }

    #[test]
    fn every_field_with_rows_is_a_field_of_the_file_and_every_column_has_a_word() {
        let kind = domain::kinds::kind("recipient").expect("the kind is there");
        for (field, columns) in ROWS {
            assert!(kind.field(field).is_some(), "{field}");
            for (_, name) in *columns {
                assert_ne!(labels::field(name), *name);
            }
        }
    }
}
