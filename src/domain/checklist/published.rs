//! A published template as records of the kind `checklist_template`.
//!
//! A phone holds its villages and nothing above them, so a version lies in every village, as one record each. The record's id is made from
//! the village, the template's id, its version and its text: whoever reads it makes the id again, and a record whose text was changed
//! afterwards is none. So a version that is out cannot change, for anybody. A text that is longer than a changeset takes goes in pieces, and is
//! none until all have come.

use super::Template;
use serde_json::{Map, Value as Json, json};

/// The kind of the records.
pub const KIND: &str = "checklist_template";
/// Bytes of text a phone is sent for one checklist.
pub const BYTES_MAX: usize = 256 * 1024;
/// Bytes of text in one changeset, which stays below the limit of those even if every character is escaped.
const PIECE_BYTES: usize = 14_000;

/// The text under which a template is published.
///
/// # Panics
/// Never: a template is made of texts, numbers and lists.
pub fn text_of(template: &Template) -> String {
    serde_json::to_string(template).expect("a template is text, numbers and lists")
}

/// The names from which the id of a village's record is made.
pub fn id_names<'a>(place: &'a str, code: &'a str, version: &'a str, text: &'a str) -> [&'a str; 4] {
    [place, code, version, text]
}

/// The fields of the record for a village, a changeset's worth each: the first creates it, the others add to it.
pub fn fields(template: &Template, place: &str, text: &str) -> Vec<Map<String, Json>> {
    let pieces = pieces(text);
    let mut fields = Vec::new();
    for (n, piece) in pieces.iter().enumerate() {
        let mut own = Map::new();
        own.insert(piece_name(n), json!(piece));
        if n == 0 {
            for (name, value) in [
                ("code", json!(template.id)),
                ("version", json!(template.version)),
                ("title", json!(template.title.zh)),
                ("state", json!("published")),
                ("place", json!(place)),
                ("pieces", json!(pieces.len())),
            ] {
                own.insert(name.to_owned(), value);
            }
        }
        fields.push(own);
    }
    fields
}

/// What a record says, put together again; nothing while pieces are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The village for which it was made.
    pub place: String,
    /// The template's id.
    pub code: String,
    /// Its version.
    pub version: u32,
    /// The whole text.
    pub text: String,
}

impl Published {
    /// Reads a record's fields.
    pub fn of(field: &dyn Fn(&str) -> Option<Json>) -> Option<Published> {
        let text = |name: &str| field(name).and_then(|json| json.as_str().map(str::to_owned));
        let count = usize::try_from(field("pieces")?.as_u64()?).ok()?;
        let mut whole = String::new();
        for n in 0..count {
            whole += &text(&piece_name(n))?;
            if whole.len() > BYTES_MAX {
                return None;
            }
        }
        let version = u32::try_from(field("version")?.as_u64()?).ok()?;
        Some(Published { place: text("place")?, code: text("code")?, version, text: whole })
    }

    /// The template, if the text is that of this id and version.
    pub fn template(&self) -> Option<Template> {
        let template: Template = crate::json::from_str(&self.text).ok()?;
        (template.id == self.code && template.version == self.version).then_some(template)
    }
}

fn piece_name(n: usize) -> String {
    if n == 0 { "body".to_owned() } else { format!("body{}", n + 1) }
}

fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > PIECE_BYTES {
        let mut end = PIECE_BYTES;
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checklist::{FOLLOWUP, MERIT, builtin};

    #[test]
    fn a_template_goes_in_pieces_and_is_whole_when_all_have_come() {
        for (id, count) in [(FOLLOWUP, 1), (MERIT, 1)] {
            let mut template = builtin(id).unwrap().template().clone();
            template.title.zh = "表".repeat(if id == FOLLOWUP { 20_000 } else { 1 });
            let text = text_of(&template);
            let changesets = fields(&template, "v1", &text);
            assert!(changesets.len() >= count);
            let mut record = Map::new();
            for (n, fields) in changesets.iter().enumerate() {
                let read = |record: &Map<String, Json>| Published::of(&|name| record.get(name).cloned());
                assert_eq!(read(&record), None, "{n} pieces");
                assert!(serde_json::to_string(fields).unwrap().len() < 31 * 1024 || n == 0);
                record.extend(fields.clone());
            }
            let published = Published::of(&|name| record.get(name).cloned()).unwrap();
            assert_eq!((&*published.place, &*published.code, published.version), ("v1", id, 1));
            assert_eq!(published.template(), Some(template));
        }
    }

    #[test]
    fn a_text_of_another_template_is_none() {
        let template = builtin(MERIT).unwrap().template().clone();
        let other =
            Published { place: "v".into(), code: "MERIT".into(), version: 2, text: text_of(&template) };
        assert_eq!(other.template(), None);
    }
}
