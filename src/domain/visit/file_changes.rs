//! What the answers of a visit say about the file.

use crate::{checklist::Answers, text};
use serde_json::{Map, Value as Json};

/// A field of the recipient to be written with the visit. Whether the write is applied or becomes a proposal is the author's right.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The question that says so.
    pub question: &'static str,
    /// The recipient's field.
    pub field: &'static str,
    /// Its new value.
    pub value: Json,
}

/// The changes of the file that the answers propose: a new address (A06), a new telephone number (A08). What the file says already is
/// left out. A mobile number goes to `mobile`, a landline to `phone2`.
pub fn changes(answers: &Answers, file: &Map<String, Json>) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    let mut change = |question, field, value: String| {
        let value = Json::String(value);
        if file.get(field) != Some(&value) {
            changes.push(FieldChange { question, field, value });
        }
    };
    if answers.bool("A05") == Some(false)
        && let Some(region) = answers.region("A06")
    {
        if let Some(code) = region.code {
            change("A06", "live_code", code);
        }
        change("A06", "live_addr", region.addr.trim().to_owned());
    }
    if answers.bool("A07") == Some(true)
        && let Some(phone) = answers.text("A08")
    {
        let phone = text::bare(phone);
        let digits = phone.replace('-', "");
        if digits.len() == 11 && digits.starts_with('1') {
            change("A08", "mobile", digits);
        } else {
            change("A08", "phone2", phone);
        }
    }
    changes
}
