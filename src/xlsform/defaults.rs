//! Whether a cell of the column `default` is a value or is computed: pyxform decides by its words, and so does this.

use crate::types::is_xml_name;
use domain::checklist::QuestionKind;

/// Whether it is computed: it holds a reference, a call of a function, arithmetic, or `|`.
pub(crate) fn is_dynamic(text: &str, kind: QuestionKind) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(length) = skipped(rest) {
            rest = &rest[length..];
            continue;
        }
        let is_minus = c == '-';
        if is_minus && matches!(kind, QuestionKind::Date | QuestionKind::Geo) {
            return false;
        }
        let spelled = rest.starts_with(" mod ") || rest.starts_with(" div ");
        if matches!(c, '*' | '+' | '|') || is_minus || spelled {
            return true;
        }
        if rest.starts_with("${") && is_reference(rest) {
            return true;
        }
        let name = name_length(rest);
        if name > 0 {
            if rest[name..].starts_with('(') {
                return true;
            }
            rest = &rest[name..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
    }
    false
}

/// The length of a day, a number or a text in quotes at the beginning.
fn skipped(text: &str) -> Option<usize> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let sign = text.len() - unsigned.len();
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, after) = (digits(unsigned), &unsigned[digits(unsigned)..]);
    if whole >= 4 && is_day_tail(&unsigned[4..]) {
        return Some(sign + 10);
    }
    if whole > 0 {
        return Some(sign + whole + after.strip_prefix('.').map_or(0, |part| 1 + digits(part)));
    }
    if let Some(part) = unsigned.strip_prefix('.')
        && digits(part) > 0
    {
        return Some(sign + 1 + digits(part));
    }
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text[1..].find(quote).map(|end| end + 2)
}

/// `-11-23`
fn is_day_tail(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    bytes.first() == Some(&b'-')
        && digit(1)
        && digit(2)
        && bytes.get(3) == Some(&b'-')
        && digit(4)
        && digit(5)
}

fn is_reference(text: &str) -> bool {
    let inner = text.trim_start_matches("${");
    inner
        .split_once('}')
        .is_some_and(|(name, _)| is_xml_name(name.strip_prefix(domain::expr::LAST).unwrap_or(name)))
}

/// The length of the name at the beginning, with a prefix as in `jr:choice-name`.
fn name_length(text: &str) -> usize {
    let plain = |text: &str| {
        let mut length = 0;
        for (at, c) in text.char_indices() {
            if !is_xml_name(&text[..at + c.len_utf8()]) {
                break;
            }
            length = at + c.len_utf8();
        }
        length
    };
    let first = plain(text);
    match text[first..].strip_prefix(':') {
        Some(rest) if first > 0 && plain(rest) > 0 => first + 1 + plain(rest),
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_computed_when_pyxform_says_so() {
        for (text, expected) in [
            ("abc", false),
            ("a-b", false),
            ("'a + b'", false),
            ("5-3", false),
            ("5 - 3", true),
            ("-5", false),
            ("1 + 1", true),
            ("a * b", true),
            ("10 mod 3", true),
            ("mod", false),
            ("${q}", true),
            ("${ q }", false),
            ("today()", true),
            ("jr:x(1)", true),
            ("甲(乙)", true),
            ("甲 (乙)", false),
            ("a|b", true),
            ("2026-11-23", false),
        ] {
            assert_eq!(is_dynamic(text, QuestionKind::Text), expected, "{text}");
        }
        assert!(!is_dynamic("x - 3", QuestionKind::Date));
    }
}
