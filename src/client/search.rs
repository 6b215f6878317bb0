//! Finding a person by what one types: name, pinyin, initials, tail of the ID number or phone, village.

use crate::data::RecipientRow;

/// Readings of a name, as [`Needle::rank`] looks at them.
pub(crate) fn readings(_name: &str) -> String {
    String::new()
}

/// What was typed, prepared once for all rows.
pub(crate) struct Needle {
    text: String,
    digits: bool,
}

impl Needle {
    pub(crate) fn new(typed: &str) -> Needle {
        let text: String = typed.trim().to_lowercase();
        let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == 'x');
        Needle { text, digits }
    }

    /// How well a row fits, the lower the better; nothing if it does not.
    pub(crate) fn rank(&self, row: &RecipientRow, _pinyin: &str) -> Option<u32> {
        if self.text.is_empty() {
            return Some(0);
        }
        if self.digits {
            let ends = |text: &str| text.to_lowercase().ends_with(&self.text);
            return (ends(&row.id_tail) || ends(&row.phone) || row.phone.starts_with(&self.text)).then_some(1);
        }
        if row.name.starts_with(&self.text) {
            return Some(0);
        }
        if row.name.contains(&self.text) {
            return Some(1);
        }
        row.village.contains(&self.text).then_some(3)
    }
}
