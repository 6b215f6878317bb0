//! What the answers of a visit say about the file.

use crate::{checklist::Answers, day::Day, text};
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

/// The changes of the file that the answers propose: a new address (A06, C08), a new telephone number (A08, C09), and what became of
/// the plaque at the door (P01). What the file says already is left out. A mobile number goes to `mobile`, a landline to `phone2`.
pub fn changes(answers: &Answers, file: &Map<String, Json>, on: Day) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    let mut change = |question, field, value: String| {
        let value = Json::String(value);
        if file.get(field) != Some(&value) {
            changes.push(FieldChange { question, field, value });
        }
    };
    for (holds, question) in
        [(answers.bool("A05") == Some(false), "A06"), (answers.has("C07", "住址"), "C08")]
    {
        let Some(region) = answers.region(question).filter(|_| holds) else { continue };
        if let Some(code) = region.code {
            change(question, "live_code", code);
        }
        change(question, "live_addr", region.addr.trim().to_owned());
    }
    for (holds, question) in [(answers.bool("A07") == Some(true), "A08"), (answers.has("C07", "电话"), "C09")]
    {
        let Some(phone) = answers.text(question).filter(|_| holds) else { continue };
        let phone = text::bare(phone);
        let digits = phone.replace('-', "");
        if digits.len() == 11 && digits.starts_with('1') {
            change(question, "mobile", digits);
        } else {
            change(question, "phone2", phone);
        }
    }
    if let Some((state, is_hung)) = plaque(answers) {
        change("P01", "plaque", state.to_owned());
        if is_hung {
            change("P01", "plaque_hung_on", on.to_string());
        }
    }
    changes
}

/// The state of the plaque, and whether it was hung today. Where the household has another one nothing was hung.
fn plaque(answers: &Answers) -> Option<(&'static str, bool)> {
    match answers.text("P01")? {
        "新挂" if answers.bool("P04") == Some(true) => None,
        "新挂" | "更换" => Some(("hung", true)),
        "收回" if answers.text("P02") == Some("不再符合条件") => Some(("ended", false)),
        "收回" if answers.text("P02") == Some("丢失") => Some(("lost", false)),
        "收回" => Some(("none", false)),
        _ => None,
    }
}
