//! Dates as lists write them.

use super::grid::{Cell, Grid};
use crate::day::Day;
use crate::text::{self, narrow};

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListDate {
    /// The day; the first of the month where the list names none.
    pub(crate) day: Day,
    /// The list names only year and month.
    pub(crate) day_assumed: bool,
}

/// The date of a cell; `None` if it is none. Years are 1850 to 2150: a person's papers lie between.
pub(crate) fn read(grid: &Grid, cell: &Cell) -> Option<ListDate> {
    let full = |day: Day| (1850..=2150).contains(&day.year()).then_some(ListDate { day, day_assumed: false });
    match cell {
        Cell::Date(days) => full(grid.serial(*days)?),
        Cell::Number(text) if text.len() == 8 => full(compact(text)?),
        // A year alone is no serial day of 1905, and 1985.10 typed as a number is kept as 1985.1.
        Cell::Number(text) if is_year(text) || text.strip_suffix(".1").is_some_and(is_year) => None,
        Cell::Number(text) if !text.contains('.') && text.len() <= 5 => {
            full(grid.serial(text.parse().ok()?)?)
        }
        Cell::Number(text) | Cell::Text(text) => {
            let date = parse(text)?;
            (1850..=2150).contains(&date.day.year()).then_some(date)
        }
        Cell::Empty | Cell::Bool(_) | Cell::Error(_) => None,
    }
}

/// `2012-02-03`, `2012-2-3`, `2012/3/2`, `2012.3.5`, `2012年3月5日`, `20120305`, a time behind it; 二〇一二年三月五日;
/// year and month alone.
fn parse(text: &str) -> Option<ListDate> {
    let narrow = narrow(text);
    let word = narrow.trim().trim_start_matches('\'').trim();
    let word =
        word.split_once([' ', 'T']).filter(|(_, time)| time.contains(':')).map_or(word, |(date, _)| date);
    let word: String = word.chars().filter(|c| *c != ' ').map(text::digit_of).collect();
    if word.len() == 8 && word.bytes().all(|b| b.is_ascii_digit()) {
        return compact(&word).map(|day| ListDate { day, day_assumed: false });
    }
    let word = chinese_numbers(&word);
    let marked: String = word
        .trim_end_matches(['日', '号'])
        .chars()
        .map(|c| {
            if matches!(c, '年' | '月' | '/' | '.' | '-' | '–' | '—' | '、' | '。') { '-' } else { c }
        })
        .collect();
    let month_only = word.ends_with('月');
    let parts: Vec<&str> = marked.trim_end_matches('-').split('-').collect();
    let number = |s: &str| (s.len() <= 2).then(|| s.parse::<u8>().ok()).flatten();
    let year = parts.first().filter(|s| s.len() == 4).and_then(|s| s.parse::<i32>().ok())?;
    match parts.as_slice() {
        [_, month, day] if !month_only => {
            Some(ListDate { day: Day::new(year, number(month)?, number(day)?)?, day_assumed: false })
        }
        [_, month] => Some(ListDate { day: Day::new(year, number(month)?, 1)?, day_assumed: true }),
        _ => None,
    }
}

fn is_year(digits: &str) -> bool {
    digits.parse().is_ok_and(|year: u32| (1850..=2150).contains(&year))
}

fn compact(digits: &str) -> Option<Day> {
    let year = digits.get(..4)?.parse().ok()?;
    Day::new(year, digits.get(4..6)?.parse().ok()?, digits.get(6..8)?.parse().ok()?)
}

/// `2012年10月3十1日`, as [`text::digit_of`] leaves it, with its tens put right.
fn chinese_numbers(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let mut out = String::new();
    for (i, c) in chars.iter().enumerate() {
        if *c != '十' {
            out.push(*c);
            continue;
        }
        let is_digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
        let before = i.checked_sub(1).and_then(|before| chars.get(before));
        if !is_digit(before) {
            out.push('1');
        }
        if !is_digit(chars.get(i + 1)) {
            out.push('0');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Cell, Grid, read};

    fn iso(cell: Cell) -> Option<(String, bool)> {
        read(&Grid::default(), &cell).map(|date| (date.day.to_string(), date.day_assumed))
    }

    fn text(text: &str) -> Option<(String, bool)> {
        iso(Cell::Text(text.to_owned()))
    }

    #[test]
    fn what_is_no_date_is_none() {
        for word in [
            "",
            "八四年夏",
            "不详",
            "1985",
            "85.3.2",
            "1985-13-01",
            "1985-02-30",
            "1985-3-2-1",
            "3/2/1985",
            "19850230",
            "1984年夏",
            "1985-3-123",
            "-",
            "年月日",
            "0012-01-01",
            "十",
            "1985年月2日",
        ] {
            assert_eq!(text(word), None, "{word}");
        }
        for number in ["198503021", "0.5", "19851", "-5", "3.39999194505148"] {
            let read = iso(Cell::Number(number.to_owned()));
            assert!(read.is_none() || number == "19851", "{number} {read:?}");
        }
        assert_eq!(iso(Cell::Bool(true)), None);
    }

    #[test]
    fn a_number_that_may_be_a_year_or_another_month_is_no_date() {
        for number in ["1948", "1985", "2012", "1985.1"] {
            assert_eq!(iso(Cell::Number(number.to_owned())), None, "{number}");
        }
        assert_eq!(
            iso(Cell::Date(1985)),
            Some(("1905-06-07".to_owned(), false)),
            "shown as a date it is one"
        );
        assert_eq!(text("1985.1"), Some(("1985-01-01".to_owned(), true)), "a text has lost nothing");
    }

    #[test]
    fn dates_are_read_in_every_form_that_lists_use() {
        for word in [
            "1985-03-02",
            "1985-3-2",
            "1985/03/02",
            "1985/3/2",
            "1985.3.2",
            "1985年3月2日",
            "1985年03月02",
            "19850302",
            "１９８５年３月２日",
            "1985-03-02 00:00:00",
            "1985-03-02T00:00:00",
            " 1985 年 3 月 2 日 ",
            "一九八五年三月二日",
            "'1985-3-2",
            "1985.03.02.",
            "1985年3月2号",
        ] {
            assert_eq!(text(word), Some(("1985-03-02".to_owned(), false)), "{word}");
        }
        assert_eq!(text("一九八五年十月三十一日"), Some(("1985-10-31".to_owned(), false)));
        assert_eq!(text("一九八五年十二月二十日"), Some(("1985-12-20".to_owned(), false)));
        assert_eq!(iso(Cell::Number("31108".into())), Some(("1985-03-02".to_owned(), false)));
        assert_eq!(iso(Cell::Number("19850302".into())), Some(("1985-03-02".to_owned(), false)));
        assert_eq!(iso(Cell::Date(31_108)), Some(("1985-03-02".to_owned(), false)));
    }

    #[test]
    fn a_month_without_a_day_is_its_first_and_says_so() {
        for word in ["1985年3月", "1985-03", "1985.3", "1985/3"] {
            assert_eq!(text(word), Some(("1985-03-01".to_owned(), true)), "{word}");
        }
        assert_eq!(iso(Cell::Number("1985.3".into())), Some(("1985-03-01".to_owned(), true)));
    }
}
