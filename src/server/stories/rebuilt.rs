//! How many ID numbers fit what a village phone was sent of a person (security.md §3, S2), under every mask that an office may choose.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

use super::client::{Office, VILLAGE, id};
use crate::{commands::Command, plant};

const COUNTY: &str = "339999";
/// Born on one of these days, with a serial number.
const PEOPLE: [(&str, &str); 4] =
    [("1948-03-12", "001"), ("1952-02-29", "998"), ("1937-12-01", "120"), ("1971-01-01", "555")];
/// A tail, a birth, and the fewest numbers that fit.
const MASKS: [(&str, &str, usize); 6] = [
    ("4", "year", 28),
    ("4", "month", 2),
    ("2", "year", 3_000),
    ("2", "month", 250),
    ("0", "year", 365_000),
    ("0", "month", 28_000),
];

const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The number with its last character (GB 11643).
fn checked(first: &str) -> String {
    let sum: usize =
        first.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{first}{}", b"10X98765432"[sum % 11] as char)
}

fn number(day: &str, serial: &str) -> String {
    checked(&format!("{COUNTY}{}{serial}", day.replace('-', "")))
}

/// Every text in a row, however deep.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

/// What a masked text says of the 18 characters: itself, or its beginning where two more stand behind them (残疾人证).
fn pattern(text: &str) -> Option<&str> {
    let is_masked = text.contains('*') && text.bytes().all(|c| c == b'*' || c == b'X' || c.is_ascii_digit());
    text.get(..18).filter(|_| is_masked && matches!(text.len(), 18 | 20))
}

/// The days of a year or month of which the shown birth speaks.
fn days(shown: &str) -> Vec<String> {
    let months = 1..=12;
    let all = months.flat_map(|month| (1..=31).map(move |day| format!("-{month:02}-{day:02}")));
    let year = &shown[..4];
    let exists = |day: &String| day.parse::<domain::day::Day>().is_ok();
    all.map(|rest| format!("{year}{rest}")).filter(exists).filter(|day| day.starts_with(shown)).collect()
}

/// How many numbers of the county fit a row, and whether this one is among them.
fn candidates(row: &Value, number_of: &str) -> (usize, bool) {
    let mut found = Vec::new();
    texts(row, &mut found);
    let patterns: BTreeSet<&str> = found.into_iter().filter_map(pattern).collect();
    assert!(!patterns.is_empty(), "{row}");
    let fits = |from: usize, part: &[u8]| {
        let agrees = |pattern: &&str| {
            pattern.as_bytes()[from..].iter().zip(part).all(|(shown, is)| *shown == b'*' || shown == is)
        };
        patterns.iter().all(agrees)
    };
    let (mut left, mut has_it) = (0, false);
    for day in days(row["f"]["birth"]["show"].as_str().unwrap()) {
        let first = format!("{COUNTY}{}", day.replace('-', ""));
        if !fits(0, first.as_bytes()) {
            continue;
        }
        let sum: usize =
            first.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
        for serial in 0..1_000 {
            let (a, b, c) = (serial / 100, serial / 10 % 10, serial % 10);
            let check = b"10X98765432"[(sum + a * WEIGHTS[14] + b * WEIGHTS[15] + c * WEIGHTS[16]) % 11];
            let rest = [b'0' + a as u8, b'0' + b as u8, b'0' + c as u8, check];
            if fits(14, &rest) {
                left += 1;
                has_it |= number_of.starts_with(&first) && number_of.as_bytes()[14..] == rest;
            }
        }
    }
    (left, has_it)
}

/// People with papers that repeat their number, entered at the desk.
async fn enter(office: &Office) -> Vec<(Uuid, String)> {
    let desk = office.desk("clerk").await;
    let village = office.area(VILLAGE).await;
    let seal = |e, field: &str, text: &str| plant::seal(&office.app.keys, e, field, text);
    let people: Vec<_> = PEOPLE.iter().map(|(day, serial)| (id(), *day, number(day, serial))).collect();
    let file = |(e, day, number): &(Uuid, &str, String)| {
        let paper = json!({"kind": "残疾人证", "number": format!("{number}44"), "on": "2019-05-06"});
        desk.changeset(json!([{"op": "create", "e": e, "type": "recipient", "area": village, "f": {
            "name": "李伟", "id_no": seal(*e, "id_no", number), "birth": seal(*e, "birth", day),
            "medical_no": seal(*e, "medical_no", number), "account_no": seal(*e, "account_no", "6222020200112233445"),
            "certs": [paper],
        }}]))
    };
    let said = desk.push(1, people.iter().map(file).collect()).await;
    assert_eq!(said["acked"], PEOPLE.len(), "{said}");
    people.into_iter().map(|(e, _, number)| (e, number)).collect()
}

#[tokio::test]
async fn what_a_phone_was_sent_leaves_as_many_id_numbers_as_the_mask_promises() {
    let office = Office::new().await;
    let people = enter(&office).await;
    let phone = office.phone("worker").await;
    for (tail, birth, least) in MASKS {
        for (name, value) in [("id_tail", tail), ("birth_shown", birth)] {
            office.command(Command::SettingsSet { name: name.into(), value: value.into() }).await;
        }
        let scope_rev = phone.get("me").await.ok()["scope_rev"].as_u64().unwrap();
        let (rows, _) = phone.pull_all(scope_rev).await;
        for (e, number) in &people {
            let row = rows.iter().find(|row| row["e"] == json!(e)).unwrap();
            assert!(!row.to_string().contains(number.as_str()), "{tail} {birth}: a whole number came down");
            let (left, has_it) = candidates(row, number);
            assert!(has_it, "{tail} {birth}: the reckoning misses the number itself: {row}");
            assert!(left >= least, "{tail} {birth}: {left} numbers are left, of {row}");
        }
    }
}

#[test]
fn the_reckoning_finds_a_number_that_something_gives_away() {
    let row = json!({"f": {"birth": {"show": "1948"}, "id_no": {"show": "**************0019"}}});
    assert!(candidates(&row, "").0 >= 28);
    let given_away = json!({"f": {"birth": {"show": "1948"}, "id_no": {"show": "**************0019"},
        "certs": [{"number": "**********0312******"}]}});
    assert!(candidates(&given_away, "").0 < 3);
}
