//! What is due as a calendar file (RFC 5545), for the calendar that a phone has anyway.
//!
//! That calendar is read by whoever holds the phone, and often goes to its maker's servers: villages, counts and kinds of visits stand in the file,
//! and nothing of a person.

use domain::day::Day;

/// Octets of a line, without its end (RFC 5545 §3.1).
const LINE_OCTETS_MAX: usize = 75;

/// A day on which something should be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// The same for the same thing, so that a later file takes the place of an earlier one.
    pub(super) uid: String,
    pub(super) day: Day,
    pub(super) summary: String,
}

/// The file.
pub(super) fn file(name: &str, events: &[Event], made_on: Day) -> String {
    let mut text = String::new();
    let mut line = |line: &str| fold(&mut text, line);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//huifang//today//ZH");
    line(&format!("X-WR-CALNAME:{}", escaped(name)));
    for event in events {
        let summary = escaped(&event.summary);
        line("BEGIN:VEVENT");
        line(&format!("UID:{}@huifang", event.uid));
        line(&format!("DTSTAMP:{}T000000Z", date(made_on)));
        line(&format!("DTSTART;VALUE=DATE:{}", date(event.day)));
        line(&format!("SUMMARY:{summary}"));
        line("TRANSP:TRANSPARENT");
        // At nine on the day before, unless that is past.
        if event.day > made_on {
            line("BEGIN:VALARM");
            line("ACTION:DISPLAY");
            line(&format!("DESCRIPTION:{summary}"));
            line("TRIGGER:-PT15H");
            line("END:VALARM");
        }
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    text
}

fn date(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// A text as a value (RFC 5545 §3.3.11).
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => value.extend(['\\', letter]),
            '\n' => value.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => value.push(letter),
        }
    }
    value
}

/// Adds a line, folded between letters where it is too long.
fn fold(text: &mut String, line: &str) {
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > LINE_OCTETS_MAX {
            text.push_str("\r\n ");
            octets = 1;
        }
        octets += letter.len_utf8();
        text.push(letter);
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_calendar_reads_what_is_written() {
        let summary = "红旗村 走访 5 户；季度回访".to_owned();
        let event = Event { uid: "a1-follow_up-2026-11-30".to_owned(), day: day("2026-11-30"), summary };
        let text = file("双拥回访", &[event], day("2026-11-26"));
        assert!(
            text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
                && text.ends_with("END:VCALENDAR\r\n")
        );
        for line in [
            "UID:a1-follow_up-2026-11-30@huifang",
            "DTSTAMP:20261126T000000Z",
            "DTSTART;VALUE=DATE:20261130",
            "SUMMARY:红旗村 走访 5 户；季度回访",
        ] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}");
        }
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }

    #[test]
    fn an_alarm_is_never_of_a_time_that_is_past() {
        let event = |on: &str| Event { uid: "x".to_owned(), day: day(on), summary: "甲".to_owned() };
        let alarms = |on: &str| file("甲", &[event(on)], day("2026-11-26")).matches("BEGIN:VALARM").count();
        assert_eq!([alarms("2026-11-26"), alarms("2026-11-27")], [0, 1]);
    }

    #[test]
    fn no_line_is_longer_than_75_octets_and_unfolded_it_is_whole() {
        let summary = "很长的村名，".repeat(30);
        let event = Event { uid: "x".to_owned(), day: day("2026-11-30"), summary: summary.clone() };
        let text = file("甲", &[event], day("2026-11-26"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{summary}\r\n")));
    }

    #[test]
    fn a_name_ends_no_line_and_begins_no_property() {
        assert_eq!(escaped("甲,乙;丙\\\nEND:VEVENT\r"), "甲\\,乙\\;丙\\\\\\nEND:VEVENT");
    }
}
