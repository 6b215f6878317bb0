//! How often and when a county has its families visited. Each value is one of the office's settings (`policy`); the defaults are those of domain.md §4.1.

use super::Priority;
use crate::day::Day;
use std::fmt;
use std::str::FromStr;

/// A span of days that comes every year, both ends included, within one calendar year. As a setting `11-01/12-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    first: (u8, u8),
    last: (u8, u8),
}

/// Not a span such as `11-01/12-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not of the form 11-01/12-10, the earlier day first")]
pub struct NoSpan;

impl Span {
    /// From the month and day of its first day to those of its last.
    pub fn new(first: (u8, u8), last: (u8, u8)) -> Option<Span> {
        // 29 February does not come every year.
        let comes = |(month, day)| Day::new(2001, month, day).is_some();
        (comes(first) && comes(last) && first <= last).then_some(Span { first, last })
    }

    /// Month and day of its first day.
    pub fn first(self) -> (u8, u8) {
        self.first
    }

    /// Month and day of its last day.
    pub fn last(self) -> (u8, u8) {
        self.last
    }

    /// Its days in a year.
    pub fn of(self, year: i32) -> Option<(Day, Day)> {
        Some((Day::new(year, self.first.0, self.first.1)?, Day::new(year, self.last.0, self.last.1)?))
    }
}

impl FromStr for Span {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Span, NoSpan> {
        let end = |text: &str| -> Option<(u8, u8)> {
            let (month, day) = text.split_once('-')?;
            let is_short = month.len() <= 2 && day.len() <= 2;
            is_short.then_some((month.parse().ok()?, day.parse().ok()?))
        };
        let (first, last) = text.split_once('/').ok_or(NoSpan)?;
        let ends = end(first).zip(end(last)).ok_or(NoSpan)?;
        Span::new(ends.0, ends.1).ok_or(NoSpan)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { first, last } = self;
        write!(f, "{:02}-{:02}/{:02}-{:02}", first.0, first.1, last.0, last.1)
    }
}

/// The plan of a county. Where a number of days is 0, there are no visits of that occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanRules {
    /// Months between two follow-up visits, by class.
    pub follow_up_months: [u8; 3],
    /// So many days before it is due a follow-up visit is on the list.
    pub follow_up_days: u8,
    /// Days before 春节 and 八一 in which families are visited.
    pub festival_days: u8,
    /// The last class that is visited then; the others are called.
    pub festival_to: Priority,
    /// Days before 30 September in which 三属 are visited.
    pub martyr_days: u8,
    /// Days before 清明 in which the kin of martyrs are visited.
    pub qingming_days: u8,
    /// Days before 春节 and 八一 in which plaques are hung and changed.
    pub plaque_days: u8,
    /// When the yearly confirmation is; none where the county does without.
    pub confirm: Option<Span>,
}

impl Default for PlanRules {
    fn default() -> PlanRules {
        PlanRules {
            follow_up_months: [3, 6, 12],
            follow_up_days: 15,
            festival_days: 20,
            festival_to: Priority::B,
            martyr_days: 15,
            qingming_days: 10,
            plaque_days: 30,
            confirm: Span::new((11, 1), (12, 10)),
        }
    }
}

impl PlanRules {
    /// Its settings: name, and the values that it takes.
    pub const SETTINGS: [(&'static str, &'static str); 10] = [
        ("follow_up_a", "1 to 36"),
        ("follow_up_b", "1 to 36"),
        ("follow_up_c", "1 to 36"),
        ("follow_up_days", "1 to 60"),
        ("festival_days", "0 to 60"),
        ("festival_to", "a, b, c"),
        ("martyr_days", "0 to 60"),
        ("qingming_days", "0 to 60"),
        ("plaque_days", "0 to 60"),
        ("confirm", "off, or its first and last day such as 11-01/12-10"),
    ];

