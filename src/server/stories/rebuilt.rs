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

/// What a masked number in a text says of the 18 characters: itself, or its beginning where two more stand behind them (残疾人证).
fn patterns(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c == '*' || c == 'X' || c.is_ascii_digit();
    let parts = text.split(move |c| !is_part(c)).filter(|part| part.contains('*'));
    parts.filter(|part| matches!(part.len(), 18 | 20)).map(|part| &part[..18])
}

/// The days of which the shown birth speaks; where a day of its year stands in the clear beside it, those alone.
fn days(shown: &str, found: &[&str]) -> Vec<String> {
    let months = 1..=12;
    let all = months.flat_map(|month| (1..=31).map(move |day| format!("-{month:02}-{day:02}")));
    let year = &shown[..4];
    let exists = |day: &String| day.parse::<domain::day::Day>().is_ok();
    let all = all.map(|rest| format!("{year}{rest}")).filter(exists).filter(|day| day.starts_with(shown));
    let is_told = |day: &String| found.iter().any(|text| text.contains(day.as_str()));
    let (told, untold): (Vec<String>, Vec<String>) = all.partition(is_told);
    if told.is_empty() { untold } else { told }
}

/// Every row that is the person's or names him: what hangs below his file, what he is a member of, what waits about him.
fn joined<'v>(rows: &'v [Value], e: Uuid) -> Vec<&'v Value> {
    let e = e.to_string();
    rows.iter().filter(|row| row.to_string().contains(&e)).collect()
}

/// How many numbers of the county fit the birth that the first row shows and all that stands in the rows, and whether this one is among them.
fn candidates(rows: &[&Value], number_of: &str) -> (usize, bool) {
    let mut found = Vec::new();
    rows.iter().for_each(|row| texts(row, &mut found));
    let patterns: BTreeSet<&str> = found.iter().flat_map(|text| patterns(text)).collect();
    assert!(!patterns.is_empty(), "{rows:?}");
    let fits = |from: usize, part: &[u8]| {
        let agrees = |pattern: &&str| {
            pattern.as_bytes()[from..].iter().zip(part).all(|(shown, is)| *shown == b'*' || shown == is)
        };
        patterns.iter().all(agrees)
    };
    let birth = rows.iter().find_map(|row| row["f"]["birth"]["show"].as_str()).unwrap();
    let (mut left, mut has_it) = (0, false);
    for day in days(birth, &found) {
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

/// People whose papers repeat their number wherever one may stand, entered at the desk: file, entitlement, household, visit and task.
async fn enter(office: &Office) -> Vec<(Uuid, String)> {
    let desk = office.desk("clerk").await;
    let village = office.area(VILLAGE).await;
    let seal = |e, field: &str, text: &str| plant::seal(&office.app.keys, e, field, text);
    let people: Vec<_> = PEOPLE.iter().map(|(day, serial)| (id(), *day, number(day, serial))).collect();
    let file = |(e, day, number): &(Uuid, &str, String)| {
        let paper = json!({"kind": "残疾人证", "number": format!("{number}44"), "on": "2019-05-06"});
        let (entitlement, household, visit, task) = (id(), id(), id(), id());
        let below = |on: Uuid, kind: &str, f: Value| json!({"op": "create", "e": on, "type": kind, "area": village, "parent": e, "f": f});
        desk.changeset(json!([
            {"op": "create", "e": e, "type": "recipient", "area": village, "f": {
                "name": "李伟", "id_no": seal(*e, "id_no", number), "birth": seal(*e, "birth", day),
                "medical_no": seal(*e, "medical_no", number), "account_no": seal(*e, "account_no", "6222020200112233445"),
                "discharge_cert_no": seal(*e, "discharge_cert_no", number), "household_id": household, "certs": [paper],
            }},
            below(entitlement, "entitlement", json!({
                "category": "41", "state": "active", "cert_no": seal(entitlement, "cert_no", &format!("{number}44")),
                "conscript_name": "李伟", "conscript_id_no": seal(entitlement, "conscript_id_no", number),
                "deceased_cert_no": seal(entitlement, "deceased_cert_no", number),
            })),
            {"op": "create", "e": household, "type": "household", "area": village, "f": {"head": e, "members": [e]}},
            below(visit, "visit", json!({
                "kind": "follow_up", "template": "FOLLOWUP", "template_version": 1, "completed_at": "2026-11-20", "cancelled": null,
                "answers": {"A01": "home"},
            })),
            below(task, "task", json!({"kind": "file", "what": "41", "state": "open"})),
        ]))
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
    // What a village proposes comes back to its phones.
    let again = |(e, number): &(Uuid, String)| {
        let v = plant::seal(&office.app.keys, *e, "id_no", number);
        phone.changeset(json!([{"op": "sealed", "e": e, "f": "id_no", "v": v, "base": {"fv": "0.0"}}]))
    };
    let said = phone.push(1, people.iter().map(again).collect()).await;
    assert_eq!(said["acked"], PEOPLE.len(), "{said}");
    for (tail, birth, least) in MASKS {
        for (name, value) in [("id_tail", tail), ("birth_shown", birth)] {
            office.command(Command::SettingsSet { name: name.into(), value: value.into() }).await;
        }
        let scope_rev = phone.get("me").await.ok()["scope_rev"].as_u64().unwrap();
        let (rows, _) = phone.pull_all(scope_rev).await;
        for (e, number) in &people {
            let told = phone.get(&format!("recipients/{e}/history")).await.ok();
            let mut all = joined(&rows, *e);
            let kinds: BTreeSet<&str> = all.iter().filter_map(|row| row["type"].as_str()).collect();
            let expected = ["entitlement", "household", "proposal", "recipient", "task", "visit"];
            assert_eq!(kinds, BTreeSet::from(expected));
            all.push(&told);
            let text = json!(all).to_string();
            assert!(!text.contains(&number[..17]), "{tail} {birth}: a whole number came down");
            let (left, has_it) = candidates(&all, number);
            assert!(has_it, "{tail} {birth}: the reckoning misses the number itself: {text}");
            assert!(left >= least, "{tail} {birth}: {left} numbers are left, of {text}");
        }
    }
}

#[test]
fn the_reckoning_finds_a_number_that_something_gives_away() {
    let file = json!({"f": {"birth": {"show": "1948"}, "id_no": {"show": "**************0019"}}});
    assert!(candidates(&[&file], "").0 >= 28);
    for given_away in [
        json!({"f": {"cert_no": {"show": "**********0312******"}}}),
        json!({"f": {"what": "生于1948-03-12，请核对"}}),
        json!({"rows": [{"value": "旧号 ******19480312****"}]}),
    ] {
        let left = candidates(&[&file, &given_away], "").0;
        assert!(left < 3, "{left} of {given_away}");
    }
}
