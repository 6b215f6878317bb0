//! Values that need more than a table: phones, accounts, numbers that a spreadsheet has rounded.

use super::grid::Cell;
use crate::recipient::{is_landline, is_mobile};
use crate::text::{bare, narrow};

/// How many digits a spreadsheet keeps exactly.
const DIGITS_EXACT: usize = 15;

/// Phone numbers of one cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phones {
    pub(crate) mobile: Option<String>,
    pub(crate) other: Option<String>,
    /// Something there is no phone number.
    pub(crate) doubtful: bool,
}

/// Whether a number has more digits than a spreadsheet keeps, or was written with an exponent.
pub(crate) fn has_lost_digits(cell: &Cell) -> bool {
    match cell {
        Cell::Number(text) => {
            text.split('.').next().unwrap_or("").trim_start_matches('-').len() > DIGITS_EXACT
        }
        Cell::Text(text) => {
            let word = bare(text).to_lowercase();
            let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            word.split_once("e+").is_some_and(|(mantissa, exponent)| numeric(mantissa) && numeric(exponent))
        }
        _ => false,
    }
}

/// What people write for nothing.
pub(crate) fn is_nothing(text: &str) -> bool {
    matches!(
        bare(text).to_lowercase().as_str(),
        "" | "无"
            | "-"
            | "--"
            | "—"
            | "——"
            | "/"
            | "\\"
            | "n/a"
            | "暂无"
            | "没有"
            | "无号码"
            | "无电话"
            | "不详"
            | "null"
            | "#n/a"
            | "空"
    )
}

/// The mobile number without its hyphens and the country's prefix.
fn mobile(text: &str) -> Option<String> {
    let digits = text.replace('-', "");
    let own = digits.trim_start_matches('+');
    let own = own.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(own);
    is_mobile(own).then(|| own.to_owned())
}

/// Numbers, with what separates and decorates them.
pub(crate) fn phones(text: &str) -> Phones {
    let narrow = narrow(text).replace(['—', '–'], "-");
    let whole: String = narrow.chars().filter(|c| *c != ' ').collect();
    let mut phones = Phones::default();
    if let Some(number) = mobile(&whole) {
        phones.mobile = Some(number);
        return phones;
    }
    if is_landline(&whole) {
        phones.other = Some(whole);
        return phones;
    }
    let mut others: Vec<String> = Vec::new();
    for part in narrow.split(['/', '、', ',', ';', ' ', '或', '\\']).filter(|part| !part.is_empty()) {
        let number = part.trim_matches(|c: char| !c.is_ascii_digit());
        let mobile = mobile(number);
        if mobile.is_some() && phones.mobile.is_none() {
            phones.mobile = mobile;
        } else if mobile.is_some() || is_landline(number) {
            others.push(mobile.unwrap_or_else(|| number.to_owned()));
        } else {
            phones.doubtful = true;
        }
    }
    phones.other = (!others.is_empty()).then(|| others.join("、"));
    if phones.mobile.is_none() && phones.other.is_none() {
        phones.other = Some(narrow.trim().to_owned());
        phones.doubtful = true;
    }
    phones
}

/// Account digits without spaces and dashes; the flag says whether it is 12 to 21 digits.
pub(crate) fn account(text: &str) -> (String, bool) {
    let word: String = bare(text).chars().filter(|c| !matches!(c, '-' | '\'' | '‘' | '’' | '`')).collect();
    let good = (12..=21).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    (word, good)
}

/// A whole number from 0 to 9999, with the unit people write behind it.
pub(crate) fn whole(text: &str) -> Option<u32> {
    let word = bare(text);
    let word = word.trim_end_matches(['人', '间', '个', '名', '口']);
    (!word.is_empty() && word.len() <= 4).then(|| word.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Phones, account, has_lost_digits, is_nothing, phones, whole};

    #[test]
    fn a_number_of_more_than_fifteen_digits_has_lost_some() {
        for (cell, lost) in [
            (Cell::Number("339999194505148000".into()), true),
            (Cell::Number("339999530506085".into()), false),
            (Cell::Number("3399995305060850".into()), true),
            (Cell::Text("6.23E+18".into()), true),
            (Cell::Text("6230795253826931710".into()), false),
            (Cell::Text("军e+浙".into()), false),
        ] {
            assert_eq!(has_lost_digits(&cell), lost, "{cell:?}");
        }
    }

    #[test]
    fn phones_are_told_apart_and_doubts_are_kept() {
        let made = |mobile: Option<&str>, other: Option<&str>, doubtful| Phones {
            mobile: mobile.map(str::to_owned),
            other: other.map(str::to_owned),
            doubtful,
        };
        for (text, expected) in [
            ("13095979686", made(Some("13095979686"), None, false)),
            ("130 9597 9686", made(Some("13095979686"), None, false)),
            ("+86 130-9597-9686", made(Some("13095979686"), None, false)),
            ("0570-6346681", made(None, Some("0570-6346681"), false)),
            ("０５７０－６３４６６８１", made(None, Some("0570-6346681"), false)),
            ("13095979686/0570-6346681", made(Some("13095979686"), Some("0570-6346681"), false)),
            ("8613095979686", made(Some("13095979686"), None, false)),
            (
                "13095979686、13800001234、6346681",
                made(Some("13095979686"), Some("13800001234、6346681"), false),
            ),
            ("13095979686（儿子）", made(Some("13095979686"), None, false)),
            ("1309597968", made(None, Some("1309597968"), true)),
            ("儿子有", made(None, Some("儿子有"), true)),
        ] {
            assert_eq!(phones(text), expected, "{text}");
        }
    }

    #[test]
    fn accounts_and_counts_lose_their_decoration() {
        assert_eq!(account("6222 0210 0112 2334 556"), ("6222021001122334556".to_owned(), true));
        assert_eq!(account("6222X"), ("6222X".to_owned(), false));
        assert_eq!((whole("3人"), whole("３"), whole("三"), whole("12345")), (Some(3), Some(3), None, None));
        assert!(is_nothing(" 无 ") && is_nothing("／") && !is_nothing("无锡"));
    }
}