    /// Months between two follow-up visits of a class.
    pub fn months(&self, priority: Priority) -> u8 {
        self.follow_up_months[priority as usize]
    }

    /// A setting as text; `None` where none has the name.
    pub fn text(&self, name: &str) -> Option<String> {
        let [a, b, c] = self.follow_up_months;
        let number = match name {
            "follow_up_a" => a,
            "follow_up_b" => b,
            "follow_up_c" => c,
            "follow_up_days" => self.follow_up_days,
            "festival_days" => self.festival_days,
            "martyr_days" => self.martyr_days,
            "qingming_days" => self.qingming_days,
            "plaque_days" => self.plaque_days,
            "festival_to" => return Some(self.festival_to.letter().to_ascii_lowercase().into()),
            "confirm" => return Some(self.confirm.map_or_else(|| "off".to_owned(), |span| span.to_string())),
            _ => return None,
        };
        Some(number.to_string())
    }

    /// Takes a value of a setting; `None`, and nothing changed, where there is no such setting or it does not take the value.
    pub fn take(&mut self, name: &str, value: &str) -> Option<()> {
        let number =
            |least: u8, most: u8| value.parse().ok().filter(|number| (least..=most).contains(number));
        match name {
            "follow_up_a" => self.follow_up_months[0] = number(1, 36)?,
            "follow_up_b" => self.follow_up_months[1] = number(1, 36)?,
            "follow_up_c" => self.follow_up_months[2] = number(1, 36)?,
            "follow_up_days" => self.follow_up_days = number(1, 60)?,
            "festival_days" => self.festival_days = number(0, 60)?,
            "martyr_days" => self.martyr_days = number(0, 60)?,
            "qingming_days" => self.qingming_days = number(0, 60)?,
            "plaque_days" => self.plaque_days = number(0, 60)?,
            "festival_to" => {
                let all = [Priority::A, Priority::B, Priority::C];
                self.festival_to =
                    all.into_iter().find(|one| value == one.letter().to_ascii_lowercase().to_string())?;
            }
            "confirm" if value == "off" => self.confirm = None,
            "confirm" => self.confirm = Some(value.parse().ok()?),
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_read_as_it_is_written() {
        let rules = PlanRules::default();
        for (name, _) in PlanRules::SETTINGS {
            let mut read = PlanRules::default();
            assert_eq!(read.take(name, &rules.text(name).unwrap()), Some(()), "{name}");
            assert_eq!(read, rules, "{name}");
        }
        let mut rules = rules;
        assert_eq!(rules.take("confirm", "off"), Some(()));
        assert_eq!(rules.text("confirm").as_deref(), Some("off"));
    }

    #[test]
    fn both_ends_of_every_range_are_kept() {
        let mut rules = PlanRules::default();
        for (name, good, bad) in [
            ("follow_up_a", ["1", "36"], ["0", "37"]),
            ("follow_up_b", ["1", "36"], ["0", "-1"]),
            ("follow_up_c", ["1", "36"], ["3.5", "37"]),
            ("follow_up_days", ["1", "60"], ["0", "61"]),
            ("festival_days", ["0", "60"], ["", "61"]),
            ("festival_to", ["a", "c"], ["d", "A"]),
            ("martyr_days", ["0", "60"], ["二", "61"]),
            ("qingming_days", ["0", "60"], ["256", "61"]),
            ("plaque_days", ["0", "60"], ["1e1", "61"]),
            ("confirm", ["8-1/8-31", "off"], ["12-01/01-15", "02-29/03-10"]),
            ("confirm", ["01-01/12-31", "04-01/04-01"], ["11-01", "11-31/12-10"]),
        ] {
            for value in good {
                assert_eq!(rules.take(name, value), Some(()), "{name} {value}");
            }
            let before = rules;
            for value in bad {
                assert_eq!(rules.take(name, value), None, "{name} {value}");
            }
            assert_eq!(rules, before);
        }
        assert_eq!(rules.take("colour", "red"), None);
    }
}
