//! What is asked of the chain, and the page that came.

use crate::routes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;

/// Entries on one page.
pub(super) const PAGE_ROWS: usize = 50;

/// What entries may tell of, in the order in which they are offered.
pub(super) const SORTS: [&str; 7] = ["logins", "files", "numbers", "lists", "devices", "people", "rules"];

/// Which entries are asked for; empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AuditQuery {
    /// One of [`SORTS`].
    pub(super) what: String,
    /// A part of a name.
    pub(super) who: String,
    /// ISO days.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) page: usize,
}

impl AuditQuery {
    /// The path of the request, after `/api/v1/`.
    pub(super) fn path(&self) -> String {
        let who = utf8_percent_encode(self.who.trim(), NON_ALPHANUMERIC).to_string();
        let wanted = [("what", self.what.as_str()), ("q", &who), ("from", &self.from), ("to", &self.to)];
        routes::asking(&format!("lists/audit?page={}&size={PAGE_ROWS}", self.page), &wanted)
    }
}

/// A page of the chain, as the office sends it.
#[derive(Debug, Deserialize)]
pub(super) struct AuditPage {
    pub(super) page: usize,
    pub(super) total: usize,
    rows: Vec<Row>,
}

/// Number, entry, hash, who did it, and the names in it.
#[derive(Debug, Deserialize)]
struct Row(u64, Entry, String, String, Vec<String>);

#[derive(Debug, Deserialize)]
struct Entry {
    at: i64,
    action: String,
    detail: Value,
}

/// An entry.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) n: u64,
    pub(super) at: i64,
    pub(super) action: String,
    pub(super) detail: Value,
    pub(super) hash: String,
    /// Empty where nobody was known, and on the command line.
    pub(super) who: String,
    /// People and places that it names.
    pub(super) named: Vec<String>,
}

impl AuditPage {
    pub(super) fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        self.rows.iter().map(|Row(n, entry, hash, who, named)| Line {
            n: *n,
            at: entry.at,
            action: entry.action.clone(),
            detail: entry.detail.clone(),
            hash: hash.clone(),
            who: who.clone(),
            named: named.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_into_an_address_and_out_again_whatever_stands_in_it() {
        let query =
            AuditQuery { who: " 王&芳 ".to_owned(), what: "numbers".to_owned(), ..AuditQuery::default() };
        assert_eq!(query.path(), "lists/audit?page=0&size=50&what=numbers&q=%E7%8E%8B%26%E8%8A%B3");
    }

    #[test]
    fn a_page_is_read_as_the_office_writes_it() {
        let text = r#"{"page": 0, "pages": 1, "total": 1, "head": "9", "cols": ["n", "entry", "hash", "who", "named"],
            "rows": [[7, {"n": 7, "at": 5, "account": "a", "device": null, "action": "unmask", "detail": {"f": "id_no"}},
            "00ff", "王芳", []]]}"#;
        let page: AuditPage = domain::json::from_str(text).expect("as the office writes it");
        let line = page.lines().next().expect("a line");
        assert_eq!((line.n, line.at, line.action.as_str(), line.who.as_str()), (7, 5, "unmask", "王芳"));
    }
}
