//! What may be shown of a number without asking for it.

use crate::day::Day;

/// All but the last four characters as stars: `**************0019`. A short text is all stars.
pub fn tail(text: &str) -> String {
    let length = text.chars().count();
    let hidden = if length > 4 { length - 4 } else { length };
    text.chars().enumerate().map(|(i, c)| if i < hidden { '*' } else { c }).collect()
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

#[cfg(test)]
mod tests {
    use super::{phone, show, tail};

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
}
