//! Text as lists bring it: full-width forms, odd spaces, invisible characters.

/// Full-width letters, digits and signs become half-width, every kind of space a plain one; what is invisible goes.
pub fn narrow(text: &str) -> String {
    text.chars().filter_map(narrow_char).collect()
}

fn narrow_char(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        c if c.is_whitespace() => Some(' '),
        c if is_invisible(c) => None,
        c => Some(c),
    }
}

/// A letter that shows nothing: a control, a mark of direction, a joiner. Spaces are none.
pub fn is_invisible(c: char) -> bool {
    let is_format = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'..='\u{e007f}');
    is_format || (c.is_control() && !c.is_whitespace())
}

/// Trimmed, with runs of spaces as one and invisible characters gone; full-width signs stay as written.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if narrow_char(c).is_none() => {}
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Narrow and without any space: the form in which headings, options and numbers are compared.
pub fn bare(text: &str) -> String {
    narrow(text).chars().filter(|c| *c != ' ').collect()
}

/// A Chinese digit as a figure, all else as it is. Ten and above are no digits.
pub(crate) fn digit_of(letter: char) -> char {
    match letter {
        '〇' | '零' | '○' | 'Ｏ' => '0',
        letter => "一二三四五六七八九"
            .chars()
            .zip('1'..='9')
            .find(|(chinese, _)| *chinese == letter)
            .map_or(letter, |(_, digit)| digit),
    }
}

/// A mobile number, or a landline with or without its area's prefix; spaces and hyphens do not count.
pub fn is_phone(phone: &str) -> bool {
    let digits = bare(phone).replace('-', "");
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    match digits.as_bytes() {
        [b'1', b'3'..=b'9', ..] => digits.len() == 11,
        [b'0', ..] => (10..=12).contains(&digits.len()),
        _ => (7..=8).contains(&digits.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{bare, is_invisible, narrow, tidy};

    #[test]
    fn full_width_and_odd_spaces_become_plain() {
        assert_eq!(narrow("ＡＢ１２（３）\u{a0}x\u{3000}"), "AB12(3) x ");
        assert_eq!(bare("姓\u{3000}名 ＊"), "姓名*");
        assert_eq!(tidy("  红旗村\u{a0}\u{a0}3组\u{200b} \n"), "红旗村 3组");
        assert_eq!(tidy("\u{a0}"), "");
    }

    #[test]
    fn what_shows_nothing_is_told_from_spaces_and_rare_letters() {
        assert!("\0\u{7f}\u{ad}\u{200b}\u{200f}\u{202e}\u{2066}\u{2069}\u{feff}".chars().all(is_invisible));
        assert!(!" \t\n\u{a0}\u{3000}村㐂𠮷\u{e000}A1（".chars().any(is_invisible));
    }
}
