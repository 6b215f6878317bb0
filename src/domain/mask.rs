//! What may be shown of a number without asking for it.

use crate::{
    day::Day,
    policy::{BirthShown, Policy},
};
use serde_json::Value;

/// What a row with a number says beside it: what the paper is, who gave it and when.
const BESIDE_NUMBERS: [&str; 3] = ["kind", "issuer", "on"];

/// How much of a number is shown at its end at most.
pub const TAIL_CHARS: u8 = 4;

/// All but the last four characters as stars: `**************0019`. A short text is all stars.
pub fn tail(text: &str) -> String {
    let length = text.chars().count();
    let hidden = if length > usize::from(TAIL_CHARS) { length - usize::from(TAIL_CHARS) } else { length };
    text.chars().enumerate().map(|(i, c)| if i < hidden { '*' } else { c }).collect()
}

/// The same with fewer characters at the end, of a text that shows no more than its tail.
pub fn cut(shown: &str, tail: u8) -> String {
    let hidden = shown.chars().count().saturating_sub(usize::from(tail));
    shown.chars().enumerate().map(|(i, c)| if i < hidden { '*' } else { c }).collect()
}

/// Rows with numbers of papers, of each number its tail. Whatever is not known to be none is taken for a number.
pub fn rows(value: &Value, tail_chars: u8) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Array(items) => items.iter().map(|item| rows(item, tail_chars)).collect(),
        Value::Object(row) => {
            let part = |(name, part): (&String, &Value)| match (name.as_str(), part) {
                (beside, Value::String(_)) if BESIDE_NUMBERS.contains(&beside) => {
                    (name.clone(), part.clone())
                }
                _ => (name.clone(), rows(part, tail_chars)),
            };
            row.iter().map(part).collect()
        }
        Value::String(text) => cut(&tail(text), tail_chars).into(),
        Value::Number(number) => cut(&tail(&number.to_string()), tail_chars).into(),
    }
}

/// The year of a day, which is what a village sees of a birth.
pub fn year(day: Day) -> String {
    format!("{:04}", day.year())
}

/// First three and last four of a phone number: `138****1234`; shorter ones show their last two.
pub fn phone(text: &str) -> String {
    let length = text.chars().count();
    let (head, foot) = if length >= 9 { (3, 4) } else { (0, 2) };
    text.chars().enumerate().map(|(i, c)| if i >= head && i + foot < length { '*' } else { c }).collect()
}

/// What a role that sees a sealed field only in part is shown of its text.
pub fn show(field: &str, text: &str) -> String {
    match field {
        "birth" => text.parse::<Day>().map_or_else(|_| "****".to_owned(), year),
        _ => tail(text),
    }
}

/// The same where the office's settings show less of a number, or more of a birth.
pub fn show_by(policy: Policy, field: &str, text: &str) -> String {
    match (field, policy.birth_shown) {
        ("birth", BirthShown::Month) => month(text).unwrap_or_else(|| show(field, text)),
        ("birth", BirthShown::Year) => show(field, text),
        _ => cut(&show(field, text), policy.id_tail),
    }
}

/// What is shown of a value that was sealed under other settings: never more of a number than these show, and of a birth the year.
pub fn narrow(policy: Policy, shown: &str) -> String {
    match policy.birth_shown {
        // Only a birth is shown without a star.
        _ if shown.contains('*') => cut(shown, policy.id_tail),
        BirthShown::Year => shown.chars().take(4).collect(),
        BirthShown::Month => shown.to_owned(),
    }
}

/// Year and month of a day in ISO text.
fn month(text: &str) -> Option<String> {
    let day: Day = text.parse().ok()?;
    day.to_string().get(..7).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{narrow, phone, rows, show, show_by, tail};
    use crate::policy::{BirthShown, Policy};
    use serde_json::json;

    #[test]
    fn the_office_may_show_less_of_a_number_and_more_of_a_birth() {
        let policy = |id_tail, birth_shown| Policy { id_tail, birth_shown, ..Policy::default() };
        let (two, none) = (policy(2, BirthShown::Year), policy(0, BirthShown::Month));
        assert_eq!(show_by(two, "id_no", "339999194803120019"), "****************19");
        assert_eq!(show_by(none, "account", "622848001234567890"), "******************");
        assert_eq!(show_by(two, "birth", "1948-03-12"), "1948");
        assert_eq!(show_by(none, "birth", "1948-03-12"), "1948-03");
        assert_eq!(narrow(two, "**************0019"), "****************19");
        assert_eq!(narrow(Policy::default(), "****************19"), "****************19");
        assert_eq!(narrow(two, "1948-03"), "1948");
        assert_eq!(narrow(none, "1948"), "1948");
    }

    #[test]
    fn numbers_show_their_tail_and_births_their_year() {
        assert_eq!(tail("339999194803120019"), "**************0019");
        assert_eq!(tail("0019"), "****");
        assert_eq!(tail("军浙52425"), "***2425");
        assert_eq!(phone("13800001234"), "138****1234");
        assert_eq!(phone("6346681"), "*****81");
        assert_eq!(show("birth", "1948-03-12"), "1948");
        assert_eq!(show("birth", "1948年"), "****");
        assert_eq!(show("id_no", "33999919710117215X"), "**************215X");
    }

    #[test]
    fn of_rows_every_number_shows_its_tail_under_whatever_name_it_stands() {
        let paper = json!({"kind": "残疾人证", "number": "33999919480312001944", "issuer": "县残联", "on": "2019-05-06"});
        let shown = json!({"kind": "残疾人证", "number": "****************1944", "issuer": "县残联", "on": "2019-05-06"});
        assert_eq!(rows(&json!([paper]), 4), json!([shown]));
        assert_eq!(rows(&json!([paper]), 0)[0]["number"], "********************");
        let odd = json!(["军字19750012", 19_750_012, {"no": "19750012", "more": ["19750012"], "kind": 19_750_012}, null]);
        let masked = json!(["******0012", "****0012", {"no": "****0012", "more": ["****0012"], "kind": "****0012"}, null]);
        assert_eq!(rows(&odd, 4), masked);
    }
}
